"""Members: people who have signed up, with what they told, and which consent of theirs stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.folding import folded
from ivr.store import consents, names
from ivr.store.consents import Consent, Entry
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
class Joining:
    """How somebody became a member: what they agreed to and when, since when they are one, their language."""

    agreed: Entry
    since: str
    language: str


GENDERS = ("female", "male", "non-binary", "another", "unsaid")


def details(db: Connection, person_id: int) -> Details | None:
    """What a member told us; None for who is none."""
    row = db.execute("SELECT name, gender, born, city, email FROM members WHERE person_id = ?", (person_id,)).fetchone()
    return Details(*row) if row else None


def with_email(db: Connection, line_id: int, addresses: Sequence[str], most: int) -> list[int]:
    """The ids of a line's members who gave one of these addresses."""
    rows = db.execute(
        f"SELECT person_id FROM members WHERE email IN ({', '.join('?' * len(addresses))}) AND +line_id = ? LIMIT ?",  # noqa: S608
        (*addresses, line_id, most),
    )
    return [person_id for (person_id,) in rows.fetchall()]


def city_key(city: str | None) -> str:
    """A city as it is compared: case, accents and the ways to write an alef do not count."""
    return " ".join(folded(city or ""))


def join(db: Connection, person: Person, told: Details, consent: Consent, at: str) -> None:
    """Make a person who is none a member, with a consent. They speak its language from now on."""
    bring(db, person, told, Joining(Entry(at, consent), at, consent.language), at)


def bring(db: Connection, person: Person, told: Details, joining: Joining, at: str) -> None:
    """As `join`, for who agreed and joined before now."""
    consent_id = consents.append(db, person, joining.agreed.consent, joining.agreed.at)
    db.execute(
        "INSERT INTO members (person_id, line_id, country, name, gender, born, city, city_key, email, language,"
        " consent_id, joined_at, changed_at, silenced) VALUES (:id, :line, :country, :name, :gender, :born, :city,"
        " :city_key, :email, :language, :consent, :since, :at, :silenced)",
        {
            **_values(person, told, at),
            "line": person.line_id,
            "country": person.country,
            "language": joining.language,
            "consent": consent_id,
            "since": joining.since,
            "silenced": person.is_silenced,
        },
    )
    names.keep(db, person, told.name)
    db.execute(
        "UPDATE people SET member_since = :since, left_at = NULL, language = :language WHERE id = :id",
        {"since": joining.since, "language": joining.language, "id": person.id},
    )


def correct(db: Connection, person: Person, told: Details, language: str, at: str) -> None:
    """Keep what a member tells in place of what they told, and the language that they choose."""
    db.execute(
        "UPDATE members SET name = :name, gender = :gender, born = :born, city = :city, city_key = :city_key,"
        " email = :email, language = :language, changed_at = :at WHERE person_id = :id",
        {**_values(person, told, at), "language": language},
    )
    db.execute("UPDATE people SET language = ? WHERE id = ?", (language, person.id))
    names.keep(db, person, told.name)


def leave(db: Connection, person: Person, consent: Consent | None, at: str) -> None:
    """Make a person no member, and forget what they told; a consent that is withdrawn by that is written down."""
    if consent is not None:
        consents.append(db, person, consent, at)
    db.execute("DELETE FROM members WHERE person_id = ?", (person.id,))
    db.execute("UPDATE people SET member_since = NULL, left_at = ? WHERE id = ?", (at, person.id))


def set_consent(db: Connection, person: Person, consent: Consent, at: str) -> None:
    """A member's consent is withdrawn, or given again: from now on it does not stand, or it does."""
    consent_id = consents.append(db, person, consent, at)
    db.execute(
        "UPDATE members SET consent_id = ? WHERE person_id = ?",
        (consent_id if consent.action == "given" else None, person.id),
    )


def note_too_young(db: Connection, person: Person, at: str) -> None:
    """Note a refusal for age, counted by day: that one happened is all that is kept."""
    db.execute(
        "INSERT INTO too_young VALUES (?, ?, 1) ON CONFLICT (line_id, day) DO UPDATE SET count = count + 1",
        (person.line_id, at[:10]),
    )
    db.execute("UPDATE people SET too_young_at = ? WHERE id = ?", (at, person.id))


def last_city(db: Connection, person: Person) -> str | None:
    """The city that the carrier last named for somebody's texts or calls."""
    row = db.execute(
        "SELECT city FROM (SELECT city, at, line_id FROM messages WHERE number = :number"
        " UNION ALL SELECT city, at, line_id FROM calls WHERE number = :number)"
        " WHERE city IS NOT NULL AND line_id = :line ORDER BY at DESC LIMIT 1",
        {"number": person.number, "line": person.line_id},
    ).fetchone()
    return row[0] if row else None


def _values(person: Person, told: Details, at: str) -> dict[str, object]:
    return {**told.__dict__, "city_key": city_key(told.city), "id": person.id, "at": at}
