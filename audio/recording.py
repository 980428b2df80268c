"""A recording as somebody gave it, decoded: plain samples in a file, and what can be said about them.

The samples are read in pieces: two minutes of stereo at 48 kHz would be 23 MB, and the process that asks serves
others meanwhile.
"""

from __future__ import annotations

import wave
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audio import ffmpeg
from audio.level import audioop

RATE = 48_000
HEADROOM_DB = 6.0
"""Decoded so much softer: what a float or an MP3 file has above full scale is not cut off by our 16 bits."""

LONGEST_SECONDS = 120.0
SHORTEST_SECONDS = 1.0
SLACK_SECONDS = 0.5
"""Coders add some silence at the ends: a file of two minutes may come out a little longer."""

FRAME_SECONDS = 0.02
LOUD_SHARE = 0.02
"""The loudest of all frames, in which clipping is looked for."""

NEAR_PEAK, AT_PEAK = 0.94, 0.985
CLIPPED_SHARE = 0.015
FLATNESS = 0.5
"""Clipped: of the samples in the loudest frames more than this share is near the peak, and of these this share is
at it. Speech has hardly any near its peak; a sine has 22 %, of which half again is at it, but no voice is one."""

CANCELS_DB = 6.0
"""The channels cancel each other when their sum is so much softer than the louder of them."""


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
    mix: str
    clipped: bool


def decode(source: Path, folder: Path) -> Decoded:
    """Decode the file at `source` into `folder`, and look at its channels and peaks.

    `mix` is how to make one channel of it, as ffmpeg's filter `pan` reads it. Raises `NotSound`, `ffmpeg.NoFfmpeg`,
    `OSError`.
    """
    if source.stat().st_size == 0:
        raise NotSound("empty")
    path = folder / "decoded.wav"
    form = f"volume=-{HEADROOM_DB}dB:precision=double,aformat=channel_layouts=mono|stereo"
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
    heard = _Heard.of(path)
    return Decoded(path, seconds, heard.mix(), _is_clipped(path, heard))


def _frames(path: Path) -> Iterator[bytes]:
    """The samples of a decoded file, `FRAME_SECONDS` at a time."""
    with wave.open(str(path), "rb") as samples:
        while frame := samples.readframes(int(RATE * FRAME_SECONDS)):
            yield frame


@dataclass(frozen=True)
class _Heard:
    """The peak of every frame, and of two channels the power of left, right and both together."""

    peaks: list[int]
    channels: int
    left: float = 0.0
    right: float = 0.0
    both: float = 0.0

    @classmethod
    def of(cls, path: Path) -> _Heard:
        with wave.open(str(path), "rb") as samples:
            channels = samples.getnchannels()
        if channels == 1:
            return cls([audioop.max(frame, 2) for frame in _frames(path)], channels)
        peaks = []
        powers = [0.0, 0.0, 0.0]
        for frame in _frames(path):
            peaks.append(audioop.max(frame, 2))
            for place, (left, right) in enumerate(((1, 0), (0, 1), (0.5, 0.5))):
                powers[place] += audioop.rms(audioop.tomono(frame, 2, left, right), 2) ** 2
        return cls(peaks, channels, *powers)

    def mix(self) -> str:
        if self.channels == 1:
            return "pan=mono|c0=c0"
        louder = max(self.left, self.right)
        if self.both * 10 ** (CANCELS_DB / 10) >= louder:
            return "pan=mono|c0=0.5*c0+0.5*c1"
        return f"pan=mono|c0=c{int(self.right > self.left)}"


def _is_clipped(path: Path, heard: _Heard) -> bool:
    """Whether the tops of the waves are cut off: see `FLATNESS`."""
    by_peak = sorted(heard.peaks)
    highest, loud = by_peak[-1], by_peak[int(len(by_peak) * (1 - LOUD_SHARE))]
    if highest == 0:
        return False
    near = at = count = 0
    for peak, frame in zip(heard.peaks, _frames(path), strict=True):
        if peak < loud:
            continue
        magnitudes = [abs(sample) for sample in array("h", frame)]
        count += len(magnitudes)
        near += sum(one >= highest * NEAR_PEAK for one in magnitudes)
        at += sum(one >= highest * AT_PEAK for one in magnitudes)
    return near > count * CLIPPED_SHARE and at > near * FLATNESS


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
