"""Calls: each with its keys and voice messages; and strays, contacts for a number that is no line of ours."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

from ivr.store.database import Connection, changed, insert


@dataclass(frozen=True)
class Call:
    """A call as it came. `pause` in seconds of ringing, `greeting_seconds` long is what it was answered with."""

    line_id: int
    sid: str
    number: str
    at: str
    status: str
    reply: str
    language: str | None = None
    pause: int | None = None
    greeting_seconds: float | None = None
    forwarded_from: str | None = None
    verification: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class VoiceMessage:
    """A recording that the carrier made of a caller; `status` waiting, kept, absent, refused or failed."""

    sid: str
    call_sid: str
    at: str
    seconds: int | None
    url: str
    status: str
    why: str | None = None
    attempts: int = 0


_COLUMNS = ", ".join(field.name for field in fields(Call))
_COMPLETE = (
    " ON CONFLICT (sid) DO UPDATE SET at = excluded.at, reply = excluded.reply, language = excluded.language,"
    " pause = excluded.pause, greeting_seconds = excluded.greeting_seconds, forwarded_from = excluded.forwarded_from,"
    " verification = excluded.verification, greeting_heard = coalesce(calls.seconds, 0) >= excluded.greeting_seconds"
    " WHERE calls.reply = 'none' AND excluded.reply <> 'none'"
)


def receive(db: Connection, calls: Sequence[Call]) -> None:
    """Keep calls, each once.

    The end of one may be heard of first (its beginning waits in the spool): the row made then (`reply` is `none`) is
    completed.
    """
    insert(db, f"calls ({_COLUMNS})", [tuple(vars(call).values()) for call in calls], _COMPLETE)


def end(db: Connection, sid: str, status: str, seconds: int | None, at: str) -> None:
    """End a call's row, once: its status, seconds from the answer on, and whether the greeting was heard out."""
    db.execute(
        "UPDATE calls SET status = :status, seconds = :seconds, ended_at = :at,"
        " greeting_heard = coalesce(:seconds, 0) >= greeting_seconds WHERE sid = :sid AND ended_at IS NULL",
        {"status": status, "seconds": seconds, "at": at, "sid": sid},
    )


def press(db: Connection, call_sid: str, at: str, offer: int, key: str) -> bool:
    """Keep a pressed key; False when the key of this offer of the call is kept already."""
    inserted = changed(
        db,
        "INSERT INTO call_keys (call_sid, at, offer, key) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (call_sid, at, offer, key),
    )
    return inserted == 1


def add_voice_message(db: Connection, message: VoiceMessage) -> None:
    """Keep a voice message, once."""
    db.execute(
        "INSERT INTO voice_messages (sid, call_sid, at, seconds, url, status, why, due_at)"
        " VALUES (:sid, :call, :at, :seconds, :url, :status, :why, :at) ON CONFLICT (sid) DO NOTHING",
        {
            "sid": message.sid,
            "call": message.call_sid,
            "at": message.at,
            "seconds": message.seconds,
            "url": message.url,
            "status": message.status,
            "why": message.why,
        },
    )


def waiting_voice_messages(db: Connection, now: str, most: int) -> list[VoiceMessage]:
    """Voice messages that are to be fetched now."""
    rows = db.execute(
        "SELECT sid, call_sid, at, seconds, url, status, why, attempts FROM voice_messages"
        " WHERE status = 'waiting' AND due_at <= :now ORDER BY due_at LIMIT :most",
        {"now": now, "most": most},
    )
    return [VoiceMessage(*row) for row in rows.fetchall()]


def keeping(db: Connection, sids: Sequence[str]) -> set[str]:
    """Those of these SIDs whose voice message is kept, or may still be fetched."""
    rows = db.execute(
        "SELECT sid FROM voice_messages WHERE status IN ('kept', 'waiting')"
        " AND sid IN (SELECT value FROM json_each(?))",
        (json.dumps(sids),),
    )
    return {sid for (sid,) in rows.fetchall()}


def settle_voice_message(db: Connection, sid: str, status: str, why: str | None, size: int | None = None) -> None:
    """A voice message was kept (`size` in bytes), or will never be."""
    db.execute(
        "UPDATE voice_messages SET status = :status, why = :why, bytes = :size WHERE sid = :sid",
        {"status": status, "why": why, "size": size, "sid": sid},
    )


def postpone_voice_message(db: Connection, sid: str, due_at: str, why: str) -> None:
    """Fetching failed for now: try again at `due_at`."""
    db.execute(
        "UPDATE voice_messages SET due_at = :due, why = :why, attempts = attempts + 1 WHERE sid = :sid",
        {"due": due_at, "why": why, "sid": sid},
    )


def note_stray(db: Connection, kind: str, sid: str, dialled: str, number: str, at: str) -> None:
    """Keep that somebody called or texted a number that is no line of ours."""
    db.execute(
        "INSERT INTO strays (sid, kind, dialled, number, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (sid, kind, dialled, number, at),
    )
