"""Sessions of operators, the browsers that they have signed in with, and tries to sign in."""

from dataclasses import dataclass, fields

from ivr.store.database import Connection, changed


@dataclass(frozen=True)
class Session:
    """One sign-in of an operator. `stage`: `password` (the second factor is still asked for) or `whole`."""

    id: int
    operator_id: int
    stage: str
    begun_at: str
    seen_at: str
    address: str
    browser: str


KEPT_FOR = "-30 days"
_COLUMNS = ", ".join(field.name for field in fields(Session))


def begin(db: Connection, session_hash: bytes, operator_id: int, stage: str, at: str, where: tuple[str, str]) -> None:
    """Keep a new session, and forget the operator's of long ago; `where` is the address and the browser."""
    db.execute(
        "DELETE FROM sessions WHERE operator_id = ? AND begun_at < strftime('%Y-%m-%dT%H:%M:%fZ', ?, ?)",
        (operator_id, at, KEPT_FOR),
    )
    db.execute(
        "INSERT INTO sessions (hash, operator_id, stage, begun_at, seen_at, address, browser)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (session_hash, operator_id, stage, at, at, *where),
    )


def find(db: Connection, session_hash: bytes, begun_after: str, seen_after: str) -> Session | None:
    """The open session of this hash, if it began and was last seen after these moments."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM sessions WHERE hash = ? AND ended_at IS NULL AND begun_at > ? AND seen_at > ?",  # noqa: S608
        (session_hash, begun_after, seen_after),
    ).fetchone()
    return Session(*row) if row else None


def see(db: Connection, session_id: int, at: str) -> None:
    """Note that a session is in use."""
    db.execute("UPDATE sessions SET seen_at = ? WHERE id = ?", (at, session_id))


def open_of(db: Connection, operator_id: int, begun_after: str, seen_after: str) -> list[Session]:
    """The open sessions of an operator, the last seen first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM sessions WHERE operator_id = ? AND ended_at IS NULL AND begun_at > ? AND seen_at > ?"  # noqa: S608
        " AND stage = 'whole' ORDER BY seen_at DESC",
        (operator_id, begun_after, seen_after),
    )
    return [Session(*row) for row in rows.fetchall()]


def end(db: Connection, operator_id: int, session_id: int, at: str) -> bool:
    """End one session of an operator; False when they have no such open one."""
    return bool(
        changed(
            db,
            "UPDATE sessions SET ended_at = ? WHERE id = ? AND operator_id = ? AND ended_at IS NULL",
            (at, session_id, operator_id),
        )
    )


def end_all(db: Connection, operator_id: int, at: str, but: int | None = None) -> int:
    """End every session of an operator but one; returns how many."""
    return changed(
        db,
        "UPDATE sessions SET ended_at = :at WHERE operator_id = :operator AND ended_at IS NULL AND id IS NOT :but",
        {"at": at, "operator": operator_id, "but": but},
    )


def remember_browser(db: Connection, browser_hash: bytes, operator_id: int, at: str) -> None:
    """Know a browser again that an operator has signed in with."""
    db.execute("INSERT INTO known_browsers VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (browser_hash, operator_id, at))


def knows_browser(db: Connection, browser_hash: bytes, operator_id: int) -> bool:
    """Whether this operator has signed in with that browser before."""
    found = db.execute(
        "SELECT 1 FROM known_browsers WHERE hash = ? AND operator_id = ?", (browser_hash, operator_id)
    ).fetchone()
    return found is not None


def forget_browsers(db: Connection, operator_id: int) -> None:
    """Know no browser of an operator any more."""
    db.execute("DELETE FROM known_browsers WHERE operator_id = ?", (operator_id,))
