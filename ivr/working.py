"""What goes on in the background: sending, fetching voice messages, feeding the search, counting, settling doubt,
nudging, forgetting what has had its time, sweeping.

One process of an installation does it at a time, by a lease: every web worker tries, and so may `ivr work`.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from ivr import (
    clock,
    forgetting,
    greetings,
    nudging,
    outbox,
    retention,
    searching,
    tallying,
    voice_messages,
    waiting_room,
)
from ivr.catching_up import catch_up
from ivr.errors import ThirdRingError
from ivr.house import House
from ivr.store.lease import Lease

TICK_SECONDS = 0.5
CHECKPOINT_SECONDS = 0.25
SETTLE_EVERY, NUDGE_EVERY, SWEEP_EVERY = timedelta(seconds=60), timedelta(seconds=60), timedelta(hours=1)
COUNT_EVERY = timedelta(seconds=10)
log = logging.getLogger(__name__)
Job = Callable[[House, datetime], int]


class Work:
    """The background work of one process; `run` until `stop` is called from another thread."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopped = threading.Event()
        self._lease = Lease(house.settings.instance_path / "work.lease")
        self._done_at: dict[Job, datetime] = {}

    @property
    def holder(self) -> str:
        """The process id that holds the lease, for messages to people."""
        return self._lease.holder()

    def start(self) -> None:
        """Run in a thread of its own, which ends with the process."""
        threading.Thread(target=self.run, name="work", daemon=True).start()

    def stop(self) -> None:
        """End `run` after what it is doing now."""
        self._stopped.set()

    def run(self) -> None:
        """Work, whenever the lease is ours, until stopped."""
        threading.Thread(target=self._make_checkpoints, name="checkpoints", daemon=True).start()
        while not self._stopped.wait(TICK_SECONDS):
            self.tick()
        self._lease.give_back()

    def tick(self) -> bool:
        """One round; False when another process holds the lease. A fault of one job does not keep the others.

        But nothing is sent before the spool has been read back in: a STOP may wait there.
        """
        try:
            if not self._lease.take():
                return False
        except OSError as error:
            log.error("The lease cannot be taken: %s", error)
            return False
        now = clock.now()
        if self._try(catch_up, now):
            self._try(outbox.send_due, now)
        self._try(voice_messages.fetch_waiting, now)
        self._try(retention.keep_to_periods, now)
        self._try(searching.feed, now)
        self._try(tallying.count, now)
        for job, pause in (
            (outbox.settle_doubt, SETTLE_EVERY),
            (nudging.nudge, NUDGE_EVERY),
            (waiting_room.keep_count, COUNT_EVERY),
            (greetings.sweep, SWEEP_EVERY),
            (voice_messages.sweep, SWEEP_EVERY),
            (forgetting.cut_logs, SWEEP_EVERY),
        ):
            if job not in self._done_at or now - self._done_at[job] >= pause:
                self._done_at[job] = now
                self._try(job, now)
        return True

    def _make_checkpoints(self) -> None:
        """In a thread of its own: sending may wait for the carrier, and the log grows meanwhile."""
        while not self._stopped.wait(CHECKPOINT_SECONDS):
            if self._lease.is_held:
                self._try(_checkpoint, clock.now())

    def _try(self, job: Job, now: datetime) -> bool:
        try:
            job(self._house, now)
            return True
        except (ThirdRingError, OSError) as error:
            log.error("%s: %s", job.__name__, error)
        except Exception:
            log.exception("%s failed", job.__name__)
        return False


def _checkpoint(house: House, now: datetime) -> int:
    return house.store.checkpoint()
