"""One line: what it is and does, page by page, and everything that was changed on it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, request

from ivr import wording
from ivr.errors import LineChanged
from ivr.phone_numbers import is_country
from ivr.roles import Role
from ivr.store import line_versions, photos
from ivr.store.line_versions import Version
from ivr.store.lines import Line
from ivr.web.console import line_forms, rings
from ivr.web.console.asking import read_id
from ivr.web.console.guards import signed_in
from ivr.web.console.line_forms import SECTIONS, Field, Section
from ivr.web.console.rendering import line_of, page, reader, rendered, say
from ivr.web.console.timeline import Drawing
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("line", __name__)
MOST_VERSIONS = 30


@blueprint.get("/lines/<int:line_id>")
def line(line_id: int) -> Response:
    """All of a line at a glance."""
    return overview(line_of(str(line_id), Role.VIEWER))


@blueprint.get(line_forms.PAGE)
def section(line_id: int, name: str) -> Response:
    """One page of a line, with its form."""
    found = line_of(str(line_id), Role.VIEWER)
    return section_page(found, SECTIONS[name], line_forms.filled(SECTIONS[name], found))


@blueprint.get("/lines/<int:line_id>/rings")
def rings_picture(line_id: int) -> Response:
    """How a line would ring with what stands in the form, for the page's script."""
    found = line_of(str(line_id), Role.VIEWER)
    values, _ = line_forms.read(SECTIONS["calls"], request.args)
    drawing = _drawn(replace(found, **{name: values[name] for name in ("rings", "adjust") if name in values}))
    return Response(rendered("line-rings.html", drawing=drawing, legend=_legend(drawing)))


@blueprint.get("/lines/<int:line_id>/history")
def history(line_id: int) -> Response:
    """Everything that was changed on a line, by whom and when."""
    return history_page(line_of(str(line_id), Role.VIEWER))


@blueprint.get("/lines/<int:line_id>/photos/<digest>")
def photo(line_id: int, digest: str) -> Response:
    """A picture that stands on a line's card, or did."""
    found = line_of(str(line_id), Role.VIEWER)
    kept = house().store.read(lambda db: photos.find(db, found.id, digest))
    if kept is None:
        abort(404)
    headers = {"Cache-Control": "private, max-age=86400", "Content-Security-Policy": "sandbox"}
    return Response(kept.content, content_type=f"image/{kept.kind.lower()}", headers=headers)


def overview(found: Line, status: int = 200, **values: object) -> Response:
    """The page of all of a line."""
    newest = house().store.read(lambda db: line_versions.newest(db, found.id, most=1))
    drawing = _drawn(found)
    return page(
        "line.html",
        status,
        **_always(found),
        sections=[(one, _facts(found, one)) for one in SECTIONS.values()],
        newest=newest[0] if newest else None,
        drawing=drawing,
        legend=_legend(drawing),
        **values,
    )


def section_page(found: Line, one: Section, given: Mapping[str, str], status: int = 200, **values: object) -> Response:
    """A page of a line with its form, filled with what is given."""
    drawing = _drawn(found) if one.name == "calls" else None
    return page(
        "line-section.html",
        status,
        **_always(found),
        section=one,
        given=given,
        choice=_choice,
        drawing=drawing,
        legend=_legend(drawing),
        **values,
    )


def history_page(found: Line, status: int = 200, **values: object) -> Response:
    """The page of what was changed on a line."""
    before = read_id(request.args.get("before", "")) or None
    versions = house().store.read(lambda db: line_versions.newest(db, found.id, before, MOST_VERSIONS))
    return page(
        "line-history.html",
        status,
        **_always(found),
        versions=[(one, _changes(one)) for one in versions],
        onward=versions[-1].number if len(versions) == MOST_VERSIONS else None,
        **values,
    )


def shown(name: str, value: Any) -> str:
    """A value of a line, in the reader's words."""
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if value in (None, "", [], ()):
        return _nothing(name)
    if name in _WRITTEN:
        return _WRITTEN[name](value)
    return reader().number(value) if isinstance(value, int) else str(value)


def label(name: str) -> str:
    """What a field is called; for words of a line, which text and in which language."""
    word, _, language = name.partition(".")
    if not language:
        return say(f"field {name}")
    return f"{say('name' if word == 'name' else f'purpose {word}')} ({reader().tongue(language)})"


def seen_version(line: Line) -> int:
    """The version of a line that whoever sends a form has looked at."""
    return read_id(posted().get("seen", "")) or line.version


def overtaken(moved: LineChanged, key: str) -> str:
    """That somebody else changed the same: the sentence `key`, with who, what and when."""
    names = say("comma").join(map(label, moved.fields))
    return say(key).format(who=moved.by, what=names, at=reader().moment(moved.at).striptags())


_WITHOUT = ("ceiling", "countries", "keep_texts", "keep_voice")
_WRITTEN: dict[str, Callable[[Any], str]] = {
    "country": lambda code: reader().country(code),
    "language": lambda code: reader().tongue(code),
    "cadence": lambda whose: say(f"cadence {whose}"),
    "keywords": lambda who: say(f"keywords {who}"),
    "countries": lambda codes: say("comma").join(map(reader().country, codes)),
    "required": lambda names: say("comma").join(map(say, names)),
}


def _nothing(name: str) -> str:
    """What it means that a field is empty."""
    if name in _WITHOUT:
        return say(f"without {name}")
    return say("ours" if name.partition(".")[0] in wording.NAMES else "nothing")


def _always(found: Line) -> dict[str, Any]:
    return {
        "line": found,
        "changes": signed_in().may(Role.ADMIN, found.id),
        "label": label,
        "shown": shown,
    }


def _facts(found: Line, one: Section) -> list[tuple[str, str]]:
    return [(field.name, shown(field.name, _value(found, field))) for field in one.facts]


def _value(found: Line, field: Field) -> Any:
    return found.wordings.get(field.name) if field.kind == "word" else getattr(found, field.name)


def _choice(field: Field, value: str) -> str:
    """What one choice of a field is called."""
    if field.kind == "choice_of_numbers":
        return reader().number(int(value))
    return reader().tongue(value) if field.name == "language" else say(f"{field.name} {value}")


def _drawn(found: Line) -> Drawing | None:
    """How the line rings, where it does, and where that can be drawn."""
    if not 0 < found.rings <= 6 or not is_country(found.country) or abs(found.adjust) > 30:
        return None
    return rings.drawn(found, None, reader())


def _legend(drawing: Drawing | None) -> list[Any]:
    return list(rings.legend(drawing)) if drawing else []


def _changes(one: Version) -> list[tuple[str, str, Any, Any]]:
    """What a version changed: the field, what it is called, before and after."""
    return [(name, label(name), before, after) for name, (before, after) in one.changes.items()]
