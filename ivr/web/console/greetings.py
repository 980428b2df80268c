"""Greetings: what callers hear on each line, its versions, and one of them looked at and listened to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, request, send_file

from ivr import clock, greetings, voices
from ivr.errors import WrongGreeting
from ivr.greeting_codes import LIFE, make_code
from ivr.greetings import ADVICE
from ivr.languages import OF_GREETINGS
from ivr.roles import Role
from ivr.store import Connection, Store
from ivr.store import greetings as table
from ivr.store.audit import Actor
from ivr.store.greetings import Greeting, Live, Place
from ivr.store.lines import Line
from ivr.web.console.asking import read_id
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, lines_for, page, reader, told
from ivr.web.console.waveform import drawn
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("greetings", __name__)
PLAYABLE = ("audio/", "video/")
Change = Callable[[Store, Greeting, Actor, datetime], None]


@dataclass(frozen=True)
class Spot:
    """What is heard at one place: its versions and which is live. `shipped` is the digest of the one that we ship.

    `plays_shipped` tells whether that is heard: not so where the line greets in languages of its own.
    """

    place: Place
    versions: list[Greeting]
    live: Live | None
    shipped: str | None
    plays_shipped: bool

    @property
    def live_id(self) -> int | None:
        """The version that is live, or None."""
        return self.live.greeting_id if self.live else None

    @property
    def before(self) -> Greeting | None:
        """The version to which going back leads; None is the one we ship."""
        return next((one for one in self.versions if self.live and one.id == self.live.before_id), None)


@blueprint.get("/greetings")
def of_line() -> Response:
    """What callers of a line hear, with the forms that change it."""
    return line_page()


@blueprint.get("/greetings/<int:greeting_id>")
def version(greeting_id: int) -> Response:
    """One version."""
    return _version_page(_seen(greeting_id))


@blueprint.get("/greetings/<int:greeting_id>/heard.wav")
def heard(greeting_id: int) -> Response:
    """A version as it sounds through a telephone."""
    return _sound(house().own.heard(_seen(greeting_id).digest), "audio/wav")


@blueprint.get("/greetings/<int:greeting_id>/original")
def original(greeting_id: int) -> Response:
    """The recording as it was given: nothing that is no sound is ever shown in the page."""
    one = _seen(greeting_id)
    kind = one.report["original_type"]
    name = None if kind.startswith(PLAYABLE) and "download" not in request.args else one.original_name or "recording"
    response = _sound(house().own.original(one.original), kind, name)
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


@blueprint.post("/greetings/<int:greeting_id>/activate")
def activate(greeting_id: int) -> Response:
    """A version becomes what callers hear."""
    return _changed(greeting_id, greetings.activate, f"/console/greetings/{greeting_id}?live")


@blueprint.post("/greetings/<int:greeting_id>/notes")
def notes(greeting_id: int) -> Response:
    """Somebody notes something on a version."""

    def note(store: Store, one: Greeting, by: Actor, at: datetime) -> None:
        greetings.note(store, one, posted().get("notes", ""), by, at)

    return _changed(greeting_id, note, f"/console/greetings/{greeting_id}?noted")


@blueprint.post("/greetings/<int:greeting_id>/remove")
def remove(greeting_id: int) -> Response:
    """A version that is not live goes, with its original."""
    line_id = _own(greeting_id).line_id
    return _changed(greeting_id, greetings.remove, f"/console/greetings?line={line_id}&removed")


@blueprint.post("/greetings/back")
def back() -> Response:
    """What was live before is live again."""
    form = posted()
    line = line_of(form.get("line", ""), Role.ADMIN)
    place = Place(line.id, form.get("language", ""), form.get("clip", ""))
    try:
        seen = greetings.Seen(read_id(form.get("live", "")) or None)
        greetings.go_back(house().store, place, signed_in().actor, clock.now(), seen)
    except WrongGreeting as wrong:
        return line_page(422, line, fault=told(wrong))
    return redirect(f"/console/greetings?line={line.id}&back", 303)  # type: ignore[return-value]


@blueprint.post("/greetings/code")
def code() -> Response:
    """A code to record by telephone, shown this once."""
    form = posted()
    line = line_of(form.get("line", ""), Role.ADMIN)
    place = Place(line.id, form.get("language", ""), form.get("clip", ""))
    try:
        made = make_code(house().store, house().settings.secret_key, place, signed_in().actor, clock.now())
    except WrongGreeting as wrong:
        return line_page(422, line, fault=told(wrong))
    return line_page(200, line, code=made, code_place=place, code_minutes=LIFE.seconds // 60)


def line_page(status: int = 200, line: Line | None = None, **values: object) -> Response:
    """The page of a line's greetings."""
    line = line or line_of(request.args.get("line", ""), Role.VIEWER)
    spots = house().store.read(lambda db: _spots(db, line))
    reading = reader()
    known = sorted(((code, reading.tongue(code)) for code in OF_GREETINGS), key=lambda one: one[1])
    return page(
        "greetings.html",
        status,
        line=line,
        lines=lines_for(Role.VIEWER),
        spots=spots,
        tongues=known,
        clips=voices.CLIPS,
        changes=signed_in().may(Role.ADMIN, line.id),
        **values,
    )


def _changed(greeting_id: int, change: Change, then: str) -> Response:
    """Change a version of a line of the operator's and go on, or say why not."""
    one = _own(greeting_id)
    try:
        change(house().store, one, signed_in().actor, clock.now())
    except WrongGreeting as wrong:
        return _refused(one, wrong)
    return redirect(then, 303)  # type: ignore[return-value]


def _refused(one: Greeting, wrong: WrongGreeting) -> Response:
    """Beside the version, or beside the others of its line when somebody has removed it meanwhile."""
    if house().store.read(lambda db: table.of_id(db, one.id)) is None:
        return line_page(422, line_of(str(one.line_id), Role.VIEWER), fault=told(wrong))
    return _version_page(one, 422, fault=told(wrong))


def _version_page(one: Greeting, status: int = 200, **values: object) -> Response:
    line = line_of(str(one.line_id), Role.VIEWER)
    live, versions = house().store.read(lambda db: (table.live(db, one.place), table.of_line(db, one.line_id)))
    return page(
        "greeting.html",
        status,
        one=one,
        line=line,
        is_live=live is not None and live.greeting_id == one.id,
        before=next((other for other in versions if live and other.id == live.before_id), None),
        advice=[ADVICE[fault] for fault in one.report["faults"]],
        waveform=drawn(one.report),
        plays=one.report["original_type"].startswith(PLAYABLE),
        changes=signed_in().may(Role.ADMIN, one.line_id),
        **values,
    )


def _spots(db: Connection, line: Line) -> Sequence[Spot]:
    versions = table.of_line(db, line.id)
    greeted = [Place(line.id, language, voices.GREETING) for language in house().library.languages]
    places = dict.fromkeys([Place(line.id, line.language), *greeted, *(one.place for one in versions)])
    return [_spot(db, line, place, [one for one in versions if one.place == place]) for place in places]


def _spot(db: Connection, line: Line, place: Place, versions: list[Greeting]) -> Spot:
    shipped, live = house().library.clip(place.language, place.clip), table.live(db, place)
    greets = place.clip != voices.GREETING or place.language in voices.greeted_in(house(), line)
    plays_shipped = shipped is not None and greets and (live is None or live.greeting_id is None)
    return Spot(place, versions, live, shipped.digest if shipped else None, plays_shipped)


def _seen(greeting_id: int) -> Greeting:
    found = house().store.read(lambda db: table.of_id(db, greeting_id))
    if found is None or not signed_in().may(Role.VIEWER, found.line_id):
        abort(404)
    return found


def _own(greeting_id: int) -> Greeting:
    found = _seen(greeting_id)
    if not signed_in().may(Role.ADMIN, found.line_id):
        abort(403, "role too low")
    return found


def _sound(path: Path, kind: str, saved_as: str | None = None) -> Response:
    """A file of ours, played in the page or, with a name, saved by the browser (RFC 5987 for names of any script)."""
    try:
        response = send_file(
            path, mimetype=kind, conditional=True, max_age=0, as_attachment=bool(saved_as), download_name=saved_as
        )
    except FileNotFoundError:
        abort(404)
    response.headers["Cache-Control"] = "private, no-store"
    return response
