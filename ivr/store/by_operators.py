"""Texts that an operator had sent, each by its form once."""

from ivr.store.audit import Actor
from ivr.store.database import Connection


def note(db: Connection, message_id: int, by: Actor, once: str | None = None) -> None:
    """Note that an operator had a text sent; `once` is the key of the form that asked for it."""
    db.execute("INSERT INTO texts_by_operators VALUES (?, ?, ?, ?)", (message_id, by.id, by.name, once))


def of_form(db: Connection, once: str) -> int | None:
    """The id of the text that a form with this key asked for, or None."""
    row = db.execute("SELECT message_id FROM texts_by_operators WHERE once = ?", (once,)).fetchone()
    return row[0] if row else None


def is_one(db: Connection, message_id: int) -> bool:
    """Whether an operator had this text sent."""
    return db.execute("SELECT 1 FROM texts_by_operators WHERE message_id = ?", (message_id,)).fetchone() is not None
