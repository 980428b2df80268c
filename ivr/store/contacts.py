"""The log as people read it: the `contacts` view, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ivr.store.database import Connection, rows

COLUMNS = (
    "sid",
    "kind",
    "line",
    "number",
    "at",
    "status",
    "seconds",
    "body",
    "media",
    "reply",
    "city",
    "state",
    "country",
)


@dataclass(frozen=True)
class Filter:
    """Which contacts: None means any. `since` is included, `until` is not; both as stored times."""

    line: str | None = None
    number: str | None = None
    kind: str | None = None
    since: str | None = None
    until: str | None = None


def newest(db: Connection, chosen: Filter, most: int | None = None) -> Iterator[dict[str, Any]]:
    """Contacts that `chosen` lets through, newest first, as dictionaries of `COLUMNS`."""
    conditions = [
        condition
        for value, condition in (
            (chosen.line, "line = :line"),
            (chosen.number, "number = :number"),
            (chosen.kind, "kind = :kind"),
            (chosen.since, "at >= :since"),
            (chosen.until, "at < :until"),
        )
        if value is not None
    ]
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"SELECT {', '.join(COLUMNS)} FROM contacts {where} ORDER BY at DESC, sid LIMIT :most"  # noqa: S608
    return rows(db, sql, {**chosen.__dict__, "most": -1 if most is None else most})


def why_unanswered(db: Connection, sid: str) -> str | None:
    """Why the text of this SID got no answer of ours; None when it got one or is not known."""
    row = db.execute("SELECT why FROM messages WHERE sid = :sid", {"sid": sid}).fetchone()
    return row[0] if row else None
