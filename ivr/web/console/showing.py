"""A contact as a row shows it: what happened and what became of our answer, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.phone_numbers import is_withheld, national
from ivr.store.lines import Line
from ivr.store.log.rows import Contact
from ivr.web.console.formats import Reader
from ivr.web.console.words import said, words

GOOD = frozenset({"delivered"})
BAD = frozenset({"undelivered", "failed", "doubt"})
OPEN = frozenset({"queued", "sending", "sent"})


@dataclass(frozen=True)
class Shown:
    """One row of the log. `tone` is good, bad or nothing; `is_open`: its outcome is still to come."""

    contact: Contact
    number: str
    place: str
    line: str
    heard: str
    answer: str
    outcome: str
    tone: str
    is_open: bool

    @property
    def key(self) -> str:
        """The row's id in the page."""
        return f"{self.contact.kind}-{self.contact.id}"


def shown(contact: Contact, lines: Mapping[int, Line], reader: Reader) -> Shown:
    """The row of a contact; `lines` by their ids."""
    said_ = words(reader.language)
    tone = "good" if contact.answer_status in GOOD else "bad" if contact.answer_status in BAD else ""
    waits_for_end = contact.kind == "call" and contact.ended_at is None
    return Shown(
        contact=contact,
        number=number_of(contact.number, reader),
        place=", ".join(part for part in (contact.city, contact.state, reader.country(contact.country)) if part),
        line=lines[contact.line_id].name if len(lines) > 1 else "",
        heard=heard(contact, reader) if contact.kind == "call" else "",
        answer=said_.get(contact.reply, contact.reply),
        outcome=outcome(contact, reader),
        tone=tone,
        is_open=waits_for_end or contact.answer_status in OPEN,
    )


def number_of(number: str, reader: Reader) -> str:
    """A number as people of its country write it, or that it was withheld."""
    return words(reader.language)["withheld"] if is_withheld(number) else national(number)


def heard(contact: Contact, reader: Reader) -> str:
    """How much of the greeting a caller heard."""
    said_ = words(reader.language)
    if contact.ended_at is None:
        return said_["in progress"]
    if contact.greeting_heard:
        return said_["heard all"]
    if not contact.seconds:
        return said_["heard none"]
    if contact.greeting_seconds is None:
        return reader.seconds(contact.seconds)
    return said_["heard some"].format(
        heard=reader.seconds(contact.seconds), whole=reader.seconds(contact.greeting_seconds)
    )


def outcome(contact: Contact, reader: Reader) -> str:
    """What became of our answer, or why there was none."""
    said_ = words(reader.language)
    if contact.answer_status:
        return said_.get(f"state {contact.answer_status}", contact.answer_status)
    if contact.why:
        return said(contact.why, reader.language)
    return ""
