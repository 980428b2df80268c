"""Blocking somebody: nothing of theirs is answered and nothing is sent to them, until it is taken back."""

from datetime import datetime

from ivr import clock
from ivr.errors import WrongMember
from ivr.store import Connection, Store, audit, people
from ivr.store.audit import Actor
from ivr.store.lines import Line
from ivr.store.people import Person


def block(store: Store, line: Line, number: str, by: Actor, at: datetime) -> bool:
    """Block who has this number in E.164; False when they are blocked already. Raises `WrongMember`."""
    return _change(store, line, number, by, at, blocked=True)


def unblock(store: Store, line: Line, number: str, by: Actor, at: datetime, seen: str | None = None) -> bool:
    """Take it back; False when they are not blocked, or since another moment than `seen`, if that is given.

    Whether they opted out is another thing. Raises `WrongMember`.
    """
    return _change(store, line, number, by, at, blocked=False, seen=seen)


def known(db: Connection, line: Line, number: str) -> Person:
    """Who has this number in E.164. Raises `WrongMember` when a line knows nobody by it."""
    person = people.find(db, line, number)
    if person is None:
        raise nobody(line, number)
    return person


def nobody(line: Line, number: str) -> WrongMember:
    """That a line knows nobody by a number, to be raised."""
    return WrongMember(f"{line.name} knows nobody by {number}. `ivr member list` shows whom it knows.")


def _change(
    store: Store, line: Line, number: str, by: Actor, at: datetime, blocked: bool, seen: str | None = None
) -> bool:
    moment = clock.written(at)

    def work(db: Connection) -> bool:
        person = known(db, line, number)
        if bool(person.blocked_at) == blocked or seen not in (None, person.blocked_at):
            return False
        people.set_blocked(db, person, moment if blocked else None)
        action = "person blocked" if blocked else "person unblocked"
        audit.append(db, by, action, number, {"line": line.number}, moment)
        return True

    return store.write(work)
