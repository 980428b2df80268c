"""The spool: where contacts wait when the database cannot take them.

One file of JSON lines, appended to under a lock and synced before the webhook is answered; read back in, in order,
when the database returns. What was read in is kept apart until it is committed, so a crash in between repeats
entries (they are idempotent by SID) and never loses one. What nobody can read is set aside, so that it does not
block the rest.
"""

import fcntl
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ivr.errors import NothingKept, StoreUnavailable
from ivr.store.files import sync_folder

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
                if _append_whole(file, line):
                    sync_folder(self._folder)
            finally:
                os.close(file)
        except OSError as error:
            raise NothingKept(f"The spool {self._waiting} cannot be written: {error.strerror}.") from error

    def count(self) -> int:
        """How many entries wait to be read back."""
        return sum(len(_lines(path)) for path in (self._reading, self._waiting))

    def count_unreadable(self) -> int:
        """How many lines were set aside because nobody could read them."""
        return len(_lines(self._unreadable))

    def read_back(self, take: Callable[[Entry], None]) -> int:
        """Give every entry to `take`, oldest first; returns how many it took.

        `take` must commit before it returns. When it raises `StoreUnavailable` or `OSError`, the entries stay and
        the error goes on up. Lines that are no JSON, and entries that `take` cannot make sense of (it raises anything
        else), go to `unreadable.jsonl`.
        """
        taken = 0
        while self._claim():
            for line in _lines(self._reading):
                taken += self._take(line, take)
            self._reading.unlink()
        return taken

    def _take(self, line: bytes, take: Callable[[Entry], None]) -> bool:
        try:
            take(json.loads(line))
        except (StoreUnavailable, OSError):
            raise
        except Exception:
            log.exception("A line of the spool cannot be read back in; it is kept in %s", self._unreadable)
            with self._unreadable.open("ab") as file:
                file.write(line + b"\n")
                file.flush()
                os.fsync(file.fileno())
            return False
        return True

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


def _append_whole(file: int, line: bytes) -> bool:
    """All of `line` or nothing: a full disk may take half a line, which is then cut off again.

    Where a writer died in the middle of a line, that line is ended first, so that it spoils none but itself.
    Returns whether the file was empty, and so may be new.
    """
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        line = b"\n" + line
    try:
        if os.write(file, line) != len(line):
            raise OSError(28, "No space left on device")
        os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise
    return size == 0


def _lines(path: Path) -> list[bytes]:
    try:
        return [line for line in path.read_bytes().split(b"\n") if line]
    except FileNotFoundError:
        return []
