"""Pages of the log: calls and inbound texts, newest first, whatever is filtered, in a time that does not grow.

A page goes back along the index of time, a window at a time, the windows growing; between two of them it looks at the
clock. So a rare combination of filters, which no index knows, ends with what was found so far and the place to go on
from, instead of reading ten million rows. No index is there for the console alone: each would cost every webhook.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import replace

from ivr.store.database import Connection
from ivr.store.log.rows import Chosen, Contact, Page, Position

BUDGET_SECONDS = 0.03
FIRST_WINDOW, LARGEST_WINDOW = 400, 6_400
EXPORTED_AT_ONCE = 2_000
FEW = 1_000
"""So many contacts of numbers that begin alike are found by number and sorted; more of them by time."""
MOST_NEW = 5_000
KEYS_AT_ONCE = 200
OUT_OF_ORDER = 20_000
"""So many texts may have come in another order than that of their times: those that waited in the spool."""
END = Position("~", "~", 0)
_HIGHEST_ID = 2**62

_CALL = (
    "'call', calls.id, calls.sid, calls.line_id, calls.number, calls.at, calls.status, calls.reply, NULL, calls.city,"
    " calls.state, calls.country, NULL, 0, NULL, NULL, NULL, calls.seconds, calls.pause, calls.greeting_seconds,"
    " calls.greeting_heard, calls.ended_at, calls.language, calls.forwarded_from, calls.verification,"
    " (SELECT count(*) FROM voice_messages WHERE call_sid = calls.sid) FROM calls"
)
_TEXT = (
    "'text', messages.id, messages.sid, messages.line_id, messages.number, messages.at, messages.status,"
    " messages.reply, messages.why, messages.city, messages.state, messages.country, messages.body, messages.media,"
    " messages.answer_id, answer.status, answer.error_code, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0"
    " FROM messages LEFT JOIN messages AS answer ON answer.id = messages.answer_id"
)
_TABLES = {"call": ("calls", _CALL, "1"), "text": ("messages", _TEXT, "messages.direction = 'in'")}


def page(
    db: Connection, chosen: Chosen, after: Position | None = None, most: int = 50, budget: float = BUDGET_SECONDS
) -> Page:
    """The contacts that follow `after` (None: the newest), at most `most`, in about `budget` seconds.

    At least one window is looked through, so that going on always gets on.
    """
    if not chosen.line_ids:
        return Page([], None)
    place = top(chosen, after or END)
    if chosen.number_start is not None and (places := _few_starting(db, chosen, place)) is not None:
        found = of_places(db, chosen, places, most + 1)
        return Page.full(found, most) if len(found) > most else Page(found, None)
    deadline, window = time.monotonic() + budget, FIRST_WINDOW
    kinds = [kind for kind in _TABLES if chosen.kind in (None, kind)]
    found = []
    while True:
        floor = _floor(db, chosen, kinds, place, window)
        wanted = most + 1 - len(found)
        some = [contact for kind in kinds for contact in _between(db, kind, chosen, place, floor, wanted)]
        found += sorted(some, key=Position.of, reverse=True)[:wanted]
        if len(found) > most:
            return Page.full(found, most)
        if floor is None:
            return Page(found, None)
        place = Position(floor, "", 0)
        if time.monotonic() >= deadline:
            return Page(found, place, finished=False, looked_back_to=floor)
        window = min(LARGEST_WINDOW, window * 2)


def latest_ids(db: Connection) -> tuple[int, int]:
    """The highest ids of calls and of messages: what comes later is new."""
    calls, messages = (
        db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]  # noqa: S608
        for table in ("calls", "messages")
    )
    return calls, messages


def newer(
    db: Connection, chosen: Chosen, calls_id: int, messages_id: int, most: int = 50
) -> tuple[list[Contact], int, int]:
    """Contacts that came after these ids, newest first, and the ids to ask with next time.

    Only the last few thousand are looked at: this is for pages that follow, and they ask every few seconds.
    """
    latest = latest_ids(db)
    found: list[Contact] = []
    for kind, since, until in zip(_TABLES, (calls_id, messages_id), latest, strict=True):
        table = _TABLES[kind][0]
        if chosen.kind in (None, kind):
            found += _select(
                db,
                kind,
                chosen,
                f"{table}.id > :since_id AND {table}.id <= :until_id",
                f"{table}.id DESC",
                {"since_id": min(until, max(since, until - MOST_NEW)), "until_id": until},
                most,
            )
    return sorted(found, key=Position.of, reverse=True)[:most], *latest


def of_keys(db: Connection, chosen: Chosen, keys: Sequence[tuple[str, int]]) -> list[Contact]:
    """Those of these contacts (kind and id) that are chosen, in no order."""
    found: list[Contact] = []  # the ids go as one value: a connection keeps a statement for every list of them
    for kind, (table, _, _) in _TABLES.items():
        ids = [key for one, key in keys if one == kind and key <= _HIGHEST_ID]
        if ids and chosen.kind in (None, kind):
            where = f"{table}.id IN (SELECT value FROM json_each(:ids))"  # noqa: S608
            found += _select(db, kind, chosen, where, f"{table}.id", {"ids": json.dumps(ids)}, len(ids))
    return found


def of_places(db: Connection, chosen: Chosen, places: Sequence[Position], most: int) -> list[Contact]:
    """The first `most` contacts that are chosen at these places, which are given newest first."""
    found: list[Contact] = []
    for start in range(0, len(places), KEYS_AT_ONCE):
        some = of_keys(db, chosen, [(one.kind, one.id) for one in places[start : start + KEYS_AT_ONCE]])
        found += sorted(some, key=Position.of, reverse=True)
        if len(found) >= most:
            break
    return found[:most]


def of_sid(db: Connection, line_ids: Sequence[int], sid: str) -> Contact | None:
    """The contact of this SID, if it is on one of these lines."""
    for kind, (table, _, _) in _TABLES.items():
        chosen = Chosen(tuple(line_ids))
        if found := _select(db, kind, chosen, f"{table}.sid = :sid", f"{table}.id", {"sid": sid}, 1):
            return found[0]
    return None


def place_of_text(db: Connection, message_id: int) -> Position:
    """The place of the text of this id, or of the last before it."""
    row = db.execute("SELECT at, id FROM messages WHERE id <= ? ORDER BY id DESC LIMIT 1", (message_id,)).fetchone()
    return Position(row[0], "text", message_id) if row else Position("0000-00-00T00:00:00.000Z", "text", 0)


def ids_of_texts(db: Connection, chosen: Chosen) -> tuple[int, int]:
    """The lowest and the highest id that a text of the chosen time has."""
    lowest, highest = 1, _HIGHEST_ID
    if chosen.since is not None:
        (lowest,) = db.execute(
            "SELECT coalesce(min(id), :none) FROM (SELECT id FROM messages WHERE direction = 'in' AND at >= :since"
            " ORDER BY at LIMIT :most)",
            {"since": chosen.since, "most": OUT_OF_ORDER, "none": _HIGHEST_ID},
        ).fetchone()
    if chosen.until is not None:
        (highest,) = db.execute(
            "SELECT coalesce(max(id), 0) FROM (SELECT id FROM messages WHERE direction = 'in' AND at < :until"
            " ORDER BY at DESC LIMIT :most)",
            {"until": chosen.until, "most": OUT_OF_ORDER},
        ).fetchone()
    return lowest, highest


def oldest_after(db: Connection, calls_id: int, messages_id: int) -> str | None:
    """When the first call or message after these ids came; None when there is none."""
    found = [
        db.execute(f"SELECT at FROM {table} WHERE id > ? ORDER BY id LIMIT 1", (last,)).fetchone()  # noqa: S608
        for table, last in (("calls", calls_id), ("messages", messages_id))
    ]
    return min((row[0] for row in found if row), default=None)


def top(chosen: Chosen, place: Position) -> Position:
    """Where to begin: at `place`, or at the end of the time that is chosen."""
    return place if chosen.until is None else min(place, Position(chosen.until, "", 0))


def _few_starting(db: Connection, chosen: Chosen, place: Position) -> list[Position] | None:
    """Every place after `place` whose number begins as chosen, newest first; None when there are too many to sort."""
    found: list[Position] = []
    for kind, (table, _, _) in _TABLES.items():
        rows = db.execute(
            f"SELECT at, '{kind}', id FROM {table} WHERE number >= :start AND number < :start || ':' LIMIT :most",  # noqa: S608
            {"start": chosen.number_start, "most": FEW + 1},
        ).fetchall()
        if len(rows) > FEW:
            return None
        found += [Position(*row) for row in rows]
    return sorted((one for one in found if one < place), reverse=True)


def _floor(db: Connection, chosen: Chosen, kinds: Sequence[str], place: Position, window: int) -> str | None:
    """How far back a window of so many rows of each kind goes; None when it holds all that is left."""
    ends = []
    for kind in kinds:
        table, _, always = _TABLES[kind]
        which = always if chosen.number is None else "number = :number"
        row = db.execute(
            f"SELECT at FROM {table} WHERE {which} AND at < :at ORDER BY at DESC LIMIT 1 OFFSET :window",  # noqa: S608
            {"at": place.at, "window": window, "number": chosen.number},
        ).fetchone()
        ends.append(row[0] if row else "")
    floor = max(ends)
    return floor if floor and floor > (chosen.since or "") else None


def _between(db: Connection, kind: str, chosen: Chosen, place: Position, floor: str | None, most: int) -> list[Contact]:
    """Those of one kind from `floor` on and after `place`. The chosen time is within these two already: said twice,
    SQLite might begin at the wrong one of them."""
    table = _TABLES[kind][0]
    edge = _HIGHEST_ID if kind < place.kind else place.id if kind == place.kind else 0
    return _select(
        db,
        kind,
        replace(chosen, since=None, until=None),
        f"{table}.at >= :floor AND {table}.at <= :place AND ({table}.at < :place OR {table}.id < :edge)",
        f"{table}.at DESC, {table}.id DESC",
        {"floor": floor or chosen.since or "", "place": place.at, "edge": edge},
        most,
    )


def _select(
    db: Connection,
    kind: str,
    chosen: Chosen,
    where: str,
    order: str,
    values: dict[str, object],
    most: int,
) -> list[Contact]:
    table, columns, always = _TABLES[kind]
    if not chosen.line_ids:
        return []
    conditions = [always, where, f"{table}.line_id IN ({', '.join(map(str, chosen.line_ids))})"]
    conditions += [
        condition
        for value, condition in (
            (chosen.status, _of_status(kind, chosen.status)),
            (chosen.reply, f"{table}.reply = :reply"),
            (chosen.country, f"coalesce({table}.country, '') = :country"),
            (chosen.heard, "calls.greeting_heard = :heard" if kind == "call" else "0"),
            (chosen.since, f"{table}.at >= :since"),
            (chosen.until, f"{table}.at < :until"),
            (chosen.number, f"{table}.number = :number"),
            (chosen.number_start, f"+{table}.number >= :number_start AND +{table}.number < :number_start || ':'"),
        )
        if value is not None
    ]
    sql = f"SELECT {columns} WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :most"
    rows = db.execute(sql, {**chosen.__dict__, **values, "most": most}).fetchall()
    return [Contact._make(row) for row in rows]


def _of_status(kind: str, status: str | None) -> str:
    """A call's own status; a text's is that of our answer, and every text is `received`."""
    if kind == "call":
        return "calls.status = :status"
    return "1" if status == "received" else "answer.status = :status"
