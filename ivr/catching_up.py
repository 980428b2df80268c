"""Catching up: what went to the spool while the database was away is read back in, as if it came just then."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ivr import answering, auto_reply, call_events, clock, link_texts, outbox
from ivr.answering import CallArrival
from ivr.auto_reply import Arrival
from ivr.carrier import inbound
from ivr.house import House
from ivr.store import Connection

Facts = dict[str, type]
FACTS: Facts = {
    fact.__name__: fact
    for fact in (
        inbound.IncomingCall,
        inbound.KeyPressed,
        inbound.VoiceMessageMade,
        inbound.CallEnded,
        inbound.IncomingText,
        inbound.MessageStatus,
    )
}


def catch_up(house: House, now: datetime) -> int:
    """Read the spool back in; returns how many entries. Raises `StoreUnavailable` and leaves the rest for later."""
    return house.store.spool.read_back(lambda entry: _keep(house, entry, now))


def _keep(house: House, entry: dict[str, Any], now: datetime) -> None:
    at = clock.read(entry["at"])
    fact = _fact(FACTS[entry["kind"]], entry["fact"])
    house.store.write(_work(house, fact, at, now))


def _work(house: House, fact: Any, at: datetime, now: datetime) -> Callable[[Connection], object]:
    match fact:
        case inbound.IncomingCall():
            return lambda db: answering.receive(db, [CallArrival(house, fact, at)])
        case inbound.IncomingText():
            return lambda db: auto_reply.receive(db, [Arrival(house, fact, at, late_by=now - at)])
        case inbound.KeyPressed():
            return lambda db: link_texts.queue_link(db, house, fact, at)
        case inbound.CallEnded():
            return lambda db: call_events.keep_end(db, house, fact, at)
        case inbound.VoiceMessageMade():
            return lambda db: call_events.keep_announcement(db, house, fact, at)
        case _:
            return lambda db: outbox.apply(db, fact, at)


def _fact(kind: type, values: dict[str, Any]) -> Any:
    values = dict(values)
    if "place" in values:
        values["place"] = inbound.Place(**values["place"])
    if "attachments" in values:
        values["attachments"] = tuple(inbound.Attachment(**item) for item in values["attachments"])
    return kind(**values)
