"""An inbound text: kept, with what follows from it, and answered.

In one transaction: the text (once per SID), the person, the effect on their opt-out, the answer. Texts that wait at the
same moment are received together (`Store.write_together`), in their order: those whose senders are new, as in a burst
nearly all are, with one statement for all that follow each other; the others one by one, since what they get depends on
what went before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ivr import clock, keywords, languages, links, writing
from ivr.carrier import twiml
from ivr.carrier.inbound import IncomingText, media_refusal
from ivr.decisions import Decision, decide
from ivr.errors import AlreadyKept, BadWebhook
from ivr.house import House
from ivr.keeping import keep_together
from ivr.keywords import Ask, Reading
from ivr.meeting import Visitor, recognise, welcome
from ivr.opting_out import opt_in, opt_out
from ivr.phone_numbers import can_be_texted
from ivr.store import Connection, calls, erasing, lines, messages, opt_outs
from ivr.store.lines import Line
from ivr.store.messages import Media, Outgoing, Received
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person
from ivr.wording import written

LATEST_ANSWER = timedelta(minutes=15)


@dataclass(frozen=True)
class Arrival:
    """A text that came at a moment.

    With `late_by` the webhook was answered long ago (the text comes from the spool): an answer then goes through
    the outbox, and not at all when it would come too late to be understood as one.
    """

    house: House
    text: IncomingText
    at: datetime
    late_by: timedelta | None = None


@dataclass(frozen=True)
class Answer:
    """What goes out at once: the words, empty for silence, and the id of the message that they are."""

    words: str = ""
    message_id: int = 0


SILENCE = Answer()


@dataclass(frozen=True)
class _Understood:
    """An arrival whose sender can be answered, the line that it is for, and how it was read."""

    arrival: Arrival
    line: Line
    reading: Reading


def answer_text(house: House, text: IncomingText, at: datetime) -> str:
    """Receive a text; returns the TwiML to answer with. Raises `NothingKept`, or `BadWebhook` 400."""
    try:
        answer = keep_together(house.store, text, at, receive, Arrival(house, text, at), instead=lambda: SILENCE)
    except AlreadyKept as error:
        raise BadWebhook(400, "MessageSid belongs to another text") from error
    if not answer.words:
        return twiml.NOTHING
    return twiml.message(answer.words, house.webhook(f"/webhooks/sms/status?message={answer.message_id}"))


def receive(db: Connection, arrivals: Sequence[Arrival]) -> list[Answer]:
    """Keep texts and what follows from each; returns their answers, in order."""
    answers = [SILENCE] * len(arrivals)
    told = [(place, one) for place, arrival in enumerate(arrivals) if (one := _understand(db, arrival))]
    key = arrivals[0].house.settings.secret_key
    people_met = welcome(db, [_visitor(one) for _, one in told], key)
    new: list[Received] = []
    for (place, one), person in zip(told, people_met, strict=True):
        if person is None:
            new = _kept(db, new)  # what came before is there for who is known
            answers[place] = _receive_again(db, one)
        else:
            new.append(_settle(db, one, person, _decide(one, person, ())))  # who is new was sent nothing yet
            answers[place] = _answer(one.arrival.house, person, new[-1].answer)
    _kept(db, new)
    return answers


def _kept(db: Connection, texts: list[Received]) -> list[Received]:
    """Keep what has gathered; returns a new, empty list."""
    if texts:
        messages.receive(db, texts)
    return []


def _understand(db: Connection, arrival: Arrival) -> _Understood | None:
    """Read a text; None, and what there is to keep is kept, when there is no line or nobody to answer."""
    house, text = arrival.house, arrival.text
    known = lines.in_transaction(db)
    line = known.get(text.dialled)
    if line is None:
        calls.note_stray(db, "text", text.sid, text.dialled, text.number, clock.written(arrival.at))
        return None
    house.remember([line])
    if erasing.is_erased(db, text.sid):
        return None
    if text.number not in known and can_be_texted(text.number):
        return _Understood(arrival, line, keywords.read(text.body))
    if not messages.is_received(db, text.sid):
        messages.receive(db, [_received(arrival, line, Decision("none", why="this sender cannot be answered"))])
    return None


def _visitor(one: _Understood) -> Visitor:
    """The sender. Their text tells their language, unless it only repeats our STOP or START in Latin letters."""
    text = one.arrival.text
    tells = one.reading.ask is Ask.NONE or languages.of_text(text.body)
    return Visitor(one.line, text.number, one.arrival.at, text.body if tells else None)


def _receive_again(db: Connection, one: _Understood) -> Answer:
    """Receive a text of somebody known; a repeated webhook gets the same answer and changes nothing."""
    house, text, person = one.arrival.house, one.arrival.text, recognise(db, _visitor(one))
    if messages.is_received(db, text.sid):
        answer = messages.answer_to(db, text.sid)
        has_stopped_since = person.opted_out_at and answer and answer.purpose != "stop"
        return SILENCE if has_stopped_since else _answer(house, person, answer)
    recent = messages.recent(db, one.line, person.number, clock.before(one.arrival.at, hours=24))
    decision = _decide(one, person, recent)
    if decision.words:
        person = links.fresh(db, person, one.arrival.at)
    received = _settle(db, one, person, decision)
    messages.receive(db, [received])
    return _answer(house, person, received.answer)


def _decide(one: _Understood, person: Person, recent: Sequence[Outgoing]) -> Decision:
    """What is done about a text; `recent` are our texts to this person of the last 24 hours."""
    house, text, late_by = one.arrival.house, one.arrival.text, one.arrival.late_by
    written_by_us = [sent for sent in recent if sent.purpose != writing.PURPOSE]  # by hand may be "STOP", or "yes"
    if any(text.body.strip() == _filled_in(house, person, sent).strip() for sent in written_by_us):
        return Decision("none", why="it repeats a text of ours")
    decision = decide(one.line, person, one.reading, recent, text.opt_out_type)
    if late_by is None or late_by <= LATEST_ANSWER or decision.words is None:
        return decision
    reply = decision.reply if decision.action else "none"
    return replace(decision, reply=reply, words=None, why="it came in too late to answer")


def _settle(db: Connection, one: _Understood, person: Person, decision: Decision) -> Received:
    """Do what was decided, and draft the answer; returns the text as it is to be kept."""
    if decision.action:
        _change_opt_out(db, one, person, decision.action)
    return _received(one.arrival, one.line, decision, _draft(db, one, person, decision.words))


def _change_opt_out(db: Connection, one: _Understood, person: Person, action: str) -> None:
    text, moment = one.arrival.text, clock.written(one.arrival.at)
    last = opt_outs.last_action(db, one.line, person.number) if action == "in" else None
    if action == "in" and max(last.at if last else "", person.opted_out_at or "") > moment:
        return  # a START that is read in late does not undo a STOP that came after it
    source = "carrier" if text.opt_out_type else "text"
    change = opt_in if action == "in" else opt_out
    change(db, one.line, person, OptOut(person.number, moment, action, source, text.body, text.sid))


def _draft(db: Connection, one: _Understood, person: Person, words: str | None) -> Outgoing | None:
    if words is None:
        return None
    at, late_by = one.arrival.at, one.arrival.late_by
    body = written(one.line, person.language, words)
    now = at if late_by is None else at + late_by
    turn = _turn(db, one.line, now)
    due_at = None if late_by is None and turn == now else clock.written(turn)
    return messages.draft(db, one.line, person.number, clock.written(at), body, words, due_at)


def _turn(db: Connection, line: Line, now: datetime) -> datetime:
    """When the line's ceiling lets this answer go: now, or in the first later minute that has room."""
    if line.ceiling is None:
        return now
    turn = now
    last, answers = lines.last_minute(db, line) or ("", 0)
    if last >= _minute(now):
        turn += clock.read(last + "Z") - clock.read(_minute(now) + "Z")
        turn += timedelta(minutes=answers >= line.ceiling)
    lines.count_answer(db, line, _minute(turn))
    return turn


def _minute(moment: datetime) -> str:
    return clock.written(moment)[:16]


def _received(arrival: Arrival, line: Line, decision: Decision, answer: Outgoing | None = None) -> Received:
    text, place, api_url = arrival.text, arrival.text.place, arrival.house.settings.api_url
    return Received(
        line_id=line.id,
        sid=text.sid,
        number=text.number,
        at=clock.written(arrival.at),
        body=text.body,
        reply=decision.reply,
        why=decision.why,
        city=place.city,
        state=place.state,
        country=place.country,
        media=[Media(item.url, item.content_type, media_refusal(item.url, api_url)) for item in text.attachments],
        answer=answer,
    )


def _answer(house: House, person: Person, answer: Outgoing | None) -> Answer:
    """What goes out at once.

    Silence for one that waits in the outbox, and for one that the carrier is known to have: it would go out twice.
    """
    if answer is None or answer.way != "answer" or answer.sid:
        return SILENCE
    return Answer(_filled_in(house, person, answer), answer.id)


def _filled_in(house: House, person: Person, sent: Outgoing) -> str:
    return links.filled_in(sent.body, person, house.settings.public_url, house.settings.secret_key)
