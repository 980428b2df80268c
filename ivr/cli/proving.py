"""The log's side of a crowd's proof: the simulator knows no store, so who starts it looks there for it."""

import time
from collections.abc import Sequence
from datetime import datetime

from ivr import clock
from ivr.house import open_store
from ivr.settings import Settings
from ivr.simulator.crowd.crowds import InLog
from ivr.simulator.crowd.proof import Kept
from ivr.store import crowd

PATIENCE_SECONDS = 30.0
"""For what waits in the spool to be read back into the database."""


def log_of(settings: Settings) -> InLog:
    """Looks into the log of this installation."""

    def look(sids: Sequence[str], since: datetime) -> Kept:
        store = open_store(settings)
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while store.spool.count() and time.monotonic() < until:
                time.sleep(0.2)
            return Kept(*store.read(lambda db: crowd.counted(db, sids, clock.written(since))))
        finally:
            store.close()

    return look
