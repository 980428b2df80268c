"""Webhooks that were refused, counted by hour, reason and path; and contacts for numbers that are no line."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.store.database import Connection

MOST_STRAYS = 10_000


@dataclass(frozen=True)
class Refusal:
    """How often webhooks were refused for one reason, and when and from where last."""

    reason: str
    path: str
    count: int
    last_at: str
    last_address: str


@dataclass(frozen=True)
class Strays:
    """Calls and texts to one number that is no line."""

    dialled: str
    count: int
    last_at: str


def add(db: Connection, counted: Mapping[tuple[str, str], tuple[int, str, str]]) -> None:
    """Add counts: (reason, path) to how many, when last, from where last."""
    db.executemany(
        "INSERT INTO refusals (hour, reason, path, count, last_at, last_address) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (hour, reason, path) DO UPDATE SET count = count + excluded.count,"
        " last_at = excluded.last_at, last_address = excluded.last_address",
        [(at[:13], reason, path, count, at, address) for (reason, path), (count, at, address) in counted.items()],
    )


def since(db: Connection, at: str) -> list[Refusal]:
    """What was refused since a moment, to the hour, the most frequent first."""
    rows = db.execute(
        "SELECT reason, path, sum(count), max(last_at), last_address FROM refusals WHERE hour >= ?"
        " GROUP BY reason, path ORDER BY sum(count) DESC",
        (at[:13],),
    )
    return [Refusal(*row) for row in rows.fetchall()]


def strays_since(db: Connection, at: str) -> list[Strays]:
    """Contacts for numbers that are no line of ours since a moment, the most frequent first."""
    rows = db.execute(
        "SELECT dialled, count(*), max(at) FROM (SELECT dialled, at FROM strays WHERE at >= ? ORDER BY at DESC LIMIT ?)"
        " GROUP BY dialled ORDER BY count(*) DESC LIMIT 20",
        (at, MOST_STRAYS),
    )
    return [Strays(*row) for row in rows.fetchall()]
