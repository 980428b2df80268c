"""The database file deleted, replaced, made read-only, its disk full: nothing is lost unsaid, no restart is needed."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from ordeals import NOBODY, files_of, fill_the_disk, lose_and_regain_the_right_to_write, make_again
from writers import add_mark, finish, in_one_group, marks_of, recovered, start

from ivr.errors import StoreUnavailable
from ivr.store import Connection, Store
from ivr.store.database import connect


def test_a_deleted_database_takes_nothing_and_is_not_made_anew(store: Store, path: Path) -> None:
    store.write(add_mark("early", 1))
    for file in files_of(path):
        file.unlink()
    with pytest.raises(StoreUnavailable):
        store.write(add_mark("lost", 1))
    with pytest.raises(StoreUnavailable):
        marks_of(store)
    assert not path.exists()
    make_again(path)
    assert recovered(store)
    assert marks_of(store) == [("recovered", 1)]


def test_a_replaced_database_is_noticed_by_who_writes_and_by_who_reads(store: Store, path: Path) -> None:
    store.write(add_mark("early", 1))
    assert marks_of(store) == [("early", 1)]
    restored = path.with_name("restored.db")
    make_again(restored)
    for file in files_of(path)[1:]:
        file.unlink()
    os.replace(restored, path)
    assert store.write(add_mark("late", 1)) == 1
    assert marks_of(store) == [("late", 1)]
    connection = connect(path)
    assert connection.execute("SELECT who FROM marks").fetchall() == [("late",)]
    connection.close()


def test_what_replaces_it_must_be_of_our_schema(store: Store, path: Path) -> None:
    store.write(add_mark("early", 1))
    for file in files_of(path):
        file.unlink()
    path.touch()
    with pytest.raises(StoreUnavailable, match="lacks"):
        store.write(add_mark("lost", 1))


def test_a_full_database_fails_the_whole_group_and_keeps_all_that_was_acknowledged(store: Store) -> None:
    def fill(db: Connection) -> None:
        db.execute("INSERT INTO marks VALUES (hex(zeroblob(1000000)), 0)")

    store.write(add_mark("early", 1))
    store.write(lambda db: db.execute("PRAGMA max_page_count = 60").fetchall())
    results = in_one_group(store, [add_mark("before", 1), fill, add_mark("after", 1)])
    assert [type(result) for result in results] == [StoreUnavailable] * 3
    assert marks_of(store) == [("early", 1)]
    assert recovered(store)


def test_a_broken_database_is_unavailable_and_no_unexpected_error(store: Store, path: Path) -> None:
    for n in range(200):
        store.write(add_mark("x" * 400, n))
    store.close()
    connection = connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    page = 4096
    with path.open("r+b") as file:
        for place in range(page * 3, path.stat().st_size, page):
            file.seek(place)
            file.write(b"\xff" * page)
    with pytest.raises(StoreUnavailable):
        store.write(lambda db: db.execute("SELECT count(*) FROM marks").fetchone())


def test_a_disk_that_fills_up_loses_nothing_acknowledged_and_is_used_again_when_it_has_room(path: Path) -> None:
    finish([start(fill_the_disk, path)])
    store = Store(path, path.parent / "spool")
    kept = marks_of(store)
    store.close()
    acknowledged = int(path.with_name("acknowledged").read_text())
    assert [n for who, n in kept if who == "filling"] == list(range(acknowledged))
    assert ("recovered", 1) in kept


def test_a_database_that_may_not_be_written_is_unavailable_until_it_may_again() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        make_again(folder / "third-ring.db")
        for place in (folder, *folder.iterdir()):
            os.chown(place, *((NOBODY, NOBODY) if os.geteuid() == 0 else (-1, -1)))
        finish([start(lose_and_regain_the_right_to_write, folder / "third-ring.db")])
    finally:
        shutil.rmtree(folder)
