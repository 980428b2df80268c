"""The background: jobs that run after the answer is given, by a few threads that end when nothing is left."""

import heapq
import itertools
import logging
from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic

_THREADS = 8
_log = logging.getLogger(__name__)


class Courier:
    """Runs jobs soon, in the order of their time, by at most eight threads. An error in a job is logged."""

    def __init__(self) -> None:
        self._change = Condition()
        self._jobs: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._threads = 0
        self._unfinished = 0

    def submit(self, job: Callable[[], None], delay: float = 0.0) -> None:
        """Takes a job to run in `delay` seconds and returns at once."""
        with self._change:
            heapq.heappush(self._jobs, (monotonic() + delay, next(self._order), job))
            self._unfinished += 1
            self._change.notify()
            if self._threads < min(_THREADS, self._unfinished):
                self._threads += 1
                Thread(target=self._work, name="simulator-courier", daemon=True).start()

    def quiet(self, timeout: float = 10.0) -> bool:
        """Waits until no job is left, at most `timeout` seconds. Whether it became quiet."""
        with self._change:
            return self._change.wait_for(lambda: self._unfinished == 0, timeout)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:
                _log.exception("a job of the simulator failed")
            with self._change:
                self._unfinished -= 1
                self._change.notify_all()

    def _next(self) -> Callable[[], None] | None:
        with self._change:
            while self._jobs:
                wait = self._jobs[0][0] - monotonic()
                if wait <= 0:
                    return heapq.heappop(self._jobs)[2]
                self._change.wait(wait)
            self._threads -= 1
            return None
