"""What a recording may leave behind when it was looked at, or refused: nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MOST_GROWTH = 50_000_000
PROC = Path("/proc/self")


@contextmanager
def nothing_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No temporary file (they are made in `folder`), no child, no open file; this process has hardly grown."""
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    before = _children(), _open_files(), _resident_bytes()
    yield
    assert list(folder.iterdir()) == []
    assert _children() == before[0]
    assert _open_files() == before[1]
    assert _resident_bytes() - before[2] < MOST_GROWTH


def _children() -> set[str]:
    return {child for thread in PROC.glob("task/*/children") for child in thread.read_text().split()}


def _open_files() -> int:
    return len(list(PROC.glob("fd/*")))


def _resident_bytes() -> int:
    return int((PROC / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if PROC.exists() else 0
