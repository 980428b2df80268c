"""An inbound text: STOP, START, HELP, LINK, else the sign-up link or silence.

`decide` says what is done and why, and touches nothing; `receive` does it, in one transaction: the text (once per
SID), the person, the effect on their opt-out, the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ivr import clock, keywords, languages, links
from ivr.carrier import twiml
from ivr.carrier.inbound import IncomingText, media_refusal
from ivr.house import House
from ivr.keeping import keep
from ivr.keywords import Ask, Reading
from ivr.meeting import Meeting, meet
from ivr.phone_numbers import can_be_texted
from ivr.store import Connection, calls, lines, messages, opt_outs, people
from ivr.store.lines import Line
from ivr.store.messages import Media, Outgoing, Received
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person
from ivr.wording import written

LINKS_A_DAY = 3
HELPS_A_DAY = 3
LATEST_ANSWER = timedelta(minutes=15)


@dataclass(frozen=True)
class Decision:
    """`reply` as the log shows it; `words` is the text that we send, by name, or None; `why` explains silence.

    `action` is the effect on the opt-out: `out`, `in` or None.
    """

    reply: str
    words: str | None = None
    why: str | None = None
    action: str | None = None


def answer_text(house: House, text: IncomingText, at: datetime) -> str:
    """Receive a text; returns the TwiML to answer with. Raises `NothingKept`."""
    body, message_id = keep(house.store, text, at, lambda db: receive(db, house, text, at), instead=lambda: ("", 0))
    return twiml.message(body, house.url(f"/webhooks/sms/status?message={message_id}")) if body else twiml.NOTHING


def receive(
    db: Connection, house: House, text: IncomingText, at: datetime, late_by: timedelta | None = None
) -> tuple[str, int]:
    """Keep a text and what follows from it; returns the answer's words (empty: silence) and its id.

    With `late_by` the webhook was answered long ago (the text comes from the spool): an answer then goes through
    the outbox, and not at all when it would come too late to be understood as one.
    """
    known = lines.in_transaction(db)
    line = known.get(text.dialled)
    if line is None:
        calls.note_stray(db, "text", text.sid, text.dialled, text.number, clock.written(at))
        return "", 0
    house.remember([line])
    if text.number in known or not can_be_texted(text.number):
        if not messages.is_received(db, text.sid):
            _keep(db, house, line, text, at, Decision("none", why="this sender cannot be answered"), None)
        return "", 0
    key = house.settings.secret_key
    reading = keywords.read(text.body)
    met = meet(db, line, text.number, at, key, _telling(text.body, reading))
    if not met.is_first and messages.is_received(db, text.sid):  # who comes for the first time cannot repeat a text
        return _again(house, met.person, messages.answer_to(db, text.sid))
    decision = _decide_for(db, house, line, met, text, reading, at)
    if late_by is not None and late_by > LATEST_ANSWER and decision.words:
        reply = decision.reply if decision.action else "none"
        decision = replace(decision, reply=reply, words=None, why="it came in too late to answer")
    _change_opt_out(db, line, met.person, text, at, decision)
    person = links.fresh(db, met.person, at, key) if decision.words else met.person
    answer = _draft(db, line, person, at, decision, late_by)
    _keep(db, house, line, text, at, decision, answer)
    return _answer(house, person, answer)


def decide(
    line: Line, person: Person, reading: Reading, recent: Sequence[Outgoing], opt_out_type: str | None
) -> Decision:
    """What a text gets. `recent` are our texts to this person of the last 24 hours."""
    carrier_answers = bool(opt_out_type) or (line.keywords == "carrier" and reading.carrier_answers)
    ask = _ask(reading, person, opt_out_type)
    why = "answered by the carrier" if carrier_answers else None
    if ask is Ask.STOP:
        why = why or ("has opted out" if person.opted_out_at else None)
        return Decision("stop", None if why else "stop", why, "out")
    if ask is Ask.START and (carrier_answers or person.opted_out_at):
        return Decision("start", None if why else "start", why, "in" if person.opted_out_at else None)
    if carrier_answers:
        return Decision("help" if ask is Ask.HELP else "none", why=why)
    if person.opted_out_at:
        return Decision("none", why="has opted out")
    if line.countries and person.country not in line.countries:
        return Decision("none", why=f"{person.country or 'an unknown country'} is not answered")
    if ask is Ask.HELP:
        return _at_most("help", "help", HELPS_A_DAY, recent)
    if reading.may_be_stop:
        return Decision("none", why="it may ask to stop: a person should look")
    answered = any(sent.purpose == "reply" for sent in recent)
    if ask is Ask.LINK and (answered or person.member_since):
        return _at_most("sign-up link", "link", LINKS_A_DAY, recent)
    if person.member_since:
        return Decision("none", why="a member's text is for the inbox")
    if answered:
        return Decision("none", why="was answered less than 24 hours ago")
    return Decision("sign-up link", "reply")


def _ask(reading: Reading, person: Person, opt_out_type: str | None) -> Ask:
    if opt_out_type in {"STOP", "START", "HELP"}:
        return Ask[opt_out_type]
    if reading.ask is Ask.YES:
        return Ask.START if person.opted_out_at else Ask.NONE
    return reading.ask


def _at_most(reply: str, words: str, times: int, recent: Sequence[Outgoing]) -> Decision:
    if sum(sent.purpose == words for sent in recent) >= times:
        return Decision("none", why=f"has asked {times} times in 24 hours")
    return Decision(reply, words)


def _telling(body: str, reading: Reading) -> str | None:
    """The text if it tells its writer's language: our Arabic texts ask for STOP and START in Latin letters."""
    return body if reading.ask is Ask.NONE or languages.of_text(body) else None


def _decide_for(
    db: Connection, house: House, line: Line, met: Meeting, text: IncomingText, reading: Reading, at: datetime
) -> Decision:
    recent: list[Outgoing] = []
    if not met.is_first:
        recent = messages.recent(db, line, text.number, clock.before(at, hours=24))
    if any(text.body.strip() == _filled_in(house, met.person, sent).strip() for sent in recent):
        return Decision("none", why="it repeats a text of ours")
    return decide(line, met.person, reading, recent, text.opt_out_type)


def _change_opt_out(
    db: Connection, line: Line, person: Person, text: IncomingText, at: datetime, decision: Decision
) -> None:
    if decision.action is None:
        return
    moment = clock.written(at)
    last = opt_outs.last_action(db, line, person.number) if decision.action == "in" else None
    if last and last.at > moment:  # a START that is read in late does not undo a STOP that came after it
        return
    source = "carrier" if text.opt_out_type else "text"
    opt_outs.append(db, line, OptOut(person.number, moment, decision.action, source, text.body, text.sid))
    if decision.action == "in":
        people.set_opted_out(db, line, person.number, None)
    elif person.opted_out_at is None:
        people.set_opted_out(db, line, person.number, moment)


def _draft(
    db: Connection, line: Line, person: Person, at: datetime, decision: Decision, late_by: timedelta | None
) -> Outgoing | None:
    if decision.words is None:
        return None
    body = written(line, person.language, decision.words)
    now = at + (late_by or timedelta())
    turn = _turn(db, line, now)
    due_at = None if late_by is None and turn == now else clock.written(turn)
    return messages.draft(db, line, person.number, clock.written(at), body, decision.words, due_at)


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


def _keep(
    db: Connection,
    house: House,
    line: Line,
    text: IncomingText,
    at: datetime,
    decision: Decision,
    answer: Outgoing | None,
) -> None:
    media = [
        Media(item.url, item.content_type, media_refusal(item.url, house.settings.api_url)) for item in text.attachments
    ]
    received = Received(
        sid=text.sid,
        number=text.number,
        at=clock.written(at),
        body=text.body,
        reply=decision.reply,
        why=decision.why,
        city=text.place.city,
        state=text.place.state,
        country=text.place.country,
    )
    messages.receive(db, line, received, media, answer)


def _again(house: House, person: Person, answer: Outgoing | None) -> tuple[str, int]:
    """The same answer to a repeated webhook, unless the person has opted out since."""
    if person.opted_out_at and answer and answer.purpose != "stop":
        return "", 0
    return _answer(house, person, answer)


def _answer(house: House, person: Person, answer: Outgoing | None) -> tuple[str, int]:
    """The words of an answer that goes out at once, and its id.

    Silence for one that waits in the outbox, and for one that the carrier is known to have: it would go out twice.
    """
    if answer is None or answer.way != "answer" or answer.sid:
        return "", 0
    return _filled_in(house, person, answer), answer.id


def _filled_in(house: House, person: Person, sent: Outgoing) -> str:
    return links.filled_in(sent.body, person, house.settings.public_url, house.settings.secret_key)
