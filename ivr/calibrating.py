"""Calibrating a line: somebody calls it, counts the rings, and the pause is moved to where it should be.

What is heard tells when the answer came, within bounds. After W whole rings and none begun it came in the silence
between the end of ring W and the beginning of ring W + 1; with one more cut short it came within ring W + 1. The
middle of that interval is the best guess, wrong by half its length at most. The answer should come in the middle of
the silence after ring N, so the pause is moved by the difference, in whole seconds, since the carrier knows no
others; a tie goes to the smaller move, which keeps two calls from undoing each other. The delay is what the carrier
adds to the pause: when it answered, less the pause that was asked for.

A silence is long, so a first guess may be off by two seconds and end in the ring beside the right silence. A ring is
short, so the next call tells more. `tests/test_calibrating.py` tries every country and every delay.
"""

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime

from ivr import clock, lines
from ivr.errors import WrongLine
from ivr.phone_numbers import parse
from ivr.ringing import LONGEST_PAUSE, Cadence, cadence_of, cadences, pause_seconds
from ivr.store import Connection, Store, audit
from ivr.store.audit import Actor
from ivr.store.lines import Line

LATEST_DELAY = 15
"""Seconds. The carrier gives up on a webhook after these, so no call that is answered by us was delayed by more."""
SHORTEST_PAUSE = 1
NO_COUNT = "Say how many rings you heard as a number: 3 for three whole ones, 3.5 when one more was cut short."
NO_COUNTRY = "No ringing of that country is known. A country is two letters, such as US or EG."
NONE_CUT_SHORT = "No ring cannot be cut short: count that one too, as 1."
NO_RINGS = "This line answers at once, so there is nothing to calibrate. Let it ring first: `ivr line set --rings 3`."
TOO_MANY = (
    "So many rings cannot be: the line was set to answer long before. Call again and count again. If your phone"
    " rings in another rhythm, name the country that it sounds like: `ivr line set --country`."
)
NO_SOONER = "It cannot answer sooner: it waits one second only. Let it ring more often: `ivr line set --rings`."
NO_LATER = "It cannot answer later: it waits a minute already. Let it ring less often: `ivr line set --rings`."
CHANGED_SINCE = "The line has been changed since you called. Call again and count again."


@dataclass(frozen=True)
class Heard:
    """What somebody counted: whole rings, and whether one more had begun when it was answered."""

    whole: int
    cut_short: bool = False

    def __str__(self) -> str:
        """As it is typed: `3`, or `3.5` with one cut short."""
        return f"{self.whole}.5" if self.cut_short else str(self.whole)


@dataclass(frozen=True)
class Finding:
    """What follows: the answer came between `earliest` and `latest` (seconds since it began to ring), so the
    carrier's delay is about `delay` seconds, and the line's adjustment should be `adjust` and not `before`."""

    earliest: float
    latest: float
    delay: float
    before: int
    adjust: int

    @property
    def is_right(self) -> bool:
        """Whether it rang as often as wanted: nothing is to be changed."""
        return self.adjust == self.before


def read_heard(text: str) -> Heard:
    """What a person typed: `3`, `3.5`, `3,5`, `٣٫٥`. Raises `WrongLine`."""
    typed = re.fullmatch(r"(\d{1,3})(?:[.,٫](\d{1,3}))?", text.strip())
    if typed is None:
        raise WrongLine(NO_COUNT)
    return Heard(int(typed[1]), bool(int(typed[2] or 0)))


def counted(text: str, cut_short: bool) -> Heard:
    """What was counted when the last one may have been cut short, and was counted too. Raises `WrongLine`."""
    heard = read_heard(text)
    if not cut_short or heard.cut_short:
        return heard
    if not heard.whole:
        raise WrongLine(NONE_CUT_SHORT)
    return Heard(heard.whole - 1, cut_short=True)


def ring_of(line: Line, country: str | None = None) -> Cadence:
    """The ringing that is counted on a line by somebody who calls from `country`. Raises `WrongLine`."""
    if country and country.upper() not in cadences():
        raise WrongLine(NO_COUNTRY)
    return cadence_of((line.cadence == "caller" and country) or line.country)


def pause_of(line: Line, country: str | None = None) -> int:
    """The pause that somebody gets who calls from `country`."""
    return pause_seconds(ring_of(line, country).country, line.rings, line.adjust)


def setting(line: Line) -> str:
    """All that makes a line ring as it does: while this stays the same, what was heard holds."""
    return f"{line.country} {line.cadence} {line.rings} {line.adjust:+}"


def infer(line: Line, heard: Heard, country: str | None = None) -> Finding:
    """What follows from what was heard of a line as it is. Raises `WrongLine` when it cannot be, or not be helped.

    `country` matters on a line that counts the caller's ring: where the call came from.
    """
    if not line.rings:
        raise WrongLine(NO_RINGS)
    cadence, pause = ring_of(line, country), pause_of(line, country)
    earliest, latest = _answered(cadence, heard)
    if earliest - pause > LATEST_DELAY:
        raise WrongLine(TOO_MANY)
    middle = (earliest + latest) / 2
    finding = Finding(earliest, latest, middle - pause, line.adjust, line.adjust)
    if heard == Heard(line.rings):
        return finding
    wanted = (cadence.ring(line.rings)[1] + cadence.ring(line.rings + 1)[0]) / 2
    return replace(finding, adjust=_within(line, line.adjust + _whole(wanted - middle)))


def calibrate(
    store: Store, number: str, heard: Heard, as_called: str, by: Actor, at: datetime, country: str | None = None
) -> Finding:
    """Set the adjustment of a line by what was heard. Raises `WrongLine`; then nothing was changed.

    `as_called` is the line's `setting` when it was called: an answer that comes twice counts once.
    """
    number = parse(number)

    def work(db: Connection) -> Finding:
        line = lines.existing(db, number)
        if setting(line) != as_called:
            raise WrongLine(CHANGED_SINCE)
        finding = infer(line, heard, country)
        if not finding.is_right:
            lines.change_in(db, number, by, clock.written(at), adjust=finding.adjust)
            details = {"heard": str(heard), "before": finding.before, "adjust": finding.adjust}
            audit.append(db, by, "line calibrated", number, details, clock.written(at))
        return finding

    return store.write(work)


def undo(store: Store, number: str, adjust: int, by: Actor, at: datetime) -> Line:
    """Set the adjustment back to what it was. Raises `WrongLine`."""
    number = parse(number)

    def work(db: Connection) -> Line:
        before = lines.existing(db, number).adjust
        line = lines.change_in(db, number, by, clock.written(at), adjust=adjust)
        if before != adjust:
            details = {"before": before, "adjust": adjust}
            audit.append(db, by, "line calibration undone", number, details, clock.written(at))
        return line

    return store.write(work)


def _answered(cadence: Cadence, heard: Heard) -> tuple[float, float]:
    """The earliest and the latest moment of an answer that was heard so, since it began to ring."""
    if heard.cut_short:
        return cadence.ring(heard.whole + 1)
    if not heard.whole:
        return 0.0, 0.0  # at once: nothing was heard to count from
    return cadence.ring(heard.whole)[1], cadence.ring(heard.whole + 1)[0]


def _whole(seconds: float) -> int:
    """The nearest whole number of seconds; of two the one nearer to zero."""
    size = math.ceil(abs(seconds) - 0.5)
    return size if seconds > 0 else -size


def _within(line: Line, adjust: int) -> int:
    """The nearest adjustment that leaves a pause of a line within bounds. Raises `WrongLine` when that is the same."""
    pause = pause_seconds(line.country, line.rings)
    within = max(SHORTEST_PAUSE - pause, min(LONGEST_PAUSE - pause, adjust))
    if within == line.adjust:
        raise WrongLine(NO_SOONER if adjust < within else NO_LATER)
    return within
