"""The search index: what people wrote, and the last four digits of their numbers.

It lives in an SQLite file of its own beside the database, and is fed in batches a moment after the commit: so no
webhook ever waits for it. Nothing is in it that is not in the database: a file that is missing, damaged or of another
version is made anew and fed from the beginning.

Texts are found by the rowid of their message, newest first, never by rank: on ten million texts that is the difference
between a millisecond and seconds.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import StoreUnavailable
from ivr.folding import folded
from ivr.store.database import Connection, DatabaseError, connect
from ivr.store.log.rows import Position

VERSION = 1
_MAKE = (
    "CREATE VIRTUAL TABLE said USING fts5 (words, content='', tokenize='unicode61 remove_diacritics 0', prefix='3')",
    "CREATE TABLE endings (last_four TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL,"
    " PRIMARY KEY (last_four, at, kind, id)) STRICT, WITHOUT ROWID",
    "CREATE TABLE fed (calls_id INTEGER NOT NULL, messages_id INTEGER NOT NULL) STRICT",
    "INSERT INTO fed VALUES (0, 0)",
    f"PRAGMA user_version={VERSION}",
)


@dataclass(frozen=True)
class Batch:
    """What is to be fed at once: calls and inbound texts as (id, at, number, body), and the ids that it goes up to."""

    calls: Sequence[tuple[int, str, str]]
    texts: Sequence[tuple[int, str, str, str]]
    fed: tuple[int, int]
    up_to: tuple[int, int]


def unfed(db: Connection, fed: tuple[int, int], most: int) -> Batch:
    """What came to the database after `fed` (ids of calls and messages), the oldest first, at most so many of each."""
    calls = db.execute("SELECT id, at, number FROM calls WHERE id > ? ORDER BY id LIMIT ?", (fed[0], most)).fetchall()
    messages = db.execute(
        "SELECT id, at, number, body, direction FROM messages WHERE id > ? ORDER BY id LIMIT ?", (fed[1], most)
    ).fetchall()
    texts = [row[:4] for row in messages if row[4] == "in"]
    return Batch(calls, texts, fed, (calls[-1][0] if calls else fed[0], messages[-1][0] if messages else fed[1]))


class SearchIndex:
    """The index in the file at `path`. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fed(self) -> tuple[int, int]:
        """The ids of calls and of messages up to which it is fed. Raises `StoreUnavailable`."""
        with self._reading() as db:
            calls, messages = db.execute("SELECT calls_id, messages_id FROM fed").fetchone()
            return calls, messages

    def make_ready(self) -> tuple[int, int]:
        """Make the file if there is none that can be used; returns as `fed` does. Raises `StoreUnavailable`."""
        try:
            return self.fed()
        except StoreUnavailable:
            self._make()
            return self.fed()

    def feed(self, batch: Batch) -> None:
        """Take a batch in, once: what is fed already is left alone. Raises `StoreUnavailable`."""
        with self._opened(writable=True) as db:
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("BEGIN IMMEDIATE")
            if db.execute("SELECT calls_id, messages_id FROM fed").fetchone() == batch.fed:
                _take_in(db, batch)
            db.execute("COMMIT")

    def texts_with(self, match: str, before_id: int, lowest_id: int, most: int) -> list[int]:
        """Ids of messages, the highest first, that match an FTS5 expression and lie in `[lowest_id, before_id)`."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT rowid FROM said WHERE said MATCH :match AND rowid < :before AND rowid >= :lowest"
                " ORDER BY rowid DESC LIMIT :most",
                {"match": match, "before": before_id, "lowest": lowest_id, "most": most},
            )
            return [rowid for (rowid,) in rows.fetchall()]

    def endings(self, last_four: str, after: Position, most: int) -> list[Position]:
        """Contacts whose number ends so, newest first, following a place."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT at, kind, id FROM endings WHERE last_four = :ending AND (at, kind, id) < (:at, :kind, :id)"
                " ORDER BY at DESC, kind DESC, id DESC LIMIT :most",
                {"ending": last_four, **after.__dict__, "most": most},
            )
            return [Position(*row) for row in rows.fetchall()]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._opened(writable=False) as db:
            if db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                raise StoreUnavailable("The search index is of another version.")
            yield db

    @contextmanager
    def _opened(self, writable: bool) -> Iterator[Connection]:
        connection = connect(self.path, writable=writable)
        try:
            yield connection
        except DatabaseError as error:
            raise StoreUnavailable(f"The search index cannot be used now: {error}.") from error
        finally:
            connection.close()

    def _make(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        try:
            self.path.touch(mode=0o600)
        except OSError as error:
            raise StoreUnavailable(f"The search index cannot be made: {error}.") from error
        with self._opened(writable=True) as db:
            db.execute("PRAGMA journal_mode=WAL")
            for statement in _MAKE:
                db.execute(statement)


def _take_in(db: Connection, batch: Batch) -> None:
    db.executemany(
        "INSERT INTO said (rowid, words) VALUES (?, ?)",
        [(text[0], " ".join(folded(text[3]))) for text in batch.texts],
    )
    contacts = [("call", *call) for call in batch.calls] + [("text", *text[:3]) for text in batch.texts]
    db.executemany(
        "INSERT OR IGNORE INTO endings VALUES (?, ?, ?, ?)",
        sorted((number[-4:], at, kind, row_id) for kind, row_id, at, number in contacts),
    )
    db.execute("UPDATE fed SET calls_id = ?, messages_id = ?", batch.up_to)
