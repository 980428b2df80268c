"""What operators noted of a person: never changed, and removed by who wrote it, or with the person."""

from dataclasses import dataclass

from ivr.store.audit import Actor
from ivr.store.database import Connection, changed
from ivr.store.people import Person


@dataclass(frozen=True)
class Note:
    """One note: by whom (`operator_id` None: at the command line), when, and what it says."""

    id: int
    at: str
    operator_id: int | None
    operator: str
    body: str


def append(db: Connection, person: Person, by: Actor, body: str, at: str) -> int:
    """Keep a note; returns its id."""
    cursor = db.execute(
        "INSERT INTO notes (person_id, at, operator_id, operator, body) VALUES (?, ?, ?, ?, ?)",
        (person.id, at, by.id, by.name, body),
    )
    return int(cursor.lastrowid)


def of(db: Connection, person_id: int) -> list[Note]:
    """All notes of a person, oldest first."""
    rows = db.execute(
        "SELECT id, at, operator_id, operator, body FROM notes WHERE person_id = ? ORDER BY id", (person_id,)
    )
    return [Note(*row) for row in rows.fetchall()]


def remove(db: Connection, person: Person, note_id: int, by: Actor) -> bool:
    """Take away a note that `by` wrote; False when there is none such."""
    values = {"id": note_id, "person": person.id, "by": by.id}
    where = "id = :id AND person_id = :person AND operator_id IS :by"
    return changed(db, f"DELETE FROM notes WHERE {where}", values) == 1  # noqa: S608
