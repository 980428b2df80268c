"""The phone in the browser: its page, and what the page asks for while a call goes on and texts come and go.

Calls are orders like those of `control`: JSON in, one line of JSON a moment out. What a page looks at (messages,
exchanges, cadence, segments) is read by GET and changes nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request

from ivr.message_segments import segments
from ivr.phone_numbers import international, is_e164
from ivr.simulator.control import WrongOrder, content, posted, since
from ivr.simulator.exchanges import Exchange
from ivr.simulator.getting import get
from ivr.simulator.moment import Moment
from ivr.simulator.phones.handset import DEFAULT_PHONE, cadence_for, call_of
from ivr.simulator.phones.live import LiveCaller
from ivr.simulator.phones.sounds import spoken_seconds
from ivr.simulator.rest.access import network
from ivr.simulator.switchboard import Message
from ivr.simulator.wire import iso

phone_page = Blueprint(
    "phone", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)
LIVE = "simulator.live"
PICTURE = re.compile(r"/ME[0-9a-f]{32}$")
"""The address of a picture that lies here; others are files of the product's."""
LARGEST_SOUND = 4 * 1024 * 1024
KEYS = frozenset("0123456789*#")
READY = (
    (DEFAULT_PHONE, "United States"),
    ("+201001234567", "Egypt"),
    ("+447400123456", "United Kingdom"),
    ("+33612345678", "France"),
    ("+966501234567", "Saudi Arabia"),
    ("+819012345678", "Japan"),
)
"""Numbers that are ready to call from; any other may be typed."""


@phone_page.get("/")
def phone() -> str:
    """The phone."""
    return render_template(
        "phone.html", lines=network().switchboard.numbers.oldest_first(), ready=READY, international=international
    )


@phone_page.post("/phone/numbers")
def get_number() -> Response:
    """The account gets the number in `number`: as it is written, and as it is shown."""
    got = get(network(), str(posted().get("number", "")))
    return jsonify(number=got.phone_number, shown=international(got.phone_number))


@phone_page.get("/phone/cadence")
def cadence() -> Response:
    """How it rings from `from` to `to`: the pattern and the tone."""
    sender, to = request.args.get("from", DEFAULT_PHONE), request.args.get("to", "")
    found = cadence_for(request.args.get("cadence", "line"), sender, to)
    return jsonify(name=found.name, pattern_ms=found.pattern_ms, tone=asdict(found.tone))


@phone_page.post("/phone/calls")
def call() -> Response:
    """Call `to` from `from`, live: one line of JSON a moment. The call's SID is in the header `X-Call-Sid`."""
    order = posted()
    sender, to = _number(order, "from"), _number(order, "to")
    caller = LiveCaller()
    sid, moments = call_of(network(), caller, sender, to, str(order.get("cadence", "line")))
    calls = _calls()
    calls[sid] = caller
    headers = {"Cache-Control": "no-store", "X-Call-Sid": sid}
    return Response(_told(moments, calls, sid), mimetype="application/x-ndjson", headers=headers)


@phone_page.post("/phone/calls/<sid>/keys")
def keys(sid: str) -> Response:
    """Press `key`."""
    key = str(posted().get("key", ""))
    if key not in KEYS:
        raise WrongOrder("key must be one of 0-9 * #")
    _caller(sid).press(key)
    return jsonify(pressed=key)


@phone_page.post("/phone/calls/<sid>/says")
def says(sid: str) -> Response:
    """What was said after the beep: `wav`, a PCM WAV file in base 64."""
    wav = content(posted(), "wav") or b""
    if len(wav) > LARGEST_SOUND:
        raise WrongOrder(f"wav may have at most {LARGEST_SOUND} bytes")
    seconds = spoken_seconds(wav)
    _caller(sid).say(wav)
    return jsonify(seconds=seconds)


@phone_page.post("/phone/calls/<sid>/hang-up")
def hang_up(sid: str) -> Response:
    """Put the telephone down."""
    _caller(sid).hang_up()
    return jsonify(hung_up=True)


@phone_page.get("/phone/calls/<sid>/sounds/<int:number>")
def sound(sid: str, number: int) -> Response:
    """A sound that is played in the call, as the carrier fetched it."""
    played = _caller(sid).sounds.get(number)
    if played is None:
        abort(404)
    return Response(played.body, content_type=played.content_type, headers={"Cache-Control": "no-store"})


@phone_page.get("/phone/messages")
def messages() -> Response:
    """The messages between `phone` and `line`, oldest first, with their states as they are now."""
    both = {request.args.get("phone", ""), request.args.get("line", "")}
    found = [one for one in network().switchboard.messages.oldest_first() if {one.sender, one.to} == both]
    return jsonify(messages=[_message(one) for one in found[-200:]])


@phone_page.get("/phone/pictures/<sid>")
def picture(sid: str) -> Response:
    """A picture that the carrier keeps."""
    found = network().switchboard.pictures.get(sid)
    if found is None:
        abort(404)
    return Response(found.content, content_type=found.content_type)


@phone_page.get("/phone/exchanges")
def exchanges() -> Response:
    """What the carrier sent to the product and was answered, after number `since`, of one `phone`."""
    found = network().webhooks.exchanges.since(since(), request.args.get("phone", ""))
    warnings = network().log.since(0, "warning") if found else []
    return jsonify(exchanges=[_exchange(one, warnings) for one in found])


@phone_page.post("/phone/segments")
def count_segments() -> Response:
    """How many message segments `body` takes."""
    return jsonify(segments=segments(str(posted().get("body", ""))))


def _told(moments: Iterator[Moment], calls: dict[str, LiveCaller], sid: str) -> Iterator[str]:
    try:
        for moment in moments:
            yield moment.as_line()
    finally:
        calls.pop(sid, None)


def _calls() -> dict[str, LiveCaller]:
    calls: dict[str, LiveCaller] = current_app.extensions.setdefault(LIVE, {})
    return calls


def _caller(sid: str) -> LiveCaller:
    found = _calls().get(sid)
    if found is None:
        abort(404, "This call is over.")
    return found


def _number(order: Mapping[str, object], name: str) -> str:
    number = str(order.get(name, ""))
    if not is_e164(number):
        raise WrongOrder(f"{name} must be a number such as {DEFAULT_PHONE}")
    return number


def _message(one: Message) -> dict[str, object]:
    return {
        "sid": one.sid,
        "from": one.sender,
        "to": one.to,
        "body": one.body,
        "status": one.status,
        "error": one.error_code,
        "at": iso(one.created),
        "pictures": [address.rpartition("/")[2] for address in one.media if PICTURE.search(address)],
        "files": [address for address in one.media if not PICTURE.search(address)],
        "segments": one.segments,
    }


def _exchange(one: Exchange, warnings: list[Mapping[str, object]]) -> dict[str, object]:
    sid = one.form.get("MessageSid") or one.form.get("CallSid") or ""
    try:
        parts = urlsplit(one.url)
        signature = network().webhooks.sign(one.url, one.form if one.method == "POST" else {})
    except ValueError:  # what a document said to go to need not be an address
        parts, signature = urlsplit(""), ""
    ours = sid and parts.scheme in ("http", "https")
    return {
        **asdict(one),
        "sid": sid,
        "signature": signature,
        "console": f"{parts.scheme}://{parts.netloc}/console/contacts/{sid}" if ours else "",
        "warnings": [f"{entry['code']}: {entry['text']}" for entry in warnings if sid and entry.get("sid") == sid],
    }
