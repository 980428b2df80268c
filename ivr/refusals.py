"""Counting webhooks that are refused, so that a wrong set-up is seen at once.

They are counted in memory and written once a second at most: a flood of forged webhooks costs no commits.
"""

import threading
from datetime import datetime

from ivr import clock
from ivr.errors import StoreUnavailable
from ivr.store import Store, refusals

WRITTEN_EVERY_SECONDS = 1.0
MOST_KINDS = 200


class Refusals:
    """The counts of one process that are not written yet."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._mutex = threading.Lock()
        self._counts: dict[tuple[str, str], tuple[int, str, str]] = {}
        self._timer: threading.Timer | None = None

    def count(self, reason: str, path: str, address: str, at: datetime) -> None:
        """Count one refusal; it is in the database about a second later. Both words are ours, never a stranger's."""
        with self._mutex:
            key = (reason, path)
            if key not in self._counts and len(self._counts) >= MOST_KINDS:
                return
            self._counts[key] = (self._counts.get(key, (0, "", ""))[0] + 1, clock.written(at), address)
            if self._timer is None:
                self._start_timer()

    def write(self) -> None:
        """Write what was counted. A database that cannot be written now gets it later."""
        with self._mutex:
            counted, self._counts, self._timer = self._counts, {}, None
        if not counted:
            return
        try:
            self._store.write(lambda db: refusals.add(db, counted))
        except StoreUnavailable:
            with self._mutex:
                for key, (count, at, address) in counted.items():
                    self._counts[key] = (self._counts.get(key, (0, "", ""))[0] + count, at, address)
                if self._timer is None:
                    self._start_timer()

    def _start_timer(self) -> None:
        self._timer = threading.Timer(WRITTEN_EVERY_SECONDS, self.write)
        self._timer.daemon = True
        self._timer.start()
