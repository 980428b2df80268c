"""What each verb does to a caller who is on the line (twilio.com/docs/voice/twiml, one page a verb)."""

from collections.abc import Callable, Generator
from dataclasses import replace

from ivr.simulator.moment import Moment
from ivr.simulator.phones.ground import Ground, LineHangsUp, Steps, Turn
from ivr.simulator.phones.recording import record
from ivr.simulator.phones.sounds import say_seconds, seconds_of
from ivr.simulator.phones.twiml import Verb
from ivr.simulator.webhooks import joined

MOST_LOOPS = 1000
"""`loop="0"` plays until the caller hangs up, or so many times (twilio.com/docs/voice/twiml/play)."""


def perform(ground: Ground, verb: Verb, url: str) -> Steps:
    """Does what one verb says; `url` is the address of its document.

    Raises WebhookFailed, HungUp, LineHangsUp.
    """
    return _VERBS[verb.name](ground, verb, url)


def _sound(ground: Ground, verb: Verb, url: str) -> tuple[Moment, float]:
    """What is heard of a Play, Say or Pause, and for how long."""
    caller = ground.caller
    if verb.name == "Pause":
        seconds = float(verb.number("length", 1) or 1)
        return caller.moment("pause", f"{seconds:g} s of silence"), seconds
    loops = verb.number("loop", 1) or MOST_LOOPS
    if verb.name == "Say":
        return caller.moment("say", f"says: {verb.text}"), say_seconds(verb.text) * loops
    if verb.word("digits") and not verb.text:
        return caller.moment("play", f"plays the keys {verb.word('digits')}"), len(verb.word("digits")) * 0.5
    address = joined(url, verb.text)
    sound = ground.network.webhooks.fetch(address, kind="play")
    seconds = seconds_of(sound)
    times = "" if loops == 1 else f", {loops} times"
    played = caller.moment("play", f"plays {address} ({seconds:.1f} s{times})")
    return replace(played, detail=caller.hears(sound)), seconds * loops


def _heard(ground: Ground, verb: Verb, url: str) -> Steps:
    moment, seconds = _sound(ground, verb, url)
    yield moment
    yield from ground.caller.listen(seconds)
    return None


def _gather(ground: Ground, verb: Verb, url: str) -> Steps:
    """Collects keys while its children are heard, then for `timeout` seconds after each key."""
    yield ground.caller.moment("gather", "keys are asked for")
    is_deaf = "dtmf" not in verb.word("input", "dtmf").split()
    digits, finished_by = yield from _collect(ground, verb, url, is_deaf)
    if not digits and verb.word("actionOnEmptyResult") != "true":
        return None
    action = joined(url, verb.word("action"))
    return Turn(action, verb.word("method", "POST"), {"Digits": digits, "FinishedOnKey": finished_by})


def _collect(ground: Ground, verb: Verb, url: str, is_deaf: bool) -> Generator[Moment, None, tuple[str, str]]:
    """The keys pressed and the key that finished, `` when none did."""
    caller = ground.caller
    most, finish = verb.number("numDigits", 0), verb.word("finishOnKey", "#")
    digits = ""
    key, ready_at = yield from _prompt(ground, verb, url, is_deaf)
    while True:
        if key is None:
            timeout = float(verb.number("timeout", 5))
            key = yield from caller.listen(timeout, is_collecting=not is_deaf, ready_at=None if is_deaf else ready_at)
        if key is None:
            return digits, ""
        if key in finish:
            return digits, key
        digits += key
        if len(digits) == most:
            return digits, ""
        key = None


def _prompt(ground: Ground, verb: Verb, url: str, is_deaf: bool) -> Generator[Moment, None, tuple[str | None, float]]:
    """Plays what a Gather holds until a key stops it: that key, and when keys have their turn."""
    ready_at: float | None = None
    for child in verb.children:
        moment, seconds = _sound(ground, child, url)
        yield moment
        key = yield from ground.caller.listen(
            seconds, is_collecting=not is_deaf, ready_at=None if is_deaf else ready_at
        )
        if key is not None:
            return key, ground.caller.now
        if ready_at is None and child.name != "Pause":
            ready_at = ground.caller.now
    return None, ground.caller.now if ready_at is None else ready_at


def _redirect(ground: Ground, verb: Verb, url: str) -> Steps:
    address = joined(url, verb.text)
    yield ground.caller.moment("redirect", f"goes on at {address}")
    return Turn(address, verb.word("method", "POST"), is_redirect=True)


def _hang_up(ground: Ground, verb: Verb, url: str) -> Steps:
    """`<Hangup>`, and a `<Reject>` that comes too late to refuse anything."""
    yield ground.caller.moment("hangup", "the line hangs up")
    raise LineHangsUp


_VERBS: dict[str, Callable[[Ground, Verb, str], Steps]] = {
    "Say": _heard,
    "Play": _heard,
    "Pause": _heard,
    "Gather": _gather,
    "Record": record,
    "Redirect": _redirect,
    "Hangup": _hang_up,
    "Reject": _hang_up,
}
