"""People as a list shows them: who they are, what they told, and which consent stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.store.database import Connection
from ivr.store.states import STATE


@dataclass(frozen=True)
class Listed:
    """One of a segment's people; `consent_…` is the one that stands, else what they said last. None: not told."""

    id: int
    number: str
    name: str | None
    gender: str | None
    born: str | None
    city: str | None
    email: str | None
    language: str
    country: str | None
    state: str
    joined_at: str | None
    consent_action: str | None
    consent_at: str | None
    consent_version: str | None
    consent_language: str | None
    consent_source: str | None
    consent_wording: str | None
    opted_out_at: str | None


def listing(among: str) -> str:
    """A statement for what is listed of people, whose ids `among` finds."""
    return (
        f"SELECT {_COLUMNS} FROM ({among}) AS found CROSS JOIN people ON people.id = found.id"  # noqa: S608
        " LEFT JOIN members ON members.person_id = people.id LEFT JOIN consents ON consents.id ="
        " coalesce(members.consent_id, (SELECT max(id) FROM consents WHERE consents.person_id = people.id))"
        " ORDER BY found.id DESC"
    )


def of_ids(db: Connection, line_id: int, ids: Sequence[int]) -> list[Listed]:
    """People of a line by their ids, who came last first. The plus keeps SQLite from reading all of the line."""
    among = f"SELECT id FROM people WHERE +line_id = ? AND id IN ({', '.join('?' * len(ids))})"  # noqa: S608
    return [Listed(*row) for row in db.execute(listing(among), (line_id, *ids)).fetchall()]


_COLUMNS = (
    "people.id, people.number, members.name, members.gender, members.born, members.city, members.email,"
    f" people.language, people.country, {STATE}, members.joined_at, consents.action, consents.at, consents.version,"
    " consents.language, consents.source, consents.wording, people.opted_out_at"
)
