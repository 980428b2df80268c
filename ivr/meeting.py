"""Meeting people: whoever calls or texts a line for the first time becomes a person of that line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ivr import clock, languages
from ivr.erasing import before
from ivr.phone_numbers import country_of
from ivr.store import Connection, people
from ivr.store.lines import Line
from ivr.store.people import Person


@dataclass(frozen=True)
class Visitor:
    """A number that contacts a line; `text` tells the language they write, if it is given.

    `language` was chosen by whoever typed the number: it counts for somebody new alone.
    """

    line: Line
    number: str
    at: datetime
    text: str | None = None
    language: str | None = None


def meet(db: Connection, visitors: Sequence[Visitor], key: str) -> list[Person]:
    """The person that each visitor is, made if they are new. `key` is the house's secret (see `welcome`)."""
    return [new or recognise(db, visitor) for new, visitor in zip(welcome(db, visitors, key), visitors, strict=True)]


def welcome(db: Connection, visitors: Sequence[Visitor], key: str) -> list[Person | None]:
    """Make those people who are new, and return them; None for who is known. One statement for all of them.

    A number that comes twice is new the first time. Who had opted out, was blocked or too young before they were
    erased still is: the `key` tells.
    """
    if not visitors:
        return []
    strangers = [_stranger(db, visitor, key) for visitor in visitors]
    new = people.add(db, strangers)
    return [stranger if stranger.id in new else None for stranger in strangers]


def recognise(db: Connection, visitor: Visitor) -> Person:
    """The person that a known visitor is; when they write another language than before, it is remembered.

    But a member has chosen theirs.
    """
    person = people.find(db, visitor.line, visitor.number)
    if person is None:
        raise LookupError(f"nobody on line {visitor.line.id} has this number")
    language = languages.choose(text=visitor.text, line=person.language)
    if person.member_since or language == person.language:
        return person
    people.set_language(db, person, language)
    return replace(person, language=language)


def _stranger(db: Connection, visitor: Visitor, key: str) -> Person:
    """Who the visitor is if nobody knows them."""
    line, country, moment = visitor.line, country_of(visitor.number), clock.written(visitor.at)
    known = before(db, key, line.id, visitor.number)
    return Person(
        line_id=line.id,
        number=visitor.number,
        first_at=moment,
        language=visitor.language or languages.choose(text=visitor.text, country=country, line=line.language),
        country=country,
        opted_out_at=known.opted_out_at if known else None,
        member_since=None,
        link_counter=0,
        link_at=moment,
        id=people.new_id(db),
        blocked_at=known.blocked_at if known else None,
        too_young_at=known.too_young_at if known else None,
    )
