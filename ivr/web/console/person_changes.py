"""What writers do for one person: write to them, note, tag, block, opt out and in again, send the link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Asked:
    """What is asked for: of whom, what was typed, and by whom and when, as the rules take it."""

    who: tuple[Store, Line, str]
    form: Mapping[str, str]
    when: tuple[Actor, datetime]

    def typed(self, name: str) -> str:
        """What stands in a field."""
        return self.form.get(name, "")


Work = Callable[[_Asked], object]


@blueprint.post(f"{PERSON}/write")
def write(line_id: int, number: str) -> Response:
    """A text to them: it waits for some seconds, in which it can be taken back. Or it is only counted."""
    if "count" in posted():
        return person_page(line_of(str(line_id), Role.WRITER), number, given=posted())
    return _done(
        line_id,
        number,
        "text",
        "written",
        lambda one: writing.write(*one.who, one.typed("text"), one.typed("once"), *one.when),
    )


@blueprint.post(f"{PERSON}/count")
def count(line_id: int, number: str) -> Response:
    """How a text that is being typed goes over the air, for the page's script."""
    line_of(str(line_id), Role.WRITER)
    return Response(rendered("person-count.html", counted=counted(posted().get("text", ""))))


@blueprint.post(f"{PERSON}/take-back")
def take_back(line_id: int, number: str) -> Response:
    """A text that was just written does not go."""
    return _done(
        line_id,
        number,
        "",
        "taken back",
        lambda one: _in_time(writing.take_back(*one.who, read_id(one.typed("message")), *one.when), TOO_LATE),
    )


@blueprint.post(f"{PERSON}/notes")
def note(line_id: int, number: str) -> Response:
    """Something is noted of them."""
    return _done(line_id, number, "note", "noted", lambda one: noting.add_note(*one.who, one.typed("note"), *one.when))


@blueprint.post(f"{PERSON}/notes/remove")
def remove_note(line_id: int, number: str) -> Response:
    """A note of one's own goes."""
    return _done(
        line_id,
        number,
        "",
        "note gone",
        lambda one: _in_time(noting.remove_note(*one.who, read_id(one.typed("note")), *one.when)),
    )


@blueprint.post(f"{PERSON}/tags")
def tag(line_id: int, number: str) -> Response:
    """They get a tag; having it already is as good."""
    return _done(line_id, number, "tag", "tagged", lambda one: noting.tag(*one.who, one.typed("tag"), *one.when))


@blueprint.post(f"{PERSON}/tags/remove")
def untag(line_id: int, number: str) -> Response:
    """They lose a tag; that it is gone already is as good."""
    return _done(line_id, number, "", "untagged", lambda one: noting.untag(*one.who, one.typed("tag"), *one.when))


@blueprint.post(f"{PERSON}/block")
def block(line_id: int, number: str) -> Response:
    """They are blocked."""
    return _done(line_id, number, "block", "blocked", lambda one: _in_time(blocking.block(*one.who, *one.when)))


@blueprint.post(f"{PERSON}/unblock")
def unblock(line_id: int, number: str) -> Response:
    """A block is taken back."""
    return _done(
        line_id,
        number,
        "block",
        "unblocked",
        lambda one: _in_time(blocking.unblock(*one.who, *one.when, one.typed("seen"))),
    )


@blueprint.post(f"{PERSON}/opt-out")
def opt_out(line_id: int, number: str) -> Response:
    """They asked for it."""
    return _done(
        line_id, number, "asked", "opted out", lambda one: lifting.opt_out(*one.who, one.typed("asked"), *one.when)
    )


@blueprint.post(f"{PERSON}/lift")
def lift(line_id: int, number: str) -> Response:
    """An opt-out is lifted, for a reason."""
    return _done(
        line_id,
        number,
        "reason",
        "lifted",
        lambda one: lifting.lift(*one.who, one.typed("reason"), *one.when, one.typed("seen")),
    )


@blueprint.post(f"{PERSON}/link")
def send_link(line_id: int, number: str) -> Response:
    """Their link is texted again."""

    def work(one: _Asked) -> None:
        sent = link_texts.send_again(*one.who, *one.when, one.typed("once")[: writing.LONGEST_KEY] or None)
        if sent is not LinkSent.YES:
            raise WrongMember(ENOUGH if sent is LinkSent.ENOUGH else CANNOT)

    return _done(line_id, number, "link", "link sent", work)


def _done(line_id: int, number: str, field: str, done: str, work: Work) -> Response:
    """Do it, and show the person again; what is wrong stands beside `field`, with everything that was typed.

    Where somebody else was quicker their form may be another now: what was typed stands above all forms.
    """
    line, form = line_of(str(line_id), Role.WRITER), posted()
    given = dict(form)
    try:
        outcome = work(_Asked((house().store, line, number), form, (signed_in().actor, clock.now())))
    except PersonChanged as moved:
        return person_page(line, number, 409, given, moved=(told(moved), given.get(field, "")))
    except WrongMember as wrong:
        return person_page(line, number, 422, given, {field: told(wrong)})
    text = {"text": outcome} if done == "written" else {}
    query = urlencode({"done": done, **text})
    return redirect(f"/console/people/{line.id}/{quote(number)}?{query}", 303)  # type: ignore[return-value]


def _in_time(done: bool, otherwise: str = CHANGED) -> None:
    """Raise `PersonChanged` where a rule says that somebody else was quicker."""
    if not done:
        raise PersonChanged(otherwise)
