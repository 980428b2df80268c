"""The tables, as numbered steps that are only ever added to: one file each.

Every step is applied once, in order, in a transaction with its own record (sqlite-utils' migrations). A step that
has been released is never edited: a change is a new step.
"""

from collections.abc import Callable
from types import ModuleType

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ivr.store.schema import (
    step_0001_calls_and_texts,
    step_0002_links_carry_an_id,
    step_0003_operators,
    step_0004_greetings,
    step_0005_members,
    step_0006_people_and_consents,
    step_0007_line_versions,
    step_0008_tallies,
    step_0009_notes_and_tags,
)

STEPS = (
    step_0001_calls_and_texts,
    step_0002_links_carry_an_id,
    step_0003_operators,
    step_0004_greetings,
    step_0005_members,
    step_0006_people_and_consents,
    step_0007_line_versions,
    step_0008_tallies,
    step_0009_notes_and_tags,
)
migrations = Migrations("third-ring")


def _applying(step: ModuleType) -> Callable[[Database], None]:
    def apply(database: Database) -> None:
        for statements in step.STATEMENTS:
            for statement in statements.split(";\n"):  # one by one: `executescript` would commit half-way
                database.conn.execute(statement)
        if hasattr(step, "finish"):
            step.finish(database.conn)

    return apply


for _step in STEPS:
    migrations(name=_step.NAME)(_applying(_step))
