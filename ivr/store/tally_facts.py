"""What is counted, each said once as a query over the table that tells it; counted on, and recounted from nothing.

A fact is (line, stored time, what, which, how many). Each of these holds for ever once it was true, but for what the
triggers of the schema's step 0008 note in `tally_changes`.
"""

from dataclasses import dataclass

from ivr.store.consents import SIGNED_UP
from ivr.store.database import Connection

MINUTE, QUARTER = 16, 14
"""So much of a stored time is its minute; so much of it comes before the minutes of a quarter."""
FAILED = "status IN ('undelivered', 'failed')"


@dataclass(frozen=True)
class Source:
    """A table, the column of `tallied` that says how far it was counted, and what each of its rows tells.

    A fact is (what, which, time, condition), in the columns of `joined`, or of the table itself.
    """

    table: str
    facts: tuple[tuple[str, str, str, str], ...]
    joined: str = ""
    watermark: str = ""

    @property
    def up_to(self) -> str:
        """The column of `tallied`."""
        return self.watermark or f"{self.table}_id"

    def query(self, where: str) -> str:
        """SQL for the facts of the rows for which `where` holds."""
        return " UNION ALL ".join(
            f"SELECT one.line_id AS line_id, {at} AS at, '{what}' AS what, {which} AS which, 1 AS n"  # noqa: S608
            f" FROM {self.joined or self.table} AS one WHERE {where} AND {condition}"
            for what, which, at, condition in self.facts
        )


_COUNTRY = ("country", "coalesce(one.country, '')", "one.at")
SOURCES = (
    Source("opt_outs", (("opt_outs", "''", "one.at", "one.action = 'out'"),)),
    Source(
        "consents",
        (
            ("sign_ups", "''", "one.at", SIGNED_UP),
            (
                *("joined", "''", "(SELECT first_at FROM people WHERE people.id = one.person_id)"),
                f"{SIGNED_UP} AND NOT EXISTS (SELECT 1 FROM consents AS before"  # noqa: S608
                f" WHERE before.person_id = one.person_id AND before.id < one.id AND {SIGNED_UP})",
            ),
        ),
    ),
    Source("people", (("people", "''", "one.first_at", "1"), ("language", "one.language", "one.first_at", "1"))),
    Source(
        "calls",
        (
            ("calls", "''", "one.at", "1"),
            ("heard", "''", "one.at", "one.greeting_heard = 1"),
            ("unheard", "''", "one.at", "one.greeting_heard = 0"),
            (*_COUNTRY, "1"),
        ),
    ),
    Source(
        "messages",
        (
            ("texts", "''", "one.at", "one.direction = 'in'"),
            (*_COUNTRY, "one.direction = 'in'"),
            ("failure", "coalesce(one.error_code, 'unsaid')", "one.at", f"one.{FAILED}"),
        ),
    ),
    Source("message_events", (("answer", "one.bound", "one.at", "1"),), "answers_in_time", "events_id"),
)
"""What is counted first stands first."""


def steps(db: Connection, most: int) -> dict[Source, tuple[int, int]]:
    """The ids of each source that are counted next: after the one, up to the other; at most so many rows of all."""
    found: dict[Source, tuple[int, int]] = {}
    columns = ", ".join(source.up_to for source in SOURCES)
    counted = db.execute(f"SELECT {columns} FROM tallied").fetchone()  # noqa: S608
    for source, after in zip(SOURCES, counted, strict=True):
        up_to, rows = db.execute(
            f"SELECT max(id), count(*) FROM (SELECT id FROM {source.table} WHERE id > ? ORDER BY id LIMIT ?)",  # noqa: S608
            (after, most),
        ).fetchone()
        if rows:
            found[source] = (after, up_to)
            most -= rows
    return found


def left(db: Connection) -> int:
    """How many ids are still to be counted, of all sources."""
    columns = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {source.table}) - {source.up_to}" for source in SOURCES)  # noqa: S608
    return int(sum(db.execute(f"SELECT {columns} FROM tallied").fetchone()))  # noqa: S608
