"""Texts of ours that did not arrive, by reason; bounded counts over the index of failures alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ivr.store.database import Connection
from ivr.store.log.rows import Position

MOST_COUNTED = 10_000
_FAILED = "status IN ('undelivered', 'failed', 'doubt')"  # as the index has it, word for word
_SAME = f"{_FAILED} AND line_id = :line AND error_code IS :code AND (status = 'doubt') = :doubt"


class Cause(NamedTuple):
    """Why a text failed: the carrier's code, or None where it named none; `doubt`: it may have arrived after all."""

    code: int | None
    doubt: bool = False

    @property
    def name(self) -> str:
        """As text for an address: the code, `doubt` or `unsaid`."""
        return "doubt" if self.doubt else "unsaid" if self.code is None else str(self.code)

    @classmethod
    def named(cls, name: str) -> "Cause | None":
        """The cause of this name, or None where there can be no such."""
        if name in ("doubt", "unsaid"):
            return cls(None, name == "doubt")
        return cls(int(name)) if name.isascii() and name.isdigit() and len(name) <= 9 else None


@dataclass(frozen=True)
class Reason:
    """How many texts failed for one cause, and when last. `capped`: they are more than were counted."""

    cause: Cause
    count: int
    last_at: str
    capped: bool


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
    found: dict[Cause, tuple[int, str]] = {}
    for line_id in line_ids:
        for cause in _causes(db, line_id):
            count, last_at = _counted(db, line_id, cause, since)
            if count:
                before = found.get(cause, (0, ""))
                found[cause] = (before[0] + count, max(before[1], last_at))
    reasons = [
        Reason(cause, min(count, MOST_COUNTED), last_at, count > MOST_COUNTED)
        for cause, (count, last_at) in found.items()
    ]
    return sorted(reasons, key=lambda reason: (reason.count, reason.last_at), reverse=True)


def of_reason(
    db: Connection, line_ids: Sequence[int], cause: Cause, after: Position, most: int = 50, since: str = ""
) -> list[Failed]:
    """Texts that failed for a cause, newest first, following a place, as far back as a stored time."""
    found = [
        Failed(*row)
        for line_id in line_ids
        for row in db.execute(
            f"SELECT id, line_id, number, at, body, status, why FROM messages WHERE {_SAME}"  # noqa: S608
            " AND at >= :since AND at <= :at AND (at, id) < (:at, :id) ORDER BY at DESC, id DESC LIMIT :most",
            {**_values(line_id, cause), "at": after.at, "id": after.id, "since": since, "most": most},
        ).fetchall()
    ]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:most]


def _causes(db: Connection, line_id: int) -> list[Cause]:
    """Each cause on a line once, by hopping along the index from one code to the next. A doubt has no code."""
    causes = [Cause(None, doubt=True), Cause(None)]
    last = -1
    while row := db.execute(
        f"SELECT error_code FROM messages WHERE {_FAILED} AND line_id = ? AND error_code > ?"  # noqa: S608
        " ORDER BY error_code LIMIT 1",
        (line_id, last),
    ).fetchone():
        last = row[0]
        causes.append(Cause(last))
    return causes


def _counted(db: Connection, line_id: int, cause: Cause, since: str) -> tuple[int, str]:
    """How many, and when last; it stops at one more than `MOST_COUNTED`."""
    count, last_at = db.execute(
        f"SELECT count(*), max(at) FROM (SELECT at FROM messages WHERE {_SAME} AND at >= :since"  # noqa: S608
        " ORDER BY at DESC LIMIT :most)",
        {**_values(line_id, cause), "since": since, "most": MOST_COUNTED + 1},
    ).fetchone()
    return count, last_at or ""


def _values(line_id: int, cause: Cause) -> dict[str, object]:
    return {"line": line_id, "code": cause.code, "doubt": int(cause.doubt)}
