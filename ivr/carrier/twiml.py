"""What we answer the carrier with: TwiML, written by twilio's own builder.

The builder escapes, but lets characters through that XML forbids; words are cleaned of them here. The answers to
calls repeat (a line has a handful of them), so each is built once and kept.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from xml.sax.saxutils import escape

from twilio.twiml.messaging_response import Message, MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse

from ivr.plain_text import clean

NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
REJECT = '<?xml version="1.0" encoding="UTF-8"?><Response><Reject/></Response>'
CONTENT_TYPE = "text/xml; charset=utf-8"

QUOTE = {'"': "&quot;"}
# docs voice/twiml/say/text-speech: the carrier's voices where a recording is missing. Its Spanish is Latin America's.
VOICES = {
    "ar": ("Polly.Zeina", "arb"),
    "en": ("Polly.Joanna", "en-US"),
    "es": ("Polly.Lupe", "es-US"),
    "fr": ("Polly.Lea", "fr-FR"),
}
SECONDS_FOR_A_KEY = 5
SECONDS_OF_SILENCE = 5
LONGEST_MESSAGE_SECONDS = 120
SECONDS_FOR_DIGITS = 10
SECONDS_TO_THINK = 10
LONGEST_SAID = 4096  # docs voice/twiml/say
LONGEST_TEXT = 1600  # docs messaging/api/message-resource: Body


@dataclass(frozen=True)
class Spoken:
    """Something the caller hears: the recording at `url`, else `words` in a voice of the carrier's."""

    words: str
    language: str
    url: str | None = None


@lru_cache(maxsize=1024)
def ring_then_offer_keys(pause: int, spoken: tuple[Spoken, ...], action: str) -> str:
    """Ring on for `pause` seconds, answer, speak, and take a key from the first word on; then hang up."""
    response = VoiceResponse()
    if pause > 0:
        response.pause(length=pause)
    gather = Gather(num_digits=1, timeout=SECONDS_FOR_A_KEY, action=action, method="POST")
    _speak(gather, spoken)
    response.append(gather)
    response.hangup()
    return str(response)


@lru_cache(maxsize=1024)
def speak_and_hang_up(spoken: tuple[Spoken, ...]) -> str:
    """Speak, then hang up."""
    return ring_then_speak(0, spoken)


def ring_then_speak(pause: int, spoken: tuple[Spoken, ...]) -> str:
    """Ring on for `pause` seconds, answer, speak, hang up: an answer that needs nothing else of us."""
    response = VoiceResponse()
    if pause > 0:
        response.pause(length=pause)
    _speak(response, spoken)
    response.hangup()
    return str(response)


@lru_cache(maxsize=1024)
def take_message(spoken: tuple[Spoken, ...], action: str, made: str) -> str:
    """Speak, beep, record up to two minutes; the recording itself is reported to `made`."""
    response = VoiceResponse()
    _speak(response, spoken)
    _record(
        response,
        action,
        SECONDS_OF_SILENCE,
        recording_status_callback=made,
        recording_status_callback_method="POST",
        recording_status_callback_event="completed absent",
    )
    response.hangup()
    return str(response)


def ask_digits(spoken: tuple[Spoken, ...], digits: int, action: str, after: tuple[Spoken, ...], then: str = "") -> str:
    """Speak and take so many digits; where none come, speak on and go to the address `then`, or hang up."""
    response = VoiceResponse()
    gather = Gather(num_digits=digits, finish_on_key="#", timeout=SECONDS_FOR_DIGITS, action=action, method="POST")
    _speak(gather, spoken)
    response.append(gather)
    _speak(response, after)
    if then:
        response.redirect(then, method="POST")
    else:
        response.hangup()
    return str(response)


def record_greeting(spoken: tuple[Spoken, ...], action: str, after: tuple[Spoken, ...]) -> str:
    """Speak, beep, record up to two minutes and go to `action`; where nothing was recorded, speak on and hang up."""
    response = VoiceResponse()
    _speak(response, spoken)
    _record(response, action, SECONDS_TO_THINK)
    _speak(response, after)
    response.hangup()
    return str(response)


def wait(spoken: tuple[Spoken, ...], seconds: int, then: str) -> str:
    """Speak, be silent for a while, and go to the address `then`."""
    response = VoiceResponse()
    _speak(response, spoken)
    response.pause(length=seconds)
    response.redirect(then, method="POST")
    return str(response)


def message(body: str, action: str) -> str:
    """Answer a text with a text; what becomes of it is reported to `action`."""
    before, between, after = _message_frame()
    return f"{before}{escape(action, QUOTE)}{between}{escape(clean(body, LONGEST_TEXT))}{after}"


@cache
def _message_frame() -> tuple[str, str, str]:
    """The builder's document around an action and a body: under load it costs as much as checking a signature."""
    response = MessagingResponse()
    answer = Message(action="ACTION", method="POST")
    answer.body("BODY")
    response.append(answer)
    before, _, rest = str(response).partition("ACTION")
    between, _, after = rest.partition("BODY")
    return before, between, after


def _record(response: VoiceResponse, action: str, silence: int, **more: str) -> None:
    """Beep and record until `#`, until so many seconds of silence, or two minutes; then go to `action`."""
    response.record(
        action=action,
        method="POST",
        finish_on_key="#",
        max_length=LONGEST_MESSAGE_SECONDS,
        timeout=silence,
        play_beep=True,
        **more,
    )


def _speak(verbs: VoiceResponse | Gather, spoken: tuple[Spoken, ...]) -> None:
    for piece in spoken:
        if piece.url:
            verbs.play(piece.url)
        else:
            voice, language = VOICES.get(piece.language, VOICES["en"])
            verbs.say(clean(piece.words, LONGEST_SAID), voice=voice, language=language)
