"""The ledger of opt-outs: who said STOP or START, to which line, how, when. Append-only, by trigger.

Opt-outs outlive people: the ledger knows numbers, not rows of `people`.
"""

from dataclasses import dataclass

from ivr.store.database import Connection
from ivr.store.lines import Line


@dataclass(frozen=True)
class OptOut:
    """One entry: `action` is `out` or `in`; `source` is `text`, `carrier` or `operator`; `wording` as it was said."""

    number: str
    at: str
    action: str
    source: str
    wording: str
    sid: str | None = None


def append(db: Connection, line: Line, entry: OptOut) -> None:
    """Write one entry."""
    db.execute(
        "INSERT INTO opt_outs (line_id, number, at, action, source, wording, sid) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (line.id, entry.number, entry.at, entry.action, entry.source, entry.wording, entry.sid),
    )


def of(db: Connection, line: Line, number: str) -> list[OptOut]:
    """All entries of one number on one line, oldest first."""
    rows = db.execute(
        "SELECT number, at, action, source, wording, sid FROM opt_outs"
        " WHERE number = :number AND line_id = :line ORDER BY id",
        {"number": number, "line": line.id},
    )
    return [OptOut(*row) for row in rows]


def last_action(db: Connection, line: Line, number: str) -> OptOut | None:
    """The entry that holds now: the last one, or None."""
    entries = of(db, line, number)
    return entries[-1] if entries else None
