"""The carrier's door: calls and texts come in, TwiML goes out. Every request here has a valid signature."""

from flask import Blueprint, Response, request

from ivr import answering, auto_reply, call_events, clock, dictating, outbox
from ivr.carrier import inbound, twiml
from ivr.carrier.dictation import dictation
from ivr.carrier.forms import Form
from ivr.web.guards import READ_FORM, READ_QUERY
from ivr.web.house import house

blueprint = Blueprint("webhooks", __name__)


@blueprint.post("/voice")
def voice() -> Response:
    """Somebody calls."""
    at = clock.now()
    return _twiml(answering.answer_call(house(), inbound.incoming_call(_form()), at))


@blueprint.post("/voice/menu")
def voice_menu() -> Response:
    """A caller pressed a key."""
    return _twiml(answering.answer_key(house(), inbound.key_pressed(_form(), _query()), clock.now()))


@blueprint.post("/voice/recording")
def voice_recording() -> Response:
    """A caller has left a message."""
    call = inbound.incoming_call(_form())
    return _twiml(answering.thank(house(), call.number, call.dialled))


@blueprint.post("/voice/recorded")
def voice_recorded() -> Response:
    """The recording of a message can be fetched, or there is none."""
    call_events.announce_voice_message(house(), inbound.voice_message_made(_form()), clock.now())
    return _twiml(twiml.NOTHING)


@blueprint.post("/voice/status")
def voice_status() -> Response:
    """A call is over."""
    call_events.end_call(house(), inbound.call_ended(_form()), clock.now())
    return _twiml(twiml.NOTHING)


@blueprint.post("/voice/greeting/code")
def voice_greeting_code() -> Response:
    """An operator enters a code, to record a greeting."""
    return _twiml(dictating.answer_code(house(), dictation(_form(), _query()), clock.now()))


@blueprint.post("/voice/greeting/recorded")
def voice_greeting_recorded() -> Response:
    """An operator has spoken a greeting, or waits for it."""
    return _twiml(dictating.answer_recording(house(), dictation(_form(), _query()), clock.now()))


@blueprint.post("/voice/greeting/choice")
def voice_greeting_choice() -> Response:
    """An operator has heard the greeting and says what becomes of it."""
    return _twiml(dictating.answer_choice(house(), dictation(_form(), _query()), clock.now()))


@blueprint.post("/sms")
def sms() -> Response:
    """Somebody texts."""
    return _twiml(auto_reply.answer_text(house(), inbound.incoming_text(_form()), clock.now()))


@blueprint.post("/sms/status")
def sms_status() -> Response:
    """What became of a text of ours."""
    outbox.hear(house(), inbound.message_status(_form(), _query()), clock.now())
    return _twiml(twiml.NOTHING)


def _form() -> Form:
    form: Form = request.environ[READ_FORM]
    return form


def _query() -> Form:
    query: Form = request.environ[READ_QUERY]
    return query


def _twiml(document: str) -> Response:
    return Response(document, content_type=twiml.CONTENT_TYPE)
