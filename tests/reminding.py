"""People who text and do not sign up, and what becomes of their nudges, for tests of them."""

import itertools
from datetime import UTC, datetime, timedelta

from inside import person_of, received, texts_to, the_line
from running import NUMBER, PHONE

from ivr import nudging, outbox, signup
from ivr.auto_reply import Answer
from ivr.carrier.inbound import IncomingText
from ivr.house import House
from ivr.signup import From
from ivr.store.database import Connection
from ivr.store.members import Details
from ivr.store.messages import Outgoing
from ivr.store.people import Person

FIRST = datetime(2026, 11, 4, 18, tzinfo=UTC)  # a Wednesday, one o'clock in Washington
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_sids = itertools.count(1)


def texted(house: House, number: str, at: datetime, body: str = "hello", line: str = NUMBER) -> Answer:
    """Let somebody text a line, and the answer arrive."""
    answer = received(house, IncomingText(f"SM{next(_sids):032x}", number, line, body), at)
    set_status(house, answer.message_id, "delivered")
    return answer


def set_status(house: House, message_id: int, status: str) -> None:
    """What the carrier says of a text of ours."""

    def work(db: Connection) -> None:
        db.execute("UPDATE messages SET status = ? WHERE id = ?", (status, message_id))

    house.store.write(work)


def nudges_of(house: House, number: str = PHONE) -> list[Outgoing]:
    """The nudges that somebody has, in whatever state."""
    return [text for text in texts_to(house.store, number) if text.purpose == "nudge"]


def joined(house: House, number: str, at: datetime) -> Person:
    """Let somebody sign up."""
    person = person_of(house.store, number)
    assert signup.join(house, person, the_line(house.store), Details("Ada"), From("::1", "", "en"), at)
    return person_of(house.store, number)


def time_passes(house: House, since: datetime, until: datetime, step: timedelta = HOUR) -> None:
    """What the background work does of nudging and sending, now and then."""
    while since <= until:
        nudging.nudge(house, since)
        outbox.send_due(house, since)
        since += step
