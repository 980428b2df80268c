"""ffmpeg: where it is, and running it on what strangers send.

It reads files of ours alone, by absolute paths, in a child process with limits on memory, processor time, file size
and wall time. It may open neither other addresses nor playlists, which would open other files: the protocols and the
formats that it knows are a list.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import imageio_ffmpeg

FORMATS = "wav,w64,aiff,au,caf,mp3,aac,flac,ogg,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,amr,avi,mpeg,mpegts,asf,flv"
"""What is read: sound files, and films with a sound track. No playlist and no list of files is among them."""

CODECS = (
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,"
    "pcm_mulaw,pcm_alaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,gsm,gsm_ms,mp3,mp3float,mp2,mp2float,aac,aac_latm,alac,flac,"
    "opus,libopus,vorbis,libvorbis,amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,ac3,eac3,wmav1,wmav2,wmapro,wmavoice"
)
"""What is decoded: sound. The pictures of a film are not even looked at, and ffmpeg's many rare decoders, where its
faults mostly are, are never run."""

SURROUNDINGS = {"LC_ALL": "C", "MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""The environment of the child: nothing of ours. Threads share one heap: one each, of 128 MB of addresses, passes the
limit by chance (seen: one run in some hundreds, and one in six at 340 MB), and so would one per core."""

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 20
FILE_BYTES = 64 * 1024 * 1024
WALL_SECONDS = 30.0
LEAST_FREE_BYTES = 64 * 1024
"""With less than this on the disk a failure is not the recording's fault. (ffmpeg's own words about it would have been
written to that disk.)"""

LAST_WORDS = 2_000
"""Bytes at the end of what ffmpeg complained about, of which the last line is told."""


class NoFfmpeg(OSError):
    """There is no ffmpeg on this machine: neither the system's nor the wheel's."""


class Failed(ValueError):
    """ffmpeg could not do it, or not within the limits. `reason` is its own last word, for whoever looks closer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Limits:
    """What a run may take: memory in bytes of address space, processor and wall time in seconds, bytes of a file."""

    memory: int = MEMORY_BYTES
    cpu: int = CPU_SECONDS
    file_size: int = FILE_BYTES
    wall: float = WALL_SECONDS


@cache
def executable() -> str:
    """The absolute path of ffmpeg: the system's, else the one that the wheel `imageio-ffmpeg` brings.

    Only absolute folders of the search path count: a file `ffmpeg` in the current one is somebody's, not ours.
    Raises `NoFfmpeg`.
    """
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(folder, "ffmpeg")
        if folder and path.is_absolute() and path.is_file() and os.access(path, os.X_OK):
            return str(path)
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise NoFfmpeg("ffmpeg is missing: install it (apt install ffmpeg, brew install ffmpeg)") from error


def convert(source: Path, target: Path, *arguments: str, limits: Limits = Limits()) -> None:
    """Make the file `target` of the sound in `source`; `arguments` say how, as ffmpeg reads them.

    Both paths are absolute and ours, never a name that somebody gave. Raises `Failed`, `NoFfmpeg`; `OSError` when
    the disk is full.
    """
    if not (source.is_absolute() and target.is_absolute()):
        raise ValueError("ffmpeg gets absolute paths only")
    allowed = ("-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-codec_whitelist", CODECS)
    reading = (*allowed, "-i", f"file:{source}")
    form = ("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-threads", "1", *arguments)
    try:
        _run((*reading, *form, "-bitexact", "-f", "wav", "-y", f"file:{target}"), limits)
    except Failed as error:
        if shutil.disk_usage(target.parent).free < LEAST_FREE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from error
        raise


def _run(arguments: Sequence[str], limits: Limits) -> None:
    confined = Path(__file__).with_name("confined.py")
    bounds = (str(limits.memory), str(limits.cpu), str(limits.file_size))
    quiet = ("-nostdin", "-hide_banner", "-loglevel", "error", "-filter_threads", "1", "-threads", "1")
    with tempfile.TemporaryFile() as said:  # not a pipe: a bad file has it complain for megabytes
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", str(confined), *bounds, executable(), *quiet, *arguments],
            cwd="/",
            env=SURROUNDINGS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        try:
            status = child.wait(limits.wall)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"not done within {limits.wall:g} s") from error
        finally:
            _end(child)
        if status != 0:
            _check_that_it_is_there()
            said.seek(max(0, said.seek(0, os.SEEK_END) - LAST_WORDS))
            last = said.read().decode(errors="replace").strip().splitlines()
            raise Failed(last[-1] if last else f"it ended with {status}")


def _check_that_it_is_there() -> None:
    """It may have been removed, or another version put elsewhere, since it was found. Raises `NoFfmpeg`."""
    if not Path(executable()).exists():
        executable.cache_clear()
        raise NoFfmpeg("ffmpeg is not where it was: try again, or install it (apt install ffmpeg)")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Whatever happened, no child is left."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
