"""A lease: one process at a time does a job. A lock on a file, which the system takes back when the holder dies."""

import fcntl
import os
from pathlib import Path


class Lease:
    """The right to do a job, named by its file. Not for use by two threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether we have it now."""
        return self._file is not None

    def take(self) -> bool:
        """Take the lease, or keep it; False when another process has it. Raises OSError when the folder is gone."""
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file
        return True

    def give_back(self) -> None:
        """Let another process have it."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def holder(self) -> str:
        """The process id of who took it last, for messages to people."""
        try:
            return self._path.read_text().strip()
        except OSError:
            return ""
