"""What the carrier sent to the product and what the product answered: the last few hundred, to be looked at."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from threading import Lock

MOST = 500
LONGEST_ANSWER = 16_384


@dataclass(frozen=True)
class Exchange:
    """One webhook: `n` counts up from 1, `kind` as in the log, `ms` how long it took; `error` when it failed."""

    n: int
    at: str
    kind: str
    method: str
    url: str
    form: Mapping[str, str]
    status: int | None
    answer: str
    ms: float
    error: str

    def concerns(self, phone: str) -> bool:
        """Whether it is of a call or text from or to this phone."""
        return phone in (self.form.get("From"), self.form.get("To"))


class Exchanges:
    """The last `MOST` exchanges, oldest first; older ones are forgotten, so a crowd costs no memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._numbers = count(1)
        self._kept: deque[Exchange] = deque(maxlen=MOST)

    def append(self, **fields: object) -> None:
        """Keeps one; `fields` are those of `Exchange` but its number."""
        with self._lock:
            self._kept.append(Exchange(next(self._numbers), **fields))  # type: ignore[arg-type]

    def since(self, n: int, phone: str = "") -> list[Exchange]:
        """Those after number `n`, oldest first; only those of one phone, if it is named."""
        with self._lock:
            kept = [one for one in self._kept if one.n > n]
        return [one for one in kept if not phone or one.concerns(phone)]
