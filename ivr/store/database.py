"""Opening the database: one SQLite, its pragmas, its one home.

This is the seam for another database. What only SQLite does (pragmas, WAL, the file's identity) stays here, in
`group_commit` and in `checkpoints`; the other modules of this floor speak portable SQL.

sqlite-utils picks the `pysqlite3` wheel by itself where it is installed, so that the whole process has a single
copy of SQLite: two copies break each other's POSIX locks (sqlite.org/howtocorrupt.html, 2.2.1).
"""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from ivr.errors import StoreUnavailable, WrongSchema
from ivr.store.schema import migrations


class Connection(sqlite3.Connection):  # type: ignore[misc]
    """A connection to the database. `memo` is what was read in the present transaction, to be used in it again."""

    memo: dict[str, Any]


SQLITE_VERSION: str = sqlite3.sqlite_version
SQLITE_WITHOUT_WAL_BUG = (3, 51, 3)  # sqlite.org/wal.html: "the WAL-reset bug", 3.7.0 to 3.51.2
DatabaseError: type[Exception] = sqlite3.DatabaseError
IntegrityError: type[Exception] = sqlite3.IntegrityError
BUSY_SECONDS = 5.0
AUTO_CHECKPOINT_PAGES = 16_000  # 64 MB: only where nobody makes checkpoints in the background (see `checkpoints`)
_FAULTS_OF_STATEMENTS = (
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
)
# A None that is bound would be asked each time, in vain, how it wants to be kept: ten times the price of a number.
sqlite3.register_adapter(type(None), lambda nothing: nothing)


def connect(path: Path, busy_seconds: float = BUSY_SECONDS, writable: bool = True) -> Connection:
    """A connection to the existing database at `path`, durable and strict.

    `synchronous=FULL`: a commit is on the disk before it returns. `secure_delete`: what is deleted or replaced is
    overwritten in the file. Transactions begin where we say, never by themselves. Raises `StoreUnavailable` when there
    is no such file or it cannot be used; it never makes one.
    """
    mode = "rw" if writable else "ro"
    try:
        connection: Connection = sqlite3.connect(
            f"file:{_uri_path(path)}?mode={mode}",
            uri=True,
            timeout=busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
            cached_statements=256,
        )
        connection.memo = {}
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        if writable:
            connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA wal_autocheckpoint={AUTO_CHECKPOINT_PAGES}")
        return connection
    except DatabaseError as error:
        raise StoreUnavailable(f"The database {path} cannot be opened: {error}.") from error


def prepare(path: Path) -> list[str]:
    """Make the database at `path` if there is none, and bring its schema up to date; names what was applied.

    One process at a time, under a lock file; WAL is switched on here, before any worker starts, because that
    switch is not covered by the busy time-out. Raises `StoreUnavailable` or `WrongSchema`.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(path.with_name(path.name + ".setup-lock")):
            path.touch(mode=0o600)
            return _migrate(path)
    except (OSError, DatabaseError) as error:
        raise StoreUnavailable(f"The database {path} cannot be prepared: {error}.") from error


def identity(path: Path) -> tuple[int, int]:
    """Which file `path` is now: SQLite goes on with one that was deleted or replaced, and says nothing.

    Raises OSError when there is none.
    """
    status = path.stat()
    return status.st_dev, status.st_ino


def check_schema(connection: Connection) -> None:
    """Raise `WrongSchema` unless the database is exactly of this program's schema."""
    database = Database(connection, execute_plugins=False)
    known = [migration.name for migration in migrations.pending(database)]
    applied = {migration.name for migration in migrations.applied(database)}
    newer = sorted(applied - {migration.name for migration in migrations._migrations})
    if newer:
        raise WrongSchema(f"The database was made by a newer Third Ring ({newer[-1]}): upgrade the program.")
    if known:
        raise WrongSchema(f"The database lacks {known[0]}: stop the program, then start `ivr serve` to upgrade it.")


def ends_transaction(error: Exception) -> bool:
    """Whether an error is the database's own (full, locked, damaged) rather than that of one statement."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF not in _FAULTS_OF_STATEMENTS


def is_damage(error: Exception) -> bool:
    """Whether an error says that the file is damaged, or no database at all."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def journal_mode(connection: Connection) -> str:
    """The journal mode, `wal` when all is well."""
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def integrity(connection: Connection) -> str:
    """SQLite's own quick look at the file: `ok`, or what is broken."""
    return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])


def changed(connection: Connection, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> int:
    """Run a statement that changes rows; returns how many it changed."""
    return int(connection.execute(sql, values).rowcount)


def insert(connection: Connection, into: str, rows: Sequence[Sequence[Any]], ending: str = "") -> Any:
    """Insert rows with one statement, `INSERT INTO … VALUES (…), (…) …`, however many there are; returns the cursor.

    One call to SQLite instead of many: at each of them another thread may take the interpreter away for a while.
    """
    row = f"({', '.join('?' * len(rows[0]))})"
    return connection.execute(
        f"INSERT INTO {into} VALUES {', '.join([row] * len(rows))}{ending}",  # noqa: S608
        [value for values in rows for value in values],
    )


def next_id(connection: Connection, table: str) -> int:
    """The next id of a table. Nobody else writes in our transaction, so the highest is asked for once in it."""
    memo, key = connection.memo, f"last id of {table}"
    if key not in memo:
        memo[key] = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]  # noqa: S608
    memo[key] += 1
    return int(memo[key])


def rows(connection: Connection, sql: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a query as dictionaries, one after another."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Several reads of one state of the database, whatever is committed between them."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`; waits for whoever holds it. Given back even when the process dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _migrate(path: Path) -> list[str]:
    connection = connect(path)
    try:
        if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
            raise StoreUnavailable(f"The database {path} cannot be in WAL mode: is it on a network disk?")
        database = Database(connection, execute_plugins=False)
        pending = [migration.name for migration in migrations.pending(database)]
        migrations.apply(database)
        check_schema(connection)
        return pending
    finally:
        connection.close()


def _uri_path(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
