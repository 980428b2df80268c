"""What was seen of a crowd: second by second while it comes, and all of it in the end."""

import json
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Second:
    """One second: how many came and were answered in it, how long the answers took (ms), how many requests wait.

    `behind`: status callbacks for which no connection is free yet.
    """

    second: int
    came: int
    answered: int
    p50: float
    p99: float
    waiting: int
    errors: int
    behind: int = 0


@dataclass(frozen=True)
class Counted:
    """A whole crowd. `sent`: contacts; `answered`: those with 2xx and TwiML within Twilio's 15 s, before anything else.

    `repeated`: webhooks that were sent again; `differing`: those that were answered otherwise than the first time.
    `errors` are the errors by their words, callbacks' too; `cpu_share` is what the crowd itself took of one core.
    """

    sent: int
    answered: int
    repeated: int = 0
    differing: int = 0
    retried: int = 0
    callbacks: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    p50: float = 0.0
    p99: float = 0.0
    seconds: float = 0.0
    most_a_second: int = 0
    cpu_share: float = 0.0


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` (0..1) of ordered values do not exceed; 0 of none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Counting:
    """Counts while a crowd comes. Times are of `time.perf_counter`; `began` is when it did."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._all = array("f")
        self._now: list[float] = []
        self._second = 0
        self._before = (0, 0)
        self._most = 0
        self.sent = 0
        self.repeated = 0
        self.differing = 0
        self.retried = 0
        self.callbacks = 0
        self.errors: Counter[str] = Counter()

    def answered(self, milliseconds: float) -> None:
        """A contact has its answer."""
        self._now.append(milliseconds)

    def next_second(self) -> float:
        """When the present second ends."""
        return self._began + self._second + 1

    def end_second(self, waiting: int, behind: int = 0) -> Second:
        """The second that ends."""
        ordered = sorted(self._now)
        errors = self.errors.total()
        told = Second(
            second=self._second + 1,
            came=self.sent - self._before[0],
            answered=len(ordered),
            p50=round(percentile(ordered, 0.5), 1),
            p99=round(percentile(ordered, 0.99), 1),
            waiting=waiting,
            errors=errors - self._before[1],
            behind=behind,
        )
        self._all.extend(ordered)
        self._most = max(self._most, len(ordered))
        self._now, self._before, self._second = [], (self.sent, errors), self._second + 1
        return told

    def all(self, seconds: float, cpu_seconds: float) -> Counted:
        """All of it, once the last second has ended."""
        ordered = sorted(self._all)
        return Counted(
            sent=self.sent,
            answered=len(ordered),
            repeated=self.repeated,
            differing=self.differing,
            retried=self.retried,
            callbacks=self.callbacks,
            errors=dict(self.errors.most_common()),
            p50=round(percentile(ordered, 0.5), 1),
            p99=round(percentile(ordered, 0.99), 1),
            seconds=round(seconds, 1),
            most_a_second=self._most,
            cpu_share=round(cpu_seconds / max(seconds, 1e-9), 3),
        )


def as_line(told: Second | Counted) -> str:
    """What was seen as one line of JSON, for who started the crowd."""
    return json.dumps({type(told).__name__: asdict(told)})


def from_line(line: str) -> Second | Counted:
    """Reads what `as_line` wrote. Raises ValueError on anything else."""
    kinds: dict[str, Any] = {"Second": Second, "Counted": Counted}
    ((name, fields),) = json.loads(line).items()
    found: Second | Counted = kinds[name](**fields)
    return found
