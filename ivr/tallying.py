"""Tallying: what the console's page Today shows is counted in the background, a moment after it was, each thing once.

No webhook waits for it: it counts what has come since, some thousand rows to a short transaction, for a fifth of a
second at most. Where there is a past to count, the page says how much of it is left.
"""

import time
from datetime import datetime, timedelta

from ivr import clock
from ivr.house import House
from ivr.store import tallies

COUNT_SECONDS = 0.2
MINUTES_KEPT = timedelta(days=3)
"""The minutes of today, and of yesterday until now, in whatever time zone."""


def count(house: House, now: datetime) -> int:
    """Count what has come since the last time, for a moment; returns how many rows. Raises `StoreUnavailable`."""
    end, counted, since = time.monotonic() + COUNT_SECONDS, 0, clock.written(now - MINUTES_KEPT)
    while house.store.read(tallies.is_behind):
        counted += house.store.write(lambda db: tallies.count(db, since))
        if time.monotonic() >= end:
            break
    return counted
