"""Texting somebody their own link, through the outbox: because they pressed a key, a few times a day at most."""

import enum
from datetime import datetime

from ivr import clock, links, writing
from ivr.blocking import known
from ivr.carrier.inbound import KeyPressed
from ivr.decisions import LINKS_A_DAY
from ivr.errors import NothingKept
from ivr.house import House
from ivr.keeping import keep, log
from ivr.meeting import Visitor, meet
from ivr.store import Connection, Store, audit, by_operators, calls, erasing, lines, messages
from ivr.store.audit import Actor
from ivr.store.lines import Line
from ivr.store.messages import Outgoing
from ivr.store.people import Person
from ivr.wording import written


class LinkSent(enum.Enum):
    """What the caller is told: it is on its way, they have it already, or we cannot text them."""

    YES = "yes"
    ENOUGH = "enough"
    CANNOT = "cannot"


def send_link(house: House, press: KeyPressed, at: datetime) -> LinkSent:
    """Queue the link's text for a caller who may be texted. The same key of the same call queues it once."""
    try:
        return keep(house.store, press, at, lambda db: queue_link(db, house, press, at), instead=lambda: LinkSent.YES)
    except NothingKept as error:
        log.critical("A caller's wish for the link is lost: %s", error)
        return LinkSent.CANNOT


def queue_link(db: Connection, house: House, press: KeyPressed, at: datetime) -> LinkSent:
    """Keep the key and queue the text, unless they were kept before, the person has opted out or has had enough."""
    line = lines.in_transaction(db).get(press.dialled)
    if line is None or erasing.is_erased(db, press.sid):
        return LinkSent.CANNOT
    first = calls.press(db, press.sid, clock.written(at), press.offer, press.key)
    person = meet(db, [Visitor(line, press.number, at)], house.settings.secret_key)[0]
    if person.is_silenced or person.too_young_at:
        return LinkSent.CANNOT
    return _offer(db, line, person, at)[0] if first else LinkSent.YES


def send_again(store: Store, line: Line, number: str, by: Actor, at: datetime, once: str | None = None) -> LinkSent:
    """Queue the link's text for somebody because an operator wants it, as often a day as when they ask for it.

    The same form, by its key `once`, does so once. Raises `WrongMember` when a line knows nobody by the number.
    """

    def work(db: Connection) -> LinkSent:
        person = known(db, line, number)
        if once and by_operators.of_form(db, once):
            return LinkSent.YES
        if person.too_young_at or writing.reason_against(db, line, person):
            return LinkSent.CANNOT
        sent, text = _offer(db, line, person, at)
        if text is not None:
            by_operators.note(db, text.id, by, once)
            audit.append(db, by, "link sent", number, {"line": line.number}, clock.written(at))
        return sent

    return store.write(work)


def _offer(db: Connection, line: Line, person: Person, at: datetime) -> tuple[LinkSent, Outgoing | None]:
    """Queue the link's text unless they have had enough of them: to a member their own page's."""
    recent = messages.recent(db, line, person.number, clock.before(at, hours=24))
    again = "me" if person.member_since else "link"
    if sum(sent.purpose == again for sent in recent) >= LINKS_A_DAY:
        return LinkSent.ENOUGH, None
    words = again if person.member_since or any(sent.purpose == "reply" for sent in recent) else "reply"
    return LinkSent.YES, queue(db, line, person, words, at)


def queue(
    db: Connection, line: Line, person: Person, words: str, at: datetime, due_at: datetime | None = None
) -> Outgoing:
    """Queue a text with somebody's own link, which lives for a while from now on; without `due_at` it goes at once."""
    person, moment = links.fresh(db, person, at), clock.written(at)
    body = written(line, person.language, words)
    return messages.compose(db, line, person.number, moment, body, words, due_at=clock.written(due_at or at))
