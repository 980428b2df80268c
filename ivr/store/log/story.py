"""One person's story on one line: their calls and texts, our texts, their opt-outs; and what belongs to each."""

from dataclasses import dataclass

from ivr.store.database import Connection

MOST = 200


@dataclass(frozen=True)
class Moment:
    """One thing that happened. `kind`: call, text, sent (a text of ours), opted out or opted in.

    `detail` is a text's body, with `{link}` for the personal link, or the words of an opt-out; `status` as stored;
    `reply` what was decided, of ours its purpose; `seconds` a call's, from the answer on.
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


_STORY = """
SELECT * FROM (
    SELECT * FROM (
        SELECT at, 'call' AS kind, id, sid, NULL, status, reply, NULL, NULL, seconds FROM calls
        WHERE number = :number AND line_id = :line AND at < :before ORDER BY at DESC LIMIT :most)
    UNION ALL SELECT * FROM (
        SELECT at, CASE direction WHEN 'in' THEN 'text' ELSE 'sent' END, id, sid, body, status,
            coalesce(reply, purpose), why, error_code, NULL FROM messages
        WHERE number = :number AND line_id = :line AND at < :before ORDER BY at DESC LIMIT :most)
    UNION ALL SELECT * FROM (
        SELECT at, CASE action WHEN 'out' THEN 'opted out' ELSE 'opted in' END, id, sid, wording, NULL, source, NULL,
            NULL, NULL FROM opt_outs
        WHERE number = :number AND line_id = :line AND at < :before ORDER BY id DESC LIMIT :most)
) ORDER BY at DESC, kind = 'text', id DESC LIMIT :most
"""


def story(db: Connection, line_id: int, number: str, before: str = "~", most: int = MOST) -> list[Moment]:
    """What happened between a number and a line, the newest first, before a moment."""
    rows = db.execute(_STORY, {"line": line_id, "number": number, "before": before, "most": most})
    return [Moment(*row) for row in rows.fetchall()]


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
