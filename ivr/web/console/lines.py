"""The lines: those that an operator sees, and a new one."""

from collections.abc import Mapping

from flask import Blueprint, Response, redirect

from ivr import clock, lines, voices
from ivr.errors import NotAPhoneNumber, WrongLine
from ivr.phone_numbers import parse
from ivr.roles import Role
from ivr.translating import LANGUAGES
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import lines_for, page, reader, say, told
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("lines", __name__)
adding = Blueprint("new_line", __name__)
ASKED = ("number", "name", "name.ar", "language", "country")
LONGEST = 200


@blueprint.get("/lines")
def everyone() -> Response:
    """The operator's lines."""
    known = lines_for(Role.VIEWER)
    own = {line.id: sorted(tongue for tongue, clip in line.spoken if clip == voices.GREETING) for line in known}
    return page("lines.html", lines=known, own=own, may_add=signed_in().may(Role.ADMIN))


@adding.get("/lines/new")
def new() -> Response:
    """The form of a new line."""
    return _form({})


@adding.post("/lines/new")
def add() -> Response:
    """A new line; its language and country are those of its number where they are not chosen."""
    given = {name: posted().get(name, "").strip()[:LONGEST] for name in ASKED}
    values = {name: given[name] for name in ("language",) if given[name]}
    if given["country"]:
        values["country"] = given["country"].upper()
    try:
        words = {"name.ar": given["name.ar"]} if given["name.ar"] else {}
        number, me = parse(given["number"]), signed_in().actor
        line = lines.add(house().store, number, given["name"], clock.now(), me, words, **values)
    except NotAPhoneNumber:
        return _form(given, {"number": say("no number")})
    except WrongLine as wrong:
        return _form(given, {name: told(WrongLine(fault)) for name, fault in wrong.faults.items()})
    house().remember([line])
    return redirect(f"/console/lines/{line.id}/number?added", 303)  # type: ignore[return-value]


def _form(given: Mapping[str, str], faults: Mapping[str, str] | None = None) -> Response:
    tongues = [("", say("of its country")), *((one, reader().tongue(one)) for one in LANGUAGES)]
    return page("new-line.html", 422 if faults else 200, given=given, faults=faults or {}, tongues=tongues)
