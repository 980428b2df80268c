"""Signing in: a password, a second factor where there is one, and a session begins.

Tries are counted before they are answered: five a minute for one address, and five for one account. A browser with
which an operator has signed in before has a count of its own, at both steps, so that nobody can lock an operator out
by guessing (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
"""

from dataclasses import dataclass
from datetime import datetime

from ivr import clock, limits, passwords, second_factor, tokens
from ivr.errors import SignInRefused
from ivr.house import House
from ivr.limits import Limit, network_of
from ivr.sessions import SignedIn, waiting_for_code
from ivr.store import Connection, audit, operators, sessions, tries
from ivr.store.audit import Actor
from ivr.store.operators import Operator

TRIES, WINDOW_SECONDS = 5, 60
LONGEST_BROWSER = 200


@dataclass(frozen=True)
class Visit:
    """From where somebody comes: address, browser (as it calls itself), and the token of a browser we know."""

    address: str
    browser: str
    known_as: str = ""


@dataclass(frozen=True)
class Opened:
    """A new session: its token, and whether a code of the second factor is still asked for."""

    token: str
    needs_code: bool
    browser_token: str = ""


def sign_in(house: House, name: str, password: str, visit: Visit, at: datetime) -> Opened:
    """Open a session for name and password. Raises `SignInRefused`, the same for whatever is wrong."""
    operator = house.store.read(lambda db: operators.find(db, name))
    known = _known_browser(house, operator, visit) if operator else ""
    strangers = [f"address {network_of(visit.address)}", f"account {operators.key_of(name)[:64]}"]
    buckets = [f"browser {known}"] if known else strangers
    _count_try(house, buckets, at)
    usable = operator if operator and not operator.disabled_at else None
    if not passwords.fits(password, usable.password_hash if usable else None) or usable is None:
        _note_refused(house, operator, visit, at)
        raise SignInRefused("wrong")

    def work(db: Connection) -> Opened:
        present = operators.of_id(db, usable.id)
        if present is None or present.disabled_at or present.password_hash != usable.password_hash:
            raise SignInRefused("wrong")  # reset or disabled while the password was being checked
        return open_session(db, present, visit, at, buckets)

    return house.store.write(work)


def open_session(db: Connection, operator: Operator, visit: Visit, at: datetime, buckets: list[str]) -> Opened:
    """Begin a session, whole unless a code is to come."""
    if operator.factor_since is None:
        return _open_whole(db, operator, visit, at, buckets, {})
    tries.forget(db, buckets)
    return Opened(_begin(db, operator, "password", visit, at), needs_code=True)


def confirm(house: House, token: str, code: str, visit: Visit, at: datetime) -> Opened:
    """Give the second factor's code, or a recovery code; returns a whole session with a new token.

    Raises `SignInRefused`.
    """
    half = waiting_for_code(house, token, at)
    if half is None:
        raise SignInRefused("ended")
    known = _known_browser(house, half.operator, visit)
    bucket = f"code of browser {known}" if known else f"code {half.operator.id}"
    _count_try(house, [bucket], at)

    def work(db: Connection) -> Opened | SignInRefused:
        operator = half.operator
        refused = _use_code(db, house, operator, code, at)
        if refused:
            actor = Actor(operator.id, operator.name, visit.address)
            audit.append(db, actor, "code refused", operator.name, {}, clock.written(at))
            return SignInRefused(refused)
        if not sessions.end(db, operator.id, half.session.id, clock.written(at)):
            return SignInRefused("ended")
        return _open_whole(db, operator, visit, at, [bucket], {"second factor": True})

    outcome = house.store.write(work)
    if isinstance(outcome, SignInRefused):
        raise outcome
    return outcome


def _open_whole(
    db: Connection, operator: Operator, visit: Visit, at: datetime, buckets: list[str], details: dict[str, object]
) -> Opened:
    tries.forget(db, buckets)
    actor = Actor(operator.id, operator.name, visit.address)
    audit.append(db, actor, "signed in", operator.name, details, clock.written(at))
    token = _begin(db, operator, "whole", visit, at)
    return Opened(token, needs_code=False, browser_token=_remember(db, operator, visit, clock.written(at)))


def _begin(db: Connection, operator: Operator, stage: str, visit: Visit, at: datetime) -> str:
    token, where = tokens.new(), (visit.address, visit.browser[:LONGEST_BROWSER])
    sessions.begin(db, tokens.hash_of(token), operator.id, stage, clock.written(at), where)
    return token


def count_again(house: House, signed_in: SignedIn, at: datetime) -> None:
    """Count that the password or a code is given within a session: five a minute. Raises `SignInRefused`."""
    _count_try(house, [f"session {signed_in.session.id}"], at)


def _use_code(db: Connection, house: House, operator: Operator, code: str, at: datetime) -> str | None:
    """Use a code up; None when it was right, else what was wrong with it."""
    key = house.settings.secret_key
    step = second_factor.step_of(operator, key, code, at)
    if step is not None:
        return None if operators.use_step(db, operator.id, step) else "used"
    code_hash = second_factor.hash_of_code(code, key)
    if operators.use_recovery_code(db, operator.id, code_hash, clock.written(at)):
        return None
    off = second_factor.step_of(operator, key, code, at, behind=second_factor.CLOCK_IS_BEHIND, ahead=0)
    return "code" if off is None else "clock"


def _browser_hash(operator: Operator, browser_token: str) -> bytes:
    """What is kept of a browser: another hash for each operator who signs in with it."""
    return tokens.hash_of(f"{operator.id} {browser_token}")


def _known_browser(house: House, operator: Operator, visit: Visit) -> str:
    """What to count this browser's tries by, if the operator has signed in with it before; else nothing."""
    browser = _browser_hash(operator, visit.known_as)
    known = visit.known_as and house.store.read(lambda db: sessions.knows_browser(db, browser, operator.id))
    return browser.hex() if known else ""


def _count_try(house: House, buckets: list[str], at: datetime) -> None:
    counted = [Limit(bucket, TRIES, WINDOW_SECONDS) for bucket in buckets]
    wait = house.store.write(lambda db: limits.count(db, counted, at))
    if wait:
        raise SignInRefused("too many", wait=wait)


def _remember(db: Connection, operator: Operator, visit: Visit, moment: str) -> str:
    browser_token = visit.known_as or tokens.new()
    sessions.remember_browser(db, _browser_hash(operator, browser_token), operator.id, moment)
    return browser_token


def _note_refused(house: House, operator: Operator | None, visit: Visit, at: datetime) -> None:
    """Into the audit; for a name that nobody has as much is written, so that it takes as long, and soon forgotten."""
    moment = clock.written(at)
    if operator is None:
        house.store.write(lambda db: tries.note(db, ["nobody"], moment, clock.before(at, hours=1)))
        return
    actor = Actor(operator.id, operator.name, visit.address)
    house.store.write(lambda db: audit.append(db, actor, "sign-in refused", operator.name, {}, moment))
