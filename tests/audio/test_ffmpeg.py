"""ffmpeg runs within limits, on our paths, as nobody's program but the system's or the wheel's."""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import imageio_ffmpeg
import pytest
from leaving_nothing import nothing_left
from running import until
from sounds import speech, write_wav

from audio import ffmpeg
from audio.ffmpeg import Failed, Limits, NoFfmpeg, convert, executable

PCM = ("-c:a", "pcm_s16le")


@pytest.fixture(autouse=True)
def found_anew() -> Iterator[None]:
    """Where ffmpeg is, is looked up anew in each test, and after it."""
    executable.cache_clear()
    yield
    executable.cache_clear()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A recording."""
    return write_wav(tmp_path / "voice.wav", speech())


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a shell script in the place of ffmpeg; its last argument is `file:` and the target's path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return lambda script: program(folder / "ffmpeg", script)


def program(path: Path, script: str) -> None:
    """An executable file."""
    path.write_text(f"#!/bin/sh\nfor target; do :; done\ntarget=${{target#file:}}\n{script}\n")
    path.chmod(stat.S_IRWXU)


@pytest.mark.parametrize("entries", ["", ".", "bin", "bin:", ":bin", "./bin:../bin"])
def test_a_program_in_the_current_folder_is_never_run(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: str
) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("ffmpeg", "bin/ffmpeg"):
        program(tmp_path / name, f"touch {tmp_path}/was-run")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", entries)
    assert executable() == imageio_ffmpeg.get_ffmpeg_exe()
    convert(source, tmp_path / "target.wav", *PCM)
    assert not (tmp_path / "was-run").exists()


def test_the_systems_is_taken_before_the_wheels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stand_in: Callable[[str], None]
) -> None:
    stand_in("")
    assert executable() == str(tmp_path / "bin" / "ffmpeg")
    (tmp_path / "bin" / "ffmpeg").chmod(0o600)  # a file that is no program
    executable.cache_clear()
    assert executable() == imageio_ffmpeg.get_ffmpeg_exe()


def test_without_any_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise RuntimeError("no ffmpeg exe could be found")

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", missing)
    with pytest.raises(NoFfmpeg, match="apt install ffmpeg"):
        executable()


def test_one_that_is_removed_meanwhile_is_missed_and_then_looked_for_again(
    source: Path, tmp_path: Path, stand_in: Callable[[str], None]
) -> None:
    stand_in("")
    executable()
    (tmp_path / "bin" / "ffmpeg").unlink()
    with pytest.raises(NoFfmpeg, match="not where it was"):
        convert(source, tmp_path / "target.wav", *PCM)
    convert(source, tmp_path / "target.wav", *PCM)
    assert (tmp_path / "target.wav").exists()


def test_it_gets_nothing_of_ours_and_one_heap_for_all_its_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stand_in: Callable[[str], None]
) -> None:
    stand_in('{ env; pwd; ls /proc/self/fd | grep -v 255 | tail -1; cat; } > "$target" 2>&1')
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "a secret")
    convert(tmp_path / "source", tmp_path / "target", *PCM)
    seen = (tmp_path / "target").read_text()
    assert "TWILIO" not in seen
    assert "a secret" not in seen
    assert "MALLOC_ARENA_MAX=1\n" in seen
    assert "\n/\n" in seen


@pytest.mark.parametrize(
    ("script", "limits", "reason"),
    [
        ("dd if=/dev/zero of=/dev/null bs=400M count=1", Limits(memory=200 << 20), "dd: .*"),
        ("while :; do :; done", Limits(cpu=1), "it ended with -.*"),
        ("dd if=/dev/zero of=$target bs=1000 count=1000", Limits(file_size=500_000), ".*"),
        ("while :; do sleep 100; done", Limits(wall=0.3), "not done within 0.3 s"),
        ("trap '' TERM INT HUP; sleep 600 & sleep 600", Limits(wall=0.3), "not done within 0.3 s"),
    ],
    ids=["memory", "processor", "file size", "wall time", "wall time, with a child of its own"],
)
def test_what_takes_more_than_its_limit_is_ended(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stand_in: Callable[[str], None],
    script: str,
    limits: Limits,
    reason: str,
) -> None:
    stand_in(f"PATH=/usr/bin:/bin\necho $$ > {tmp_path}/group\n{script}")
    with nothing_left(tmp_path / "temporary", monkeypatch), pytest.raises(Failed) as caught:
        convert(tmp_path / "source", tmp_path / "target", *PCM, limits=limits)
    assert re.fullmatch(reason, caught.value.reason)
    assert not (tmp_path / "target").exists() or (tmp_path / "target").stat().st_size == 500_000
    until(lambda: not living((tmp_path / "group").read_text().strip()))


def living(group: str) -> list[str]:
    """The processes of a group that still run, by Linux's /proc."""
    stats = [path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat")]
    return [state for state, _, its_group, *_ in stats if its_group == group and state != "Z"]


def test_the_real_one_fails_in_thirty_megabytes_and_has_room_enough_in_ours(source: Path, tmp_path: Path) -> None:
    with pytest.raises(Failed):
        convert(source, tmp_path / "target.wav", *PCM, limits=Limits(memory=30 << 20))
    convert(source, tmp_path / "target.wav", *PCM, limits=Limits(memory=ffmpeg.MEMORY_BYTES * 3 // 4))


def test_its_last_word_is_told_however_much_it_said(tmp_path: Path, stand_in: Callable[[str], None]) -> None:
    stand_in("PATH=/usr/bin:/bin; yes complaint | head -c 3000000 >&2; echo 'the last word' >&2; exit 1")
    with pytest.raises(Failed) as caught:
        convert(tmp_path / "source", tmp_path / "target", *PCM)
    assert caught.value.reason == "the last word"


def test_a_full_disk_is_not_the_recordings_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "source").write_bytes(b"nothing")
    monkeypatch.setattr(ffmpeg, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        convert(tmp_path / "source", tmp_path / "target.wav", *PCM)


@pytest.mark.parametrize("relative", [("source", "/target"), ("/source", "target"), ("-i", "/target")])
def test_only_absolute_paths_reach_it(relative: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="absolute"):
        convert(Path(relative[0]), Path(relative[1]), *PCM)
