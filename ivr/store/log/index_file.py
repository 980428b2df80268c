"""The file of the search index: opened, kept open by who feeds it, thrown away when it is damaged.

The connection that feeds stays open: when the last one to a file is closed SQLite copies the whole log into it, and
pysqlite lets no other thread of the process run meanwhile, for tens of milliseconds.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.errors import StoreUnavailable
from ivr.store.database import Connection, DatabaseError, connect, identity, is_damage

CHECKPOINT_PAGES = 1_000
"""4 MB of log; then SQLite copies it into the file, at the end of a batch."""


class IndexFile:
    """The file at `path`. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = threading.Lock()
        self._kept: tuple[Connection, tuple[int, int]] | None = None

    @contextmanager
    def opened(self, writable: bool) -> Iterator[Connection]:
        """A connection of one's own. Raises `StoreUnavailable`, also for what the database reports meanwhile."""
        file = self._identity()
        connection = self._connected(file, writable)
        try:
            with self._faults_told(file):
                yield connection
        finally:
            connection.close()

    @contextmanager
    def feeding(self) -> Iterator[Connection]:
        """The connection that stays open, for one thread at a time; what is not committed in the end is undone.

        Raises as `opened` does.
        """
        with self._turn, self._faults_told(self._identity()):
            connection = self._kept_open()
            try:
                yield connection
            except BaseException:
                self._let_go()
                raise
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def remove(self) -> None:
        """Throw the file away, with its log."""
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _kept_open(self) -> Connection:
        file = self._identity()
        if self._kept is None or self._kept[1] != file:
            self._let_go()
            self._kept = self._connected(file, writable=True), file
            self._kept[0].execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        return self._kept[0]

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept[0].close()

    def _identity(self) -> tuple[int, int]:
        try:
            return identity(self.path)
        except OSError as error:
            raise StoreUnavailable(f"There is no search index yet: {error}.") from error

    def _connected(self, file: tuple[int, int], writable: bool) -> Connection:
        try:
            return connect(self.path, writable=writable)
        except StoreUnavailable as fault:
            self._remove_if_damaged(fault.__cause__, file)
            raise

    @contextmanager
    def _faults_told(self, file: tuple[int, int]) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            self._remove_if_damaged(error, file)
            raise StoreUnavailable(f"The search index cannot be used now: {error}.") from error

    def _remove_if_damaged(self, error: BaseException | None, file: tuple[int, int]) -> None:
        """Remove the file in which damage was met, unless it was made anew meanwhile."""
        try:
            if isinstance(error, Exception) and is_damage(error) and identity(self.path) == file:
                self.remove()
        except OSError:
            return
