"""Meeting people: whoever calls or texts a line for the first time becomes a person of that line."""

from dataclasses import dataclass, replace
from datetime import datetime

from ivr import clock, languages, links
from ivr.phone_numbers import country_of
from ivr.store import Connection, people
from ivr.store.lines import Line
from ivr.store.people import Person


@dataclass(frozen=True)
class Meeting:
    """The person, and whether this is their first contact."""

    person: Person
    is_first: bool


def meet(db: Connection, line: Line, number: str, at: datetime, key: str, text: str | None = None) -> Meeting:
    """The person of this number on this line, made if they are new; `text` tells the language they write."""
    stranger = _stranger(line, number, at, text)
    if people.add(db, stranger, links.hash_of(links.token_of(stranger, key))):  # in a burst most people are new
        return Meeting(stranger, is_first=True)
    person = people.find(db, line, number) or stranger
    language = languages.choose(text=text, line=person.language)
    if language != person.language:
        people.set_language(db, line, number, language)
        person = replace(person, language=language)
    return Meeting(person, is_first=False)


def _stranger(line: Line, number: str, at: datetime, text: str | None) -> Person:
    country, moment = country_of(number), clock.written(at)
    return Person(
        line_id=line.id,
        number=number,
        first_at=moment,
        language=languages.choose(text=text, country=country, line=line.language),
        country=country,
        opted_out_at=None,
        member_since=None,
        link_counter=0,
        link_at=moment,
    )
