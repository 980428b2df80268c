"""A call: how long it rings, what the caller hears, what the keys do.

The answer to a call is made from memory alone; the log is kept beside it and may fail. Nothing here holds a webhook
open to make it ring: the carrier rings for as long as the leading pause says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ivr import clock, dictating, voices
from ivr.carrier import twiml
from ivr.carrier.inbound import IncomingCall, KeyPressed
from ivr.carrier.twiml import Spoken
from ivr.errors import NothingKept, StoreUnavailable
from ivr.house import House
from ivr.keeping import keep_together, log
from ivr.lines import of_number
from ivr.link_texts import LinkSent, send_link
from ivr.meeting import Visitor, meet
from ivr.phone_numbers import can_be_texted, country_of
from ivr.ringing import pause_seconds
from ivr.store import Connection, calls, erasing, lines, people
from ivr.store.calls import Call
from ivr.store.lines import Line
from ivr.store.people import Person

MOST_OFFERS = 6  # how often a caller may hear the keys in one call
MENU = "/webhooks/voice/menu"


@dataclass(frozen=True)
class Caller:
    """What matters of a caller for what they hear: the line, their language, and whether we text them."""

    line: Line
    language: str
    textable: bool


@dataclass(frozen=True)
class CallArrival:
    """A call that came at a moment."""

    house: House
    call: IncomingCall
    at: datetime


def answer_call(house: House, call: IncomingCall, at: datetime) -> str:
    """Receive a call; returns the TwiML that rings, greets and offers the keys. It never fails for want of a log."""

    def from_memory() -> Caller | None:
        return _remembered(house, call.number, call.dialled)

    try:
        caller = keep_together(house.store, call, at, receive, CallArrival(house, call, at), instead=from_memory)
    except NothingKept as error:
        log.critical("A call is answered but not kept: %s", error)
        caller = from_memory()
    except Exception:  # whatever it is, it is our fault and not the caller's
        log.critical("A call is answered but not kept", exc_info=True)
        caller = from_memory()
    if caller is None:
        return twiml.REJECT
    lost = max(0, int((clock.now() - at).total_seconds()))
    return _greet(house, caller, call, lost)


def receive(db: Connection, arrivals: Sequence[CallArrival]) -> list[Caller | None]:
    """Keep calls that wait at the same moment, each once; None for a number that is no line of ours."""
    callers = [_caller_of(db, arrival) for arrival in arrivals]
    again = [erasing.is_erased(db, arrival.call.sid) for arrival in arrivals]
    textable = [(n, caller) for n, caller in enumerate(callers) if caller and caller.textable and not again[n]]
    visitors = [Visitor(caller.line, arrivals[place].call.number, arrivals[place].at) for place, caller in textable]
    key = arrivals[0].house.settings.secret_key
    for (place, caller), person in zip(textable, meet(db, visitors, key), strict=True):
        if person.is_silenced:
            callers[place] = replace(caller, textable=False)
    kept = [_kept(arrivals[n], caller) for n, caller in enumerate(callers) if caller and not again[n]]
    if kept:
        calls.receive(db, kept)
    return callers


def answer_key(house: House, press: KeyPressed, at: datetime) -> str:
    """Do what the key says (1 texts the link, 2 takes a message, 0 repeats, * asks for a code); returns the TwiML."""
    caller = _known(house, press.number, press.dialled)
    if caller is None:
        return _farewell(house, caller, "goodbye")
    if press.key == "1":
        return _text_link(house, caller, press, at)
    if press.key == "2" and caller.line.takes_messages:
        return twiml.take_message(
            _spoken(house, caller, ["leave-message"]),
            house.webhook("/webhooks/voice/recording"),
            house.webhook("/webhooks/voice/recorded"),
        )
    if press.key == dictating.KEY:
        return dictating.ask_code(house, caller.language, house.webhook(f"{MENU}?offer={press.offer + 1}"))
    if press.offer >= MOST_OFFERS:
        return _farewell(house, caller, "goodbye")
    clips = {"0": ["greeting"], "2": ["not-taking"]}.get(press.key, [])
    return _offer(house, caller, clips, press.offer + 1)


def thank(house: House, number: str, dialled: str) -> str:
    """The TwiML after a voice message."""
    return _farewell(house, _known(house, number, dialled), "thanks")


def _caller_of(db: Connection, arrival: CallArrival) -> Caller | None:
    """Who calls which line, as far as the number tells; a call to no line of ours is noted."""
    house, call = arrival.house, arrival.call
    line = lines.in_transaction(db).get(call.dialled)
    if line is None:
        calls.note_stray(db, "call", call.sid, call.dialled, call.number, clock.written(arrival.at))
        return None
    house.remember([line])
    return _caller(house, line, call.number)


def _kept(arrival: CallArrival, caller: Caller) -> Call:
    """The call as it is to be kept."""
    call = arrival.call
    greeting = voices.recorded(arrival.house, caller.line, caller.language, "greeting")
    return Call(
        line_id=caller.line.id,
        sid=call.sid,
        number=call.number,
        at=clock.written(arrival.at),
        status=call.status,
        reply="greeting",
        language=caller.language,
        pause=_pause(caller, call),
        greeting_seconds=greeting.seconds if greeting else None,
        forwarded_from=call.forwarded_from,
        verification=call.verification,
        city=call.place.city,
        state=call.place.state,
        country=call.place.country,
    )


def _greet(house: House, caller: Caller, call: IncomingCall, lost: int) -> str:
    pause = _pause(caller, call)
    if pause:
        pause = max(1, pause - lost)  # the caller has heard it ring while we waited for the log
    return _offer(house, caller, ["greeting"], 1, pause)


def _offer(house: House, caller: Caller, clips: list[str], offer: int, pause: int = 0) -> str:
    if caller.line.says_keys or offer > 1:
        clips = [*clips, *(["key-1"] if caller.textable else []), *(["key-2"] if caller.line.takes_messages else [])]
        clips.append("key-0")
    spoken = _spoken(house, caller, clips)
    if not caller.textable and (caller.line.says_keys or offer > 1):
        spoken += _web_address(house, caller)
    return twiml.ring_then_offer_keys(pause, spoken, house.webhook(f"{MENU}?offer={offer}"))


def _text_link(house: House, caller: Caller, press: KeyPressed, at: datetime) -> str:
    sent = send_link(house, press, at) if caller.textable else LinkSent.CANNOT
    if sent is LinkSent.CANNOT:
        return twiml.speak_and_hang_up(_web_address(house, caller))
    clip = "link-sent" if sent is LinkSent.YES else "link-known"
    return _farewell(house, caller, clip)


def _farewell(house: House, caller: Caller | None, clip: str) -> str:
    if caller is None:
        return twiml.speak_and_hang_up(())
    return twiml.speak_and_hang_up(_spoken(house, caller, [clip]))


def _spoken(house: House, caller: Caller, clips: list[str]) -> tuple[Spoken, ...]:
    return tuple(voices.spoken(house, caller.line, caller.language, name) for name in clips)


def _web_address(house: House, caller: Caller) -> tuple[Spoken, ...]:
    """Where to sign up on the web, letter by letter in English: web addresses are written so everywhere."""
    address = house.url("/join").split("://")[1]
    said = address.replace(".", " dot ").replace(":", " colon ").replace("/", " slash ").replace("-", " dash ")
    return (*_spoken(house, caller, ["no-text"]), Spoken(said, "en"))


def _pause(caller: Caller, call: IncomingCall) -> int:
    line = caller.line
    country = country_of(call.number) if line.cadence == "caller" else line.country
    return pause_seconds(country or line.country, line.rings, line.adjust)


def _caller(house: House, line: Line, number: str) -> Caller:
    language = voices.language_for(house, line, country_of(number))
    answered = not line.countries or country_of(number) in line.countries
    return Caller(line, language, answered and can_be_texted(number) and number not in house.known_lines)


def _known(house: House, number: str, dialled: str) -> Caller | None:
    """The caller and the line as they are now: both may have changed since the call began, in another process too."""
    try:
        line, person = house.store.read(lambda db: _line_and_person(db, number, dialled))
    except StoreUnavailable:  # without the log the caller still hears what the key does
        return _remembered(house, number, dialled)
    if line is None:
        return None
    house.remember([line])
    caller = _caller(house, line, number)
    return replace(caller, textable=caller.textable and not (person and person.is_silenced))


def _line_and_person(db: Connection, number: str, dialled: str) -> tuple[Line | None, Person | None]:
    line = lines.find(db, dialled)
    return line, people.find(db, line, number) if line else None


def _remembered(house: House, number: str, dialled: str) -> Caller:
    """The caller as far as memory tells. Nobody is turned away for want of a log: an unknown number is greeted too."""
    return _caller(house, house.known_lines.get(dialled) or of_number(dialled, ""), number)
