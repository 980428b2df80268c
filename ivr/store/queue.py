"""The outbox in the tables: claiming, marking, doubt, and what status callbacks change.

States of an outgoing text: queued → sending → sent → delivered, or undelivered, failed, cancelled, skipped, doubt.
"""

from dataclasses import dataclass

from ivr.store.database import Connection
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
    return db.execute(
        "UPDATE messages SET status = 'skipped', why = 'opted out' WHERE status = 'queued' AND due_at <= :now"
        " AND purpose <> 'stop' AND EXISTS (SELECT 1 FROM people WHERE people.line_id = messages.line_id"
        " AND people.number = messages.number AND people.opted_out_at IS NOT NULL)",
        {"now": now},
    ).rowcount


def claim(db: Connection, now: str, most: int) -> list[Outgoing]:
    """Take up to `most` texts that are due: they are `sending` once this is committed. Skips the opted-out first."""
    skip_opted_out(db, now)
    rows = db.execute(
        "UPDATE messages SET status = 'sending', claimed_at = :now, attempts = attempts + 1, looks = 0 WHERE id IN"  # noqa: S608
        " (SELECT id FROM messages WHERE status = 'queued' AND due_at <= :now ORDER BY due_at LIMIT :most)"
        f" RETURNING {OUTGOING}",
        {"now": now, "most": most},
    )
    return [Outgoing(*row) for row in rows.fetchall()]


def mark_sent(db: Connection, message_id: int, sid: str) -> None:
    """The carrier took it, under this SID. A final state that a callback brought earlier stays."""
    db.execute(
        f"UPDATE messages SET sid = :sid, status = CASE WHEN status IN ({_FINAL}) THEN status ELSE 'sent' END"  # noqa: S608
        " WHERE id = :id",
        {"sid": sid, "id": message_id},
    )


def mark_failed(db: Connection, message_id: int, why: str, error_code: int | None) -> None:
    """The carrier refused it for good."""
    db.execute(
        "UPDATE messages SET status = 'failed', why = :why, error_code = :code WHERE id = :id AND status = 'sending'",
        {"why": why, "code": error_code, "id": message_id},
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
    return db.execute(
        "UPDATE messages SET status = 'doubt', why = 'no word from the carrier' WHERE status = 'sending'"
        " AND claimed_at < CASE way WHEN 'outbox' THEN :outbox ELSE :answers END",
        {"outbox": outbox_before, "answers": answers_before},
    ).rowcount


def doubtful(db: Connection, most_looks: int, most: int) -> list[Outgoing]:
    """Texts in doubt that were looked for fewer than `most_looks` times, oldest first."""
    rows = db.execute(
        f"SELECT {OUTGOING} FROM messages WHERE status = 'doubt' AND looks < :looks"  # noqa: S608
        " ORDER BY claimed_at LIMIT :most",
        {"looks": most_looks, "most": most},
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

    `message_id` comes from the callback's address; without one the SID decides. What belongs to no message is
    parked. A callback settles doubt and gives the message its SID.
    """
    row = _row_of(db, message_id, event.sid)
    changed = row is not None and row[1] not in FINAL and row[1] != event.status
    db.execute(
        "INSERT INTO message_events (message_id, sid, at, status, error_code, applied) VALUES (?, ?, ?, ?, ?, ?)",
        (row[0] if row else None, event.sid, event.at, event.status, event.error_code, int(changed)),
    )
    if row is None:
        return False
    if changed:
        db.execute(
            "UPDATE messages SET status = :status, sid = coalesce(sid, :sid), why = NULL,"
            " error_code = coalesce(:code, error_code) WHERE id = :id",
            {"status": event.status, "sid": event.sid, "code": event.error_code, "id": row[0]},
        )
    return changed


def _row_of(db: Connection, message_id: int | None, sid: str) -> tuple[int, str] | None:
    """The outgoing message an event speaks of; an id whose row has another SID is not believed."""
    by_id = "SELECT id, status FROM messages WHERE id = :id AND direction = 'out' AND (sid IS NULL OR sid = :sid)"
    by_sid = "SELECT id, status FROM messages WHERE sid = :sid AND direction = 'out'"
    query = by_sid if message_id is None else by_id
    row: tuple[int, str] | None = db.execute(query, {"id": message_id, "sid": sid}).fetchone()
    return row
