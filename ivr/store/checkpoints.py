"""Checkpoints: what is committed is moved from the write-ahead log into the database, beside those who write.

SQLite would do that by itself within a commit, every thousand pages; under load that is every hundredth text, and all
who waited for that commit would wait ten times as long as the others. So the commits leave it alone (up to a limit,
`database.AUTO_CHECKPOINT_PAGES`, for when nobody works in the background) and a thread of the background work does it.

Pages are copied while others go on writing (a passive checkpoint). But the log begins anew only when all of it has been
copied, and under load there is always something new. So a long log is copied once more, for the little that came
meanwhile, and then a last time at the gate between processes, where for a moment nobody writes.
(sqlite.org/wal.html, "Checkpointing" and "Avoiding Excessively Large WAL Files".)

A log that begins anew keeps its old pages until others are written over them. `cut` leaves nothing of them.
"""

import time
from contextlib import closing, nullcontext
from pathlib import Path

from ivr.errors import StoreUnavailable
from ivr.store.database import Connection, DatabaseError, connect, identity
from ivr.store.gate import Gate

LONG_PAGES = 2_000
PATIENCE_SECONDS = 1.0
CUT_WAIT_SECONDS, CUT_NAP_SECONDS = 0.05, 0.02
"""How long those who write may wait for a reader to end, at a try; and how long they are let through until the next."""


class Checkpoints:
    """Makes checkpoints of the database at `path`, from one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._gate = Gate(path)
        self._connection: Connection | None = None
        self._file: tuple[int, int] | None = None

    def make(self) -> int:
        """Make one; returns how many pages the log had. Raises `StoreUnavailable`."""
        try:
            pages = self._copy()
            if pages >= LONG_PAGES:
                self._copy()
                with self._gate.passed(time.monotonic() + PATIENCE_SECONDS):
                    self._copy()
            return pages
        except (DatabaseError, OSError) as error:
            self.close()
            raise StoreUnavailable(f"No checkpoint can be made now: {error}.") from error

    def close(self) -> None:
        """Let the connection and the gate go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        self._gate.close()

    def _copy(self) -> int:
        file = identity(self._path)
        if self._connection is None or self._file != file:
            self.close()
            self._connection, self._file = connect(self._path), file
        _, pages, _ = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return int(pages)


def cut(path: Path, gate: Gate | None = None, patience: float = PATIENCE_SECONDS) -> bool:
    """Bring the write-ahead log of the database at `path` to no length, so that nothing that was deleted stands there.

    Tried for `patience` seconds; False when somebody reads what was before all that time. With a `gate` nobody writes
    while it is tried. Raises `StoreUnavailable`.
    """
    deadline = time.monotonic() + patience
    try:
        with closing(connect(path, CUT_WAIT_SECONDS)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            while not (done := _try_to_cut(connection, gate)) and time.monotonic() < deadline:
                time.sleep(CUT_NAP_SECONDS)
            return done
    except (DatabaseError, OSError) as error:
        raise StoreUnavailable(f"The log of the database cannot be cut now: {error}.") from error


def _try_to_cut(connection: Connection, gate: Gate | None) -> bool:
    with gate.passed(time.monotonic() + PATIENCE_SECONDS) if gate else nullcontext():
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
