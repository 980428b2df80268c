"""What is in the log afterwards: every acknowledged webhook, exactly once, and every text answered once."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import Contestant
from ivr.store import Spool
from ivr.store.database import connect

SPOOL_SECONDS = 30.0  # in which what waits in the spool must be in the log


@dataclass(frozen=True)
class Check:
    """How many acknowledged webhooks are not in the log; how many contacts or answers stand in it twice."""

    acknowledged: int
    lost: int
    twice: int
    spooled: int


def check(ours: Contestant, acknowledged: Iterable[str]) -> Check:
    """Hold the acknowledged SIDs against the log, once the spool is empty."""
    sids = Counter(acknowledged)
    spooled = _wait_for_spool(ours.folder / "spool")
    database = connect(ours.database, writable=False)
    try:
        kept = Counter(sid for (sid,) in database.execute("SELECT sid FROM contacts"))
        answered = database.execute(
            "SELECT count(*) FROM (SELECT 1 FROM messages WHERE direction = 'out' GROUP BY number HAVING count(*) > 1)"
        ).fetchone()[0]
    finally:
        database.close()
    twice = sum(count > 1 for count in kept.values()) + answered + sum(count > 1 for count in sids.values())
    return Check(len(sids), sum(sid not in kept for sid in sids), twice, spooled)


def _wait_for_spool(folder: Path) -> int:
    """How many entries waited in the spool at first."""
    spool = Spool(folder)
    first = spool.count()
    end = time.monotonic() + SPOOL_SECONDS
    while spool.count() and time.monotonic() < end:
        time.sleep(0.2)
    return first
