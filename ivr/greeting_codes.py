"""Codes to record a greeting by telephone: six digits for one operator and one place, good for one call.

Only a keyed hash of a code is kept, so who reads the database cannot enter one. Six digits can be guessed, which is
why a code lives for minutes and a line's codes end together after five wrong tries. A call in which one was entered
needs no other proof: the carrier signs every webhook with the call's SID.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from ivr import clock, greetings
from ivr.house import House
from ivr.roles import Role
from ivr.store import Connection, Store, audit, lines, operators
from ivr.store import greeting_codes as table
from ivr.store.audit import Actor
from ivr.store.greeting_codes import Code
from ivr.store.greetings import Place

DIGITS = 6
LIFE = timedelta(minutes=15)
LONGEST_CALL = timedelta(hours=1)
"""How long a call may go on with a code whose own time is over."""
KEPT = timedelta(days=1)


def make_code(store: Store, key: str, place: Place, by: Actor, at: datetime) -> str:
    """Make a code with which `by` may record a greeting for `place`; it replaces their earlier one.

    `key` is the server's. Raises `WrongGreeting` for a language or clip that there is not, `StoreUnavailable`.
    """
    greetings.check(place)
    moment = clock.written(at)

    def work(db: Connection) -> str:
        table.forget(db, clock.written(at - KEPT))
        table.end_earlier(db, place, by.name, moment)
        code = _new(db, key, place.line_id, moment)
        table.add(db, hash_of(key, place.line_id, code), place, by.id, by.name, clock.written(at + LIFE))
        _note(db, by, "greeting code made", place, moment)
        return code

    return store.write(work)


def enter(house: House, digits: str, line_id: int, call: tuple[str, str], at: datetime) -> Code | None:
    """The code that `digits` are on a line, now bound to the call (its SID and the caller's number).

    None for everything else, counted as a wrong try when it could have been one. Raises `StoreUnavailable`.
    """
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    moment, (sid, number) = clock.written(at), call
    hash_ = hash_of(house.settings.secret_key, line_id, digits)

    def work(db: Connection) -> Code | None:
        if bound := of_call(db, sid, at):  # the carrier asked twice
            return bound
        code = table.living(db, line_id, hash_, moment)
        if code is None or not _may(db, code):
            if table.count_wrong(db, line_id, moment):
                stranger = Actor(None, "somebody on the telephone", number)
                audit.append(db, stranger, "greeting codes ended", lines.number_of(db, line_id), {}, moment)
            return None
        table.bind(db, code.id, sid)
        _note(db, actor_of(code, number), "greeting code entered", code.place, moment)
        return of_call(db, sid, at)

    return house.store.write(work)


def of_call(db: Connection, sid: str, at: datetime) -> Code | None:
    """The code that was entered in a call, as long as its operator still may change the line's greetings."""
    code = table.of_call(db, sid, clock.written(at - LONGEST_CALL))
    return code if code and _may(db, code) else None


def actor_of(code: Code, number: str) -> Actor:
    """Who acts in a call: the code's operator, from the telephone they call from."""
    return Actor(code.operator_id, code.operator, number)


def hash_of(key: str, line_id: int, code: str) -> bytes:
    """What is kept of a code."""
    return hmac.digest(key.encode(), f"greeting code|{line_id}|{code}".encode(), "sha256")


def _may(db: Connection, code: Code) -> bool:
    if code.operator_id is None:
        return True
    operator = operators.of_id(db, code.operator_id)
    if operator is None or operator.disabled_at:
        return False
    return any(grant.covers(Role.ADMIN, code.line_id) for grant in operators.grants(db, operator.id))


def _new(db: Connection, key: str, line_id: int, at: str) -> str:
    """Digits that no other living code of the line has."""
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if table.living(db, line_id, hash_of(key, line_id, code), at) is None:
            return code


def _note(db: Connection, by: Actor, action: str, place: Place, at: str) -> None:
    details = {"language": place.language, "clip": place.clip}
    audit.append(db, by, action, lines.number_of(db, place.line_id), details, at)
