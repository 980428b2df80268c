"""Operators: invited by a one-time link, with roles on lines; their passwords, their second factor, their end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ivr import clock, passwords, tokens
from ivr import second_factor as factor
from ivr.errors import WrongOperator
from ivr.house import House
from ivr.plain_text import clean
from ivr.roles import Role
from ivr.signing_in import Opened, Visit, open_session
from ivr.store import Connection, Store, audit, lines, sessions
from ivr.store import operators as table
from ivr.store.audit import COMMAND_LINE as COMMAND_LINE
from ivr.store.audit import Actor
from ivr.store.operators import Grant, Operator

LINK_LIVES = timedelta(hours=72)
LONGEST_NAME = 60
BEGIN = "/console/begin/"


def invite(store: Store, name: str, grants: Sequence[Grant], language: str, by: Actor, at: datetime) -> str:
    """Add an operator; returns the token of their one-time link. Raises `WrongOperator`."""
    shown = " ".join(clean(name, LONGEST_NAME + 1).split())
    if not shown or len(shown) > LONGEST_NAME:
        raise WrongOperator(f"An operator needs a name of at most {LONGEST_NAME} characters.")
    if not grants:
        raise WrongOperator(f"{shown} needs a role.")

    def work(db: Connection) -> str:
        operator_id = table.add(db, shown, language, "UTC", clock.written(at))
        if operator_id is None:
            raise WrongOperator(f"There is an operator called {shown}. `ivr operator reset` makes them a new link.")
        table.set_grants(db, operator_id, grants)
        audit.append(db, by, "operator invited", shown, {"roles": described(db, grants)}, clock.written(at))
        return _new_link(db, operator_id, at)

    return store.write(work)


def invite_first(house: House, name: str, at: datetime) -> str | None:
    """The address where the first operator begins, as long as nobody has begun; else None."""

    def work(db: Connection) -> str | None:
        if any(operator.password_hash for operator in table.everyone(db)):
            return None
        operator = table.find(db, name)
        return _new_link(db, operator.id, at) if operator else ""

    token = house.store.write(work)
    if token == "":
        from_all = [Grant(table.ALL_LINES, Role.ADMIN)]
        token = invite(house.store, name, from_all, "en", COMMAND_LINE, at)
    return house.url(BEGIN + token) if token else None


def reset(store: Store, name: str, factor_too: bool, by: Actor, at: datetime) -> str:
    """End an operator's sessions and password; returns the token of a link to set a new one. `WrongOperator`."""

    def work(db: Connection) -> str:
        operator = _known(db, name)
        moment = clock.written(at)
        sessions.end_all(db, operator.id, moment)
        sessions.forget_browsers(db, operator.id)
        table.set_password(db, operator.id, None)
        if factor_too:
            factor.drop(db, operator)
        audit.append(db, by, "operator reset", operator.name, {"second factor too": factor_too}, moment)
        return _new_link(db, operator.id, at)

    return store.write(work)


def disable(store: Store, name: str, by: Actor, at: datetime, enable: bool = False) -> None:
    """Let an operator in no more from this moment, nor by a link made before; or let them in again. `WrongOperator`."""

    def work(db: Connection) -> None:
        operator = _known(db, name)
        moment = clock.written(at)
        table.set_disabled(db, operator.id, None if enable else moment)
        sessions.end_all(db, operator.id, moment)
        if not enable:
            table.end_links(db, operator.id, moment)
        audit.append(db, by, "operator enabled" if enable else "operator disabled", operator.name, {}, moment)

    store.write(work)


def give(store: Store, name: str, grants: Sequence[Grant], by: Actor, at: datetime) -> None:
    """Give an operator exactly these roles. Raises `WrongOperator`."""

    def work(db: Connection) -> None:
        operator = _known(db, name)
        before = described(db, table.grants(db, operator.id))
        table.set_grants(db, operator.id, grants)
        changes = {"before": before, "roles": described(db, grants)}
        audit.append(db, by, "roles changed", operator.name, changes, clock.written(at))

    store.write(work)


def give_on(
    store: Store, name: str, line_id: int, role: Role | None, seen: Role | None, by: Actor, at: datetime
) -> None:
    """Give an operator a role on one line, or with None none there; what they may do elsewhere stays.

    `seen` is the role there that whoever gives it has looked at. Raises `WrongOperator`, also when it is another now.
    """

    def work(db: Connection) -> None:
        operator = _known(db, name)
        held = table.grants(db, operator.id)
        present = next((grant.role for grant in held if grant.line_id == line_id), None)
        if present is not seen:
            raise WrongOperator("The role was changed meanwhile. Look again at what it is now.")
        grants = [grant for grant in held if grant.line_id != line_id] + ([Grant(line_id, role)] if role else [])
        table.set_grants(db, operator.id, grants)
        changes = {"before": described(db, held), "roles": described(db, grants)}
        audit.append(db, by, "roles changed", operator.name, changes, clock.written(at))

    store.write(work)


def begin(house: House, token: str, password: str, form: tuple[str, str], visit: Visit, at: datetime) -> Opened:
    """Set the password that a one-time link asks for, with language and time zone; returns a session.

    Raises `WrongOperator`, also when the link has ended meanwhile.
    """
    link = tokens.hash_of(token)
    operator = house.store.read(lambda db: table.owner_of_link(db, link, clock.written(at)))
    if operator is None:
        raise WrongOperator("This link has ended.")
    passwords.check(password, [operator.name])
    new_hash = passwords.hashed(password)

    def work(db: Connection) -> Opened:
        moment = clock.written(at)
        if not table.use_link(db, link, moment):
            raise WrongOperator("This link has ended.")
        table.set_password(db, operator.id, new_hash)
        table.set_form(db, operator.id, *form)
        sessions.end_all(db, operator.id, moment)
        actor = Actor(operator.id, operator.name, visit.address)
        audit.append(db, actor, "password set", operator.name, {}, moment)
        return open_session(db, operator, visit, at, [])

    return house.store.write(work)


def change_password(
    store: Store, operator: Operator, old: str, new: str, by: Actor, session_id: int, at: datetime
) -> None:
    """Replace an operator's password; every other session of theirs ends. Raises `WrongOperator`."""
    if not passwords.fits(old, operator.password_hash):
        raise WrongOperator("The present password is wrong.")
    passwords.check(new, [operator.name])
    new_hash = passwords.hashed(new)

    def work(db: Connection) -> None:
        moment, present = clock.written(at), table.of_id(db, operator.id)
        if present is None or present.password_hash != operator.password_hash:  # reset while it was being checked
            raise WrongOperator("The present password is wrong.")
        table.set_password(db, operator.id, new_hash)
        sessions.end_all(db, operator.id, moment, but=session_id)
        sessions.forget_browsers(db, operator.id)
        audit.append(db, by, "password changed", operator.name, {}, moment)

    store.write(work)


def described(db: Connection, grants: Sequence[Grant]) -> list[str]:
    """Roles in words: `admin on all lines`, `viewer on +17735550100`."""
    numbers = {line.id: line.number for line in lines.everyone(db)}
    return [
        f"{grant.role.word} on {numbers[grant.line_id] if grant.line_id is not None else 'all lines'}"
        for grant in grants
    ]


def _known(db: Connection, name: str) -> Operator:
    operator = table.find(db, name)
    if operator is None:
        raise WrongOperator(f"There is no operator called {name}. `ivr operator list` shows them all.")
    return operator


def _new_link(db: Connection, operator_id: int, at: datetime) -> str:
    token = tokens.new()
    table.add_link(db, operator_id, tokens.hash_of(token), clock.written(at), clock.written(at + LINK_LIVES))
    return token
