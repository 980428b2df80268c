"""The control pages: dial, text, log, misbehave, idle.

JSON in, JSON out; a call comes as one line of JSON a moment, as it goes on. Errors are `{"error": "…"}`.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import TypeVar

from flask import Blueprint, Response, jsonify, request

from ivr.errors import ThirdRingError
from ivr.simulator.moment import Moment
from ivr.simulator.phones.handset import DEFAULT_PHONE, received_by, send_text, start_call
from ivr.simulator.phones.texting import Received
from ivr.simulator.phones.wishes import Wishes
from ivr.simulator.rest.access import network
from ivr.simulator.switchboard import NoSuchNumber

control = Blueprint("control", __name__)

LONGEST_NUMBER = 15
LONGEST_WAIT_S = 60.0
"""Seconds that `idle` waits at most."""

Value = TypeVar("Value", str, float, bool)


class WrongOrder(ThirdRingError, ValueError):
    """A field of a request to the control pages is missing or of the wrong type; the message names it."""


@control.before_app_request
def refuse_forms() -> tuple[Response, int] | None:
    """Orders must be JSON: the one kind of POST that a web page cannot send to another origin unasked."""
    if request.method == "POST" and request.path.startswith(("/simulator/", "/phone/")) and not request.is_json:
        return jsonify(error="Send application/json."), 415
    return None


@control.app_errorhandler(ThirdRingError)
def refuse(error: ThirdRingError) -> tuple[Response, int]:
    """What cannot be done, in a sentence."""
    return jsonify(error=str(error)), 404 if isinstance(error, NoSuchNumber) else 400


@control.post("/simulator/dial")
def dial() -> Response:
    """Makes a call; one line of JSON a moment, sent when it happens.

    Fields: `to`; `from`, `keys` (list), `hang_up_after`, `live`, `cadence`, `speak`, `says` (a WAV file in base 64),
    `set_up` if wished.
    """
    order = posted()
    keys = order.get("keys", [])
    if not isinstance(keys, list):
        raise WrongOrder('keys must be a list, such as ["1", "2"]')
    hang_up_after = None if order.get("hang_up_after") is None else _field(order, "hang_up_after", 0.0)
    wishes = Wishes(
        keys=[str(key) for key in keys],
        hang_up_after=hang_up_after,
        live=_field(order, "live", False),
        cadence=_field(order, "cadence", "line"),
        speak=_field(order, "speak", 4.0),
        says=content(order, "says"),
        set_up=_field(order, "set_up", 0.0),
    )
    moments = start_call(network(), _field(order, "from", DEFAULT_PHONE), _required(order, "to"), wishes)
    return Response(_lines(moments), mimetype="application/x-ndjson", headers={"Cache-Control": "no-store"})


@control.post("/simulator/text")
def text() -> Response:
    """Sends a text; `{"sid", "status", "messages", "warnings"}`: what the phone received and what went wrong.

    Fields: `to`, `body`; `from`, `media` (a list of addresses; `picture`: one of the carrier's) if wished.
    """
    order = posted()
    media = order.get("media", [])
    if not isinstance(media, list):
        raise WrongOrder("media must be a list of addresses")
    sender = _field(order, "from", DEFAULT_PHONE)
    to, body = _required(order, "to"), _field(order, "body", "")
    texted = send_text(network(), sender, to, body, [str(address) for address in media])
    return jsonify(
        sid=texted.sid,
        status=texted.status,
        messages=[_shown(message) for message in texted.messages],
        warnings=[{"code": code, "text": words} for code, words in texted.warnings],
    )


@control.get("/simulator/received")
def received() -> Response:
    """Every text that arrived at `phone`, oldest first: `{"messages": […]}`."""
    phone = request.args.get("phone", DEFAULT_PHONE)
    return jsonify(messages=[_shown(message) for message in received_by(network(), phone)])


@control.get("/simulator/log")
def log() -> Response:
    """The entries after number `since`; of one `event`, if it is named."""
    return jsonify(entries=network().log.since(since(), request.args.get("event")))


@control.post("/simulator/misbehave")
def misbehave() -> Response:
    """Orders misbehaviour; an empty object: behave again."""
    order = posted()
    if order:
        network().misbehaviour.order(order)
    else:
        network().misbehaviour.behave()
    return jsonify(ordered=dict(order))


@control.get("/simulator/idle")
def idle() -> Response:
    """Waits until nothing is on its way any more, at most `timeout` seconds (10): `{"idle": true}`."""
    try:
        timeout = min(float(request.args.get("timeout", "10")), LONGEST_WAIT_S)
    except ValueError:
        raise WrongOrder("timeout must be a number of seconds") from None
    return jsonify(idle=network().quiet(timeout))


def _shown(message: Received) -> dict[str, object]:
    return {
        "sid": message.sid,
        "from": message.sender,
        "to": message.to,
        "body": message.body,
        "media": message.media,
    }


def _lines(moments: Iterator[Moment]) -> Iterator[str]:
    for moment in moments:
        yield moment.as_line()


def since() -> int:
    """The number of the entry after which somebody wants to see the others. Raises WrongOrder."""
    text = request.args.get("since", "0")
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise WrongOrder("since must be the number of an entry")
    return int(text)


def posted() -> Mapping[str, object]:
    """The order that was sent. Raises WrongOrder."""
    order = request.get_json(silent=True)
    if not isinstance(order, dict):
        raise WrongOrder("The body must be a JSON object.")
    return order


def content(order: Mapping[str, object], name: str) -> bytes | None:
    """A field that holds a file in base 64, or None. Raises WrongOrder."""
    if order.get(name) is None:
        return None
    try:
        return b64decode(_field(order, name, ""), validate=True)
    except ValueError:
        raise WrongOrder(f"{name} must be in base 64") from None


def _required(order: Mapping[str, object], name: str) -> str:
    if not order.get(name):
        raise WrongOrder(f"{name} is missing")
    return _field(order, name, "")


def _field(order: Mapping[str, object], name: str, default: Value) -> Value:
    """A field of the type of its default; a missing one is the default."""
    value = order.get(name, default)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, type(default)):
        kind = {str: "text", float: "a number", bool: "true or false"}[type(default)]
        raise WrongOrder(f"{name} must be {kind}")
    return value
