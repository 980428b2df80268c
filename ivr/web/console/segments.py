"""Segments: choices of people that are kept under a name, and forgotten again."""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect

from ivr import clock, saved_segments
from ivr.errors import WrongSegment
from ivr.roles import Role
from ivr.store.lines import Line
from ivr.store.segments import Segment
from ivr.web.console.guards import signed_in
from ivr.web.console.people import Asked, listing, read_asked
from ivr.web.console.rendering import line_of, told
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("segments", __name__)


@blueprint.post("/people/segments")
def save() -> Response:
    """The choices that were made get a name."""
    form = posted()
    line = line_of(form.get("line", ""), Role.WRITER)
    asked = Asked({}, "", Segment())
    try:
        asked = read_asked(line, form)
        saved_segments.save(house().store, line, form.get("name", ""), asked.segment, signed_in().actor, clock.now())
    except WrongSegment as wrong:
        return listing(line, asked, 422, fault=told(wrong))
    return _to(line, segment=" ".join(form["name"].split()))


@blueprint.post("/people/segments/remove")
def remove() -> Response:
    """A saved segment goes; the people in it stay."""
    form = posted()
    line = line_of(form.get("line", ""), Role.WRITER)
    try:
        saved_segments.remove(house().store, line, form.get("segment", ""), signed_in().actor, clock.now())
    except WrongSegment as wrong:
        return listing(line, Asked({}, "", Segment()), 422, fault=told(wrong))
    return _to(line)


def _to(line: Line, **more: object) -> Response:
    return redirect(f"/console/people?{urlencode({'line': line.id, **more})}", 303)  # type: ignore[return-value]
