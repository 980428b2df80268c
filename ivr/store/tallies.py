"""Tallies: what came on each line, a minute and a quarter of an hour at a time, kept as it happens.

Every time zone in use is some quarters of an hour from UTC: so an hour or a day of any of them is a sum of quarters.
`count` goes on from where it was, in one transaction with where it is; so whatever dies between, everything is counted
once. `recount` counts it all anew, for whoever doubts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from ivr.store.database import Connection
from ivr.store.tally_facts import MINUTE, QUARTER, SOURCES, steps

AT_ONCE = 2_000
"""Rows that one transaction counts: webhooks wait for it."""
IN_MINUTES = ("calls", "texts", "people", "sign_ups", "opt_outs")
IN_QUARTERS = (*IN_MINUTES, "heard", "unheard", "joined")
PARTS = ("country", "language", "answer", "failure")
Rows = dict[str, dict[tuple[Any, ...], tuple[int, ...]]]


@dataclass(frozen=True)
class Figures:
    """What came in some time: people are those who came for the first time, and `joined` how many of them signed up.

    `heard` and `unheard`: calls that are over, by whether the greeting was heard to its end.
    """

    calls: int = 0
    texts: int = 0
    people: int = 0
    sign_ups: int = 0
    opt_outs: int = 0
    heard: int = 0
    unheard: int = 0
    joined: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def count(db: Connection, minutes_from: str, most: int = AT_ONCE) -> int:
    """Count some more rows, and what changed in counted ones; returns how many. Minutes before a moment go."""
    found = steps(db, most)
    changes = db.execute("SELECT max(id), count(*) FROM (SELECT id FROM tally_changes ORDER BY id LIMIT ?)", (most,))
    last_change, changed = changes.fetchone()
    if not found and not changed:
        return 0
    _gather(
        db,
        [source.query(f"one.id > {after} AND one.id <= {up_to}") for source, (after, up_to) in found.items()]
        + [f"SELECT line_id, at, what, which, n FROM tally_changes WHERE id <= {last_change or 0}"],  # noqa: S608
    )
    for statement in _ADD:
        db.execute(statement, {"minutes_from": minutes_from[:MINUTE]})
    for source, (after, up_to) in found.items():
        if source.table == "people":
            db.execute(_SPANS, {"after": after, "up_to": up_to})
        db.execute(f"UPDATE tallied SET {source.up_to} = ?", (up_to,))  # noqa: S608
    db.execute("DELETE FROM tally_changes WHERE id <= ?", (last_change or 0,))
    db.execute("DELETE FROM tally_minutes WHERE minute < ?", (minutes_from[:MINUTE],))
    return int(changed) + sum(up_to - after for after, up_to in found.values())


def total(db: Connection, line_ids: Sequence[int], since: str, until: str) -> Figures:
    """What came on these lines from `since` until before `until`, stored times that begin a quarter."""
    sums = ", ".join(f"coalesce(sum({one}), 0)" for one in IN_QUARTERS)
    row = db.execute(
        f"SELECT {sums} FROM tally_quarters WHERE line_id IN ({_listed(line_ids)})"  # noqa: S608
        " AND quarter >= :since AND quarter < :until",
        {"since": since[:MINUTE], "until": until[:MINUTE]},
    ).fetchone()
    return Figures(*row)


def by_minute(db: Connection, line_ids: Sequence[int], since: str, until: str) -> dict[str, Figures]:
    """What came in each of the last days' minutes that anything came in, by how their stored times begin."""
    rows = db.execute(
        f"SELECT minute, {', '.join(f'sum({one})' for one in IN_MINUTES)} FROM tally_minutes"  # noqa: S608
        f" WHERE minute >= :since AND minute < :until AND line_id IN ({_listed(line_ids)}) GROUP BY minute",
        {"since": since[:MINUTE], "until": until[:MINUTE]},
    )
    return {minute: Figures(*rest) for minute, *rest in rows.fetchall()}


def parts(db: Connection, line_ids: Sequence[int], what: str, since: str, until: str) -> list[tuple[str, int]]:
    """What `what` (one of `PARTS`) was, and how often, the most frequent first."""
    rows = db.execute(
        f"SELECT which, sum(n) AS times FROM tally_parts WHERE line_id IN ({_listed(line_ids)}) AND what = :what"  # noqa: S608
        " AND quarter >= :since AND quarter < :until GROUP BY which HAVING times > 0 ORDER BY times DESC, which",
        {"what": what, "since": since[:MINUTE], "until": until[:MINUTE]},
    )
    return [(which, times) for which, times in rows.fetchall()]


def is_behind(db: Connection) -> bool:
    """Whether there is anything to count; nobody has to wait for the answer."""
    return bool(steps(db, 1)) or db.execute("SELECT 1 FROM tally_changes LIMIT 1").fetchone() is not None


def has_any(db: Connection, line_ids: Sequence[int]) -> bool:
    """Whether anything ever came on these lines, as far as it was counted."""
    query = f"SELECT 1 FROM tally_quarters WHERE line_id IN ({_listed(line_ids)}) LIMIT 1"  # noqa: S608
    return db.execute(query).fetchone() is not None


def recount(db: Connection, minutes_from: str) -> tuple[Rows, Rows]:
    """The tallies as they are kept, and as they are when everything is counted from nothing; rows of zeros left out.

    Minutes from a moment on alone are told. It reads every row, and counts the way `count` does: with temporary tables.
    """
    kept = _told(db, minutes_from)
    _gather(db, [source.query("1") for source in SOURCES])
    for name, _, _ in _TABLES:
        db.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM main.{name} WHERE 0")  # noqa: S608
    for statement in _ADD:
        db.execute(statement.partition(" ON CONFLICT")[0].replace("main.", "temp."), {"minutes_from": ""})
    anew = _told(db, minutes_from)
    for name, _, _ in _TABLES:
        db.execute(f"DROP TABLE temp.{name}")
    return kept, anew


def _told(db: Connection, minutes_from: str) -> Rows:
    """What stands in the tables: a temporary one is before one that is kept."""
    told: Rows = {}
    for name, keys, values in _TABLES:
        rows = db.execute(f"SELECT {', '.join((*keys, *values))} FROM {name}").fetchall()  # noqa: S608
        split = [(tuple(row[: len(keys)]), tuple(row[len(keys) :])) for row in rows]
        told[name] = {
            key: row for key, row in split if any(row) and (name != "tally_minutes" or key[0] >= minutes_from)
        }
    return told


def _gather(db: Connection, queries: Sequence[str]) -> None:
    """Put the facts of some queries together by line, minute and kind, where one look after another finds them."""
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS gathered (line_id INTEGER, minute TEXT, what TEXT, which TEXT, n INTEGER)"
    )
    db.execute("DELETE FROM temp.gathered")
    db.execute(
        f"INSERT INTO temp.gathered SELECT line_id, substr(at, 1, {MINUTE}), what, which, sum(n)"  # noqa: S608
        f" FROM ({' UNION ALL '.join(queries)}) GROUP BY 1, 2, 3, 4"
    )


def _listed(line_ids: Sequence[int]) -> str:
    return ", ".join(str(int(one)) for one in line_ids)


def _quarter(at: str) -> str:
    """SQL for the quarter of an hour of a stored time, or of its beginning."""
    minutes = f"substr({at}, {QUARTER + 1}, 2)"
    steps_ = " ".join(f"WHEN {minutes} < '{end}' THEN '{begin}'" for begin, end in (("00", 15), ("15", 30), ("30", 45)))
    return f"substr({at}, 1, {QUARTER}) || CASE {steps_} ELSE '45' END"


def _adding(table: str, keys: str, names: Sequence[str], source: str) -> str:
    sums = ", ".join(f"coalesce(sum(n) FILTER (WHERE what = '{one}'), 0)" for one in names)
    more = ", ".join(f"{one} = {one} + excluded.{one}" for one in names)
    key = keys.replace("period", "quarter" if "quarters" in table else "minute")
    listed = ", ".join(f"'{one}'" for one in names)
    return (
        f"INSERT INTO main.{table} ({key}, {', '.join(names)}) SELECT {keys}, {sums} FROM {source}"  # noqa: S608
        f" AND what IN ({listed}) GROUP BY 1, 2 ON CONFLICT ({key}) DO UPDATE SET {more}"
    )


_BY_QUARTER = f"(SELECT line_id, {_quarter('minute')} AS period, what, which, n FROM temp.gathered) WHERE 1"  # noqa: S608
_BY_MINUTE = "(SELECT line_id, minute AS period, what, n FROM temp.gathered WHERE minute >= :minutes_from) WHERE 1"
_ADD = (
    _adding("tally_quarters", "line_id, period", IN_QUARTERS, _BY_QUARTER),
    _adding("tally_minutes", "period, line_id", IN_MINUTES, _BY_MINUTE),
    "INSERT INTO main.tally_parts (line_id, what, quarter, which, n) SELECT line_id, what, period, which, sum(n)"  # noqa: S608
    f" FROM {_BY_QUARTER} AND what IN ({', '.join(repr(one) for one in PARTS)}) GROUP BY 1, 2, 3, 4"
    " ON CONFLICT (line_id, what, quarter, which) DO UPDATE SET n = n + excluded.n",
)
_SPANS = (
    f"INSERT INTO tally_people (quarter, lowest, highest) SELECT {_quarter('first_at')}, min(id), max(id)"  # noqa: S608
    " FROM people WHERE id > :after AND id <= :up_to GROUP BY 1 ON CONFLICT (quarter)"
    " DO UPDATE SET lowest = min(lowest, excluded.lowest), highest = max(highest, excluded.highest)"
)
_TABLES = (
    ("tally_quarters", ("line_id", "quarter"), IN_QUARTERS),
    ("tally_minutes", ("minute", "line_id"), IN_MINUTES),
    ("tally_parts", ("line_id", "what", "quarter", "which"), ("n",)),
)
