"""The outbox in the tables: claiming, marking, doubt, and what status callbacks change.

States of an outgoing text: queued → sending → sent → delivered, or undelivered, failed, cancelled, skipped, doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.store.database import Connection, changed
from ivr.store.erasing import is_erased
from ivr.store.messages import FINAL, OUTGOING, Outgoing

_FINAL = ", ".join(f"'{status}'" for status in FINAL)


@dataclass(frozen=True)
class Event:
    """What the carrier said of a message: `status` in our words, `error_code` the carrier's, or None."""

    sid: str
    at: str
    status: str
    error_code: int | None = None


def skip_opted_out(db: Connection, now: str) -> int:
    """Skip what waits for people who have opted out meanwhile; the confirmation of a STOP still goes."""
    return changed(
        db,
        "UPDATE messages SET status = 'skipped', why = 'opted out' WHERE status = 'queued' AND due_at <= :now"
        " AND purpose <> 'stop' AND EXISTS (SELECT 1 FROM people WHERE people.line_id = messages.line_id"
        " AND people.number = messages.number AND people.opted_out_at IS NOT NULL)",
        {"now": now},
    )


def claim(db: Connection, now: str, most: int) -> list[Outgoing]:
    """Take up to `most` texts that are due: they are `sending` once this is committed. Skips the opted-out first."""
    skip_opted_out(db, now)
    rows = db.execute(
        "UPDATE messages SET status = 'sending', claimed_at = :now, attempts = attempts + 1 WHERE id IN"  # noqa: S608
        " (SELECT id FROM messages WHERE status = 'queued' AND due_at <= :now ORDER BY due_at LIMIT :most)"
        f" RETURNING {OUTGOING}",
        {"now": now, "most": most},
    )
    return [Outgoing(*row) for row in rows.fetchall()]


def mark_sent(db: Connection, message_id: int, sid: str) -> None:
    """The carrier took it, under this SID. What was parked under the SID is applied; a final state stays."""
    db.execute(
        f"UPDATE messages SET sid = :sid, why = NULL,"  # noqa: S608
        f" status = CASE WHEN status IN ({_FINAL}) THEN status ELSE 'sent' END"
        " WHERE id = :id AND number <> 'erased'",
        {"sid": sid, "id": message_id},
    )
    _apply_parked(db, sid)


def mark_failed(db: Connection, message_id: int, why: str, error_code: int | None) -> None:
    """The carrier refused it for good."""
    db.execute(
        "UPDATE messages SET status = 'failed', why = :why, error_code = :code WHERE id = :id AND status = 'sending'",
        {"why": why, "code": error_code, "id": message_id},
    )


def mark_skipped(db: Connection, message_id: int, why: str) -> None:
    """It was claimed, and is not sent after all."""
    db.execute(
        "UPDATE messages SET status = 'skipped', why = :why WHERE id = :id AND status = 'sending'",
        {"why": why, "id": message_id},
    )


def cancel(db: Connection, message_id: int) -> bool:
    """Take it back while it still waits, and was never claimed; False when it is too late."""
    return (
        changed(
            db,
            "UPDATE messages SET status = 'cancelled' WHERE id = :id AND status = 'queued' AND attempts = 0",
            {"id": message_id},
        )
        == 1
    )


def mark_waiting(db: Connection, message_id: int, due_at: str, why: str) -> None:
    """It surely was not sent: back into the queue until `due_at`."""
    db.execute(
        "UPDATE messages SET status = 'queued', due_at = :due, why = :why"
        " WHERE id = :id AND status IN ('sending', 'doubt')",
        {"due": due_at, "why": why, "id": message_id},
    )


def mark_doubt(db: Connection, message_id: int, why: str) -> None:
    """It may have been sent."""
    db.execute(
        "UPDATE messages SET status = 'doubt', why = :why WHERE id = :id AND status = 'sending'",
        {"why": why, "id": message_id},
    )


def doubt_forgotten(db: Connection, outbox_before: str, answers_before: str) -> int:
    """Doubt what was claimed long ago and never marked: our own death, or an answer without a callback."""
    return changed(
        db,
        "UPDATE messages SET status = 'doubt', why = 'no word from the carrier' WHERE status = 'sending'"
        " AND status IN ('sending', 'doubt')"
        " AND claimed_at < CASE way WHEN 'outbox' THEN :outbox ELSE :answers END",
        {"outbox": outbox_before, "answers": answers_before},
    )


def doubtful(db: Connection, claimed_before: Sequence[str], rounds: int, most: int) -> list[Outgoing]:
    """Texts in doubt that are to be looked for now, oldest first.

    Each look of a round has its moment in `claimed_before`; after `rounds` rounds nobody looks any more.
    """
    looks = len(claimed_before)
    cases = " ".join(f"WHEN {look} THEN ?" for look in range(looks))
    rows = db.execute(
        f"SELECT {OUTGOING} FROM messages WHERE status = 'doubt' AND status IN ('sending', 'doubt') AND looks < ?"  # noqa: S608
        f" AND claimed_at <= CASE looks % {looks} {cases} END ORDER BY claimed_at LIMIT ?",
        (looks * rounds, *claimed_before, most),
    )
    return [Outgoing(*row) for row in rows.fetchall()]


def count_look(db: Connection, message_id: int) -> None:
    """Count one more look into the carrier's list that did not find it."""
    db.execute("UPDATE messages SET looks = looks + 1 WHERE id = :id", {"id": message_id})


def known_sids(db: Connection, sids: list[str]) -> set[str]:
    """Those of `sids` that belong to messages we know."""
    marks = ", ".join("?" * len(sids))
    return {row[0] for row in db.execute(f"SELECT sid FROM messages WHERE sid IN ({marks})", sids)}  # noqa: S608


def apply_event(db: Connection, message_id: int | None, event: Event) -> bool:
    """Keep a status event, and apply it unless a final state stands; True when it changed the message.

    The SID decides whose it is, else `message_id`, which comes from the callback's address. What belongs to no
    message is parked. A callback settles doubt and gives the message its SID.
    """
    if is_erased(db, event.sid):
        return False
    row = _row_of(db, message_id, event.sid)
    changed = row is not None and _change(db, row, event)
    db.execute(
        "INSERT INTO message_events (message_id, sid, at, status, error_code, applied) VALUES (?, ?, ?, ?, ?, ?)",
        (row[0] if row else None, event.sid, event.at, event.status, event.error_code, int(changed)),
    )
    if changed:
        _apply_parked(db, event.sid)
    return changed


def _change(db: Connection, row: tuple[int, str], event: Event) -> bool:
    message_id, status = row
    if status in FINAL or status == event.status:
        return False
    db.execute(
        "UPDATE messages SET status = :status, sid = coalesce(sid, :sid), why = NULL,"
        " error_code = coalesce(:code, error_code) WHERE id = :id",
        {"status": event.status, "sid": event.sid, "code": event.error_code, "id": message_id},
    )
    return True


def _apply_parked(db: Connection, sid: str) -> None:
    """Apply the events that came before anybody knew whose SID it was."""
    parked = db.execute(
        "SELECT id, at, status, error_code FROM message_events WHERE sid = :sid AND message_id IS NULL ORDER BY id",
        {"sid": sid},
    ).fetchall()
    for event_id, at, status, error_code in parked:
        row = _row_of(db, None, sid)
        changed = row is not None and _change(db, row, Event(sid, at, status, error_code))
        db.execute(
            "UPDATE message_events SET message_id = :message, applied = :applied WHERE id = :id",
            {"message": row[0] if row else None, "applied": int(changed), "id": event_id},
        )


def _row_of(db: Connection, message_id: int | None, sid: str) -> tuple[int, str] | None:
    """The outgoing message an event speaks of; its id is not believed when one of both has another SID or row."""
    row: tuple[int, str] | None = db.execute(
        "SELECT id, status FROM messages WHERE direction = 'out' AND number <> 'erased'"
        " AND (sid = :sid OR (id = :id AND sid IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM messages AS other WHERE other.sid = :sid)))"
        " ORDER BY sid IS NULL LIMIT 1",
        {"id": message_id, "sid": sid},
    ).fetchone()
    return row
