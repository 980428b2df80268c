"""Members: people who have signed up, and what they agreed to."""

from dataclasses import dataclass

from ivr.store.database import Connection
from ivr.store.people import Person


@dataclass(frozen=True)
class Details:
    """What somebody tells of themselves; None: nothing. `born` is a day as 1990-12-31, `gender` one of `GENDERS`."""

    name: str
    gender: str | None = None
    born: str | None = None
    city: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Consent:
    """To what somebody agreed: the wording as it was shown, its version and language, from where."""

    wording: str
    version: str
    language: str
    address: str
    browser: str


GENDERS = ("female", "male", "non-binary", "another", "unsaid")


def details(db: Connection, person_id: int) -> Details | None:
    """What a member told us; None for who is none."""
    row = db.execute("SELECT name, gender, born, city, email FROM members WHERE person_id = ?", (person_id,)).fetchone()
    return Details(*row) if row else None


def join(db: Connection, person: Person, told: Details, consent: Consent, at: str) -> None:
    """Make a person a member, or keep what a member tells anew: what is not told stays.

    The consent is written down when it is another than the last.
    """
    db.execute(
        "INSERT INTO members (person_id, name, gender, born, city, email, joined_at, changed_at)"
        " VALUES (:id, :name, :gender, :born, :city, :email, :at, :at)"
        " ON CONFLICT (person_id) DO UPDATE SET name = :name, gender = coalesce(:gender, gender),"
        " born = coalesce(:born, born), city = coalesce(:city, city), email = coalesce(:email, email),"
        " changed_at = :at",
        {**told.__dict__, "id": person.id, "at": at},
    )
    db.execute("UPDATE people SET member_since = coalesce(member_since, ?) WHERE id = ?", (at, person.id))
    last = db.execute(
        "SELECT version, language FROM consents WHERE person_id = ? ORDER BY id DESC LIMIT 1", (person.id,)
    ).fetchone()
    if person.member_since and last == (consent.version, consent.language):
        return
    db.execute(
        "INSERT INTO consents (person_id, line_id, number, at, wording, version, language, address, browser)"
        " VALUES (:id, :line, :number, :at, :wording, :version, :language, :address, :browser)",
        {**consent.__dict__, "id": person.id, "line": person.line_id, "number": person.number, "at": at},
    )


def leave(db: Connection, person: Person) -> None:
    """Make a person no member, and forget what they told; their consents stand."""
    db.execute("DELETE FROM members WHERE person_id = ?", (person.id,))
    db.execute("UPDATE people SET member_since = NULL WHERE id = ?", (person.id,))


def note_too_young(db: Connection, line_id: int, day: str) -> None:
    """Count a refusal for age: that one happened is all that is kept."""
    db.execute(
        "INSERT INTO too_young VALUES (?, ?, 1) ON CONFLICT (line_id, day) DO UPDATE SET count = count + 1",
        (line_id, day),
    )


def last_city(db: Connection, person: Person) -> str | None:
    """The city that the carrier last named for somebody's texts or calls."""
    row = db.execute(
        "SELECT city FROM (SELECT city, at, line_id FROM messages WHERE number = :number"
        " UNION ALL SELECT city, at, line_id FROM calls WHERE number = :number)"
        " WHERE city IS NOT NULL AND line_id = :line ORDER BY at DESC LIMIT 1",
        {"number": person.number, "line": person.line_id},
    ).fetchone()
    return row[0] if row else None
