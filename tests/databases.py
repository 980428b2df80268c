"""New databases for tests: the steps of the schema are taken once in each process, and copied."""

import tempfile
from functools import cache
from pathlib import Path

from ivr.store.database import prepare


def prepared(path: Path) -> None:
    """An empty database at `path`, as `prepare` makes it; one that is there stays."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(_empty())
    prepare(path)


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory(prefix="third-ring-") as folder:
        path = Path(folder, "empty.db")
        prepare(path)
        return path.read_bytes()
