"""Recordings of an installation: named by what is in them, whole or not there, swept when no row names them."""

import errno
import os
from pathlib import Path

import pytest

from ivr.store import files
from ivr.store.recordings import YOUNG_SECONDS, Recordings

CONTENT, HEARD = b"RIFF as the telephone has it", b"RIFF as it sounds"


@pytest.fixture
def own(tmp_path: Path) -> Recordings:
    """An empty folder, which is made when it is needed."""
    return Recordings(tmp_path / "greetings")


def names(own: Recordings) -> set[str]:
    """Every file there is, drafts too."""
    folder = own.original("0" * 32).parent
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_recording_is_found_by_its_digest_and_kept_in_memory(own: Recordings) -> None:
    digest = own.keep(CONTENT, HEARD)
    found = own.find(digest)
    assert found is not None
    assert found.content == CONTENT
    assert own.heard(digest).read_bytes() == HEARD
    for name in names(own):
        own.original("0" * 32).with_name(name).unlink()
    assert own.find(digest) == found


def test_what_is_not_there_is_looked_for_again(own: Recordings) -> None:
    digest = own.keep(CONTENT, HEARD)
    Recordings(own.original("0" * 32).parent)
    other = Recordings(own.original("0" * 32).parent)
    gone = own.original("0" * 32).with_name(f"{digest}.wav").rename(own.original("f" * 32))
    assert other.find(digest) is None
    gone.rename(gone.with_name(f"{digest}.wav"))
    assert other.find(digest) is not None


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "A" * 32, "a" * 31, "a" * 33, "a" * 31 + "/", "a" * 31 + "\n"]
)
def test_nothing_but_a_digest_becomes_a_path(own: Recordings, name: str) -> None:
    assert own.find(name) is None
    with pytest.raises(ValueError, match="no digest"):
        own.original(name)


def test_the_same_original_is_kept_once_for_nobody_but_us(own: Recordings, tmp_path: Path) -> None:
    source = tmp_path / "memo.m4a"
    source.write_bytes(os.urandom(3_000_000))
    digest = own.keep_original(source)
    assert own.keep_original(source) == digest
    assert names(own) == {digest}
    assert own.original(digest).read_bytes() == source.read_bytes()
    assert own.original(digest).parent.stat().st_mode & 0o777 == 0o700


def test_a_disk_that_is_full_leaves_nothing_half_there(own: Recordings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        own.keep(CONTENT, HEARD)
    assert names(own) == set()


def test_old_files_that_no_row_names_are_swept_and_no_others(own: Recordings, tmp_path: Path) -> None:
    source = tmp_path / "memo"
    source.write_bytes(b"memo")
    named, nameless = own.keep(CONTENT, HEARD), own.keep(CONTENT + b"2", HEARD)
    original = own.keep_original(source)
    later = source.stat().st_mtime + YOUNG_SECONDS + 60
    assert own.sweep({named, original}, now=source.stat().st_mtime) == 0
    assert own.sweep({named, original}, now=later) == 2
    assert names(own) == {f"{named}.wav", f"{named}.heard.wav", original}
    assert own.find(nameless) is None
