"""Texts of ours that did not arrive, by reason; bounded counts over the index of failures alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.store.database import Connection
from ivr.store.log.rows import Position

MOST_COUNTED = 10_000
_FAILED = "status IN ('undelivered', 'failed', 'doubt')"


@dataclass(frozen=True)
class Reason:
    """Why texts failed: the carrier's code, or None where it named none. `count` stops at `MOST_COUNTED`."""

    error_code: int | None
    count: int
    last_at: str


@dataclass(frozen=True)
class Failed:
    """One text of ours that failed."""

    id: int
    line_id: int
    number: str
    at: str
    body: str
    status: str
    why: str | None


def by_reason(db: Connection, line_ids: Sequence[int], since: str) -> list[Reason]:
    """Reasons of failures on these lines since a moment, the most frequent first."""
    found: dict[int | None, tuple[int, str]] = {}
    for line_id in line_ids:
        for code in _codes(db, line_id):
            count, last_at = _counted(db, line_id, code, since)
            if count:
                before = found.get(code, (0, ""))
                found[code] = (before[0] + count, max(before[1], last_at))
    reasons = [Reason(code, min(count, MOST_COUNTED), last_at) for code, (count, last_at) in found.items()]
    return sorted(reasons, key=lambda reason: reason.count, reverse=True)


def of_reason(
    db: Connection, line_ids: Sequence[int], code: int | None, after: Position, most: int = 50
) -> list[Failed]:
    """Texts that failed for a reason, newest first, following a place."""
    found = [
        Failed(*row)
        for line_id in line_ids
        for row in db.execute(
            f"SELECT id, line_id, number, at, body, status, why FROM messages WHERE {_FAILED}"  # noqa: S608
            " AND line_id = ? AND error_code IS ? AND at <= ? AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?",
            (line_id, code, after.at, after.at, after.id, most),
        ).fetchall()
    ]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:most]


def _codes(db: Connection, line_id: int) -> list[int | None]:
    """Each code of a line once, by hopping along the index from one to the next."""
    codes: list[int | None] = []
    if db.execute(
        f"SELECT 1 FROM messages WHERE {_FAILED} AND line_id = ? AND error_code IS NULL LIMIT 1",  # noqa: S608
        (line_id,),
    ).fetchone():
        codes.append(None)
    last = -1
    while row := db.execute(
        f"SELECT error_code FROM messages WHERE {_FAILED} AND line_id = ? AND error_code > ?"  # noqa: S608
        " ORDER BY error_code LIMIT 1",
        (line_id, last),
    ).fetchone():
        last = row[0]
        codes.append(last)
    return codes


def _counted(db: Connection, line_id: int, code: int | None, since: str) -> tuple[int, str]:
    count, last_at = db.execute(
        "SELECT count(*), max(at) FROM (SELECT at FROM messages"  # noqa: S608
        f" WHERE {_FAILED} AND line_id = ? AND error_code IS ? AND at >= ? ORDER BY at DESC LIMIT ?)",
        (line_id, code, since, MOST_COUNTED),
    ).fetchone()
    return count, last_at or ""
