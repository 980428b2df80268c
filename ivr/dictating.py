"""A call in which an operator records a greeting: the code, the recording, what it sounds like, live or not.

What callers hear of it without a code is one sentence. Nothing here keeps a webhook open for long: a thread fetches
the recording and makes it fit, and whoever asks meanwhile is told to ask again.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from threading import Thread

from babel import Locale

from ivr import clock, greeting_codes, greetings, voices
from ivr.carrier import twiml
from ivr.carrier.dictation import Dictation
from ivr.errors import StoreUnavailable
from ivr.greeting_codes import actor_of
from ivr.house import House
from ivr.lines import of_number
from ivr.phone_numbers import country_of
from ivr.recorded_greetings import make_greeting
from ivr.spoken_words import words
from ivr.store import Connection, lines, operators
from ivr.store import greeting_codes as code_table
from ivr.store import greetings as greeting_table
from ivr.store.greeting_codes import Code

log = logging.getLogger(__name__)

KEY = "*"
CODE, RECORDED, CHOICE = (f"/webhooks/voice/greeting/{step}" for step in ("code", "recorded", "choice"))
MOST_TRIES = 3
MOST_RECORDINGS = 10
MOST_LOOKS = 4
WAIT_SECONDS, PAUSE_SECONDS = 4.0, 4
"""How long a webhook waits for a recording to be made fit, and how long the caller then waits for the next look."""

Step = Callable[[House, Dictation, datetime], str]


def ask_code(house: House, language: str, then: str) -> str:
    """The TwiML that asks whoever pressed the key for a code; with none entered the call goes on at `then`."""
    return twiml.ask_digits(words(language, "ask"), greeting_codes.DIGITS, house.webhook(f"{CODE}?turn=1"), (), then)


def _spoken_faults(step: Step) -> Step:
    """A step that apologises when it fails, since the carrier would only say that an error occurred."""

    @wraps(step)
    def answered(house: House, heard: Dictation, at: datetime) -> str:
        try:
            return step(house, heard, at)
        except StoreUnavailable as error:
            log.warning("A greeting cannot be recorded now: %s", error)
        except Exception:  # whatever it is, it is our fault and not the caller's
            log.exception("A greeting cannot be recorded")
        return twiml.speak_and_hang_up(words(_language(house, heard), "not now"))

    return answered


@_spoken_faults
def answer_code(house: House, heard: Dictation, at: datetime) -> str:
    """Somebody entered a code; returns the TwiML."""
    line = house.store.read(lambda db: lines.find(db, heard.dialled))
    if line is None:
        return twiml.speak_and_hang_up(())
    code = greeting_codes.enter(house, heard.digits, line.id, (heard.sid, heard.number), at)
    if code:
        return _take(house, code, _language_of_operator(house, heard, code), 1)
    language = _language(house, heard)
    if heard.turn >= MOST_TRIES:
        return twiml.speak_and_hang_up(words(language, "no more"))
    again = house.webhook(f"{CODE}?turn={heard.turn + 1}")
    return twiml.ask_digits(words(language, "wrong"), greeting_codes.DIGITS, again, words(language, "enough"))


@_spoken_faults
def answer_recording(house: House, heard: Dictation, at: datetime) -> str:
    """A recording was made, or it is asked for again; returns the TwiML: what it sounds like, or to wait."""
    code = _code_of(house, heard, at)
    if code is None:
        return twiml.speak_and_hang_up(())
    is_new = heard.recording and heard.look == 0
    if is_new and house.store.write(lambda db: code_table.claim(db, heard.sid, heard.recording)):
        making = Thread(target=make_greeting, args=(house, code, heard, at), daemon=True)
        making.start()
        left = WAIT_SECONDS - (clock.now() - at).total_seconds()
        making.join(0 if heard.hung_up else max(0.0, left))
    if heard.hung_up:
        return twiml.NOTHING
    code = _code_of(house, heard, at)
    return _what_became(house, heard, code) if code else twiml.speak_and_hang_up(())


@_spoken_faults
def answer_choice(house: House, heard: Dictation, at: datetime) -> str:
    """The caller heard the recording and pressed a key: 1 makes it live, 2 records again, another plays it again."""
    code = _code_of(house, heard, at)
    if code is None or code.greeting_id is None:
        return twiml.speak_and_hang_up(())
    language = _language_of_operator(house, heard, code)
    if heard.digits == "2":
        return _take(house, code, language, heard.turn + 1, "record again")
    if heard.digits != "1":
        return _play(house, heard, code, language)
    greeting = house.store.read(lambda db: greeting_table.of_id(db, code.greeting_id or 0))
    if greeting is None:
        return _take(house, code, language, heard.turn + 1, "lost", "record again")
    greetings.activate(house.store, greeting, actor_of(code, heard.number), at)
    return twiml.speak_and_hang_up(words(language, "live"))


def _what_became(house: House, heard: Dictation, code: Code) -> str:
    """What to say of the recording that was made last."""
    language = _language_of_operator(house, heard, code)
    if heard.recording and code.recording_sid == heard.recording:
        if code.greeting_id is not None:
            return _play(house, heard, code, language)
        if code.fault == "not now":
            return twiml.speak_and_hang_up(words(language, "not now"))
        if code.fault is None and heard.look < MOST_LOOKS:
            again = f"{RECORDED}?RecordingSid={heard.recording}&turn={heard.turn}&look={heard.look + 1}"
            return twiml.wait(words(language, "one moment"), PAUSE_SECONDS, house.webhook(again))
    return _take(house, code, language, heard.turn + 1, code.fault or "lost", "record again")


def _play(house: House, heard: Dictation, code: Code, language: str) -> str:
    """The version that was made, as callers would hear it, and the choice."""
    greeting = house.store.read(lambda db: greeting_table.of_id(db, code.greeting_id or 0))
    if greeting is None:  # somebody has removed it meanwhile
        return _take(house, code, language, heard.turn + 1, "lost", "record again")
    sound = twiml.Spoken("", code.language, house.url(f"/audio/{greeting.digest}.wav"))
    spoken = (sound, *words(language, *greeting.report["faults"], "choose"))
    return twiml.ask_digits(spoken, 1, house.webhook(f"{CHOICE}?turn={heard.turn}"), words(language, "kept"))


def _take(house: House, code: Code, language: str, turn: int, *said: str) -> str:
    """Let the caller speak, as long as they have not done so very often."""
    if turn > MOST_RECORDINGS:
        return twiml.speak_and_hang_up(words(language, *said[:-1], "enough"))
    tongue = Locale(code.language).get_display_name(language) or code.language
    first = "record greeting" if code.clip == voices.GREETING else "record prompt"
    spoken = words(language, *(said or (first,)), clip=code.clip.replace("-", " "), tongue=tongue)
    return twiml.record_greeting(spoken, house.webhook(f"{RECORDED}?turn={turn}"), words(language, "lost", "enough"))


def _code_of(house: House, heard: Dictation, at: datetime) -> Code | None:
    return house.store.read(lambda db: greeting_codes.of_call(db, heard.sid, at))


def _language_of_operator(house: House, heard: Dictation, code: Code) -> str:
    """The language of the code's operator, else what a caller from there would hear."""

    def query(db: Connection) -> str | None:
        operator = operators.of_id(db, code.operator_id) if code.operator_id is not None else None
        return operator.language if operator else None

    return house.store.read(query) or _language(house, heard)


def _language(house: House, heard: Dictation) -> str:
    """What a caller from there hears, as far as memory tells."""
    line = house.known_lines.get(heard.dialled) or of_number(heard.dialled, "")
    return voices.language_for(house, line, country_of(heard.number))
