"""A log of some thousand contacts, many of them at the same moment, and a plain look at every row of it."""

import random
from datetime import UTC, datetime, timedelta

from ivr import clock
from ivr.store import Connection, Store, lines
from ivr.store.lines import Line
from ivr.store.log import pages
from ivr.store.log.rows import Chosen, Contact, Position

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
COUNT = 3_000
ANY = Chosen((1, 2, 3))
SAID = ("hello", "hello again", "thank you so much", "I love your songs", "beloved", "مرحبا", "你好世界", "call me")


def moment(second: int) -> str:
    """The stored time of a second of the log."""
    return clock.written(BEGINNING + timedelta(seconds=second))


def fill(db: Connection, seed: int = 1, count: int = COUNT) -> None:
    """Keep random calls and texts, some of them answered; three or so at each second."""
    chance = random.Random(seed)
    for number in ("+17735550100", "+17735550101", "+442071838750"):
        lines.add(db, Line(number, "Ada Example"), moment(0))
    for place in range(count):
        line, caller = chance.randint(1, 3), f"+1{chance.choice((773, 202))}555{chance.randint(0, 99):04d}"
        at, country = moment(place // 3), chance.choices(("US", "GB", None), (90, 5, 5))[0]
        if chance.random() < 0.5:
            _call(db, (f"CA{place:032x}", line, caller, at, chance.choice(("completed", "busy")), "greeting", country))
        else:
            answer = chance.choice((None, "delivered", "undelivered", "failed", "doubt", "sending"))
            reply = chance.choice(("sign-up link", "none")) if answer else "none"
            _text(db, (f"SM{place:032x}", line, caller, at, chance.choice(SAID), reply, country), answer)


def _call(db: Connection, values: tuple[object, ...]) -> None:
    db.execute(
        "INSERT INTO calls (sid, line_id, number, at, status, reply, country) VALUES (?, ?, ?, ?, ?, ?, ?)", values
    )


def _text(db: Connection, values: tuple[object, ...], answer: str | None) -> None:
    answer_id = None
    if answer:
        answer_id = db.execute(
            "INSERT INTO messages (direction, line_id, number, at, body, status, error_code)"
            " VALUES ('out', ?, ?, ?, 'thanks', ?, ?)",
            (*values[1:4], answer, 30007 if answer == "undelivered" else None),
        ).lastrowid
    db.execute(
        "INSERT INTO messages (sid, line_id, number, at, body, reply, country, answer_id, direction, status)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'in', 'received')",
        (*values, answer_id),
    )


def fits(one: Contact, chosen: Chosen) -> bool:
    """Whether a contact is chosen, said as plainly as can be."""
    status = (one.status,) if one.kind == "call" else ("received", one.answer_status)
    return (
        one.line_id in chosen.line_ids
        and chosen.kind in (None, one.kind)
        and chosen.status in (None, *status)
        and chosen.reply in (None, one.reply)
        and chosen.country in (None, one.country)
        and chosen.number in (None, one.number)
        and one.number.startswith(chosen.number_start or "")
        and (chosen.since or "") <= one.at < (chosen.until or "~")
    )


def everything(store: Store) -> list[Contact]:
    """Every contact, newest first, read in one go by id and sorted here."""
    keys = [(kind, key) for kind in ("call", "text") for key in range(1, 2 * COUNT)]
    found = store.read(lambda db: pages.of_keys(db, ANY, keys))
    assert len(found) == COUNT
    return sorted(found, key=Position.of, reverse=True)
