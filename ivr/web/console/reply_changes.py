"""The texts of a line are changed, by its admins: tried out as often as they like, then all of them or none."""

from collections.abc import Mapping

from flask import Blueprint, Response, redirect, url_for

from ivr import lines, message_segments, replies, wording
from ivr.errors import LineChanged, WrongLine
from ivr.roles import Role
from ivr.store.lines import Line
from ivr.web.console.guards import signed_in
from ivr.web.console.line import overtaken, seen_version
from ivr.web.console.rendering import line_of, told
from ivr.web.console.replies import filled, fragment, replies_page, text_of, tongue_of
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("reply_changes", __name__)
PLAIN, OURS = "plain-", "ours-"
"""What a button of one text does, before that text's name."""


@blueprint.post("/lines/<int:line_id>/replies")
def change(line_id: int) -> Response:
    """What was typed becomes so, or is only counted and shown; a button of one text changes what stands in it."""
    line, form = line_of(str(line_id), Role.ADMIN), posted()
    tongue, wish = tongue_of(line, form.get("language", "")), form.get("do", "")
    given = {name: form.get(name, words) for name, words in filled(line, tongue).items()}
    if wish.startswith(PLAIN) and (name := wish.removeprefix(PLAIN)) in given:
        given[name] = message_segments.plain(given[name])
    if wish.startswith(OURS) and (name := wish.removeprefix(OURS)) in given:
        given[name] = wording.ours(tongue, name)
    faults = _faults(line, tongue, given)
    if wish != "save" or faults:
        return replies_page(
            line, tongue, given, 422 if wish == "save" else 200, faults, seen=seen_version(line), wish=wish
        )
    return _saved(line, tongue, given)


@blueprint.post("/lines/<int:line_id>/replies/count")
def count(line_id: int) -> Response:
    """One text, counted and shown as a phone would, while it is typed."""
    line, form = line_of(str(line_id), Role.ADMIN), posted()
    tongue, name = tongue_of(line, form.get("language", "")), form.get("name", "")
    if name not in wording.NAMES:
        name = wording.NAMES[0]
    words = form.get("words", "")
    return fragment(line, tongue, text_of(line, tongue, name, words, _faults(line, tongue, {name: words})))


def _saved(line: Line, tongue: str, given: dict[str, str]) -> Response:
    words = replies.changes(line, tongue, given)
    try:
        changed = lines.change(house().store, line.number, signed_in().actor, seen_version(line), words)
    except LineChanged as moved:
        return _both(line, tongue, given, moved)
    except WrongLine as wrong:
        faults = {key.partition(".")[0]: told(WrongLine(fault)) for key, fault in wrong.faults.items()}
        return replies_page(line, tongue, given, 422, faults, seen=seen_version(line), wish="save")
    saved = str(changed.version) if changed.version > line.version else ""
    return redirect(url_for("replies.show", line_id=line.id, language=tongue, saved=saved), 303)  # type: ignore[return-value]


def _both(line: Line, tongue: str, given: dict[str, str], moved: LineChanged) -> Response:
    """Somebody else was quicker: what is in force now, and what was typed, which counts when it is sent once more."""
    now = line_of(str(line.id), Role.ADMIN)
    present = filled(now, tongue)
    mine = {key.partition(".")[0] for key in moved.mine}
    both = {name: given[name] if name in mine else words for name, words in present.items()}
    stands = {name: present[name] for key in moved.fields if (name := key.partition(".")[0]) in present}
    fault = overtaken(moved, "changed meanwhile")
    return replies_page(now, tongue, both, 409, stands=stands, fault=fault, seen=now.version)


def _faults(line: Line, tongue: str, given: Mapping[str, str]) -> dict[str, str]:
    found = replies.faults_of(house(), line, tongue, given)
    return {name: told(WrongLine(fault)) for name, fault in found.items()}
