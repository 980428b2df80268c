"""Photos of figures, one for each line: what stands on its contact card."""

from dataclasses import dataclass

from ivr.store.database import Connection
from ivr.store.lines import Line


@dataclass(frozen=True)
class Photo:
    """A picture; `kind` JPEG or PNG."""

    kind: str
    content: bytes


def of(db: Connection, line: Line) -> Photo | None:
    """The photo of a line, or None."""
    row = db.execute("SELECT kind, content FROM photos WHERE line_id = ?", (line.id,)).fetchone()
    return Photo(*row) if row else None


def put(db: Connection, line: Line, photo: Photo, at: str) -> None:
    """Keep a photo in place of the one before."""
    db.execute("INSERT OR REPLACE INTO photos VALUES (?, ?, ?, ?)", (line.id, photo.kind, photo.content, at))


def remove(db: Connection, line: Line) -> None:
    """Keep none any more."""
    db.execute("DELETE FROM photos WHERE line_id = ?", (line.id,))
