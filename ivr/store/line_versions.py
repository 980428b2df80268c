"""The versions of lines: every change with who and when, from what to what. Append-only, by trigger."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ivr.store.audit import Actor
from ivr.store.database import Connection

Changes = Mapping[str, tuple[Any, Any]]
"""What was changed, by field, or by `reply.ar` for words: before, and after (None: ours)."""
MOST = 50


@dataclass(frozen=True)
class Version:
    """One change of a line; `undoes` is the version that it took back, or None."""

    number: int
    at: str
    operator: str
    undoes: int | None
    changes: dict[str, tuple[Any, Any]]


_SELECT = "SELECT version, at, operator, undoes, changes FROM line_versions WHERE line_id = :line"


def append(
    db: Connection, line_id: int, number: int, by: Actor, at: str, changes: Changes, undoes: int | None = None
) -> None:
    """Keep what made a line the version of this number."""
    db.execute(
        "INSERT INTO line_versions VALUES (?, ?, ?, ?, ?, ?, ?)",
        (line_id, number, at, by.id, by.name, undoes, json.dumps(changes, ensure_ascii=False)),
    )


def find(db: Connection, line_id: int, number: int) -> Version | None:
    """The version of this number, or None: the first ones of old lines are not known."""
    row = db.execute(f"{_SELECT} AND version = :number", {"line": line_id, "number": number}).fetchone()
    return _version(row) if row else None


def newest(db: Connection, line_id: int, before: int | None = None, most: int = MOST) -> list[Version]:
    """A line's versions, newest first, those before the one of this number."""
    onward = " AND version < :before" if before is not None else ""
    values = {"line": line_id, "before": before, "most": most}
    rows = db.execute(f"{_SELECT}{onward} ORDER BY version DESC LIMIT :most", values)
    return [_version(row) for row in rows.fetchall()]


def since(db: Connection, line_id: int, number: int) -> list[Version]:
    """What came after the version of this number, newest first."""
    rows = db.execute(f"{_SELECT} AND version > :number ORDER BY version DESC", {"line": line_id, "number": number})
    return [_version(row) for row in rows.fetchall()]


def _version(row: tuple[int, str, str, int | None, str]) -> Version:
    changes = {name: (before, after) for name, (before, after) in json.loads(row[4]).items()}
    return Version(*row[:4], changes)
