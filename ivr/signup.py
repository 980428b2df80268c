"""Signing up: what is typed becomes a member, with a consent that says exactly what was agreed to.

Nothing happens by looking: link previews and scanners look too. Whoever is too young is kindly refused, and nothing of
what they typed is kept but that it happened.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from ivr import cards, clock
from ivr.house import House
from ivr.plain_text import clean
from ivr.store import Connection, consents, members, messages, people
from ivr.store.consents import Consent
from ivr.store.lines import Line
from ivr.store.members import Details
from ivr.store.people import Person
from ivr.translating import said
from ivr.wording import CONSENT, name_of, written

LONGEST_BROWSER = 300


@dataclass(frozen=True)
class From:
    """From where somebody signs up: the address and the browser, for the consent; the language of the page."""

    address: str
    browser: str
    language: str


def join(house: House, person: Person, line: Line, told: Details, seen_from: From, at: datetime) -> bool:
    """Make `person` a member who agreed to the wording that `line` shows; a text confirms it.

    Who is a member already stays as they are: the link may have been passed on. False when they have opted out
    meanwhile: then nothing was kept.
    """
    language, moment = seen_from.language, clock.written(at)
    wording = consent_of(line, language)
    browser = clean(seen_from.browser, LONGEST_BROWSER)
    consent = Consent(wording, version_of(wording), language, seen_from.address, browser)

    def work(db: Connection) -> bool:
        now = people.still(db, person)
        if now is None or now.is_silenced or now.too_young_at:
            return False
        if not now.member_since:
            members.join(db, now, told, consent, moment)
            _confirm(db, house, line, now, language, moment)
        return True

    return house.store.write(work)


def refuse_young(house: House, person: Person, at: datetime) -> None:
    """Note that somebody was too young, and nothing else: what a member had told before is removed, too."""
    moment = clock.written(at)

    def work(db: Connection) -> None:
        now = people.still(db, person)
        if now is None:
            return
        if now.member_since:
            members.leave(db, now, consents.withdrawal(db, now.id, "own page"), moment)
        members.note_too_young(db, now, moment)

    house.store.write(work)


def correct(house: House, person: Person, told: Details, language: str, at: datetime) -> None:
    """Keep what a member tells in place of what they told."""

    def work(db: Connection) -> None:
        if now := people.still(db, person):
            members.correct(db, now, told, language, clock.written(at))

    house.store.write(work)


def leave(house: House, person: Person, at: datetime) -> None:
    """A member leaves: their consent is withdrawn, and what they told is forgotten. Leaving twice changes nothing."""

    def work(db: Connection) -> None:
        now = people.still(db, person)
        if now is not None and now.member_since:
            members.leave(db, now, consents.withdrawal(db, now.id, "own page"), clock.written(at))

    house.store.write(work)


def consent_of(line: Line, language: str) -> str:
    """What somebody agrees to by signing up, as it is shown."""
    return said(language, CONSENT, name=name_of(line, language))


def version_of(wording: str) -> str:
    """What tells one wording from another."""
    return hashlib.sha256(wording.encode()).hexdigest()[:12]


def _confirm(db: Connection, house: House, line: Line, person: Person, language: str, at: str) -> None:
    """Queue the text that says that they are in, with the figure's contact card: as an MMS, else by its address."""
    body = written(line, language, "joined")
    if cards.goes_as_mms(line, person):
        card = cards.address_of(house, line, language)
        messages.compose(db, line, person.number, at, body, "joined", due_at=at, media_url=card)
    else:
        body = cards.with_address(house, line, language, body)
        messages.compose(db, line, person.number, at, body, "joined", due_at=at)
