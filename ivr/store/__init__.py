"""The ground floor of what we keep: the only SQL.

`Store` is opened once in each process. The modules beside it are one noun each (`lines`, `people`, `messages`,
`calls`, `opt_outs`, `contacts`): functions that take a connection, so that a rule can do several things in one
transaction:

    store.write(lambda db: people.opt_out(db, line, number, at))
"""

import threading
from collections.abc import Callable
from pathlib import Path

from ivr.errors import StoreUnavailable
from ivr.store.checkpoints import Checkpoints, cut
from ivr.store.database import Connection, DatabaseError, check_schema, connect, identity
from ivr.store.gate import Gate
from ivr.store.group_commit import PATIENCE_SECONDS, GroupCommit, Item, T, Together
from ivr.store.spool import Spool

__all__ = ["Connection", "Item", "Spool", "Store", "T", "Together"]


class Store:
    """What is kept: one database file, and the spool for when it cannot be written."""

    def __init__(self, path: Path, spool_folder: Path, patience: float = PATIENCE_SECONDS) -> None:
        self.path = path
        self.spool = Spool(spool_folder)
        self._writer = GroupCommit(path, patience)
        self._checkpoints = Checkpoints(path)
        self._mine = threading.local()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` and commit it, in company with other threads' works; durable when this returns.

        Raises what `work` raises, or `StoreUnavailable`.
        """
        return self._writer.run(work)

    def write_together(self, together: Together[Item, T], item: Item) -> T:
        """As `write`, for what comes in bursts: `together` gets the items of all threads that wait, in one call."""
        return self._writer.run_together(together, item)

    def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on this thread's own reading connection. Raises `StoreUnavailable`."""
        try:
            return query(self._reader())
        except (DatabaseError, OSError) as error:
            self._drop_reader()
            raise StoreUnavailable(f"The database cannot be read now: {error}.") from error

    def checkpoint(self) -> int:
        """Keep the write-ahead log short; returns how many pages it had. From one thread only.

        Raises `StoreUnavailable`.
        """
        return self._checkpoints.make()

    def truncate_log(self, patience: float = 1.0) -> bool:
        """Let nothing that was deleted stand in the write-ahead log any more.

        False when somebody reads what was before for all of `patience` seconds: then it is for later. Raises
        `StoreUnavailable`.
        """
        gate = Gate(self.path)
        try:
            return cut(self.path, gate, patience)
        finally:
            gate.close()

    def check(self) -> None:
        """Raise `StoreUnavailable` or `WrongSchema` unless the database can be read and is of this schema."""
        self.read(check_schema)

    def close(self) -> None:
        """Let the writing connections go, and this thread's reading one."""
        self._writer.close()
        self._checkpoints.close()
        self._drop_reader()

    def _reader(self) -> Connection:
        file = identity(self.path)
        if getattr(self._mine, "file", None) != file:
            self._drop_reader()
            self._mine.connection = connect(self.path, writable=False)
            self._mine.file = file
        connection: Connection = self._mine.connection
        return connection

    def _drop_reader(self) -> None:
        connection: Connection | None = getattr(self._mine, "connection", None)
        self._mine.connection = self._mine.file = None
        if connection is not None:
            connection.close()
