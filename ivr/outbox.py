"""The outbox: texts that wait for the carrier, sent once each.

A text is claimed (its row says `sending`, and that is on the disk) before the carrier is asked, and the request
carries the row's id in its callback address. So after any accident one of two is true: it was surely not sent and
waits again, or it is in doubt; and doubt is settled by the callback or by the carrier's own list, never by sending
again blindly.
"""

import logging
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from ivr import clock, links, writing
from ivr.carrier.inbound import MessageStatus
from ivr.errors import CarrierBusy, CarrierError, CarrierInDoubt
from ivr.house import House
from ivr.keeping import keep
from ivr.opting_out import opt_out
from ivr.reconsidering import later, reason_to_skip
from ivr.store import Connection, lines, messages, people, queue
from ivr.store.lines import Line
from ivr.store.messages import Outgoing
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person
from ivr.store.queue import Event

IN_FLIGHT = 8
OPTED_OUT_CODE = 21610  # docs api/errors/21610: the recipient has texted STOP to the carrier
LONGEST_WAIT_SECONDS = 300
OWN_DEATH_SECONDS = 60  # six times the carrier's time-out: no send of ours is still under way
NO_CALLBACK_MINUTES = 15
LOOK_AFTER_MINUTES = (1, 6, 15)  # since the claim; the carrier's list may lag behind
MOST_DOUBTS = 2  # of a text that was never found: after the first it is sent again, after the second a person decides
CLOCK_SKEW = timedelta(seconds=60)
NOT_NOW = "waits for a lawful hour"

log = logging.getLogger(__name__)


def send_due(house: House, now: datetime, most: int = 64) -> int:
    """Claim what is due and send it, a few at a time; returns how many were claimed."""
    claimed = house.store.write(lambda db: queue.claim(db, clock.written(now), most))
    if not claimed:
        return 0
    known = house.store.read(_lines)
    with ThreadPoolExecutor(min(IN_FLIGHT, len(claimed)), "send") as senders:
        list(senders.map(lambda text: _send(house, known[text.line_id], text, now), claimed))
    return len(claimed)


def hear(house: House, status: MessageStatus, at: datetime) -> bool:
    """Keep what the carrier says of a text, and apply it. True when it changed the text. Raises `NothingKept`."""
    if status.status is None:
        log.info("A status that we do not know is ignored: %s", status.sid)
        return False
    return keep(house.store, status, at, lambda db: apply(db, status, at), instead=lambda: False)


def apply(db: Connection, status: MessageStatus, at: datetime) -> bool:
    """Apply a status to the text it speaks of; 21610 is an opt-out that the carrier knows of."""
    event = Event(status.sid, clock.written(at), status.status or "", status.error_code)
    changed = queue.apply_event(db, status.message_id, event)
    if changed and status.error_code == OPTED_OUT_CODE:
        _mirror_opt_out(db, status.sid, at)
    return changed


def settle_doubt(house: House, now: datetime, most: int = 100) -> int:
    """Look for texts in doubt in the carrier's list; returns how many were settled."""
    own_death, no_callback = (
        clock.before(now, seconds=OWN_DEATH_SECONDS),
        clock.before(now, minutes=NO_CALLBACK_MINUTES),
    )
    house.store.write(lambda db: queue.doubt_forgotten(db, own_death, no_callback))
    moments = [clock.before(now, minutes=minutes) for minutes in LOOK_AFTER_MINUTES]
    due = house.store.read(lambda db: queue.doubtful(db, moments, MOST_DOUBTS, most))
    if not due:
        return 0
    known = house.store.read(_lines)
    try:
        return sum(_look(house, known[text.line_id].number, text, now) for text in due)
    except CarrierError as error:  # it would keep everything else waiting, once for each text
        log.warning("The carrier's list cannot be read: %s", error)
        return 0


def _send(house: House, line: Line, text: Outgoing, now: datetime) -> None:
    try:
        person, reason = house.store.read(lambda db: _last_look(db, line, text, now))
        if reason:
            _skip(house, text, reason)
            return
        if moment := later(line, text, now):
            house.store.write(lambda db: queue.mark_waiting(db, text.id, clock.written(moment), NOT_NOW))
            return
        body = _body(house, person, text)
        callback = house.webhook(f"/webhooks/sms/status?message={text.id}")
        sid = house.carrier.send(line.number, text.number, body, callback, text.media_url)
    except CarrierBusy as error:
        due_at = clock.written(now + timedelta(seconds=_wait(text.attempts)))
        why = str(error)
        house.store.write(lambda db: queue.mark_waiting(db, text.id, due_at, why))
    except CarrierInDoubt as error:
        why = str(error)
        house.store.write(lambda db: queue.mark_doubt(db, text.id, why))
    except CarrierError as error:
        _fail(house, text, error, now)
    else:
        house.store.write(lambda db: queue.mark_sent(db, text.id, sid))


def _body(house: House, person: Person | None, text: Outgoing) -> str:
    """What is sent: with the person's own links, but of an operator's text every letter as it was typed."""
    if text.purpose == writing.PURPOSE:
        return text.body
    return links.filled_in(text.body, person, house.settings.public_url, house.settings.secret_key)


def _skip(house: House, text: Outgoing, reason: str) -> None:
    house.store.write(lambda db: queue.mark_skipped(db, text.id, reason))


def _last_look(db: Connection, line: Line, text: Outgoing, now: datetime) -> tuple[Person | None, str | None]:
    person = people.find(db, line, text.number)
    return person, reason_to_skip(db, line, person, text, now)


def _fail(house: House, text: Outgoing, error: CarrierError, now: datetime) -> None:
    def work(db: Connection) -> None:
        queue.mark_failed(db, text.id, str(error), error.code)
        if error.code == OPTED_OUT_CODE:
            _opt_out(db, text, now)

    log.warning("Text %s was refused: %s", text.id, error)
    house.store.write(work)


def _look(house: House, line: str, text: Outgoing, now: datetime) -> bool:
    """Look once for a text in doubt. Not found for the last time, it waits again, if it may. Raises `CarrierError`."""
    sent = house.carrier.find_sent(line, text.number)
    since, by_hand = _claimed(text) - CLOCK_SKEW, text.purpose == writing.PURPOSE
    recent = [one for one in sent if one.created_at and one.created_at >= since]
    alike = [one.sid for one in recent if _same(text.body, one.body, by_hand)]

    def work(db: Connection) -> bool:
        known = queue.known_sids(db, alike)
        found = next((sid for sid in reversed(alike) if sid not in known), None)
        if found:
            queue.mark_sent(db, text.id, found)
            return True
        queue.count_look(db, text.id)
        doubts, unfinished = divmod(text.looks + 1, len(LOOK_AFTER_MINUTES))
        if not unfinished and doubts < MOST_DOUBTS and text.way == "outbox":
            queue.mark_waiting(db, text.id, clock.written(now), "not in the carrier's list")
        return False

    return house.store.write(work)


def _same(ours: str, theirs: str, by_hand: bool = False) -> bool:
    """Whether the carrier's text is ours, whichever link stands in it, and whatever a trial account puts before it.

    What an operator wrote has no gap, and may be so short that it stands in another text: it must be all of it.
    """
    if by_hand:
        return theirs == ours or theirs.endswith(f" - {ours}")
    before, _, after = ours.replace("{me}", "{link}").partition("{link}")
    start = theirs.find(before)
    return start >= 0 and len(theirs) >= start + len(before) + len(after) and theirs.endswith(after)


def _mirror_opt_out(db: Connection, sid: str, at: datetime) -> None:
    text = messages.find_sent(db, sid)
    if text is not None:
        _opt_out(db, text, at)


def _opt_out(db: Connection, text: Outgoing, at: datetime) -> None:
    line = next(line for line in lines.everyone(db) if line.id == text.line_id)
    entry = OptOut(text.number, clock.written(at), "out", "carrier", f"error {OPTED_OUT_CODE}", text.sid)
    if person := people.find(db, line, text.number):
        opt_out(db, line, person, entry)


def _lines(db: Connection) -> dict[int, Line]:
    return {line.id: line for line in lines.everyone(db)}


def _claimed(text: Outgoing) -> datetime:
    return clock.read(text.claimed_at or text.at)


def _wait(attempts: int) -> float:
    """Seconds until the next try: 1, 2, 4 … 300, each a fifth more or less so that tries do not march in step."""
    seconds: float = min(LONGEST_WAIT_SECONDS, 2 ** max(0, attempts - 1))
    return seconds * random.uniform(0.8, 1.2)  # noqa: S311
