"""Reading TwiML: what the product answers becomes verbs, or one of Twilio's errors.

Accepted types: twilio.com/docs/voice/twiml (text/html counts as TwiML, text/plain is spoken when it is none,
audio is played). Errors: 12100 not well-formed, 12200 not in the schema, 12300 a wrong content type.
The schema is our own: the verbs and attributes of twilio.com/docs/voice/twiml that the phones understand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from ivr.simulator.phones.sounds import PLAYABLE
from ivr.simulator.webhooks import Answer, WebhookFailed

_SAYS = frozenset({"Say", "Play", "Pause"})
# fmt: off
_VOICE: Mapping[str, frozenset[str]] = {
    "Say": frozenset({"voice", "language", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Gather": frozenset({
        "action", "method", "timeout", "finishOnKey", "numDigits", "input", "actionOnEmptyResult", "language",
        "hints", "speechTimeout", "speechModel", "bargeIn", "profanityFilter", "maxSpeechTime", "enhanced",
    }),
    "Record": frozenset({
        "action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim", "transcribe",
        "transcribeCallback", "recordingStatusCallback", "recordingStatusCallbackMethod",
        "recordingStatusCallbackEvent",
    }),
    "Redirect": frozenset({"method"}),
    "Hangup": frozenset(),
    "Reject": frozenset({"reason"}),
}
# fmt: on
_MESSAGING: Mapping[str, frozenset[str]] = {
    "Message": frozenset({"to", "from", "action", "method", "statusCallback"}),
    "Redirect": frozenset({"method"}),
    "Body": frozenset(),
    "Media": frozenset(),
}
_NESTED = {"Gather": _SAYS, "Message": frozenset({"Body", "Media"})}


@dataclass(frozen=True)
class Verb:
    """One element of a TwiML document; `text` is without the white space around it."""

    name: str
    text: str
    attributes: Mapping[str, str]
    children: tuple["Verb", ...] = ()

    def number(self, attribute: str, default: int) -> int:
        """A whole number in an attribute, or the default when it is missing or none (0 counts)."""
        word = self.attributes.get(attribute, "").strip()
        return int(word) if word.isdecimal() else default

    def word(self, attribute: str, default: str = "") -> str:
        """The text of an attribute."""
        return self.attributes.get(attribute, default)


@dataclass(frozen=True)
class Document:
    """A TwiML answer: the address it came from (relative ones start there), its verbs, and 12200 warnings."""

    url: str
    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()


def voice_document(answer: Answer) -> Document:
    """The answer to a call. Raises WebhookFailed with Twilio's error code."""
    if answer.content_type in PLAYABLE:
        return Document(answer.url, (Verb("Play", answer.url, {}),))
    if answer.content_type == "text/plain" and not answer.body.lstrip().startswith(b"<"):
        return Document(answer.url, (Verb("Say", answer.body.decode(errors="replace"), {}),))
    return _document(answer, _VOICE, ("Body", "Media"))


def message_document(answer: Answer) -> Document:
    """The answer to a text; an empty body says nothing. Raises WebhookFailed with Twilio's error code."""
    if not answer.body:
        return Document(answer.url, ())
    if answer.content_type == "text/plain" and not answer.body.lstrip().startswith(b"<"):
        return Document(answer.url, (Verb("Message", answer.body.decode(errors="replace"), {}),))
    return _document(answer, _MESSAGING, ("Body", "Media"))


def _document(answer: Answer, schema: Mapping[str, frozenset[str]], nested_only: tuple[str, ...]) -> Document:
    if answer.content_type not in ("text/xml", "application/xml", "text/html", "text/plain"):
        raise WebhookFailed(12300, answer.url, f"{answer.content_type or 'no content type'} is not TwiML")
    try:
        root = ElementTree.fromstring(answer.body)  # noqa: S314 - 64 kB at most, of our own product
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise WebhookFailed(12100, answer.url, f"the document cannot be parsed: {error}") from None
    if root.tag != "Response":
        raise WebhookFailed(12200, answer.url, f"the document is <{root.tag}>, not <Response>")
    verbs = tuple(_verb(answer.url, element) for element in root)
    warnings: list[str] = []
    for verb in verbs:
        _check(answer.url, verb, frozenset(schema) - frozenset(nested_only), schema, warnings)
    return Document(answer.url, verbs, tuple(warnings))


def _verb(url: str, element: ElementTree.Element) -> Verb:
    if not isinstance(element.tag, str):
        raise WebhookFailed(12200, url, "the document holds something that is no verb")
    children = tuple(_verb(url, child) for child in element)
    return Verb(element.tag, (element.text or "").strip(), dict(element.attrib), children)


def _check(
    url: str, verb: Verb, allowed: frozenset[str], schema: Mapping[str, frozenset[str]], warnings: list[str]
) -> None:
    """Raises for a verb that is not allowed here; an attribute that is unknown only earns a warning."""
    if verb.name not in allowed:
        raise WebhookFailed(12200, url, f"<{verb.name}> is not allowed here, or the phones do not know it")
    for attribute in verb.attributes.keys() - schema[verb.name]:
        warnings.append(f"<{verb.name}> has no attribute {attribute!r}")
    for child in verb.children:
        _check(url, child, _NESTED.get(verb.name, frozenset()), schema, warnings)
