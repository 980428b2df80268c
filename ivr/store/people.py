"""People: one phone number known to one line, from its first contact on."""

from dataclasses import dataclass

from ivr.store.database import Connection, changed
from ivr.store.lines import Line


@dataclass(frozen=True)
class Person:
    """One number on one line. Times are text (see `ivr.clock`); None: never.

    `link_counter` and `link_at` belong to the personal link: it is derived from the counter and dies with it.
    """

    line_id: int
    number: str
    first_at: str
    language: str
    country: str | None
    opted_out_at: str | None
    member_since: str | None
    link_counter: int
    link_at: str


_COLUMNS = "line_id, number, first_at, language, country, opted_out_at, member_since, link_counter, link_at"


def find(db: Connection, line: Line, number: str) -> Person | None:
    """The person of this number on this line, or None."""
    return find_on(db, line.id, number)


def find_on(db: Connection, line_id: int, number: str) -> Person | None:
    """The person of this number on the line of this id, or None."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM people WHERE line_id = :line AND number = :number",  # noqa: S608
        {"line": line_id, "number": number},
    ).fetchone()
    return Person(*row) if row else None


def find_by_link(db: Connection, link_hash: bytes) -> Person | None:
    """The person whose present link has this hash, or None."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM people WHERE link_hash = :hash",  # noqa: S608
        {"hash": link_hash},
    ).fetchone()
    return Person(*row) if row else None


def add(db: Connection, person: Person, link_hash: bytes) -> bool:
    """Keep a new person; False when this number is known to this line already, and then left as it is."""
    inserted = changed(
        db,
        "INSERT INTO people (line_id, number, first_at, language, country, link_counter, link_at, link_hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (line_id, number) DO NOTHING",
        (
            person.line_id,
            person.number,
            person.first_at,
            person.language,
            person.country,
            person.link_counter,
            person.link_at,
            link_hash,
        ),
    )
    return inserted == 1


def renew_link(db: Connection, person: Person, link_hash: bytes) -> None:
    """Keep the counter, time and hash of the person's new link; the old link is dead from now on."""
    db.execute(
        "UPDATE people SET link_counter = :counter, link_at = :at, link_hash = :hash"
        " WHERE line_id = :line AND number = :number",
        {
            "counter": person.link_counter,
            "at": person.link_at,
            "hash": link_hash,
            "line": person.line_id,
            "number": person.number,
        },
    )


def set_opted_out(db: Connection, line: Line, number: str, at: str | None) -> None:
    """Mark the person as opted out since `at`, or with None as not."""
    db.execute(
        "UPDATE people SET opted_out_at = :at WHERE line_id = :line AND number = :number",
        {"at": at, "line": line.id, "number": number},
    )


def set_language(db: Connection, line: Line, number: str, language: str) -> None:
    """Remember the language in which the person last wrote."""
    db.execute(
        "UPDATE people SET language = :language WHERE line_id = :line AND number = :number",
        {"language": language, "line": line.id, "number": number},
    )
