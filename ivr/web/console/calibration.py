"""Calibrating a line by a call: how it rings now, what was heard, what that changed, and the way back."""

from dataclasses import replace

from flask import Blueprint, Response, abort, redirect, request

from ivr import calibrating, clock
from ivr.calibrating import NO_RINGS, Finding, counted, infer, pause_of, read_heard, setting
from ivr.errors import WrongLine
from ivr.phone_numbers import international
from ivr.roles import Role
from ivr.store.lines import Line
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, page, reader, told
from ivr.web.console.rings import drawn, legend
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("calibration", __name__)
PAGE = "/lines/<int:line_id>/calibrate"


@blueprint.get(PAGE)
def ask(line_id: int) -> Response:
    """How the line rings, and what to do; after a call, what was found out."""
    line = line_of(str(line_id), Role.ADMIN)
    return _page(line, finding=_found(line))


@blueprint.post(PAGE)
def hear(line_id: int) -> Response:
    """What the operator heard: the line is set by it."""
    line, form = line_of(str(line_id), Role.ADMIN), posted()
    country = _country(form.get("country", ""))
    try:
        heard = counted(form.get("heard", ""), "cut" in form)
        by, at = signed_in().actor, clock.now()
        finding = calibrating.calibrate(house().store, line.number, heard, form.get("as-called", ""), by, at, country)
    except WrongLine as wrong:
        return _page(line, 422, fault=told(wrong), typed=form.get("heard", ""), cut="cut" in form)
    asked = f"was={finding.before}&heard={heard}" + (f"&country={country}" if country else "")
    return redirect(f"/console/lines/{line.id}/calibrate?{asked}", 303)  # type: ignore[return-value]


@blueprint.post(f"{PAGE}/undo")
def undo(line_id: int) -> Response:
    """The adjustment becomes what it was."""
    line = line_of(str(line_id), Role.ADMIN)
    try:
        adjust = int(posted().get("adjust", ""))
    except ValueError:
        abort(400, "An adjustment is a number of seconds.")
    try:
        calibrating.undo(house().store, line.number, adjust, signed_in().actor, clock.now())
    except WrongLine as wrong:
        return _page(line, 422, fault=told(wrong))
    return redirect(f"/console/lines/{line.id}/calibrate?undone", 303)  # type: ignore[return-value]


def _page(line: Line, status: int = 200, finding: Finding | None = None, **values: object) -> Response:
    country = _country(request.args.get("country", "") or (posted().get("country", "") if status != 200 else ""))
    drawing = drawn(line, finding, reader(), country) if line.rings else None
    return page(
        "calibration.html",
        status,
        line=line,
        dial=international(line.number),
        as_called=setting(line),
        country=country or line.country,
        drawing=drawing,
        legend=legend(drawing) if drawing else [],
        finding=finding,
        waits=pause_of(line, country),
        waited=pause_of(replace(line, adjust=finding.before), country) if finding else None,
        no_rings=told(WrongLine(NO_RINGS)),
        **values,
    )


def _found(line: Line) -> Finding | None:
    """What the address says was found out; None when it is not what made the line as it is now."""
    try:
        before = replace(line, adjust=int(request.args["was"]))
        finding = infer(before, read_heard(request.args["heard"]), _country(request.args.get("country", "")))
    except (KeyError, ValueError, WrongLine):
        return None
    return finding if finding.adjust == line.adjust else None


def _country(text: str) -> str | None:
    """The two letters of a country, or None."""
    country = text.strip().upper()
    return country if len(country) == 2 and country.isascii() and country.isalpha() else None
