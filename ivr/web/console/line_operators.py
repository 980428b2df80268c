"""A line's operators: who may do what on it, inviting another, giving and taking a role."""

from flask import Blueprint, Response, redirect

from ivr import clock, operators
from ivr.errors import WrongOperator
from ivr.roles import WORDS, Role, of_word
from ivr.store import Connection
from ivr.store import operators as table
from ivr.store.lines import Line
from ivr.store.operators import Grant, Operator
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, page, say, told
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("line_operators", __name__)
PAGE = "/lines/<int:line_id>/operators"


@blueprint.get(PAGE)
def everyone(line_id: int) -> Response:
    """Who may do what on a line."""
    return _page(line_of(str(line_id), Role.ADMIN))


@blueprint.post(PAGE)
def invite(line_id: int) -> Response:
    """Somebody is invited, with a role on this line: their link is shown, once."""
    line, form = line_of(str(line_id), Role.ADMIN), posted()
    name, role = form.get("name", ""), form.get("role", "")
    try:
        if role not in WORDS:
            raise WrongOperator(say("choose from the list"))
        me, grants = signed_in(), [Grant(line.id, of_word(role))]
        token = operators.invite(house().store, name, grants, me.operator.language, me.actor, clock.now())
    except WrongOperator as wrong:
        return _page(line, 422, fault=told(wrong), given=form)
    return _page(line, link=house().url(operators.BEGIN + token), link_of=name)


@blueprint.post(f"{PAGE}/role")
def give(line_id: int) -> Response:
    """An operator gets another role on this line, or none; their roles on other lines stay."""
    line, form = line_of(str(line_id), Role.ADMIN), posted()
    name, role, seen = form.get("name", ""), form.get("role", ""), form.get("seen", "")
    try:
        if role not in ("", *WORDS) or seen not in ("", *WORDS):
            raise WrongOperator(say("choose from the list"))
        wanted, before = (of_word(word) if word else None for word in (role, seen))
        operators.give_on(house().store, name, line.id, wanted, before, signed_in().actor, clock.now())
    except WrongOperator as wrong:
        return _page(line, 422, fault=told(wrong))
    return redirect(f"/console/lines/{line.id}/operators?kept", 303)  # type: ignore[return-value]


def _page(line: Line, status: int = 200, **values: object) -> Response:
    def query(db: Connection) -> list[tuple[Operator, list[Grant]]]:
        return [(one, table.grants(db, one.id)) for one in table.everyone(db)]

    found = house().store.read(query)
    here = [(one, next((grant.role.word for grant in grants if grant.line_id == line.id), "")) for one, grants in found]
    everywhere = {one.id: grant.role.word for one, grants in found for grant in grants if grant.line_id is None}
    roles = [(word, say(f"role {word}")) for word in WORDS]
    return page("line-operators.html", status, line=line, operators=here, everywhere=everywhere, roles=roles, **values)
