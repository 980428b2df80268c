"""A line is changed, or a change is taken back: by its admins, one page at a time."""

from flask import Blueprint, Response, redirect

from ivr import cards, clock, lines
from ivr.errors import LineChanged, WrongLine
from ivr.roles import Role
from ivr.store.lines import Line
from ivr.web.console import line_forms
from ivr.web.console.asking import read_id
from ivr.web.console.guards import signed_in
from ivr.web.console.line import history_page, overtaken, section_page, seen_version, shown
from ivr.web.console.line_forms import SECTIONS, Section
from ivr.web.console.line_photos import photo_page
from ivr.web.console.rendering import line_of, say, told
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("line_changes", __name__)


@blueprint.post(line_forms.PAGE)
def change(line_id: int, name: str) -> Response:
    """What a form says becomes so, all of it or nothing."""
    line, section, form = line_of(str(line_id), Role.ADMIN), SECTIONS[name], posted()
    given = {field: value[:2000] for field, value in form.items()}
    values, faults = line_forms.read(section, form)
    if faults:
        return section_page(line, section, given, 422, faults=_told(faults), seen=seen_version(line))
    words = {key: text for key, text in values.items() if "." in key}
    fields = {key: value for key, value in values.items() if key not in words}
    try:
        changed = lines.change(house().store, line.number, signed_in().actor, seen_version(line), words, **fields)
    except LineChanged as moved:
        return _both(line, section, given, moved)
    except WrongLine as wrong:
        return section_page(line, section, given, 422, faults=_told(wrong.faults), seen=seen_version(line))
    saved = f"?saved={changed.version}" if changed.version > line.version else "?saved"
    return redirect(f"/console/lines/{line.id}/{section.name}{saved}", 303)  # type: ignore[return-value]


@blueprint.post("/lines/<int:line_id>/undo")
def undo(line_id: int) -> Response:
    """A change is taken back, which is a change, too."""
    line, version = line_of(str(line_id), Role.ADMIN), read_id(posted().get("version", ""))
    try:
        lines.undo(house().store, line.number, version, signed_in().actor, clock.now())
    except LineChanged as moved:
        return history_page(line, 409, fault=overtaken(moved, "not undone"))
    except WrongLine as wrong:
        return history_page(line, 422, fault=told(wrong))
    return redirect(f"/console/lines/{line.id}/history?undone", 303)  # type: ignore[return-value]


@blueprint.post("/lines/<int:line_id>/photo/remove")
def remove_photo(line_id: int) -> Response:
    """The card has no picture any more; it can be brought back from the history."""
    line, seen = line_of(str(line_id), Role.ADMIN), read_id(posted().get("seen", "")) or None
    try:
        cards.set_photo(house().store, line.number, None, clock.now(), signed_in().actor, seen)
    except LineChanged as moved:
        return photo_page(line, 409, overtaken(moved, "photo changed meanwhile"))
    except WrongLine as wrong:
        return photo_page(line, 422, told(wrong))
    return redirect(f"/console/lines/{line.id}/card?saved", 303)  # type: ignore[return-value]


def _both(line: Line, section: Section, given: dict[str, str], moved: LineChanged) -> Response:
    """Somebody else was quicker: what is there now, and what was typed, which counts when it is sent once more."""
    now = line_of(str(line.id), Role.ADMIN)
    filled = line_forms.filled(section, now)
    present = line_forms.read(section, filled)[0]
    stands = {name: say("in force now").format(value=shown(name, present.get(name))) for name in moved.fields}
    fault = overtaken(moved, "changed meanwhile")
    both = line_forms.merged(section, filled, given, moved.mine)
    return section_page(now, section, both, 409, faults=stands, fault=fault, seen=now.version)


def _told(faults: dict[str, str]) -> dict[str, str]:
    return {name: told(WrongLine(fault)) for name, fault in faults.items()}
