"""Photos of figures: what stands on a line's contact card. Those that stood there before are kept, to go back to."""

import hashlib
from dataclasses import dataclass

from ivr.store.database import Connection
from ivr.store.lines import Line


@dataclass(frozen=True)
class Photo:
    """A picture; `kind` JPEG or PNG."""

    kind: str
    content: bytes

    @property
    def digest(self) -> str:
        """What the picture is known by: its SHA-256."""
        return hashlib.sha256(self.content).hexdigest()


def of(db: Connection, line: Line) -> Photo | None:
    """The photo of a line, or None."""
    return find(db, line.id, line.photo)


def find(db: Connection, line_id: int, digest: str) -> Photo | None:
    """A photo that a line has or had, by its digest, or None."""
    row = db.execute(
        "SELECT kind, content FROM photos WHERE line_id = :line AND digest = :digest",
        {"line": line_id, "digest": digest},
    ).fetchone()
    return Photo(*row) if row else None


def keep(db: Connection, line_id: int, photo: Photo, at: str) -> None:
    """Keep a photo; which one a line has is said by the line itself."""
    db.execute(
        "INSERT INTO photos VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (line_id, photo.digest, photo.kind, photo.content, at),
    )
