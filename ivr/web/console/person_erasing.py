"""Erasing a person who asks for it: what goes and what stays is said first, and their last digits are asked for."""

from flask import Blueprint, Response, abort, redirect

from ivr import clock, erasing
from ivr.personal_details import digits
from ivr.phone_numbers import is_e164
from ivr.roles import Role
from ivr.store import profiles
from ivr.store.lines import Line
from ivr.store.profiles import Profile
from ivr.web.console.guards import signed_in
from ivr.web.console.person import PERSON
from ivr.web.console.rendering import line_of, page, reader, say
from ivr.web.console.showing import number_of
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("person_erasing", __name__)
LAST = 4


@blueprint.get(f"{PERSON}/erase")
def ask(line_id: int, number: str) -> Response:
    """What would go, and what would stay."""
    line = line_of(str(line_id), Role.ADMIN)
    return _page(line, number, _known(line, number))


@blueprint.post(f"{PERSON}/erase")
def erase(line_id: int, number: str) -> Response:
    """They are erased, for good."""
    line = line_of(str(line_id), Role.ADMIN)
    profile = _known(line, number)
    typed = digits(posted().get("last", ""))
    if typed != number[-LAST:]:
        return _page(line, number, profile, 422, given=posted().get("last", ""), fault=say("last digits wrong"))
    erasing.erase(house(), profile.person, signed_in().actor, clock.now())
    return redirect(f"/console/people?line={line.id}&erased", 303)  # type: ignore[return-value]


def _known(line: Line, number: str) -> Profile:
    profile = house().store.read(lambda db: profiles.of(db, line, number)) if is_e164(number) else None
    if profile is None:
        abort(404)
    return profile


def _page(line: Line, number: str, profile: Profile, status: int = 200, **values: object) -> Response:
    shown = number_of(number, reader())
    return page("person-erase.html", status, line=line, number=number, shown=shown, profile=profile, **values)
