"""What a webhook says, in our words: one frozen dataclass for each kind, read from the carrier's form.

Everything from outside is checked and cleaned here; behind this door text is plain and short, and SIDs are SIDs.
Sources: docs voice/twiml#request-parameters, messaging/guides/webhook-request, voice/twiml/record.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ivr.carrier.forms import Form, short, sid_of, whole_number
from ivr.errors import BadWebhook
from ivr.plain_text import clean

LONGEST_BODY = 4000
LONGEST_PLACE = 100
MOST_MEDIA = 10  # docs messaging: at most ten attachments
MEDIA_HOST = re.compile(r"api(?:\.[a-z0-9-]+){0,2}\.twilio\.com|(?:mms|media)\.twiliocdn\.com")  # and its regions


@dataclass(frozen=True)
class Place:
    """Where the carrier believes a number to be from; all of it may be unknown."""

    city: str | None = None
    state: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class IncomingCall:
    """Somebody calls. `number` is E.164, or whatever came; `dialled` is the line's."""

    sid: str
    number: str
    dialled: str
    status: str
    place: Place = Place()
    forwarded_from: str | None = None
    verification: str | None = None


@dataclass(frozen=True)
class KeyPressed:
    """A caller pressed `key` (empty: none). `offer` counts the times that the keys were offered in this call."""

    sid: str
    number: str
    dialled: str
    key: str
    offer: int


@dataclass(frozen=True)
class VoiceMessageMade:
    """The carrier recorded a caller: `status` completed or absent; `url` is where it says that it lies."""

    sid: str
    call_sid: str
    status: str
    url: str
    seconds: int | None


@dataclass(frozen=True)
class CallEnded:
    """A call is over. `seconds` count from the answer."""

    sid: str
    number: str
    dialled: str
    status: str
    seconds: int | None
    place: Place = Place()


@dataclass(frozen=True)
class Attachment:
    """A picture or file that came with a text."""

    url: str
    content_type: str


@dataclass(frozen=True)
class IncomingText:
    """A text. `opt_out_type` is STOP, START or HELP when the carrier itself has answered it, else None."""

    sid: str
    number: str
    dialled: str
    body: str
    place: Place = Place()
    attachments: tuple[Attachment, ...] = ()
    opt_out_type: str | None = None


@dataclass(frozen=True)
class MessageStatus:
    """What became of a text of ours: `status` in our words, None for a word that we do not know.

    `message_id` is our own id, which the address of the callback carried; None when it carried none.
    """

    sid: str
    status: str | None
    error_code: int | None
    message_id: int | None


# docs messaging/api/message-resource#message-status-values; what the carrier holds is `sent` to us.
MESSAGE_STATUS = {
    **dict.fromkeys(("queued", "accepted", "scheduled", "sending", "sent"), "sent"),
    **dict.fromkeys(("delivered", "read", "partially_delivered"), "delivered"),
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "cancelled",
}


def incoming_call(form: Form) -> IncomingCall:
    """Read /webhooks/voice. This and the readers below raise `BadWebhook` 400 for what no carrier sends."""
    return IncomingCall(
        sid=sid_of(form, "CallSid", "CA"),
        number=short(form, "From") or "",
        dialled=_dialled(form),
        status=short(form, "CallStatus") or "ringing",
        place=_place(form),
        forwarded_from=short(form, "ForwardedFrom"),
        verification=short(form, "StirVerstat"),
    )


def key_pressed(form: Form, query: Form) -> KeyPressed:
    """Read /webhooks/voice/menu, the action of `<Gather>`; `query` is what we put into its address."""
    return KeyPressed(
        sid=sid_of(form, "CallSid", "CA"),
        number=short(form, "From") or "",
        dialled=short(form, "To") or "",
        key=(short(form, "Digits") or "")[:1],
        offer=whole_number(query, "offer") or 1,
    )


def voice_message_made(form: Form) -> VoiceMessageMade:
    """Read /webhooks/voice/recorded, the status callback of `<Record>`."""
    return VoiceMessageMade(
        sid=sid_of(form, "RecordingSid", "RE"),
        call_sid=sid_of(form, "CallSid", "CA"),
        status=short(form, "RecordingStatus") or "",
        url=clean(form.get("RecordingUrl", ""), 1000),
        seconds=_seconds(form, "RecordingDuration"),
    )


def call_ended(form: Form) -> CallEnded:
    """Read /webhooks/voice/status. `CallDuration` is in seconds, `Duration` in minutes."""
    return CallEnded(
        sid=sid_of(form, "CallSid", "CA"),
        number=short(form, "From") or "",
        dialled=short(form, "To") or "",
        status=short(form, "CallStatus") or "completed",
        seconds=_seconds(form, "CallDuration"),
        place=_place(form),
    )


def incoming_text(form: Form) -> IncomingText:
    """Read /webhooks/sms."""
    return IncomingText(
        sid=sid_of(form, "MessageSid", "SM|MM"),
        number=short(form, "From") or "",
        dialled=_dialled(form),
        body=clean(form.get("Body", ""), LONGEST_BODY),
        place=_place(form),
        attachments=_attachments(form),
        opt_out_type=short(form, "OptOutType"),
    )


def message_status(form: Form, query: Form) -> MessageStatus:
    """Read /webhooks/sms/status; `query` is what we put into its address."""
    return MessageStatus(
        sid=sid_of(form, "MessageSid", "SM|MM"),
        status=MESSAGE_STATUS.get(form.get("MessageStatus", "")),
        error_code=whole_number(form, "ErrorCode"),
        message_id=whole_number(query, "message"),
    )


def media_refusal(url: str, api_url: str) -> str | None:
    """Why this attachment will never be fetched, or None: only the carrier's own hosts are asked."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "media_address_unreadable"
    if f"{parts.scheme}://{parts.netloc}" == api_url:
        return None
    if parts.scheme != "https" or parts.netloc != parts.hostname:  # nor with a port, nor with a user's name
        return "media_address_not_allowed"
    return None if MEDIA_HOST.fullmatch(parts.hostname or "") else "media_host_not_allowed"


def _dialled(form: Form) -> str:
    """The number called or texted. Without it the form was cut anew: no signature tells where a field ends."""
    if not (number := short(form, "To")):
        raise BadWebhook(400, "To missing")
    return number


def _place(form: Form) -> Place:
    return Place(
        *(clean(form.get(name, ""), LONGEST_PLACE) or None for name in ("FromCity", "FromState", "FromCountry"))
    )


def _seconds(form: Form, name: str) -> int | None:
    text = form.get(name, "")
    return min(int(text), 86_400) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _attachments(form: Form) -> tuple[Attachment, ...]:
    count = form.get("NumMedia", "0") or "0"
    if count == "0":
        return ()
    if not (count.isascii() and count.isdigit() and len(count) < 3 and int(count) <= MOST_MEDIA):
        raise BadWebhook(400, "NumMedia invalid")
    return tuple(
        Attachment(
            url=clean(form.get(f"MediaUrl{position}", ""), 1000),
            content_type=clean(form.get(f"MediaContentType{position}", ""), LONGEST_PLACE),
        )
        for position in range(int(count))
    )
