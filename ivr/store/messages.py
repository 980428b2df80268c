"""Messages: every text, in and out, and what the carrier said of it. An outbound row is its own queue entry."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ivr.errors import AlreadyKept
from ivr.store.database import Connection, IntegrityError, insert, next_id
from ivr.store.lines import Line

FINAL = ("delivered", "undelivered", "failed", "cancelled", "skipped")


@dataclass(frozen=True)
class Media:
    """One picture or file of an inbound text; `refused` says why it will never be fetched."""

    url: str
    content_type: str
    refused: str | None


@dataclass(frozen=True)
class Outgoing:
    """A text of ours. `way`: `answer` (in the answer to a webhook) or `outbox`; `body` holds `{link}` for the link.

    `media_url` is what goes with it, as an MMS.
    """

    id: int
    line_id: int
    number: str
    at: str
    body: str
    status: str
    purpose: str
    way: str
    attempts: int = 0
    looks: int = 0
    claimed_at: str | None = None
    sid: str | None = None
    due_at: str | None = None
    media_url: str | None = None


@dataclass(frozen=True)
class Received:
    """An inbound text as it is kept. `reply` is what was decided, `why` says why nothing was answered.

    `answer` is what was drafted for it, to be kept with it.
    """

    line_id: int
    sid: str
    number: str
    at: str
    body: str
    reply: str
    why: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    media: Sequence[Media] = ()
    answer: Outgoing | None = None


OUTGOING = "id, line_id, number, at, body, status, purpose, way, attempts, looks, claimed_at, sid, due_at, media_url"


_COLUMNS = (
    "id, direction, line_id, number, sid, at, body, status, media, reply, why, answer_id, city, state, country,"
    " purpose, way, due_at, claimed_at, media_url"
)


def receive(db: Connection, texts: Sequence[Received]) -> None:
    """Keep inbound texts, each with its answer. Raises `AlreadyKept` when a SID is not new (see `is_received`)."""
    kept, media = [], []
    for text in texts:
        message_id, answer = _new_id(db), text.answer
        if answer is not None:
            kept.append(_values_of(answer))
        kept.append(
            (
                *(message_id, "in", text.line_id, text.number, text.sid, text.at, text.body, "received"),
                *(len(text.media), text.reply, text.why, answer.id if answer else None),
                *(text.city, text.state, text.country, None, None, None, None, None),
            )
        )
        media += [
            (message_id, place, item.url, item.content_type, item.refused) for place, item in enumerate(text.media)
        ]
    try:
        insert(db, f"messages ({_COLUMNS})", kept)
    except IntegrityError as error:
        raise AlreadyKept(f"{error}") from error
    if media:
        insert(db, "media", media)


def is_received(db: Connection, sid: str) -> bool:
    """Whether the text of this SID is kept already."""
    return db.execute("SELECT 1 FROM messages WHERE sid = :sid", {"sid": sid}).fetchone() is not None


def answer_to(db: Connection, sid: str) -> Outgoing | None:
    """The answer that the inbound text of this SID got, or None."""
    row = db.execute("SELECT answer_id FROM messages WHERE sid = :sid", {"sid": sid}).fetchone()
    return find(db, row[0]) if row and row[0] else None


def find(db: Connection, message_id: int) -> Outgoing | None:
    """The outgoing text of this id, or None."""
    row = db.execute(
        f"SELECT {OUTGOING} FROM messages WHERE id = :id AND direction = 'out'",  # noqa: S608
        {"id": message_id},
    ).fetchone()
    return Outgoing(*row) if row else None


def find_sent(db: Connection, sid: str) -> Outgoing | None:
    """The outgoing text of this SID, or None."""
    row = db.execute(
        f"SELECT {OUTGOING} FROM messages WHERE sid = :sid AND direction = 'out'",  # noqa: S608
        {"sid": sid},
    ).fetchone()
    return Outgoing(*row) if row else None


def has_why(db: Connection, line: Line, number: str, why: str) -> bool:
    """Whether a text between this number and this line has that reason with it."""
    return _is_there(db, line, number, "why = :why", why=why)


def has_started(db: Connection, line: Line, number: str, since: str) -> bool:
    """Whether the carrier took a START of theirs after a moment; the ledger has none of who was not out."""
    taken = "direction = 'in' AND at > :since AND reply = 'start' AND why = 'answered by the carrier'"
    return _is_there(db, line, number, taken, since=since)


def wrote_since(db: Connection, line: Line, number: str, since: str) -> bool:
    """Whether somebody has texted after a moment."""
    return _is_there(db, line, number, "direction = 'in' AND at > :since", since=since)


def _is_there(db: Connection, line: Line, number: str, condition: str, **values: str) -> bool:
    row = db.execute(
        f"SELECT 1 FROM messages WHERE number = :number AND line_id = :line AND {condition} LIMIT 1",  # noqa: S608
        {"number": number, "line": line.id, **values},
    ).fetchone()
    return row is not None


def draft(
    db: Connection, line: Line, number: str, at: str, body: str, purpose: str, due_at: str | None = None
) -> Outgoing:
    """A text of ours, not kept yet: with `due_at` it will wait in the outbox, without it it answers a webhook."""
    message_id = _new_id(db)
    if due_at:
        return Outgoing(message_id, line.id, number, at, body, "queued", purpose, "outbox", due_at=due_at)
    return Outgoing(message_id, line.id, number, at, body, "sending", purpose, "answer", claimed_at=at)


def compose(
    db: Connection,
    line: Line,
    number: str,
    at: str,
    body: str,
    purpose: str,
    due_at: str | None = None,
    media_url: str | None = None,
) -> Outgoing:
    """Draft a text of ours and keep it; with `media_url` it goes as an MMS."""
    text = replace(draft(db, line, number, at, body, purpose, due_at), media_url=media_url)
    insert(db, f"messages ({_COLUMNS})", [_values_of(text)])
    return text


def _values_of(text: Outgoing) -> tuple[object, ...]:
    return (
        *(text.id, "out", text.line_id, text.number, None, text.at, text.body, text.status, 0),
        *(None, None, None, None, None, None, text.purpose, text.way, text.due_at, text.claimed_at, text.media_url),
    )


def _new_id(db: Connection) -> int:
    return next_id(db, "messages")


def recent(db: Connection, line: Line, number: str, since: str) -> list[Outgoing]:
    """Our texts to one number since a moment, newest first, at most fifty; skipped ones do not count."""
    rows = db.execute(
        f"SELECT {OUTGOING} FROM messages WHERE number = :number AND at > :since AND line_id = :line"  # noqa: S608
        " AND direction = 'out' AND status <> 'skipped' ORDER BY at DESC LIMIT 50",
        {"number": number, "since": since, "line": line.id},
    )
    return [Outgoing(*row) for row in rows.fetchall()]
