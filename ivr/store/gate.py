"""The gate between processes: one writes at a time, in turn.

Two lock files. A plain lock starves the others: its holder takes it again before a waiter has woken. With a turnstile
before it (held while waiting for the lock, let go once inside) the processes take turns. The locks are tried with short
sleeps instead of a blocking call, because a wait must end. The system gives a lock back when its holder dies.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.errors import StoreUnavailable

NAP_SECONDS = 0.0002


class Gate:
    """The gate of one database. Its two lock files stand beside it and stay empty. Not for use by two threads."""

    def __init__(self, path: Path) -> None:
        self._paths = [path.with_name(path.name + ending) for ending in (".turnstile", ".lock")]
        self._files: list[int] = []

    @contextmanager
    def passed(self, deadline: float) -> Iterator[None]:
        """Hold the gate. Raises `StoreUnavailable` when it is not free by `deadline` (of `time.monotonic`)."""
        if not self._files:
            self._files = [os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for path in self._paths]
        turnstile, lock = self._files
        _lock_by(deadline, turnstile)
        try:
            _lock_by(deadline, lock)
        finally:
            fcntl.flock(turnstile, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the lock files."""
        files, self._files = self._files, []
        for file in files:
            os.close(file)


def _lock_by(deadline: float, file: int) -> None:
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise StoreUnavailable("another process holds it") from None
            time.sleep(NAP_SECONDS)
