"""Group commit: requests that wait at the same moment share one commit.

A durable commit costs an fsync, a hundred times the price of the row it makes safe. Under load many requests of a
process wait at once; one fsync can serve them all. So:

1. A thread that wants to write leaves its work in the queue. If nobody leads, it leads; else it sleeps.
2. The leader takes its turn at the gate between processes (`gate`), and only then takes all that waits: the longer the
   wait, the larger the group, so the work per request falls as the load rises.
3. It runs all works in one `BEGIN IMMEDIATE` transaction; those of one kind are handed to their function together,
   which can then write the rows of all with one statement. When a work raises, the leader starts over, each work in
   a savepoint of its own: then the one that raises is rolled back alone, and its thread gets the exception, while
   the others do not notice. So a work may be run twice, and must do nothing but write to its connection.
4. It commits, passes the lead to the first of those who came meanwhile, and wakes its group. Nobody is woken, and
   so no webhook is acknowledged, before the commit has returned.

A wait must end: at the latest `patience` seconds after the first of a group came, the whole group gets
`StoreUnavailable`, and its webhooks go to the spool. After such a failure the store is left alone for `RESPITE_SECONDS`
and then only asked for `PROBE_SECONDS` until it answers again: a queue of threads that each wait five seconds for the
same dead disk would answer nobody.

SQLite's busy time-out stays, as a guard against writers that do not know the gate (a person with `sqlite3`). So
does a look at the file itself: SQLite would go on writing to a database that was deleted under it, and say nothing.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ivr.errors import StoreUnavailable, WrongSchema
from ivr.store.database import Connection, DatabaseError, check_schema, connect, ends_transaction, identity
from ivr.store.gate import Gate

Item = TypeVar("Item")
T = TypeVar("T")
Together = Callable[[Connection, Sequence[Item]], Sequence[T]]
"""Does the same for each of some items: one result for each, in their order."""

PATIENCE_SECONDS = 5.0
RESPITE_SECONDS = 1.0
PROBE_SECONDS = 0.25


class GroupCommit:
    """Runs works, many to a commit, on the one writing connection of this process."""

    def __init__(self, path: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._path = path
        self._gate = Gate(path)
        self._patience = self._full_patience = patience
        self._not_before = 0.0
        self._connection: Connection | None = None
        self._busy_milliseconds = 0  # not told yet
        self._file: tuple[int, int] | None = None
        self._mutex = threading.Lock()
        self._waiting: deque[_Job] = deque()
        self._led = False

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work(connection)` and commit; returns what it returned, once that is on the disk.

        Whatever `work` raises is raised here, and nothing of it is kept. Raises `StoreUnavailable` when the
        database could not be written in time; then nothing was kept either, as far as this process can know.
        """
        return self.run_together(_one_by_one, work)

    def run_together(self, together: Together[Item, T], item: Item) -> T:
        """As `run`, for works that are done together: `together(connection, items)`, with its items that wait."""
        job = _Job(together, item)
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
        self._be_patient(connection, deadline - time.monotonic())
        try:
            with _transaction(connection):
                _run_together(group, connection)
        except Exception as error:
            if ends_transaction(error):
                raise
            with _transaction(connection):
                for job in group:
                    _run_apart(job, connection)

    def _be_patient(self, connection: Connection, seconds: float) -> None:
        """Let SQLite wait for a foreign writer no longer than we would; in tenths, so that it is seldom told anew."""
        milliseconds = max(1, int(seconds * 10) * 100)
        if milliseconds != self._busy_milliseconds:
            connection.execute(f"PRAGMA busy_timeout={milliseconds}")
            self._busy_milliseconds = milliseconds

    def _connected(self) -> Connection:
        file = identity(self._path)
        if self._file != file:
            self._disconnect()
        if self._connection is None:
            self._connection, self._busy_milliseconds = connect(self._path), 0
            self._file = file
            check_schema(self._connection)
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _Job:
    """One thread's work: `woken` is held until it is done, or until it is its turn to lead."""

    __slots__ = ("came", "done", "error", "item", "result", "together", "woken")

    def __init__(self, together: Together[Any, Any], item: Any) -> None:
        self.together = together
        self.item = item
        self.came = time.monotonic()
        self.woken = threading.Lock()
        self.woken.acquire()
        self.done = False
        self.result: Any = None
        self.error: Exception | None = None


def _one_by_one(connection: Connection, works: Sequence[Callable[[Connection], T]]) -> list[T]:
    return [work(connection) for work in works]


def _run_together(group: list[_Job], connection: Connection) -> None:
    """Run a group, the jobs of a kind together; whatever one of them raises ends all."""
    kinds: dict[Together[Any, Any], list[_Job]] = {}
    for job in group:
        kinds.setdefault(job.together, []).append(job)
    for together, jobs in kinds.items():
        results = together(connection, [job.item for job in jobs])
        for job, result in zip(jobs, results, strict=True):
            job.result = result


def _run_apart(job: _Job, connection: Connection) -> None:
    """Run a job in a savepoint. Raises only what ends the whole transaction: a full or broken disk."""
    connection.execute("SAVEPOINT work")
    try:
        _run_together([job], connection)
    except Exception as error:
        if ends_transaction(error) or not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO work")
        connection.memo.clear()
        job.error = error
    connection.execute("RELEASE work")


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """One transaction: all that is done in it is on the disk when it ends, nothing when it raises."""
    connection.memo.clear()
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
