"""The page Today with many contacts: how long it takes the server, and how many rows a second the tallies count."""

import random
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.places import LINES
from benchmarks.questions import Asked
from benchmarks.report import progress
from ivr import clock
from ivr.store import Store, tallies

TODAY = 50.0
"""Milliseconds, p99."""


def counted(path: Path) -> tuple[int, float, bool]:
    """Count to the end, as the product does but without a pause; returns the rows, the seconds, and if it is right."""
    store, since, count = Store(path, path.with_suffix(".spool")), clock.before(clock.now(), days=3), 0
    began = time.monotonic()
    while some := store.write(lambda db: tallies.count(db, since)):
        count += some
        progress(f"counting: {count:,}")
    seconds = time.monotonic() - began
    progress("counting everything anew")
    kept, anew = store.write(lambda db: tallies.recount(db, since))
    store.close()
    return count, seconds, kept == anew


def days() -> list[Asked]:
    """The page and what it leads to."""
    return [
        Asked("Today, all lines", TODAY, lambda chance: "/console/today"),
        Asked("Today, one line", TODAY, lambda chance: f"/console/today?line={chance.randint(1, len(LINES))}"),
        Asked("Today, renewed", TODAY, lambda chance: f"/console/today/fresh?line={chance.randint(1, len(LINES))}"),
        Asked("Today, the last hour", TODAY, lambda chance: "/console/today?by=minutes"),
        Asked("another day", TODAY, lambda chance: f"/console/today?day={_day(chance)}"),
        Asked("thirty days", TODAY, lambda chance: f"/console/today?by=days&day={_day(chance)}"),
        Asked("who came on a day", 2 * TODAY, lambda chance: f"/console/today/people?{_on(_day(chance))}"),
        Asked("calls heard to their end", 2 * TODAY, lambda chance: _heard(chance)),
    ]


def _day(chance: random.Random) -> str:
    return f"{(clock.now() - timedelta(days=chance.randint(1, 390))).date()}"


def _on(day: str) -> str:
    return f"since={day}&until={day}"


def _heard(chance: random.Random) -> str:
    return f"/console/log?kind=call&heard={chance.choice(('yes', 'no'))}&{_on(_day(chance))}"
