"""The last look at a text that waited, just before it is sent: whether it still is to be sent, and now."""

from datetime import datetime, timedelta

from ivr import clock, hours, nudging, writing
from ivr.decisions import not_answered
from ivr.hours import Window
from ivr.store import Connection, by_operators
from ivr.store.lines import Line
from ivr.store.messages import Outgoing
from ivr.store.people import Person

LATEST_SEND = timedelta(days=1)
"""After that a text about a link that was asked for is no answer any more."""
LATEST_NUDGE = timedelta(days=4)
"""A nudge waits for its lawful hour, over a day of rest and for a day after the last link."""
MARGIN = timedelta(minutes=10)
"""What sending may take: an hour that ends before is lawful no more."""
FOR_SIGNING_UP = frozenset({"reply", "link", "nudge", "joined"})
"""Purposes of texts that are for who may sign up."""
UNASKED = frozenset({"nudge"})
"""Purposes of texts that nobody waits for: they go in lawful hours only."""


def reason_to_skip(db: Connection, line: Line, person: Person | None, text: Outgoing, now: datetime) -> str | None:
    """Why a claimed text is not sent after all. A claim takes many, and a STOP may have come since."""
    if person is None:
        return "nobody has this number any more"
    if person.opted_out_at and text.purpose != "stop":
        return "opted out"
    if person.blocked_at:
        return "blocked"
    if text.purpose == "joined" and not person.member_since:
        return "has left"
    if text.purpose in FOR_SIGNING_UP and person.too_young_at:
        return "cannot sign up yet"
    if text.purpose == "nudge" and (reason := _against_nudge(db, line, person, text)):
        return reason
    if text.purpose == writing.PURPOSE and (reason := _against_writing(db, line, person)):
        return reason
    if _is_too_late(text, now):
        return "it has waited too long"
    if text.purpose in UNASKED and hours.next_allowed(text.number, now, Window(line.opens, line.closes)) is None:
        return "there is no lawful hour"
    return None


def later(line: Line, text: Outgoing, now: datetime) -> datetime | None:
    """Until when a text must wait because its hour is not lawful; None when it may go."""
    soon, window = now + MARGIN, Window(line.opens, line.closes)
    if text.purpose not in UNASKED or all(hours.allowed(text.number, moment, window) for moment in (now, soon)):
        return None
    return nudging.lawful_moment(line, text.number, soon, text.id)


def _against_nudge(db: Connection, line: Line, person: Person, text: Outgoing) -> str | None:
    """One that an operator asked for goes where the line does not remind by itself, too."""
    return nudging.reason_against(db, line, person, by_hand=by_operators.is_one(db, text.id))


def _against_writing(db: Connection, line: Line, person: Person) -> str | None:
    return "has left" if writing.has_left(db, line, person) else not_answered(line, person)


def _is_too_late(text: Outgoing, now: datetime) -> bool:
    if text.purpose not in UNASKED:
        return now - clock.read(text.at) > LATEST_SEND
    return now - clock.read(text.due_at or text.at) > LATEST_SEND or now - clock.read(text.at) > LATEST_NUDGE
