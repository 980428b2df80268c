"""One person's story on one line: their calls and texts, our texts, opt-outs and consents; what belongs to each."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from ivr.errors import WrongQuestion
from ivr.store.database import Connection
from ivr.store.people import Person

MOST = 200
RANKS = ("text", "call", "opted out", "opted in", "withdrew", "agreed", "sent")
"""What comes first when several things have one time: a STOP, what it does, our answer."""


class Place(NamedTuple):
    """A place in a story, from the highest (the newest) to the lowest."""

    at: str
    rank: int
    id: int

    def written(self) -> str:
        """As text for an address: `2026-11-03T20:15:00.000Z~0~17`."""
        return f"{self.at}~{self.rank}~{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place that `written` wrote. Raises `WrongQuestion`."""
        found = _PLACE.fullmatch(text)
        if found is None:
            raise WrongQuestion("There is no such page. Begin again with the newest.")
        return cls(found[1], int(found[2]), int(found[3]))


_PLACE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z)~([0-9])~([0-9]{1,18})", re.ASCII)
NEWEST = Place("~", len(RANKS), 0)


@dataclass(frozen=True)
class Moment:
    """One thing that happened. `kind`: call, text, sent (a text of ours), opted out, opted in, withdrew or agreed.

    `detail` is a text's body, with `{link}` for the personal link, or the words of an opt-out or a consent; `status` as
    stored; `reply` what was decided, of ours its purpose, of an opt-out or a consent its source; `seconds` a call's,
    from the answer on; `media` counts a text's pictures and files.
    """

    at: str
    kind: str
    id: int
    sid: str | None
    detail: str | None
    status: str | None
    reply: str | None
    why: str | None
    error_code: int | None
    seconds: int | None
    media: int = 0

    @property
    def place(self) -> Place:
        """Where it stands in the story."""
        return Place(self.at, RANKS.index(self.kind), self.id)


@dataclass(frozen=True)
class Event:
    """What the carrier said of a text of ours. `applied`: it changed the text."""

    at: str
    status: str
    error_code: int | None
    applied: bool


@dataclass(frozen=True)
class Picture:
    """A picture or file of a text; `refused` says why it is never fetched."""

    message_id: int
    position: int
    url: str
    content_type: str
    refused: str | None


@dataclass(frozen=True)
class Recording:
    """A voice message; `status` waiting, kept, absent, refused or failed."""

    sid: str
    at: str
    seconds: int | None
    status: str
    why: str | None


@dataclass(frozen=True)
class Key:
    """A key that a caller pressed."""

    at: str
    key: str


_BEFORE = (
    "number = :number AND line_id = :line AND at <= :at AND (at, {rank}, id) < (:at, :rank, :id)"
    " ORDER BY at DESC, {rank} DESC, id DESC LIMIT :most"
)
_RANK_OF_MESSAGE, _RANK_OF_OPT_OUT, _RANK_OF_CONSENT = (
    "CASE direction WHEN 'in' THEN 0 ELSE 6 END",
    "CASE action WHEN 'out' THEN 2 ELSE 3 END",
    "CASE action WHEN 'withdrawn' THEN 4 ELSE 5 END",
)
_PERSON = "(SELECT id FROM people WHERE people.number = :number AND people.line_id = :line)"
_MESSAGE = "at, id, sid, body, status, coalesce(reply, purpose), why, error_code, NULL, media FROM messages"
_STORY = f"""
SELECT * FROM (
    SELECT * FROM (SELECT 1 AS rank, at, id, sid, NULL, status, reply, NULL, NULL, seconds, 0 FROM calls
        WHERE {_BEFORE.format(rank="1")})
    UNION ALL SELECT * FROM (SELECT {_RANK_OF_MESSAGE}, {_MESSAGE}
        WHERE {_BEFORE.format(rank=_RANK_OF_MESSAGE)})
    UNION ALL SELECT * FROM (SELECT {_RANK_OF_OPT_OUT}, at, id, sid, wording, NULL, source, NULL, NULL, NULL, 0
        FROM opt_outs WHERE {_BEFORE.format(rank=_RANK_OF_OPT_OUT)})
    UNION ALL SELECT * FROM (SELECT {_RANK_OF_CONSENT}, at, id, NULL, wording, NULL, source, NULL, NULL, NULL, 0
        FROM consents WHERE person_id = {_PERSON} AND {_BEFORE.format(rank=_RANK_OF_CONSENT)})
) ORDER BY at DESC, rank DESC, id DESC LIMIT :most
"""  # noqa: S608


def story(db: Connection, line_id: int, number: str, before: Place = NEWEST, most: int = MOST) -> list[Moment]:
    """What happened between a number and a line, the newest first, before a place."""
    rows = db.execute(_STORY, {"line": line_id, "number": number, **before._asdict(), "most": most})
    return [_moment(*row) for row in rows.fetchall()]


def places(db: Connection, line_id: int, number: str) -> list[tuple[str | None, str | None, str | None]]:
    """Where the carrier said that somebody's calls and texts came from: city, state, country, each once."""
    rows = db.execute(
        "SELECT city, state, country FROM messages WHERE number = :number AND line_id = :line AND direction = 'in'"
        " UNION SELECT city, state, country FROM calls WHERE number = :number AND line_id = :line",
        {"number": number, "line": line_id},
    )
    return [place for place in rows.fetchall() if any(place)]


def sent(db: Connection, message_id: int) -> Moment | None:
    """A text of ours, or None."""
    row = db.execute(f"SELECT 6, {_MESSAGE} WHERE id = ? AND direction = 'out'", (message_id,)).fetchone()
    return _moment(*row) if row else None


def _moment(rank: int, at: str, *rest: Any) -> Moment:
    return Moment(at, RANKS[rank], *rest)


def events(db: Connection, message_id: int) -> list[Event]:
    """What the carrier said of a text of ours, in the order in which it came."""
    rows = db.execute(
        "SELECT at, status, error_code, applied FROM message_events WHERE message_id = ? ORDER BY id", (message_id,)
    )
    return [Event(at, status, code, bool(applied)) for at, status, code, applied in rows.fetchall()]


def keys(db: Connection, call_sid: str) -> list[Key]:
    """The keys that were pressed in a call, in their order."""
    rows = db.execute("SELECT at, key FROM call_keys WHERE call_sid = ? ORDER BY offer", (call_sid,))
    return [Key(*row) for row in rows.fetchall()]


def recordings(db: Connection, call_sid: str) -> list[Recording]:
    """The voice messages of a call, in their order."""
    rows = db.execute(
        "SELECT sid, at, seconds, status, why FROM voice_messages WHERE call_sid = ? ORDER BY id", (call_sid,)
    )
    return [Recording(*row) for row in rows.fetchall()]


def line_of_recording(db: Connection, sid: str) -> int | None:
    """The id of the line that a kept voice message was left on, or None."""
    row = db.execute(
        "SELECT calls.line_id FROM voice_messages JOIN calls ON calls.sid = voice_messages.call_sid"
        " WHERE voice_messages.sid = ? AND voice_messages.status = 'kept'",
        (sid,),
    ).fetchone()
    return row[0] if row else None


def is_recording_of(db: Connection, sid: str, person: Person) -> bool:
    """Whether a person left this voice message, and it is kept."""
    row = db.execute(
        "SELECT 1 FROM voice_messages JOIN calls ON calls.sid = voice_messages.call_sid WHERE voice_messages.sid = ?"
        " AND voice_messages.status = 'kept' AND calls.line_id = ? AND calls.number = ?",
        (sid, person.line_id, person.number),
    ).fetchone()
    return row is not None


def pictures(db: Connection, message_id: int) -> list[Picture]:
    """The pictures and files of a text, in their order."""
    rows = db.execute(
        "SELECT message_id, position, url, content_type, refused FROM media WHERE message_id = ? ORDER BY position",
        (message_id,),
    )
    return [Picture(*row) for row in rows.fetchall()]


def line_of_message(db: Connection, message_id: int) -> int | None:
    """The id of the line of a text, or None."""
    row = db.execute("SELECT line_id FROM messages WHERE id = ?", (message_id,)).fetchone()
    return row[0] if row else None
