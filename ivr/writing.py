"""An operator writes to one person: their text waits for ten seconds, so that it can be taken back, then goes.

It is looked at twice: when it is written, and just before it is sent (`ivr.reconsidering`). What is typed is sent as it
stands: nothing in it is ever taken for somebody's link.
"""

from datetime import datetime, timedelta

from ivr import clock
from ivr.blocking import known
from ivr.decisions import not_answered
from ivr.errors import WrongMember
from ivr.phone_numbers import can_be_texted
from ivr.plain_text import clean
from ivr.store import Connection, Store, audit, by_operators, messages, queue
from ivr.store.audit import Actor
from ivr.store.lines import Line
from ivr.store.messages import Outgoing
from ivr.store.people import Person
from ivr.wording import LONGEST

PURPOSE = "personal"
UNDO = timedelta(seconds=10)
SHORTEST_KEY, LONGEST_KEY = 16, 64
NOTHING = "Write what is to be sent."
TOO_LONG = "A text has at most 1600 characters."
NO_KEY = "This form was sent before with something else. Please send it once more."
TAKEN_BACK = "This text was taken back. Please send it once more if it is to go."
REFUSED = {
    "opted out": "They have opted out, so nothing is sent to them.",
    "blocked": "They are blocked, so nothing is sent to them.",
    "cannot be texted": "This number cannot be texted.",
    "has left": "They have left, and were told that this line writes to them no more. Once they write, it may answer.",
    "country": "This line does not answer their country, so nothing is sent there.",
}
"""Why nobody can write to a person, by its short name, as it is said beside the field."""


def has_left(db: Connection, line: Line, person: Person) -> bool:
    """Whether somebody has left, and has not written since: they were told that nothing is written to them any more."""
    return person.left_at is not None and not messages.wrote_since(db, line, person.number, person.left_at)


def reason_against(db: Connection, line: Line, person: Person) -> str | None:
    """Why a person cannot be written to now, one of `REFUSED`; None when they can."""
    if person.opted_out_at:
        return "opted out"
    if person.blocked_at:
        return "blocked"
    if not can_be_texted(person.number):
        return "cannot be texted"
    if has_left(db, line, person):
        return "has left"
    return "country" if not_answered(line, person) else None


def write(store: Store, line: Line, number: str, text: str, once: str, by: Actor, at: datetime) -> int:
    """Let a text wait for who has this number; returns its id. The same form, by its key `once`, does so once.

    Raises `WrongMember`, which says why not.
    """
    body, moment = clean(text.strip(), LONGEST + 1).strip(), clock.written(at)
    if not SHORTEST_KEY <= len(once) <= LONGEST_KEY:
        raise WrongMember(NO_KEY)
    if not body:
        raise WrongMember(NOTHING)
    if len(body) > LONGEST:
        raise WrongMember(TOO_LONG)

    def work(db: Connection) -> int:
        before = messages.find(db, by_operators.of_form(db, once) or 0)
        if before is not None:
            return _same(before, number, body)
        person = known(db, line, number)
        if reason := reason_against(db, line, person):
            raise WrongMember(REFUSED[reason])
        sent = messages.compose(db, line, number, moment, body, PURPOSE, due_at=clock.written(at + UNDO))
        by_operators.note(db, sent.id, by, once)
        audit.append(db, by, "person written to", number, {"line": line.number, "text": sent.id}, moment)
        return sent.id

    return store.write(work)


def _same(before: Outgoing, number: str, body: str) -> int:
    """The text that the same form asked for before; of another text, or one that does not go, that must not be said."""
    if before.status == "cancelled":
        raise WrongMember(TAKEN_BACK)
    if (before.number, before.body) != (number, body):
        raise WrongMember(NO_KEY)
    return before.id


def take_back(store: Store, line: Line, number: str, message_id: int, by: Actor, at: datetime) -> bool:
    """Take back a text that somebody wrote to who has this number; False when it is too late. Raises `WrongMember`."""
    moment = clock.written(at)

    def work(db: Connection) -> bool:
        text, person = messages.find(db, message_id), known(db, line, number)
        if text is None or (text.line_id, text.number, text.purpose) != (line.id, person.number, PURPOSE):
            return False
        if not queue.cancel(db, message_id):
            return False
        audit.append(db, by, "text taken back", number, {"line": line.number, "text": message_id}, moment)
        return True

    return store.write(work)
