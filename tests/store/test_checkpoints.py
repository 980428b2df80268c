"""The write-ahead log: left alone by commits, kept short by checkpoints, also while others write."""

import threading
from pathlib import Path

import pytest
from writers import add_mark, marks_of

from ivr.errors import StoreUnavailable
from ivr.store import Connection, Store
from ivr.store.checkpoints import LONG_PAGES
from ivr.store.database import connect

PAGE = "x" * 4000


def write_pages(store: Store, count: int) -> None:
    """One commit that fills about so many pages of the log."""

    def work(db: Connection) -> None:
        db.executemany("INSERT INTO marks VALUES (?, ?)", [(PAGE, n) for n in range(count)])

    store.write(work)


def wal_bytes(path: Path) -> int:
    """The size of the log's file, which never shrinks while the database is open."""
    return path.with_name(path.name + "-wal").stat().st_size


def test_a_commit_makes_no_checkpoint_and_the_background_makes_it(store: Store, path: Path) -> None:
    before = path.stat().st_size
    write_pages(store, 1500)  # SQLite's own limit is a thousand
    assert path.stat().st_size == before
    assert store.checkpoint() >= 1500
    assert path.stat().st_size > before + 1500 * 4000


def test_the_log_begins_anew_after_a_checkpoint_of_a_long_one(store: Store, path: Path) -> None:
    for _ in range(4):
        write_pages(store, LONG_PAGES + 100)
        store.checkpoint()
    assert wal_bytes(path) < (LONG_PAGES + 100) * 4120 * 2


def test_the_log_stays_short_under_writers_that_never_rest(store: Store, path: Path) -> None:
    writers = [threading.Thread(target=lambda: [write_pages(store, 200) for _ in range(40)]) for _ in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        store.checkpoint()
    assert len(marks_of(store)) == 24_000
    assert wal_bytes(path) < 24_000 * 4120 / 2


def test_a_reader_keeps_what_it_sees_and_the_checkpoint_does_not_wait_for_it(store: Store, path: Path) -> None:
    store.write(add_mark("first", 1))
    reader = connect(path, writable=False)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM marks").fetchone() == (1,)
    write_pages(store, LONG_PAGES + 100)
    store.checkpoint()
    assert reader.execute("SELECT count(*) FROM marks").fetchone() == (1,)
    reader.close()
    assert len(marks_of(store)) == LONG_PAGES + 101


def test_without_a_database_there_is_none_and_with_a_new_one_there_is_again(store: Store, path: Path) -> None:
    store.write(add_mark("one", 1))
    store.checkpoint()
    store.close()
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(StoreUnavailable):
        store.checkpoint()
    path.write_bytes(content)
    write_pages(store, 10)
    assert store.checkpoint() >= 10
