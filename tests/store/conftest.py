"""What tests of the store start from: a database of its own, prepared, with one line in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import prepared

from ivr.store import Store, lines
from ivr.store.database import connect
from ivr.store.lines import Line

AT = "2026-11-03T20:15:00.000Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A prepared database, with a table of the tests' own besides."""
    path = tmp_path / "third-ring.db"
    prepared(path)
    connection = connect(path)
    connection.execute("CREATE TABLE marks (who TEXT, n INTEGER)")
    connection.close()
    return path


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """The store of that database, with a short patience."""
    opened = Store(path, path.parent / "spool", patience=0.5)
    yield opened
    opened.close()


@pytest.fixture
def line(store: Store) -> Line:
    """A line that is kept."""
    store.write(lambda db: lines.add(db, Line("+17735550100", "Ada Example"), AT))
    found = store.read(lambda db: lines.find(db, "+17735550100"))
    assert found is not None
    return found
