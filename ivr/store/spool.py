"""The spool: where contacts wait when the database cannot take them.

One file of JSON lines, appended to under a lock and synced before the webhook is answered; read back in, in order,
when the database returns. What was read in is kept apart until it is committed, so a crash in between repeats
entries (they are idempotent by SID) and never loses one.
"""

import fcntl
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ivr.errors import NothingKept

log = logging.getLogger(__name__)

Entry = dict[str, Any]


class Spool:
    """Entries (JSON objects) in `folder`: `waiting.jsonl`, and `reading.jsonl` while they are read back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting = folder / "waiting.jsonl"
        self._reading = folder / "reading.jsonl"
        self._unreadable = folder / "unreadable.jsonl"

    def append(self, entry: Entry) -> None:
        """Keep one entry; it is on the disk when this returns. Raises `NothingKept` when it cannot be."""
        line = json.dumps(entry, ensure_ascii=True).encode() + b"\n"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._open_locked()
            try:
                _append_whole(file, line)
            finally:
                os.close(file)
        except OSError as error:
            raise NothingKept(f"The spool {self._waiting} cannot be written: {error.strerror}.") from error

    def count(self) -> int:
        """How many entries wait to be read back."""
        return sum(len(_lines(path)) for path in (self._reading, self._waiting))

    def read_back(self, take: Callable[[Entry], None]) -> int:
        """Give every entry to `take`, oldest first; returns how many it took.

        `take` must commit before it returns. When it raises, the entries stay and the error goes on up. Lines that
        are no JSON go to `unreadable.jsonl`.
        """
        taken = 0
        while self._claim():
            for line in _lines(self._reading):
                entry = self._parsed(line)
                if entry is not None:
                    take(entry)
                    taken += 1
            self._reading.unlink()
        return taken

    def _claim(self) -> bool:
        if self._reading.exists():
            return True
        if not self._waiting.exists():
            return False
        file = self._open_locked()
        try:
            os.rename(self._waiting, self._reading)
        finally:
            os.close(file)
        return True

    def _open_locked(self) -> int:
        """The waiting file, locked. Who waited for the lock may hold a file that was renamed: then again."""
        while True:
            file = os.open(self._waiting, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                if os.path.samestat(os.fstat(file), self._waiting.stat()):
                    return file
            except FileNotFoundError:
                pass
            except BaseException:
                os.close(file)
                raise
            os.close(file)

    def _parsed(self, line: bytes) -> Entry | None:
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if isinstance(entry, dict):
            return entry
        log.error("A line of the spool is no entry; it is kept in %s", self._unreadable)
        with self._unreadable.open("ab") as file:
            file.write(line + b"\n")
        return None


def _append_whole(file: int, line: bytes) -> None:
    """All of `line` or nothing: a full disk may take half a line, which is then cut off again."""
    size = os.fstat(file).st_size
    try:
        if os.write(file, line) != len(line):
            raise OSError(28, "No space left on device")
        os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise


def _lines(path: Path) -> list[bytes]:
    try:
        return [line for line in path.read_bytes().split(b"\n") if line]
    except FileNotFoundError:
        return []
