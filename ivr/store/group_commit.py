"""Group commit: requests that wait at the same moment share one commit.

A durable commit costs an fsync, a hundred times the price of the row it makes safe. Under load many requests of a
process wait at once; one fsync can serve them all. So:

1. A thread that wants to write leaves its work in the queue. If nobody leads, it leads; else it sleeps.
2. The leader takes its turn at the gate between processes, and only then takes all that waits: the longer the
   wait, the larger the group, so the work per request falls as the load rises.
3. It runs all works in one `BEGIN IMMEDIATE` transaction. When one of them raises, it starts over, each work in a
   savepoint of its own: then the one that raises is rolled back alone, and its thread gets the exception, while the
   others do not notice. So a work may be run twice, and must do nothing but write to its connection.
4. It commits, passes the lead to the first of those who came meanwhile, and wakes its group. Nobody is woken, and
   so no webhook is acknowledged, before the commit has returned.

The gate is two lock files. A plain lock starves the others: its holder takes it again before a waiter has woken.
With a turnstile before it (held while waiting for the lock, let go once inside) the processes take turns. The
locks are tried with short sleeps instead of a blocking call, because a wait must end: at the latest `patience`
seconds after the first of a group came, the whole group gets `StoreUnavailable`, and its webhooks go to the spool.
After such a failure the store is left alone for `RESPITE_SECONDS` and then only asked for `PROBE_SECONDS` until it
answers again: a queue of threads that each wait five seconds for the same dead disk would answer nobody.

SQLite's busy time-out stays, as a guard against writers that do not know the gate (a person with `sqlite3`). So
does a look at the file itself: SQLite would go on writing to a database that was deleted under it, and say nothing.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ivr.errors import StoreUnavailable, WrongSchema
from ivr.store.database import Connection, DatabaseError, check_schema, connect, ends_transaction, identity

T = TypeVar("T")

PATIENCE_SECONDS = 5.0
RESPITE_SECONDS = 1.0
PROBE_SECONDS = 0.25
NAP_SECONDS = 0.0002


class GroupCommit:
    """Runs works, many to a commit, on the one writing connection of this process."""

    def __init__(self, path: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._path = path
        self._gate = Gate(path)
        self._patience = self._full_patience = patience
        self._not_before = 0.0
        self._connection: Connection | None = None
        self._file: tuple[int, int] | None = None
        self._mutex = threading.Lock()
        self._waiting: deque[_Job] = deque()
        self._led = False

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work(connection)` and commit; returns what it returned, once that is on the disk.

        Whatever `work` raises is raised here, and nothing of it is kept. Raises `StoreUnavailable` when the
        database could not be written in time; then nothing was kept either, as far as this process can know.
        """
        job = _Job(work)
        with self._mutex:
            self._waiting.append(job)
            leads, self._led = not self._led, True
        if not leads:
            job.woken.acquire()
        if not job.done:
            self._lead()
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[no-any-return]

    def close(self) -> None:
        """Let the connection and the gate go. The next `run` opens others."""
        self._disconnect()
        self._gate.close()

    def _lead(self) -> None:
        group: list[_Job] = []
        try:
            deadline = self._deadline()
            with self._gate.passed(deadline):
                group = self._take_all()
                self._commit(group, deadline)
            self._patience = self._full_patience
        except BaseException as error:
            group = group or self._take_all()
            for job in group:
                job.error = StoreUnavailable(f"The database cannot be written now: {error}.")
            self._leave_alone()
            if not isinstance(error, StoreUnavailable | WrongSchema | DatabaseError | OSError):
                raise
        finally:
            self._hand_over()
            for job in group:
                job.done = True
                job.woken.release()

    def _leave_alone(self) -> None:
        """Give the store its respite; who came during one and was turned away does not lengthen it."""
        if time.monotonic() >= self._not_before:
            self._patience, self._not_before = PROBE_SECONDS, time.monotonic() + RESPITE_SECONDS
            self._disconnect()

    def _deadline(self) -> float:
        if time.monotonic() < self._not_before:
            raise StoreUnavailable("it did not answer a moment ago")
        return self._waiting[0].came + self._patience

    def _take_all(self) -> "list[_Job]":
        with self._mutex:
            group = list(self._waiting)
            self._waiting.clear()
            return group

    def _hand_over(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting[0].woken.release()
            else:
                self._led = False

    def _commit(self, group: "list[_Job]", deadline: float) -> None:
        connection = self._connected()
        milliseconds = max(1, int((deadline - time.monotonic()) * 1000))
        connection.execute(f"PRAGMA busy_timeout={milliseconds}")
        try:
            _run(group, connection, _Job.run)
        except Exception as error:
            if ends_transaction(error):
                raise
            _run(group, connection, _Job.run_apart)

    def _connected(self) -> Connection:
        file = identity(self._path)
        if self._file != file:
            self._disconnect()
        if self._connection is None:
            self._connection = connect(self._path)
            self._file = file
            check_schema(self._connection)
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _Job:
    """One thread's work: `woken` is held until it is done, or until it is its turn to lead."""

    __slots__ = ("came", "done", "error", "result", "woken", "work")

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.came = time.monotonic()
        self.woken = threading.Lock()
        self.woken.acquire()
        self.done = False
        self.result: Any = None
        self.error: Exception | None = None

    def run(self, connection: Connection) -> None:
        """Run the work as a part of the transaction; whatever it raises ends that."""
        self.result = self.work(connection)

    def run_apart(self, connection: Connection) -> None:
        """Run the work in a savepoint. Raises only what ends the whole transaction: a full or broken disk."""
        connection.execute("SAVEPOINT work")
        try:
            self.run(connection)
        except Exception as error:
            if ends_transaction(error) or not connection.in_transaction:
                raise
            connection.execute("ROLLBACK TO work")
            connection.memo.clear()
            self.error = error
        connection.execute("RELEASE work")


def _run(group: list[_Job], connection: Connection, run: Callable[[_Job, Connection], None]) -> None:
    """Run a group in one transaction: all of it is on the disk when this returns, nothing when it raises."""
    connection.memo.clear()
    try:
        connection.execute("BEGIN IMMEDIATE")
        for job in group:
            run(job, connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


class Gate:
    """One process at a time, in turn. Its two lock files stand beside the database and stay empty."""

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
