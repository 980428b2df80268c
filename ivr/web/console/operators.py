"""Operators, for admins: who there is, inviting, a new link, disabling."""

from flask import Blueprint, Response, abort, redirect, request

from ivr import clock, operators
from ivr.errors import WrongOperator
from ivr.roles import WORDS, of_word
from ivr.store import Connection, lines
from ivr.store import operators as table
from ivr.store.operators import ALL_LINES, Grant, Operator
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import page, roles_held, say, told
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("operators", __name__)


@blueprint.get("/operators")
def everyone() -> Response:
    """All operators, and the form that invites another."""
    return _page(done=say("kept") if "kept" in request.args else "")


@blueprint.post("/operators")
def invite() -> Response:
    """Somebody is invited: their link is shown, once."""
    form = posted()
    name, role, number = form.get("name", ""), form.get("role", ""), form.get("line", "")
    try:
        if role not in WORDS:
            raise WrongOperator(say("choose from the list"))
        grants = [Grant(_line_id(number), of_word(role))]
        language = signed_in().operator.language
        token = operators.invite(house().store, name, grants, language, signed_in().actor, clock.now())
    except WrongOperator as wrong:
        return _page(422, fault=told(wrong), given=form)
    return _page(link=house().url(operators.BEGIN + token), link_of=name)


@blueprint.post("/operators/<int:operator_id>/link")
def reset(operator_id: int) -> Response:
    """An operator's password and sessions end, and a new link is shown, once.

    Nobody resets themselves: whoever finds a browser signed in would have the account without its password.
    """
    one = _somebody_else(operator_id)
    token = operators.reset(house().store, one.name, False, signed_in().actor, clock.now())
    return _page(link=house().url(operators.BEGIN + token), link_of=one.name)


@blueprint.post("/operators/<int:operator_id>/disable")
def disable(operator_id: int) -> Response:
    """An operator is let in no more. Nobody disables themselves: that would be hard to undo."""
    return _switch(operator_id, enable=False)


@blueprint.post("/operators/<int:operator_id>/enable")
def enable(operator_id: int) -> Response:
    """A disabled operator is let in again."""
    return _switch(operator_id, enable=True)


def _switch(operator_id: int, enable: bool) -> Response:
    one = _somebody_else(operator_id)
    operators.disable(house().store, one.name, signed_in().actor, clock.now(), enable)
    return redirect("/console/operators?kept", 303)  # type: ignore[return-value]


def _somebody_else(operator_id: int) -> Operator:
    if operator_id > 2**62 or (found := house().store.read(lambda db: table.of_id(db, operator_id))) is None:
        abort(404)
    if found.id == signed_in().operator.id:
        abort(403, "role too low")
    return found


def _line_id(number: str) -> int | None:
    if not number:
        return ALL_LINES
    line = house().store.read(lambda db: lines.find(db, number))
    if line is None:
        raise WrongOperator(say("choose from the list"))
    return line.id


def _page(status: int = 200, **values: object) -> Response:
    def query(db: Connection) -> tuple[list[tuple[Operator, list[Grant]]], list[lines.Line]]:
        return [(one, table.grants(db, one.id)) for one in table.everyone(db)], lines.everyone(db)

    found, known = house().store.read(query)
    everybody = [(one, roles_held(grants, known)) for one, grants in found]
    roles = [(word, say(f"role {word}")) for word in WORDS]
    return page("operators.html", status, operators=everybody, lines=known, roles=roles, **values)
