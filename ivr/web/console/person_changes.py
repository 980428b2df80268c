"""What writers do for one person: write to them, note, tag, block, opt out and in again, send the link."""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, redirect

from ivr import blocking, clock, lifting, link_texts, noting, writing
from ivr.errors import PersonChanged, WrongMember
from ivr.lifting import CHANGED
from ivr.link_texts import LinkSent
from ivr.roles import Role
from ivr.store import Store
from ivr.store.audit import Actor
from ivr.store.lines import Line
from ivr.web.console.asking import read_id
from ivr.web.console.guards import signed_in
from ivr.web.console.person import PERSON, counted, person_page
from ivr.web.console.rendering import line_of, rendered, told
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("person_changes", __name__)
TOO_LATE = "It is too late: this text is on its way."
ENOUGH = "They have been sent the link three times in 24 hours. That is enough."
CANNOT = "The link cannot be sent: they are to be left alone, cannot sign up, or cannot be texted from here."
Form = Mapping[str, str]
Work = Callable[[Store, Line, Form, Actor, datetime], object]


@blueprint.post(f"{PERSON}/write")
def write(line_id: int, number: str) -> Response:
    """A text to them: it waits for some seconds, in which it can be taken back. Or it is only counted."""
    if "count" in posted():
        return person_page(line_of(str(line_id), Role.WRITER), number, given=posted())

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> int:
        return writing.write(store, line, number, form.get("text", ""), form.get("once", ""), by, now)

    return _done(line_id, number, "text", "written", work)


@blueprint.post(f"{PERSON}/count")
def count(line_id: int, number: str) -> Response:
    """How a text that is being typed goes over the air, for the page's script."""
    line_of(str(line_id), Role.WRITER)
    return Response(rendered("person-count.html", counted=counted(posted().get("text", ""))))


@blueprint.post(f"{PERSON}/take-back")
def take_back(line_id: int, number: str) -> Response:
    """A text that was just written does not go."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        if not writing.take_back(store, line, number, read_id(form.get("message", "")), by, now):
            raise PersonChanged(TOO_LATE)

    return _done(line_id, number, "", "taken back", work)


@blueprint.post(f"{PERSON}/notes")
def note(line_id: int, number: str) -> Response:
    """Something is noted of them."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        noting.add_note(store, line, number, form.get("note", ""), by, now)

    return _done(line_id, number, "note", "noted", work)


@blueprint.post(f"{PERSON}/notes/remove")
def remove_note(line_id: int, number: str) -> Response:
    """A note of one's own goes."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        if not noting.remove_note(store, line, number, read_id(form.get("note", "")), by, now):
            raise PersonChanged(CHANGED)

    return _done(line_id, number, "", "note gone", work)


@blueprint.post(f"{PERSON}/tags")
def tag(line_id: int, number: str) -> Response:
    """They get a tag; having it already is as good."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        noting.tag(store, line, number, form.get("tag", ""), by, now)

    return _done(line_id, number, "tag", "tagged", work)


@blueprint.post(f"{PERSON}/tags/remove")
def untag(line_id: int, number: str) -> Response:
    """They lose a tag; that it is gone already is as good."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        noting.untag(store, line, number, form.get("tag", ""), by, now)

    return _done(line_id, number, "", "untagged", work)


@blueprint.post(f"{PERSON}/block")
def block(line_id: int, number: str) -> Response:
    """They are blocked."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        if not blocking.block(store, line, number, by, now):
            raise PersonChanged(CHANGED)

    return _done(line_id, number, "block", "blocked", work)


@blueprint.post(f"{PERSON}/unblock")
def unblock(line_id: int, number: str) -> Response:
    """A block is taken back."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        if not blocking.unblock(store, line, number, by, now, form.get("seen", "")):
            raise PersonChanged(CHANGED)

    return _done(line_id, number, "block", "unblocked", work)


@blueprint.post(f"{PERSON}/opt-out")
def opt_out(line_id: int, number: str) -> Response:
    """They asked for it."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        lifting.opt_out(store, line, number, form.get("asked", ""), by, now)

    return _done(line_id, number, "asked", "opted out", work)


@blueprint.post(f"{PERSON}/lift")
def lift(line_id: int, number: str) -> Response:
    """An opt-out is lifted, for a reason."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        lifting.lift(store, line, number, form.get("reason", ""), by, now, form.get("seen", ""))

    return _done(line_id, number, "reason", "lifted", work)


@blueprint.post(f"{PERSON}/link")
def send_link(line_id: int, number: str) -> Response:
    """Their link is texted again."""

    def work(store: Store, line: Line, form: Form, by: Actor, now: datetime) -> None:
        sent = link_texts.send_again(store, line, number, by, now, form.get("once", "")[: writing.LONGEST_KEY] or None)
        if sent is not LinkSent.YES:
            raise WrongMember(ENOUGH if sent is LinkSent.ENOUGH else CANNOT)

    return _done(line_id, number, "link", "link sent", work)


def _done(line_id: int, number: str, field: str, done: str, work: Work) -> Response:
    """Do it, and show the person again; what is wrong stands beside `field`, with everything that was typed.

    Where somebody else was quicker their form may be another now: what was typed stands above all forms.
    """
    line, form = line_of(str(line_id), Role.WRITER), posted()
    given = {name: form[name] for name in form}
    try:
        outcome = work(house().store, line, form, signed_in().actor, clock.now())
    except PersonChanged as moved:
        return person_page(line, number, 409, given, moved=(told(moved), given.get(field, "")))
    except WrongMember as wrong:
        return person_page(line, number, 422, given, {field: told(wrong)})
    text = {"text": outcome} if done == "written" else {}
    query = urlencode({"done": done, **text})
    return redirect(f"/console/people/{line.id}/{quote(number)}?{query}", 303)  # type: ignore[return-value]
