"""Sessions of operators: who is in one, until it ends for idleness, for its age, or because somebody ends it."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr import clock, tokens
from ivr.errors import StoreUnavailable
from ivr.house import House
from ivr.roles import Role
from ivr.store import Connection, audit, operators
from ivr.store import sessions as table
from ivr.store.audit import Actor
from ivr.store.operators import Grant, Operator
from ivr.store.sessions import Session

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
TO_GIVE_A_CODE = timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """An operator in a session. `grants` are their roles."""

    operator: Operator
    session: Session
    grants: tuple[Grant, ...]
    address: str

    @property
    def actor(self) -> Actor:
        """Who they are to the audit."""
        return Actor(self.operator.id, self.operator.name, self.address)

    def may(self, role: Role, line_id: int | None = None) -> bool:
        """Whether they have this role, or a higher one, on a line; without a line: on every line."""
        return any(grant.covers(role, line_id) for grant in self.grants)

    def may_somewhere(self, role: Role) -> bool:
        """Whether they have this role on any line."""
        return any(grant.role >= role for grant in self.grants)


def waiting_for_code(house: House, token: str, at: datetime) -> SignedIn | None:
    """The half session of this token, while a code is waited for."""
    found = _find(house, token, at, TO_GIVE_A_CODE, TO_GIVE_A_CODE)
    return found if found and found.session.stage == "password" else None


def resume(house: House, token: str, address: str, at: datetime, in_use: bool = True) -> SignedIn | None:
    """Who is in the session of this token, or None. `in_use`: a person asks, so it does not end for idleness."""
    found = _find(house, token, at, LONGEST, IDLE, address)
    if found is None or found.session.stage != "whole":
        return None
    if in_use and at - clock.read(found.session.seen_at) >= SEEN_EVERY:
        with contextlib.suppress(StoreUnavailable):  # a database that cannot be written now can still be read
            house.store.write(lambda db: table.see(db, found.session.id, clock.written(at)))
    return found


def open_sessions(house: House, operator: Operator, at: datetime) -> list[Session]:
    """The sessions that an operator has open."""
    return house.store.read(
        lambda db: table.open_of(db, operator.id, clock.written(at - LONGEST), clock.written(at - IDLE))
    )


def end_session(house: House, signed_in: SignedIn, session_id: int, at: datetime) -> bool:
    """End one session of the operator's own; False when there is no such one."""

    def work(db: Connection) -> bool:
        ended = table.end(db, signed_in.operator.id, session_id, clock.written(at))
        if ended:
            action = "signed out" if session_id == signed_in.session.id else "session ended"
            audit.append(db, signed_in.actor, action, signed_in.operator.name, {}, clock.written(at))
        return ended

    return house.store.write(work)


def _find(
    house: House, token: str, at: datetime, longest: timedelta, idle: timedelta, address: str = ""
) -> SignedIn | None:
    begun, seen = clock.written(at - longest), clock.written(at - idle)

    def query(db: Connection) -> SignedIn | None:
        session = table.find(db, tokens.hash_of(token), begun, seen)
        operator = operators.of_id(db, session.operator_id) if session else None
        if session is None or operator is None or operator.disabled_at:
            return None
        return SignedIn(operator, session, tuple(operators.grants(db, operator.id)), address)

    return house.store.read(query) if token else None
