"""The search index: what people wrote, and the last four digits of their numbers.

It lives in an SQLite file of its own beside the database, and is fed in batches a moment after the commit: so no
webhook ever waits for it. Nothing is in it that is not in the database: a file that is missing, damaged or of another
version is made anew and fed from the beginning. What is blanked there is taken out of it (`batches`,
`taking_out`).

Texts are found by the rowid of their message, newest first, never by rank: on ten million texts that is the difference
between a millisecond and seconds. For a word that may go on FTS5 would gather every text that has one like it before it
gives the first, unless it has exactly the three letters of its prefix index; so longer ones are spelt out, as all the
words that were ever said and begin so.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ivr.errors import StoreUnavailable
from ivr.folding import folded
from ivr.store.checkpoints import cut
from ivr.store.database import Connection, locked
from ivr.store.forgetting import Forgotten
from ivr.store.log.batches import Batch
from ivr.store.log.index_file import IndexFile
from ivr.store.log.rows import Position
from ivr.store.log.taking_out import delete_securely, take_out

_UNICODE = [int(part) for part in unicodedata.unidata_version.split(".")]
VERSION = 4_000_000 + _UNICODE[0] * 10_000 + _UNICODE[1] * 100 + _UNICODE[2]
"""Of the file. The tables of Unicode are part of it: with others a text may fold to other words than it was fed as."""
MOST_SPELT_OUT = 200
_MAKE = (
    "CREATE VIRTUAL TABLE said USING fts5 (words, content='', tokenize='ascii', prefix='3')",
    "CREATE TABLE vocabulary (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    "CREATE TABLE endings (last_four TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL,"
    " number TEXT NOT NULL, PRIMARY KEY (last_four, at, kind, id)) STRICT, WITHOUT ROWID",
    "CREATE TABLE fed (calls_id INTEGER NOT NULL, messages_id INTEGER NOT NULL, forgotten_id INTEGER NOT NULL) STRICT",
    "INSERT INTO fed VALUES (0, 0, 0)",
    f"PRAGMA user_version={VERSION}",
)
"""The tokenizer `ascii` splits at spaces and takes letters of every script as they are: folding has done the rest."""
_INDEXED_PREFIX = 3
_TERM = re.compile(r'"([^"]*)"(\*?)')


class SearchIndex:
    """The index in the file at `path`. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = IndexFile(path)

    def fed(self) -> tuple[int, int]:
        """The ids of calls and of messages up to which it is fed. Raises `StoreUnavailable`."""
        with self._reading() as db:
            calls, messages = db.execute("SELECT calls_id, messages_id FROM fed").fetchone()
            return calls, messages

    def make_ready(self) -> tuple[int, int]:
        """Make the file if there is none, or of another version; returns as `fed` does. Raises `StoreUnavailable`.

        A damaged one is gone already: whoever meets the damage removes it.
        """
        try:
            return self.fed()
        except StoreUnavailable:
            return self._made_by_one()

    def feed(self, batch: Batch) -> bool:
        """Take a batch in, once; False when it does not follow what is fed already. Raises `StoreUnavailable`.

        What was to be forgotten is surely so, whatever happens to the machine: nobody could tell us again.
        """
        with self._file.feeding() as db:
            db.execute(f"PRAGMA synchronous={'FULL' if batch.gone else 'NORMAL'}")
            db.execute("BEGIN IMMEDIATE")
            *fed, forgotten_id = db.execute("SELECT calls_id, messages_id, forgotten_id FROM fed").fetchone()
            if tuple(fed) != batch.fed:
                return False
            _forget(db, [one for one in batch.gone if one.id > forgotten_id])
            _take_in(db, batch)
            db.execute("COMMIT")
            return True

    def truncate_log(self) -> bool:
        """As `Store.truncate_log`, of this file; True too when there is none."""
        return not self.path.exists() or cut(self.path)

    def texts_with(self, match: str, before_id: int, lowest_id: int, most: int) -> list[int]:
        """Ids of messages, the highest first, that lie in `[lowest_id, before_id)` and have every term of `match`.

        A term is some folded words in quotes, that follow one another; with a `*` after it the last word may go on.
        """
        with self._reading() as db:
            spelt_out = [_spelt_out(db, *term) for term in _TERM.findall(match)]
            if not all(spelt_out):
                return []
            rows = db.execute(
                "SELECT rowid FROM said WHERE said MATCH :match AND rowid < :before AND rowid >= :lowest"
                " ORDER BY rowid DESC LIMIT :most",
                {"match": " AND ".join(spelt_out), "before": before_id, "lowest": lowest_id, "most": most},
            )
            return [rowid for (rowid,) in rows.fetchall()]

    def endings(self, last_four: str, after: Position, most: int) -> list[tuple[Position, str]]:
        """Contacts whose number ends so, newest first, following a place; the number beside each."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT at, kind, id, number FROM endings WHERE last_four = :ending"
                " AND (at, kind, id) < (:at, :kind, :id) ORDER BY at DESC, kind DESC, id DESC LIMIT :most",
                {"ending": last_four, **after.__dict__, "most": most},
            )
            return [(Position(*row[:3]), row[3]) for row in rows.fetchall()]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._file.opened(writable=False) as db:
            if db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                raise StoreUnavailable("The search index is of another version.")
            yield db

    def _version(self) -> int | None:
        """The version of the file; None when it cannot be told."""
        try:
            with self._file.opened(writable=False) as db:
                return int(db.execute("PRAGMA user_version").fetchone()[0])
        except StoreUnavailable:
            return VERSION if self.path.exists() else None

    def _made_by_one(self) -> tuple[int, int]:
        """Make the file, unless another process has made it while we waited for our turn."""
        try:
            with locked(self.path.with_name(self.path.name + ".lock")):
                if not self.path.exists() or self._version() != VERSION:
                    self._make()
                return self.fed()
        except OSError as error:
            raise StoreUnavailable(f"The search index cannot be made: {error}.") from error

    def _make(self) -> None:
        self._file.remove()
        self.path.touch(mode=0o600)
        with self._file.opened(writable=True) as db:
            db.execute("PRAGMA journal_mode=WAL")
            for statement in _MAKE:
                db.execute(statement)
            delete_securely(db)


def _spelt_out(db: Connection, phrase: str, goes_on: str) -> str:
    """A term as FTS5 is asked for it; nothing when no text can have it."""
    *before, last = phrase.split(" ")
    if not goes_on or len(last) == _INDEXED_PREFIX:
        return f'"{phrase}"{goes_on}'
    rows = db.execute(
        "SELECT word FROM vocabulary WHERE word >= :start AND word < :start || char(0x10ffff) LIMIT :most",
        {"start": last, "most": MOST_SPELT_OUT + 1},
    ).fetchall()
    if len(rows) > MOST_SPELT_OUT:
        return f'"{phrase}"*'
    phrases = [f'"{" ".join([*before, word])}"' for (word,) in rows]
    return f"({' OR '.join(phrases)})" if phrases else ""


def _forget(db: Connection, gone: Sequence[Forgotten]) -> None:
    if gone:
        take_out(db, gone)
        db.execute("UPDATE fed SET forgotten_id = ?", (gone[-1].id,))


def _take_in(db: Connection, batch: Batch) -> None:
    """A text without words is not taken in: so one that is there has the words that it was fed with."""
    said = [(text[0], words) for text in batch.texts if (words := folded(text[3]))]
    db.executemany(
        "INSERT INTO said (rowid, words) VALUES (?, ?)", [(text_id, " ".join(words)) for text_id, words in said]
    )
    db.executemany(
        "INSERT OR IGNORE INTO vocabulary VALUES (?)",
        [(word,) for word in sorted({word for _, words in said for word in words})],
    )
    contacts = [("call", *call) for call in batch.calls] + [("text", *text[:3]) for text in batch.texts]
    db.executemany(
        "INSERT OR IGNORE INTO endings VALUES (?, ?, ?, ?, ?)",
        sorted((number[-4:], at, kind, row_id, number) for kind, row_id, at, number in contacts),
    )
    db.execute("UPDATE fed SET calls_id = ?, messages_id = ?", batch.up_to)
