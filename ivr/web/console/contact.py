"""One contact: what happened, what was answered and what became of it, beside the person's whole story."""

from flask import Blueprint, Response, abort, send_file

from ivr import pictures, voice_messages
from ivr.errors import CarrierBusy, CarrierError
from ivr.phone_numbers import international
from ivr.roles import Role
from ivr.store import Connection
from ivr.store.log import pages, story
from ivr.store.log.rows import Contact
from ivr.store.log.story import Event, Key, Moment, Picture, Recording
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import lines_for, page, reader
from ivr.web.console.showing import shown
from ivr.web.console.timeline import drawn
from ivr.web.house import house

blueprint = Blueprint("contact", __name__)
Belongings = tuple[Moment | None, list[Event], list[Key], list[Recording], list[Picture], list[Moment]]


@blueprint.get("/contacts/<sid>")
def contact(sid: str) -> Response:
    """A call or a text, by its SID."""
    lines = {line.id: line for line in lines_for(Role.VIEWER)}
    found = house().store.read(lambda db: pages.of_sid(db, list(lines), sid))
    if found is None:
        abort(404)
    answer, events, keys, recordings, attached, moments = house().store.read(lambda db: _belongings(db, found))
    return page(
        "contact.html",
        row=shown(found, lines, reader()),
        contact=found,
        line=lines[found.line_id],
        answer=answer,
        events=events,
        keys=keys,
        recordings=recordings,
        pictures=attached,
        moments=moments,
        drawing=drawn(found, keys, recordings, reader()) if found.kind == "call" else None,
        international=international,
    )


@blueprint.get("/voice-messages/<sid>.wav")
def voice_message(sid: str) -> Response:
    """A voice message that we keep."""
    line_id = house().store.read(lambda db: story.line_of_recording(db, sid))
    if line_id is None or not signed_in().may(Role.VIEWER, line_id):
        abort(404)
    path = voice_messages.path_of(house(), sid)
    if not path.is_file():
        abort(404)
    response = send_file(path, mimetype="audio/wav", conditional=True, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/pictures/<int:message_id>/<int:position>")
def picture(message_id: int, position: int) -> Response:
    """A picture or file that somebody sent, fetched from the carrier and passed on."""
    line_id = house().store.read(lambda db: story.line_of_message(db, min(message_id, 2**62)))
    if line_id is None or not signed_in().may(Role.VIEWER, line_id):
        abort(404)
    try:
        fetched = pictures.fetch(house(), message_id, position)
    except CarrierError as error:
        abort(504 if isinstance(error, CarrierBusy) else 502, f"The carrier did not give it: {error}.")
    if fetched is None:
        abort(404)
    return Response(
        fetched,
        content_type=fetched.content_type,
        headers={"Cache-Control": "private, no-store", "Content-Disposition": _disposition(fetched.content_type)},
    )


def _disposition(content_type: str) -> str:
    return "inline" if content_type.startswith(("image/", "audio/", "video/")) else "attachment"


def _belongings(db: Connection, found: Contact) -> Belongings:
    return (
        story.sent(db, found.answer_id) if found.answer_id else None,
        story.events(db, found.answer_id) if found.answer_id else [],
        story.keys(db, found.sid) if found.kind == "call" else [],
        story.recordings(db, found.sid) if found.kind == "call" else [],
        story.pictures(db, found.id) if found.media else [],
        story.story(db, found.line_id, found.number, most=50),
    )
