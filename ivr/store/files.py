"""Files beside the database: written whole or not at all, and surely on the disk."""

import os
import shutil
from pathlib import Path
from typing import BinaryIO


def keep_file(path: Path, content: bytes | BinaryIO) -> None:
    """Write a file whole or not at all: a draft, synced, then renamed. Raises `OSError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with draft.open("xb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk: a synced file whose name is lost is lost."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
