"""What tests of the log start from: a database with some thousand contacts."""

from collections.abc import Iterator

import pytest
from a_log import fill
from databases import prepared

from ivr.store import Store


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store with that log; tests only read it."""
    path = tmp_path_factory.mktemp("log") / "third-ring.db"
    prepared(path)
    store = Store(path, path.parent / "spool")
    store.write(fill)
    yield store
    store.close()
