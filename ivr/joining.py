"""Joining from a web site or a poster: a number is typed, and the link to sign up is texted to it.

So nobody signs up somebody else. What is answered on the page tells nothing about a number; and one number gets one
such text a day, so that nobody can be pestered by others.
"""

from datetime import datetime

from ivr import clock, limits, link_texts
from ivr.decisions import not_answered
from ivr.house import House
from ivr.limits import Limit, network_of
from ivr.meeting import Visitor, meet
from ivr.store import Connection, lines, messages
from ivr.store.lines import Line
from ivr.store.people import Person

PER_ADDRESS_AN_HOUR = 30
"""Of one address: a whole mobile network or a hall may share one. Whoever comes later is told to text instead."""
PER_LINE_A_MINUTE = 600
"""Of one line: texts cost money, and to let others pay for texts is a trade (docs messaging/features/sms-pumping)."""
LINKS = frozenset({"reply", "link", "me", "nudge"})
"""Purposes of texts that bring a link of one's own."""


def ask(house: House, line: Line, number: str, language: str, address: str, at: datetime) -> int:
    """Text a number in E.164 its link, if it may be; returns 0, or the seconds to wait where too many were asked."""

    def work(db: Connection) -> int:
        wait = limits.count(
            db,
            [
                Limit(f"join from {network_of(address)}", PER_ADDRESS_AN_HOUR, 3600),
                Limit(f"join line {line.id}", PER_LINE_A_MINUTE, 60),
            ],
            at,
        )
        if not wait and number not in lines.in_transaction(db):
            _text(db, house, line, number, language, at)
        return wait

    return house.store.write(work)


def _text(db: Connection, house: House, line: Line, number: str, language: str, at: datetime) -> None:
    person = meet(db, [Visitor(line, number, at, language=language)], house.settings.secret_key)[0]
    if _may_be_texted(db, line, person, at):
        link_texts.queue(db, line, person, "me" if person.member_since else "reply", at)


def _may_be_texted(db: Connection, line: Line, person: Person, at: datetime) -> bool:
    if person.is_silenced or person.too_young_at or not_answered(line, person):
        return False
    recent = messages.recent(db, line, person.number, clock.before(at, hours=24))
    return not any(sent.purpose in LINKS for sent in recent)
