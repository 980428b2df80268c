"""Consents: to what somebody agreed, and when they took it back. Append-only, by trigger.

A consent belongs to a number on a line, at a time. The one that stands is named by the member's row; without one
nothing can be broadcast to them, and the table of messages itself refuses it.
"""

from dataclasses import dataclass

from ivr.store.database import Connection
from ivr.store.people import Person


@dataclass(frozen=True)
class Consent:
    """To what somebody agreed: the wording as it was shown, its version and language, from where.

    `action` is `given` or `withdrawn`; then `wording` is what they wrote, if anything. `source`: sign-up page, own
    page, text, carrier, operator or import.
    """

    wording: str
    version: str
    language: str
    address: str = ""
    browser: str = ""
    action: str = "given"
    source: str = "sign-up page"


@dataclass(frozen=True)
class Entry:
    """One row of the table: a consent, and when."""

    at: str
    consent: Consent


SIGNED_UP = "action = 'given' AND source = 'sign-up page'"
"""SQL: whether a row is a sign-up."""
SOURCES = ("sign-up page", "own page", "text", "carrier", "operator", "import")
"""From where a consent may come: the table's own list."""
_COLUMNS = "wording, version, language, address, browser, action, source"


def append(db: Connection, person: Person, consent: Consent, at: str) -> int:
    """Write one entry; returns its id."""
    cursor = db.execute(
        f"INSERT INTO consents (person_id, line_id, number, at, {_COLUMNS}) VALUES"  # noqa: S608
        " (:id, :line, :number, :at, :wording, :version, :language, :address, :browser, :action, :source)",
        {**consent.__dict__, "id": person.id, "line": person.line_id, "number": person.number, "at": at},
    )
    return int(cursor.lastrowid)


def of(db: Connection, person_id: int) -> list[Entry]:
    """All entries of a person, oldest first."""
    rows = db.execute(f"SELECT at, {_COLUMNS} FROM consents WHERE person_id = ? ORDER BY id", (person_id,))  # noqa: S608
    return [Entry(at, Consent(*rest)) for at, *rest in rows.fetchall()]


def withdrawal(db: Connection, person_id: int, source: str, wording: str = "") -> Consent | None:
    """Taking back what somebody agreed to last, in these words if they wrote any; None: they never agreed."""
    given = last_given(db, person_id)
    return given and Consent(wording, given.version, given.language, action="withdrawn", source=source)


def last_given(db: Connection, person_id: int) -> Consent | None:
    """The last consent that somebody gave, standing or not."""
    given = [entry.consent for entry in of(db, person_id) if entry.consent.action == "given"]
    return given[-1] if given else None
