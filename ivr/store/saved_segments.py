"""Segments that were saved under a name, each of one line: the expression is kept, and read anew when it is used."""

from dataclasses import dataclass

from ivr.store.database import Connection, changed


@dataclass(frozen=True)
class Saved:
    """A segment's name and expression, and who saved it when."""

    name: str
    expression: str
    made_by: str
    at: str


def save(db: Connection, line_id: int, saved: Saved) -> None:
    """Keep a segment, in place of one of the same name."""
    db.execute(
        "INSERT INTO segments (line_id, name, expression, made_by, at)"
        " VALUES (:line, :name, :expression, :made_by, :at)"
        " ON CONFLICT (line_id, name) DO UPDATE SET expression = excluded.expression, made_by = excluded.made_by,"
        " at = excluded.at",
        {**saved.__dict__, "line": line_id},
    )


def of_line(db: Connection, line_id: int) -> list[Saved]:
    """The segments of a line, by name."""
    rows = db.execute(
        "SELECT name, expression, made_by, at FROM segments WHERE line_id = :line ORDER BY name", {"line": line_id}
    )
    return [Saved(*row) for row in rows.fetchall()]


def find(db: Connection, line_id: int, name: str) -> Saved | None:
    """The segment of this name, or None."""
    row = db.execute(
        "SELECT name, expression, made_by, at FROM segments WHERE line_id = :line AND name = :name",
        {"line": line_id, "name": name},
    ).fetchone()
    return Saved(*row) if row else None


def remove(db: Connection, line_id: int, name: str) -> bool:
    """Forget a segment; False when there is none of this name."""
    return changed(db, "DELETE FROM segments WHERE line_id = ? AND name = ?", (line_id, name)) == 1
