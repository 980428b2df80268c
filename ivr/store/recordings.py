"""The recordings that an installation has made its own: files named by what is in them, so that none ever changes.

A greeting is three files: `<digest>.wav` for the telephone, `<digest>.heard.wav` as it sounds through one, and the
untouched original, under its own digest and without an ending: nothing shall take it for anything by its name.
"""

import hashlib
import re
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ivr.store.files import keep_file

DIGEST = re.compile(r"[0-9a-f]{32}")
YOUNG_SECONDS = 3600
"""A file so young may still be waiting for its row."""
HELD_IN_MEMORY = 64
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Recording:
    """A WAV file for the telephone, held in memory. `modified` is the file's time (Unix, seconds)."""

    digest: str
    content: bytes = field(repr=False)
    modified: float


class Recordings:
    """The recordings in `folder`. Safe to use from several threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read = lru_cache(maxsize=HELD_IN_MEMORY)(self._read_once)

    def find(self, digest: str) -> Recording | None:
        """The telephone's recording of this digest, from memory once it was read; None when there is none."""
        try:
            return self._read(digest)
        except (OSError, ValueError):
            return None

    def heard(self, digest: str) -> Path:
        """Where a recording lies as it sounds through a telephone."""
        return self._path(digest, ".heard.wav")

    def original(self, digest: str) -> Path:
        """Where an original lies."""
        return self._path(digest)

    def keep(self, content: bytes, heard: bytes) -> str:
        """Keep a telephone's recording and how it sounds; returns its digest. Raises `OSError`."""
        digest = hashlib.sha256(content).hexdigest()[:32]
        keep_file(self.heard(digest), heard)
        keep_file(self._path(digest, ".wav"), content)
        return digest

    def keep_original(self, source: Path) -> str:
        """Keep a copy of a recording as it was given; returns its digest. Raises `OSError`."""
        whole = hashlib.sha256()
        with source.open("rb") as file:
            while piece := file.read(PIECE):
                whole.update(piece)
            digest = whole.hexdigest()[:32]
            file.seek(0)
            keep_file(self.original(digest), file)
        return digest

    def sweep(self, named: Collection[str], now: float | None = None) -> int:
        """Remove the files whose digest is not `named`, but young ones; returns how many. `now`: Unix, seconds."""
        if not self._folder.is_dir():
            return 0
        before = (time.time() if now is None else now) - YOUNG_SECONDS
        nameless = [path for path in self._folder.iterdir() if path.name.partition(".")[0] not in named]
        old = [path for path in nameless if path.is_file() and path.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _read_once(self, digest: str) -> Recording:
        path = self._path(digest, ".wav")
        return Recording(digest, path.read_bytes(), path.stat().st_mtime)

    def _path(self, digest: str, ending: str = "") -> Path:
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"{digest[:40]!r} is no digest")
        return self._folder / (digest + ending)
