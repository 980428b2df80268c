"""Everything that is kept about one person, on one line."""

from dataclasses import dataclass

from ivr.store import consents, members, notes, opt_outs, people, states, tags
from ivr.store.consents import Entry
from ivr.store.database import Connection
from ivr.store.lines import Line
from ivr.store.members import Details
from ivr.store.notes import Note
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person


@dataclass(frozen=True)
class Profile:
    """A person: `state` of `STATES`, what a member told, consents and opt-outs oldest first, how much there was.

    `same_email` are the numbers of other members of the line with the same e-mail address.
    """

    person: Person
    state: str
    details: Details | None
    consents: list[Entry]
    opt_outs: list[OptOut]
    calls: int
    texts: int
    texts_of_ours: int
    same_email: list[str]
    tags: list[str]
    notes: list[Note]


def of(db: Connection, line: Line, number: str) -> Profile | None:
    """All about who has this number; None when the line knows nobody by it."""
    person = people.find(db, line, number)
    if person is None:
        return None
    details = members.details(db, person.id)
    return Profile(
        person,
        states.of(db, person.id),
        details,
        consents.of(db, person.id),
        opt_outs.of(db, line, number),
        *_counted(db, person),
        _same_email(db, person, details),
        tags.of(db, person.id),
        notes.of(db, person.id),
    )


def _counted(db: Connection, person: Person) -> tuple[int, int, int]:
    """How many calls, texts of theirs, and texts of ours that were not skipped."""
    values = {"number": person.number, "line": person.line_id}
    calls = db.execute("SELECT count(*) FROM calls WHERE number = :number AND line_id = :line", values).fetchone()[0]
    texts, ours = db.execute(
        "SELECT count(CASE WHEN direction = 'in' THEN 1 END), count(CASE WHEN direction = 'out' AND status <> 'skipped'"
        " THEN 1 END) FROM messages WHERE number = :number AND line_id = :line",
        values,
    ).fetchone()
    return calls, texts, ours


def _same_email(db: Connection, person: Person, details: Details | None) -> list[str]:
    if details is None or details.email is None:
        return []
    rows = db.execute(
        "SELECT people.number FROM members JOIN people ON people.id = members.person_id WHERE members.email = :email"
        " AND members.line_id = :line AND members.person_id <> :id ORDER BY people.id",
        {"email": details.email, "line": person.line_id, "id": person.id},
    )
    return [number for (number,) in rows.fetchall()]
