"""What a database may live through, each in a process whose limits and rights are its own."""

import os
import resource
from pathlib import Path

import pytest
from databases import prepared
from writers import add_mark, marks_of, recovered

from ivr.errors import StoreUnavailable
from ivr.store import Store
from ivr.store.database import connect

NOBODY = 65534


def files_of(path: Path) -> list[Path]:
    """The database and what SQLite keeps beside it."""
    return [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]


def make_again(path: Path) -> None:
    """A new, empty database of the tests."""
    prepared(path)
    connection = connect(path)
    connection.execute("CREATE TABLE marks (who TEXT, n INTEGER)")
    connection.close()


def fill_the_disk(path: Path) -> None:
    """No file may grow past a limit; that is what a full disk looks like from here."""
    store = Store(path, path.parent / "spool", patience=0.5)
    store.write(add_mark("filling", 0))
    largest = files_of(path)[1].stat().st_size + 50_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    kept = 1
    with pytest.raises(StoreUnavailable):
        while True:
            store.write(add_mark("filling", kept))
            kept += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    path.with_name("acknowledged").write_text(str(kept))
    assert recovered(store)


def lose_and_regain_the_right_to_write(path: Path) -> None:
    """The files and their folder become read-only, and later not."""
    if os.geteuid() == 0:  # who may write everything cannot be refused
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    for file in files_of(path):
        file.touch()
        file.chmod(0o400)
    path.parent.chmod(0o500)
    store = Store(path, path.parent / "spool", patience=0.5)
    with pytest.raises(StoreUnavailable):
        store.write(add_mark("lost", 1))
    path.parent.chmod(0o700)
    for file in files_of(path):
        file.chmod(0o600)
    assert recovered(store)
    assert marks_of(store) == [("recovered", 1)]
