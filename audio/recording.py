"""A recording as somebody gave it: decoded to plain samples in a file, or refused with the reason why."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

from audio import ffmpeg
from audio.listening import Heard, listen

RATE = 48_000
HEADROOM_DB = 6.0
"""Decoded so much softer: what a float or an MP3 file has above full scale is not cut off by our 16 bits."""

LONGEST_SECONDS = 120.0
SHORTEST_SECONDS = 1.0
SLACK_SECONDS = 0.5
"""Coders add some silence at the ends: a file of two minutes may come out a little longer."""


class NotSound(ValueError):
    """What was given is no recording that can be used; `why` is one of `WHY`."""

    def __init__(self, why: str, reason: str = "") -> None:
        super().__init__(WHY[why])
        self.why, self.reason = why, reason


WHY = {
    "empty": "The file is empty. Choose another one.",
    "not sound": "This is not a sound file, or it is damaged. Choose a recording: WAV, MP3, M4A, OGG, WebM, FLAC.",
    "too short": "The recording is under one second long. Record it again, whole.",
    "too long": "The recording is over two minutes long. Callers hang up earlier: make it shorter.",
    "no speech": "There is nothing to be heard in this recording. Check the microphone and record it again.",
}
"""Why a recording is refused, each in one sentence with what to do."""


@dataclass(frozen=True)
class Decoded:
    """16-bit PCM of one or two channels in the WAV file at `path`, `HEADROOM_DB` softer than it was."""

    path: Path
    seconds: float
    heard: Heard


def decode(source: Path, folder: Path) -> Decoded:
    """Decode the file at `source` into `folder`, and listen to it. Raises `NotSound`, `ffmpeg.NoFfmpeg`, `OSError`."""
    if source.stat().st_size == 0:
        raise NotSound("empty")
    path = folder / "decoded.wav"
    # Without the format of its samples ffmpeg 5 cannot choose between mono and stereo when there are more channels.
    form = f"volume=-{HEADROOM_DB}dB:precision=double,aformat=sample_fmts=s16:channel_layouts=mono|stereo"
    longest = str(LONGEST_SECONDS + 2 * SLACK_SECONDS)
    try:
        ffmpeg.convert(source, path, "-t", longest, "-af", form, "-ar", str(RATE), "-c:a", "pcm_s16le")
        with wave.open(str(path), "rb") as samples:
            seconds = samples.getnframes() / RATE
    except (ffmpeg.Failed, wave.Error, EOFError, FileNotFoundError) as error:
        raise NotSound("not sound", str(error)) from error
    if seconds > LONGEST_SECONDS + SLACK_SECONDS:
        raise NotSound("too long")
    if seconds < SHORTEST_SECONDS:
        raise NotSound("too short" if seconds else "not sound")
    return Decoded(path, seconds, listen(path))


def kind_of(source: Path) -> str:
    """What kind of file a recording is by its first bytes, as browsers name it (IANA); never by its name."""
    with source.open("rb") as file:
        head = file.read(16)
    if head[4:8] == b"ftyp":
        return "video/3gpp" if head[8:11] == b"3gp" else "audio/mp4"
    riff = b"WAVE" if head[:4] == b"RIFF" else b"AIFF" if head[:4] == b"FORM" else b""
    if riff and head[8:12] in (b"WAVE", b"AIFF", b"AIFC"):
        return "audio/wav" if riff == b"WAVE" else "audio/aiff"
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0:
        return "audio/aac" if head[1] & 0x06 == 0 else "audio/mpeg"
    return next((kind for start, kind in _STARTS.items() if head.startswith(start)), "application/octet-stream")


_STARTS = {
    b"ID3": "audio/mpeg",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
    b"\x1a\x45\xdf\xa3": "audio/webm",
    b"#!AMR": "audio/amr",
}
"""How files begin (Ogg: RFC 3533; FLAC: RFC 9639; Matroska: RFC 9559; ID3: id3.org; AMR: RFC 4867)."""
