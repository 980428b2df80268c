"""All of a segment's people, page by page; taken out of the house, it stands in the audit before the first is read."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ivr import clock
from ivr.store import Connection, Store, audit, segments
from ivr.store.audit import Actor
from ivr.store.lines import Line
from ivr.store.listed import Listed
from ivr.store.segments import Segment

AT_ONCE = 1_000


def people(
    store: Store, line: Line, segment: Segment, asked: Mapping[str, object], by: Actor, at: datetime
) -> Iterator[list[Listed]]:
    """All of a segment's people, some at a time; `asked` says for the audit which they are.

    Raises `StoreUnavailable` when it cannot be noted: then nobody gets them.
    """
    store.write(lambda db: audit.append(db, by, "members exported", line.number, asked, clock.written(at)))
    return pages(store, line, segment, at)


def pages(store: Store, line: Line, segment: Segment, at: datetime, at_once: int = AT_ONCE) -> Iterator[list[Listed]]:
    """All of a segment's people, who came last first, some at a time."""
    before: int | None = None

    def page(db: Connection) -> list[Listed]:
        return segments.page(db, line.id, segment, at, before, at_once)

    while some := store.read(page):
        yield some
        before = some[-1].id
