"""The waiting room: who came to a line and is neither a member nor was one, nor is to be left alone.

How many they are is kept for everybody up to an id, by a trigger on what rarely changes, and counted for those after
it. So it is exact, and whoever is new costs nothing more; the background work moves the id on.
"""

import time
from dataclasses import dataclass

from ivr.store.database import Connection

AT_ONCE = 20_000
WINDOW = 4_000
WAITS = (
    "people.member_since IS NULL AND people.left_at IS NULL AND people.opted_out_at IS NULL"
    " AND people.blocked_at IS NULL AND people.too_young_at IS NULL"
)
"""SQL: whether a row of `people` waits. Who was erased has left, too."""


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits: since when, the last that they wrote and when, whether they called, when they were reminded.

    `goes_at` is when a reminder that still waits goes out.
    """

    id: int
    number: str
    country: str | None
    first_at: str
    nudged_at: str | None
    body: str | None
    wrote_at: str | None
    called: bool
    goes_at: str | None


@dataclass(frozen=True)
class Page:
    """Some of those who wait, newest first; `onward` is the id to go on before, None at the end."""

    people: list[Waiting]
    onward: int | None


def count(db: Connection, line_id: int) -> int:
    """Exactly how many wait on a line."""
    up_to, kept = _kept(db, line_id)
    return kept + _among(db, line_id, up_to, None)


def behind(db: Connection, line_id: int) -> int:
    """How many ids are not in the kept count yet."""
    last: int = db.execute("SELECT coalesce(max(id), 0) FROM people").fetchone()[0]
    return last - _kept(db, line_id)[0]


def count_on(db: Connection, line_id: int) -> None:
    """Take some more people into the kept count."""
    up_to, kept = _kept(db, line_id)
    last: int = db.execute("SELECT coalesce(max(id), 0) FROM people").fetchone()[0]
    reached = min(last, up_to + AT_ONCE)
    db.execute(
        "INSERT INTO waiting_room VALUES (:line, :up_to, :people) ON CONFLICT (line_id)"
        " DO UPDATE SET up_to = excluded.up_to, people = excluded.people",
        {"line": line_id, "up_to": reached, "people": kept + _among(db, line_id, up_to, reached)},
    )


def page(
    db: Connection, line_id: int, wrote: bool | None, before: int | None, most: int, budget_seconds: float
) -> Page:
    """Those who wait, the last to come first; `wrote`: only who wrote something, or only who did not.

    It goes back along the ids, a window at a time, for as long as the budget lasts: a page may end before it is full.
    """
    end, found = time.monotonic() + budget_seconds, list[Waiting]()
    place: int = before or db.execute("SELECT coalesce(max(id), 0) + 1 FROM people").fetchone()[0]
    while place > 1:
        lowest = max(1, place - WINDOW)
        values = {"line": line_id, "place": place, "lowest": lowest, "most": most - len(found)}
        rows = db.execute(_PAGES[wrote], values).fetchall()
        found += [Waiting(*row) for row in rows]
        if len(found) == most:
            return Page(found, found[-1].id)
        place = lowest
        if time.monotonic() >= end:
            break
    return Page(found, place if place > 1 else None)


def _kept(db: Connection, line_id: int) -> tuple[int, int]:
    row = db.execute("SELECT up_to, people FROM waiting_room WHERE line_id = ?", (line_id,)).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def _among(db: Connection, line_id: int, after: int, last: int | None) -> int:
    """How many wait of those after an id. The plus keeps SQLite from reading all people of the line."""
    until = " AND people.id <= :last" if last is not None else ""
    found: int = db.execute(
        f"SELECT count(*) FROM people WHERE people.id > :after{until} AND +people.line_id = :line AND {WAITS}",  # noqa: S608
        {"after": after, "last": last, "line": line_id},
    ).fetchone()[0]
    return found


_OF_THEM = "number = people.number AND line_id = people.line_id"
_WROTE = f"EXISTS (SELECT 1 FROM messages WHERE {_OF_THEM} AND direction = 'in')"  # noqa: S608
_LAST = f"SELECT {{}} FROM messages WHERE {_OF_THEM} AND direction = 'in' ORDER BY at DESC LIMIT 1"  # noqa: S608
_PAGE = f"""SELECT id, number, country, first_at, nudged_at, ({_LAST.format("body")}), ({_LAST.format("at")}),
    EXISTS (SELECT 1 FROM calls WHERE {_OF_THEM}),
    (SELECT due_at FROM messages WHERE {_OF_THEM} AND purpose = 'nudge' AND status = 'queued' LIMIT 1)
    FROM people WHERE id < :place AND id >= :lowest AND +line_id = :line AND {WAITS}{{}} ORDER BY id DESC LIMIT :most"""  # noqa: S608
_PAGES = {None: _PAGE.format(""), True: _PAGE.format(f" AND {_WROTE}"), False: _PAGE.format(f" AND NOT {_WROTE}")}
