"""How a call is to go: the wishes that the command line, the tests and other programs have of it."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Wishes:
    """One call's wishes.

    `keys` as in `phones/keypad.py`. `hang_up_after`: seconds from the first ring; None: the line hangs up. `live`: the
    seconds are really waited. `cadence`: `line` (the dialled number's country), `caller` or a country such as `GB`.
    `speak`: seconds spoken after a beep; `says`: a WAV file (PCM) that is spoken instead. `set_up`: seconds that ring
    before the carrier asks the product.
    """

    keys: Sequence[str] = ()
    hang_up_after: float | None = None
    live: bool = False
    cadence: str = "line"
    speak: float = 4.0
    says: bytes | None = None
    set_up: float = 0.0

    def as_order(self) -> dict[str, object]:
        """As fields of an order to the control pages."""
        says = b64encode(self.says).decode() if self.says is not None else None
        return {**asdict(self), "keys": list(self.keys), "says": says}
