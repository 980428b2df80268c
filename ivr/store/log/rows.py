"""What the log is made of: contacts, which of them are wanted, and places between them."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from ivr.errors import WrongQuestion


@dataclass(frozen=True)
class Chosen:
    """Which contacts: only those on these lines, and None means any of the rest.

    `status` is a call's, or the state of our answer to a text; `received` is every text. A `country` of no letters is
    one that nobody knows. `heard`: calls that are over, by whether the greeting was heard to its end. `since` is
    included, `until` is not; both as stored times. `number_start` is how numbers begin.
    """

    line_ids: tuple[int, ...]
    kind: str | None = None
    status: str | None = None
    reply: str | None = None
    country: str | None = None
    since: str | None = None
    until: str | None = None
    number: str | None = None
    number_start: str | None = None
    heard: bool | None = None


class Contact(NamedTuple):
    """A call or an inbound text, with what became of our answer. A tuple, because an export makes millions of them.

    Of texts: `body`, `media` (how many), `answer_id`, `answer_status`, `answer_error`. Of calls: the rest;
    `pause` in seconds of ringing, `seconds` from the answer on.
    """

    kind: str
    id: int
    sid: str
    line_id: int
    number: str
    at: str
    status: str
    reply: str
    why: str | None
    city: str | None
    state: str | None
    country: str | None
    body: str | None
    media: int
    answer_id: int | None
    answer_status: str | None
    answer_error: int | None
    seconds: int | None
    pause: int | None
    greeting_seconds: float | None
    greeting_heard: int | None
    ended_at: str | None
    language: str | None
    forwarded_from: str | None
    verification: str | None
    voice_messages: int


@dataclass(frozen=True, order=True)
class Position:
    """A place in the log, which runs from the highest to the lowest. What comes after it is lower."""

    at: str
    kind: str
    id: int

    def written(self) -> str:
        """As text for an address: `2026-11-03T20:15:00.000Z~text~17`."""
        return f"{self.at}~{self.kind}~{self.id}"

    @classmethod
    def read(cls, text: str) -> "Position":
        """The place that `written` wrote. Raises `WrongQuestion`."""
        found = _POSITION.fullmatch(text)
        if found is None:
            raise WrongQuestion("There is no such page. Begin again with the newest.")
        return cls(found[1], found[2], int(found[3]))

    @classmethod
    def of(cls, contact: Contact) -> "Position":
        """Where a contact stands."""
        return cls(contact.at, contact.kind, contact.id)


_POSITION = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z)~(call|text|)~([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Page:
    """Some contacts, newest first. `next`: where to go on, None at the end.

    `finished` is False when time ran out before the page was full: then `looked_back_to` tells how far it came.
    `behind`: how many contacts a search does not know yet.
    """

    contacts: list[Contact]
    next: Position | None
    finished: bool = True
    looked_back_to: str | None = None
    behind: int = 0

    @classmethod
    def full(cls, contacts: list[Contact], most: int) -> "Page":
        """The first `most` of the contacts, that go on behind the last of them."""
        return cls(contacts[:most], Position.of(contacts[most - 1]))
