"""Segments under a name: saved, found and removed by those who use them. Who did it stands in the audit."""

from datetime import datetime

from ivr import clock, segments
from ivr.errors import WrongSegment
from ivr.personal_details import one_line
from ivr.store import Connection, Store, audit
from ivr.store import saved_segments as table
from ivr.store.audit import Actor
from ivr.store.lines import Line
from ivr.store.saved_segments import Saved
from ivr.store.segments import Segment

LONGEST_NAME = 60


def save(store: Store, line: Line, name: str, segment: Segment, by: Actor, at: datetime) -> Saved | None:
    """Keep a segment of a line under a name; returns the one that had it before. Raises `WrongSegment`."""
    named, moment = _name(name), clock.written(at)
    expression = segments.written(segment)
    segments.read(expression)  # what could not be read again is not kept

    def work(db: Connection) -> Saved | None:
        before = table.find(db, line.id, named)
        table.save(db, line.id, Saved(named, expression, by.name, moment))
        noted = {"line": line.number, "where": expression, **({"before": before.expression} if before else {})}
        audit.append(db, by, "segment saved", named, noted, moment)
        return before

    return store.write(work)


def remove(store: Store, line: Line, name: str, by: Actor, at: datetime) -> None:
    """Forget a segment of a line. Raises `WrongSegment` when there is none of this name."""

    def work(db: Connection) -> None:
        before = _existing(db, line, name)
        table.remove(db, line.id, before.name)
        noted = {"line": line.number, "before": before.expression}
        audit.append(db, by, "segment removed", before.name, noted, clock.written(at))

    store.write(work)


def of_name(store: Store, line: Line, name: str) -> Segment:
    """The segment that was saved under this name. Raises `WrongSegment`."""
    return segments.read(store.read(lambda db: _existing(db, line, name)).expression)


def _existing(db: Connection, line: Line, name: str) -> Saved:
    found = table.find(db, line.id, one_line(name, LONGEST_NAME))
    if found is None:
        raise WrongSegment(
            f"{line.name} has no segment “{one_line(name, LONGEST_NAME)}”. `ivr member segment list` shows them all."
        )
    return found


def _name(typed: str) -> str:
    name = one_line(typed, LONGEST_NAME + 1)
    if not name or len(name) > LONGEST_NAME:
        raise WrongSegment(f"A segment needs a name of 1 to {LONGEST_NAME} characters.")
    return name
