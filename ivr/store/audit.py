"""The audit: who changed what, and who looked at many people at once. Append-only, by trigger."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.store.database import Connection, rows

LOOKED_AT = 20_000  # rows that one search may read


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where: an operator, or somebody at the server's command line (`id` None)."""

    id: int | None
    name: str
    address: str


COMMAND_LINE = Actor(None, "command line", "this machine")


@dataclass(frozen=True)
class Entry:
    """One row: `subject` is what it was done to, `details` what a reader may want to know beside it."""

    id: int
    at: str
    operator: str
    action: str
    subject: str
    details: dict[str, object]
    address: str


@dataclass(frozen=True)
class Wanted:
    """Which entries: None means any. `text` is searched for in subject, details, action and name.

    Latin letters without accents are found in any case, all others as they stand."""

    operator: str | None = None
    action: str | None = None
    text: str | None = None
    since: str | None = None
    until: str | None = None


def append(db: Connection, actor: Actor, action: str, subject: str, details: Mapping[str, object], at: str) -> None:
    """Write one entry."""
    db.execute(
        "INSERT INTO audit (at, operator_id, operator, action, subject, details, address) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (at, actor.id, actor.name, action, subject, json.dumps(details, ensure_ascii=False), actor.address),
    )


def newest(db: Connection, wanted: Wanted, before: int | None, most: int = 50) -> tuple[list[Entry], int | None]:
    """Entries, newest first, and the id to go on before (None: there are no more).

    A search for text reads at most `LOOKED_AT` rows at a time, so a page may hold few entries and still go on.
    """
    conditions = [
        condition
        for value, condition in (
            (wanted.operator, "operator = :operator"),
            (wanted.action, "action = :action"),
            (wanted.since, "at >= :since"),
            (wanted.until, "at < :until"),
            (wanted.text, "instr(lower(action || ' ' || operator || ' ' || subject || ' ' || details), :text) > 0"),
        )
        if value is not None
    ]
    lowest = (before or _highest(db) + 1) - LOOKED_AT
    found = list(
        rows(
            db,
            "SELECT id, at, operator, action, subject, details, address FROM audit"  # noqa: S608
            f" WHERE id < :before AND id >= :lowest {''.join(' AND ' + one for one in conditions)}"
            " ORDER BY id DESC LIMIT :most",
            {
                **wanted.__dict__,
                "text": _lower(wanted.text) if wanted.text else None,
                "before": before or _highest(db) + 1,
                "lowest": lowest,
                "most": most,
            },
        )
    )
    entries = [Entry(**{**row, "details": json.loads(row["details"])}) for row in found]
    if len(entries) == most:
        return entries, entries[-1].id
    return entries, lowest if lowest > 1 else None


def actions(db: Connection) -> list[str]:
    """Every action that has been noted among the newest entries."""
    found = db.execute(
        "SELECT DISTINCT action FROM (SELECT action FROM audit ORDER BY id DESC LIMIT :most) ORDER BY action",
        {"most": LOOKED_AT},
    )
    return [action for (action,) in found.fetchall()]


def _lower(text: str) -> str:
    """As SQLite's `lower`: the letters of ASCII alone."""
    return "".join(char.lower() if char.isascii() else char for char in text)


def _highest(db: Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()[0])
