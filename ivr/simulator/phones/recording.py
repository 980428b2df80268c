"""`<Record>`: the caller speaks after the tone (twilio.com/docs/voice/twiml/record)."""

import math
from collections.abc import Generator

from ivr.simulator.moment import Moment
from ivr.simulator.phones.caller import LONGEST_CALL_S, HungUp
from ivr.simulator.phones.ground import Ground, Steps, Turn
from ivr.simulator.phones.sounds import beginning, tone
from ivr.simulator.phones.twiml import Verb
from ivr.simulator.switchboard import Recording
from ivr.simulator.webhooks import WebhookFailed, joined
from ivr.simulator.wire import new_sid, now, rfc2822

BEEP_S = 0.5


def record(ground: Ground, verb: Verb, url: str) -> Steps:
    """Records until a key, silence, the longest length or the end of the call, and goes to the action.

    When the caller hangs up, the action is told so (`Digits` is `hangup`); what it answers is not heard.
    Without an `action` the document itself is asked for again, as with Twilio.
    """
    caller = ground.caller
    action = joined(url, verb.word("action"))
    if verb.word("playBeep", "true") != "false":
        yield caller.moment("beep", "beep")
        yield from caller.listen(BEEP_S)
    began = caller.now
    try:
        how_long = f"for {caller.speak_s:g} s" if caller.speak_s < LONGEST_CALL_S else "until a key is pressed"
        yield caller.moment("record", f"speaks {how_long}")
        key = yield from _until_silence(ground, verb, began)
    except (HungUp, GeneratorExit):
        form = _keep(ground, verb, url, caller.now - began, "hangup")
        _tell(ground, Turn(action, verb.word("method", "POST"), form))
        raise
    form = _keep(ground, verb, url, caller.now - began, key)
    yield caller.moment("recorded", f"{form['RecordingDuration']} s are recorded")
    return Turn(action, verb.word("method", "POST"), form)


def _tell(ground: Ground, turn: Turn) -> None:
    """Goes to the action when nobody is left to hear its answer; a failure is only noted."""
    form = {**ground.form, "CallStatus": "completed", **turn.form}
    try:
        ground.network.webhooks.send(turn.url, form, kind="voice", method=turn.method)
    except WebhookFailed as failure:
        ground.network.log.append(
            "warning", code=failure.code, url=failure.url, text=failure.reason, sid=ground.call_sid
        )


def _until_silence(ground: Ground, verb: Verb, began: float) -> Generator[Moment, None, str]:
    """Lets the recording run; the key that ended it, or nothing."""
    caller = ground.caller
    finish = verb.word("finishOnKey", "1234567890*#")
    longest = float(verb.number("maxLength", 3600) or 3600)
    end = began + min(longest, caller.speak_s + (verb.number("timeout", 5) or 5))
    while caller.now < end:
        key = yield from caller.listen(end - caller.now, is_collecting=True, ready_at=began + caller.speak_s)
        if key is None or key in finish:
            return key or ""
    return ""


def _keep(ground: Ground, verb: Verb, url: str, length: float, key: str) -> dict[str, str]:
    """Keeps the recording without its last silence, announces it, and returns what the action is told."""
    network = ground.network
    if verb.word("trim", "trim-silence") == "trim-silence" and ground.caller.speak_s > 0:
        length = min(length, ground.caller.speak_s)
    seconds = math.ceil(length)
    sid = new_sid("RE")
    says = ground.caller.says
    audio = tone(length) if says is None else beginning(says, length)
    network.switchboard.recordings.put(Recording(sid, ground.call_sid, now(), seconds, audio))
    network.log.append("recording", sid=sid, call=ground.call_sid, seconds=seconds)
    form = {
        "RecordingUrl": f"{network.url}/2010-04-01/Accounts/{network.account.sid}/Recordings/{sid}",
        "RecordingSid": sid,
        "RecordingDuration": str(seconds),
    }
    if "completed" in verb.word("recordingStatusCallbackEvent", "completed").split():
        network.callbacks.announce(
            joined(url, verb.word("recordingStatusCallback")) if verb.word("recordingStatusCallback") else "",
            [_status_form(ground, form)],
            kind="recording.status",
            method=verb.word("recordingStatusCallbackMethod", "POST"),
        )
    return {**form, "Digits": key}


def _status_form(ground: Ground, form: dict[str, str]) -> dict[str, str]:
    return {
        **form,
        "AccountSid": ground.network.account.sid,
        "CallSid": ground.call_sid,
        "RecordingStatus": "completed",
        "RecordingChannels": "1",
        "RecordingStartTime": rfc2822(now()) or "",
        "RecordingSource": "RecordVerb",
        "RecordingTrack": "inbound",
        "ErrorCode": "0",
    }
