"""The nudge: who texted, has the sign-up link and did not sign up is reminded once, a day later, in lawful hours.

People are looked at once each, in the order in which they came, and marked in the transaction that queues the text: so
nobody is nudged twice, whichever process dies when.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr import clock, hours, link_texts
from ivr.decisions import MAY_BE_STOP, not_answered
from ivr.hours import Window
from ivr.house import House
from ivr.store import Connection, lines, messages, people
from ivr.store import nudging as table
from ivr.store.lines import Line
from ivr.store.nudging import Waiting
from ivr.store.people import Person

A_DAY = timedelta(days=1)
"""From the link to the nudge."""
TOO_OLD = timedelta(days=2)
"""Since the first contact: a line that begins to nudge leaves those alone who came before."""
AT_ONCE, MOST_PIECES = 100, 30  # 3,000 people a minute on each line, in about a second; a piece is a transaction
SPREAD_SECONDS = 3600


@dataclass(frozen=True)
class _Piece:
    """People after `after` up to `last`, and who of them is waiting, each with the moment of their nudge."""

    after: int
    last: int
    waiting: list[tuple[Waiting, datetime | None]]


def nudge(house: House, now: datetime) -> int:
    """Queue the nudges that are due, on every line that nudges; returns how many. Raises `StoreUnavailable`."""
    return sum(_nudge_on(house, line, now) for line in house.store.read(lines.everyone) if line.nudges)


def reason_against(db: Connection, line: Line, person: Person | None, by_hand: bool = False) -> str | None:
    """Why somebody is not to be nudged, or not any more; None when they may be.

    `by_hand`: an operator asks for it, so that a line need not nudge by itself.
    """
    if not line.nudges and not by_hand:
        return "nobody is reminded any more"
    if person is None or person.left_at:
        return "has left"
    if person.member_since:
        return "has signed up"
    if person.too_young_at:
        return "cannot sign up yet"
    if messages.has_why(db, line, person.number, MAY_BE_STOP):
        return MAY_BE_STOP
    return not_answered(line, person)


def lawful_moment(line: Line, number: str, at: datetime, order: int) -> datetime | None:
    """The next moment from `at` on at which a line may nudge somebody, or None.

    Who waits for the same morning is nudged in the course of its first hour, by their `order`: what people wait for
    goes out beside it.
    """
    window = Window(line.opens, line.closes)
    opening = hours.next_allowed(number, at, window)
    if opening is None or opening == at:
        return opening
    spread = opening + timedelta(seconds=order % SPREAD_SECONDS)
    return spread if hours.allowed(number, spread, window) else opening


def moment_of(line: Line, one: Waiting, now: datetime) -> datetime | None:
    """When somebody may be nudged, or None: a day after their last link; who called first got it later."""
    return lawful_moment(line, one.number, max(now, clock.read(one.linked_at) + A_DAY), one.person_id)


def _nudge_on(house: House, line: Line, now: datetime) -> int:
    count = 0
    for _ in range(MOST_PIECES):
        piece = house.store.read(lambda db: _next(db, line, now))
        if piece.last == piece.after:
            break
        count += house.store.write(lambda db, piece=piece: _queue(db, line, piece, now))  # type: ignore[misc]
    return count


def _next(db: Connection, line: Line, now: datetime) -> _Piece:
    """The next people to look at; nobody when the next one is not a day old yet."""
    since = clock.written(now - TOO_OLD)
    after = max(table.looked_at(db, line), table.last_before(db, since))
    last = table.reach(db, after, clock.written(now - A_DAY), AT_ONCE)
    found = table.waiting(db, line, after, last, since)
    return _Piece(after, last, [(one, moment_of(line, one, now)) for one in found])


def _queue(db: Connection, line: Line, piece: _Piece, now: datetime) -> int:
    count, at = 0, clock.written(now)
    for one, moment in piece.waiting:
        person = people.of_id(db, one.person_id)
        if person is None or person.nudged_at or person.is_silenced or reason_against(db, line, person):
            continue
        people.set_nudged(db, person, at)
        if moment is not None:
            link_texts.queue(db, line, person, "nudge", now, moment)
            count += 1
    table.go_on_after(db, line, piece.last)
    return count
