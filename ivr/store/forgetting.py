"""What the search index must still forget: filled in the transaction that takes the words from the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.store.database import Connection


@dataclass(frozen=True)
class Forgotten:
    """What is to be forgotten: the words of a message that had this `body`, and that it, or a call, had this `number`.

    Without a `number` only the words go.
    """

    message_id: int | None
    body: str = ""
    number: str | None = None
    id: int = 0
    call_id: int | None = None


def add(db: Connection, gone: Sequence[Forgotten]) -> None:
    """Let the search index forget these, a moment after the commit."""
    db.executemany(
        "INSERT INTO forgetting (message_id, body, number, call_id) VALUES (?, ?, ?, ?)",
        [(one.message_id, one.body, one.number, one.call_id) for one in gone],
    )


def waiting(db: Connection, most: int) -> list[Forgotten]:
    """The first that wait, in the order in which they were blanked."""
    rows = db.execute("SELECT message_id, body, number, id, call_id FROM forgetting ORDER BY id LIMIT ?", (most,))
    return [Forgotten(*row) for row in rows.fetchall()]


def settle(db: Connection, up_to: int) -> None:
    """The index has forgotten all up to this id: now the list forgets them too."""
    db.execute("DELETE FROM forgetting WHERE id <= ?", (up_to,))
