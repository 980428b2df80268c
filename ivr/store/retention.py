"""What has had its time: texts without their words, voice messages, refusals; found and blanked in small pieces.

Ids rise with time, so each line goes through its texts and its voice messages by id, from where it was to the first
that is young: no index is needed. What came late out of the spool waits for its neighbours.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.store import forgetting
from ivr.store.database import Connection, changed
from ivr.store.forgetting import Forgotten

AT_ONCE, LOOKED_AT = 500, 5_000
"""Rows that one transaction changes, and that one look reads."""
_WAITING = "('queued', 'sending', 'doubt')"
_THESE = "IN (SELECT value FROM json_each(:ids))"


@dataclass(frozen=True)
class Progress:
    """How far a line is: the ids of the last text and voice message gone through, and what this run has done."""

    line_id: int
    texts_id: int = 0
    voice_id: int = 0
    texts: int = 0
    voice_messages: int = 0
    refusals: int = 0


@dataclass(frozen=True)
class Piece:
    """What was found by one look: ids (of voice messages their SIDs too) up to an id, and whether there may be more."""

    ids: list[int]
    sids: list[str]
    up_to: int
    more: bool


def due(db: Connection, line_id: int, now: str) -> Progress | None:
    """How far a line is; None when its next run is not due."""
    row = db.execute(
        "SELECT line_id, texts_id, voice_id, texts, voice_messages, refusals, due_at FROM retention WHERE line_id = ?",
        (line_id,),
    ).fetchone()
    if row is None:
        return Progress(line_id)
    return Progress(*row[:6]) if row[6] <= now else None


def keep(db: Connection, progress: Progress, due_at: str = "") -> None:
    """Keep how far a line is; its next run begins at `due_at` (nothing: this one goes on)."""
    db.execute(
        "INSERT INTO retention VALUES (:line_id, :texts_id, :voice_id, :texts, :voice_messages, :refusals, :due_at)"
        " ON CONFLICT (line_id) DO UPDATE SET texts_id = :texts_id, voice_id = :voice_id, texts = :texts,"
        " voice_messages = :voice_messages, refusals = :refusals, due_at = :due_at",
        {**progress.__dict__, "due_at": due_at},
    )


def old_texts(db: Connection, progress: Progress, before: str) -> Piece:
    """The next texts of a line that are older than a moment."""
    rows = db.execute(
        "SELECT id, line_id, at, '' FROM messages WHERE id > ? ORDER BY id LIMIT ?", (progress.texts_id, LOOKED_AT)
    )
    return _piece(rows.fetchall(), progress.line_id, progress.texts_id, before)


def old_voice_messages(db: Connection, progress: Progress, before: str) -> Piece:
    """The next voice messages of a line that are older than a moment; one of no call that we know is every line's."""
    rows = db.execute(
        "SELECT one.id, coalesce(calls.line_id, :line), one.at, one.sid FROM voice_messages AS one"
        " LEFT JOIN calls ON calls.sid = one.call_sid WHERE one.id > :after ORDER BY one.id LIMIT :most",
        {"line": progress.line_id, "after": progress.voice_id, "most": LOOKED_AT},
    )
    return _piece(rows.fetchall(), progress.line_id, progress.voice_id, before)


def settled_texts(db: Connection, line_id: int) -> list[int]:
    """Texts of ours that were left alone when their time was over, and whose end is known by now."""
    rows = db.execute(
        "SELECT message_id FROM unsettled_texts JOIN messages ON messages.id = message_id"  # noqa: S608
        f" WHERE unsettled_texts.line_id = ? AND status NOT IN {_WAITING} LIMIT ?",
        (line_id, AT_ONCE),
    )
    return [message_id for (message_id,) in rows.fetchall()]


def blank_texts(db: Connection, line_id: int, ids: list[int]) -> int:
    """Take from texts what they said, their pictures, and where they came from; returns how many had any of it.

    Those of ours that are still to be sent, or in doubt, are left alone, and come back to.
    """
    these = {"ids": json.dumps(ids), "line": line_id}
    db.execute(f"DELETE FROM unsettled_texts WHERE message_id {_THESE}", these)  # noqa: S608
    db.execute(
        f"INSERT INTO unsettled_texts SELECT id, :line FROM messages WHERE id {_THESE} AND status IN {_WAITING}",  # noqa: S608
        these,
    )
    said = db.execute(f"SELECT id, body FROM messages WHERE id {_THESE} AND direction = 'in' AND body <> ''", these)  # noqa: S608
    forgetting.add(db, [Forgotten(*row) for row in said.fetchall()])
    db.execute(f"DELETE FROM media WHERE message_id {_THESE}", these)  # noqa: S608
    return changed(
        db,
        f"UPDATE messages SET body = '', city = NULL, state = NULL WHERE id {_THESE} AND status NOT IN {_WAITING}"  # noqa: S608
        " AND (body <> '' OR city IS NOT NULL OR state IS NOT NULL)",
        these,
    )


def end_voice_messages(db: Connection, ids: list[int], why: str) -> int:
    """Note that the files of voice messages are gone, and why; returns of how many. One not fetched yet never will."""
    return changed(
        db,
        f"UPDATE voice_messages SET status = 'absent', why = :why, bytes = NULL WHERE id {_THESE}"  # noqa: S608
        " AND status IN ('kept', 'waiting')",
        {"ids": json.dumps(ids), "why": why},
    )


def forget_refusals(db: Connection, line_id: int, before: str) -> int:
    """Forget who was too young before a moment, `AT_ONCE` people at most, and whole days' counts; returns how many."""
    db.execute("DELETE FROM too_young WHERE line_id = ? AND day < ?", (line_id, before[:10]))
    return changed(
        db,
        "UPDATE people SET too_young_at = NULL WHERE id IN (SELECT id FROM people WHERE line_id = ?"
        " AND too_young_at IS NOT NULL AND too_young_at < ? LIMIT ?)",
        (line_id, before, AT_ONCE),
    )


def _piece(rows: Sequence[tuple[int, int, str, str]], line_id: int, after: int, before: str) -> Piece:
    """What is of a line and old among rows of (id, line, at, SID), up to the first that is young."""
    ids: list[int] = []
    sids: list[str] = []
    up_to = after
    for row_id, of, at, sid in rows:
        if at >= before or len(ids) == AT_ONCE:
            return Piece(ids, sids, up_to, more=at < before)
        if of == line_id:
            ids.append(row_id)
            sids.append(sid)
        up_to = row_id
    return Piece(ids, sids, up_to, more=len(rows) == LOOKED_AT)
