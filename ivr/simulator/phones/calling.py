"""A call: it rings, the product is asked, and what the product says is obeyed, until somebody hangs up."""

import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

from ivr.ringing import Cadence
from ivr.simulator.moment import Moment
from ivr.simulator.network import Network
from ivr.simulator.phones.caller import Caller, HungUp, Moments
from ivr.simulator.phones.ground import Ground, LineHangsUp, Steps, Turn
from ivr.simulator.phones.twiml import Document, Verb, voice_document
from ivr.simulator.phones.verbs import perform
from ivr.simulator.switchboard import Call
from ivr.simulator.webhooks import WebhookFailed
from ivr.simulator.wire import API_VERSION, now, rfc2822

MOST_VERBS = 100
MOST_REDIRECTS = 10
ERROR_SPOKEN = "We are sorry, an application error has occurred. Goodbye."
"""What callers hear when neither the webhook nor its fallback can be obeyed."""
_ERROR_SPOKEN_S = 4.0


@dataclass
class _Course:
    """How far a call has come."""

    is_first: bool = True
    answered_at: float | None = None
    verbs: int = 0
    redirects: int = 0
    refusal: str | None = None


class PhoneCall:
    """One call from ringing to its end. `set_up_s`: seconds that ring before the carrier asks the product."""

    def __init__(self, ground: Ground, call: Call, cadence: Cadence, set_up_s: float) -> None:
        self._ground = ground
        self._caller: Caller = ground.caller
        self._network: Network = ground.network
        self._call = call
        self._cadence = cadence
        self._set_up_s = set_up_s
        self._course = _Course()

    def moments(self) -> Iterator[Moment]:
        """The call, moment by moment, each logged. Leaving off in the middle is hanging up."""
        self._network.switchboard.calls.put(self._call)
        self._network.log.append(
            "call.started", **{"sid": self._call.sid, "from": self._call.caller, "to": self._call.to}
        )
        try:
            with closing(self._live()) as live:
                for moment in live:
                    self._note(moment)
                    yield moment
        finally:
            ended = self._finish()
            self._note(ended)
        yield ended

    def _live(self) -> Moments:
        try:
            yield from self._caller.hear_ringing(self._cadence, self._set_up_s)
            turn: Turn | None = Turn(self._ground.number.voice_url, self._ground.number.voice_method)
            while turn is not None:
                turn = yield from self._take(turn)
            if self._course.refusal is None:
                yield self._caller.moment("hangup", "the line hangs up")
        except HungUp:
            yield self._caller.moment("caller-hangs-up", "the caller hangs up")
        except LineHangsUp:
            pass

    def _take(self, turn: Turn) -> Steps:
        """Asks for one document and obeys it; if that fails, goes to the fallback, else tells the caller."""
        try:
            self._course.redirects += turn.is_redirect
            if self._course.redirects > MOST_REDIRECTS:
                raise WebhookFailed(11215, turn.url, f"more than {MOST_REDIRECTS} redirects in one call")
            return (yield from self._obey(self._ask(turn)))
        except WebhookFailed as failure:
            self._network.log.append(
                "warning", code=failure.code, url=failure.url, text=failure.reason, sid=self._call.sid
            )
            yield self._caller.moment("error", f"{failure.code}: {failure.reason} ({failure.url})")
            fallback = self._ground.number.voice_fallback_url
            if fallback and not turn.is_fallback and self._course.redirects <= MOST_REDIRECTS:
                extra = {"ErrorCode": str(failure.code), "ErrorUrl": failure.url}
                return Turn(fallback, self._ground.number.voice_fallback_method, extra, is_fallback=True)
        yield from self._answer()
        yield self._caller.moment("say", f"says: {ERROR_SPOKEN}")
        yield from self._caller.listen(_ERROR_SPOKEN_S)
        return None

    def _ask(self, turn: Turn) -> Document:
        if not turn.url:
            raise WebhookFailed(11100, "", "the number has no voice webhook")
        status = "ringing" if self._course.answered_at is None else "in-progress"
        form = {**self._ground.form, "CallStatus": status, **turn.form}
        kind = "voice.fallback" if turn.is_fallback else "voice"
        document = voice_document(self._network.ask(turn.url, form, kind=kind, method=turn.method))
        for warning in document.warnings:
            self._network.log.append("warning", code=12200, url=document.url, text=warning, sid=self._call.sid)
        return document

    def _obey(self, document: Document) -> Steps:
        verbs = document.verbs
        if self._course.is_first:
            self._course.is_first = False
            if verbs and verbs[0].name == "Reject":
                yield from self._reject(verbs[0])
                return None
            if verbs and verbs[0].name == "Pause":
                unanswered_s = verbs[0].number("length", 1) or 1
                until = self._caller.now + unanswered_s
                yield from self._caller.plans(until)
                yield from self._caller.hear_ringing(self._cadence, until)
                verbs = verbs[1:]
        yield from self._answer()
        for verb in verbs:
            self._course.verbs += 1
            if self._course.verbs > MOST_VERBS:
                raise WebhookFailed(12200, document.url, f"more than {MOST_VERBS} verbs in one call")
            turn = yield from perform(self._ground, verb, document.url)
            if turn is not None:
                return turn
        return None

    def _reject(self, verb: Verb) -> Moments:
        """Busy or rejected: the call is never answered (twilio.com/docs/voice/twiml/reject)."""
        reason = verb.word("reason", "rejected")
        self._course.refusal = "busy" if reason == "busy" else "no-answer"
        yield self._caller.moment("reject", f"the call is rejected: {reason}")

    def _answer(self) -> Moments:
        if self._course.answered_at is None:
            self._course.answered_at = self._caller.now
            self._network.switchboard.calls.change(self._call.sid, status="in-progress")
            yield self._caller.moment("answered", "answered")

    def _finish(self) -> Moment:
        """Ends the call's row and tells the product: one callback, at the end (as for every inbound call)."""
        answered_at = self._course.answered_at
        seconds = 0 if answered_at is None else math.ceil(round(self._caller.now - answered_at, 3))
        status = self._course.refusal or ("no-answer" if answered_at is None else "completed")
        ended = self._call.started + timedelta(seconds=self._caller.now)
        call = replace(self._call, status=status, seconds=seconds, ended=ended)
        self._network.switchboard.calls.put(call)
        self._network.log.append("call.ended", sid=call.sid, status=status, seconds=seconds)
        form = {
            **self._ground.form,
            "CallStatus": status,
            "CallDuration": str(seconds),
            "Duration": str(math.ceil(seconds / 60)),
            "Timestamp": rfc2822(now()) or "",
            "SequenceNumber": "0",
            "CallbackSource": "call-progress-events",
        }
        number = self._ground.number
        self._network.callbacks.announce(
            number.status_callback, [form], kind="call.status", method=number.status_callback_method
        )
        return self._caller.moment("ended", f"{status}, {seconds} s since the answer")

    def _note(self, moment: Moment) -> None:
        self._network.log.append("call", sid=self._call.sid, t=moment.at, what=moment.what, text=moment.text)


def call_form(network: Network, call_sid: str) -> dict[str, str]:
    """The fields that every webhook of a call has, the parties apart (twilio.com/docs/voice/twiml)."""
    return {
        "CallSid": call_sid,
        "AccountSid": network.account.sid,
        "ApiVersion": API_VERSION,
        "Direction": "inbound",
    }
