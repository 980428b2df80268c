"""What is heard in decoded samples: in which channel the voice is, and whether the tops of its waves are cut off.

The samples are read in pieces: two minutes of stereo at 48 kHz would be 23 MB, and the process that asks serves
others meanwhile.
"""

from __future__ import annotations

import statistics
import wave
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio.level import audioop

FRAME_SECONDS = 0.02

MIXES = ("pan=mono|c0=c0", "pan=mono|c0=c1", "pan=mono|c0=0.5*c0+0.5*c1")
"""How to make one channel: the left (or only) one, the right one, both; as ffmpeg's filter `pan` reads it."""

LEFT, RIGHT, BOTH = range(3)

CANCELS_DB = 6.0
"""The channels cancel each other when their sum is so much softer than the louder of them."""

SPOKEN_SHARE, LOUD_SHARE = 0.1, 0.2
"""Clipping is looked for in frames whose mean is this share of the loudest one's, and in the loudest of these."""

TOP_SHARE = 0.99
NEAR_TOP, BELOW = 0.8, 0.5
CROWDED = 0.85
"""Samples that a voice has near its top (the magnitude that `TOP_SHARE` of all samples are under), for each that it has
down to `BELOW` of it. Measured: at most 0.78, whatever a limiter or a codec had done to it; 0.85 and far more when tops
were cut off."""

FRAME_TOP_SHARE = 0.98
FLAT = 1.45
"""A loud frame's top, by its mean. A square wave has 1, a sine 1.41, a voice 1.57 or more; one cut off so badly that a
codec's ripple lies on its flat tops, where they are no longer crowded, has less than a sine.

Of 15 synthesised voices cut off at 10 dB over full scale these two find 13 in WAV and MP3 files, at 15 and 20 dB all;
after AAC and Opus at few bits 9 to 13, after AMR none; at 6 dB a quarter. Of 720 files that were not cut off, none."""

FAINTEST_TOP = 32
"""With a top below this the steps of 16 bits are too coarse to tell."""


@dataclass(frozen=True)
class Heard:
    """How to make one channel of it (one of `MIXES`), and whether the tops of its waves are cut off."""

    mix: str
    clipped: bool


def listen(path: Path) -> Heard:
    """Look at the samples of a WAV file of 16-bit PCM, one channel or two."""
    loudness = [[audioop.rms(way, 2) for way in _ways(*frame)] for frame in _frames(path)]
    powers = [sum(mean * mean for mean in way) for way in zip(*loudness, strict=True)]
    louder = RIGHT if len(powers) > 1 and powers[RIGHT] > powers[LEFT] else LEFT
    cancels = len(powers) == 1 or powers[BOTH] * 10 ** (CANCELS_DB / 10) < powers[louder]
    voice = [means[louder] for means in loudness]
    return Heard(MIXES[louder if cancels else BOTH], _is_clipped(_loudest(path, louder, voice)))


def _frames(path: Path) -> Iterator[tuple[bytes, int]]:
    """The samples of a file, `FRAME_SECONDS` at a time, and how many channels they have."""
    with wave.open(str(path), "rb") as samples:
        length = int(samples.getframerate() * FRAME_SECONDS)
        while frame := samples.readframes(length):
            yield frame, samples.getnchannels()


def _ways(frame: bytes, channels: int) -> list[bytes]:
    """What a frame is by each of `MIXES`; of one channel, itself."""
    if channels == 1:
        return [frame]
    return [audioop.tomono(frame, 2, left, right) for left, right in ((1, 0), (0, 1), (0.5, 0.5))]


def _loudest(path: Path, way: int, means: Sequence[int]) -> list[bytes]:
    """The frames that stand for the voice, given the mean of every one."""
    spoken = sorted(mean for mean in means if mean > max(means) * SPOKEN_SHARE)
    if not spoken:
        return []
    least = spoken[int(len(spoken) * (1 - LOUD_SHARE))]
    pairs = zip(means, _frames(path), strict=True)
    return [_ways(*frame)[way] for mean, frame in pairs if mean >= least]


def _is_clipped(frames: Sequence[bytes]) -> bool:
    """Whether the samples crowd at the top, or the waves are flatter than any voice's."""
    counts: Counter[int] = Counter()
    tops = []
    for frame in frames:
        magnitudes = sorted(abs(sample) for sample in array("h", frame))
        counts.update(magnitudes)
        tops.append(magnitudes[int(len(magnitudes) * FRAME_TOP_SHARE)] / audioop.rms(frame, 2))
    top = _magnitude_at(TOP_SHARE, counts)
    if top < FAINTEST_TOP:
        return False
    near = sum(number for magnitude, number in counts.items() if magnitude >= NEAR_TOP * top)
    below = sum(number for magnitude, number in counts.items() if BELOW * top <= magnitude < NEAR_TOP * top)
    return near > CROWDED * below or statistics.median(tops) < FLAT


def _magnitude_at(share: float, counts: Counter[int]) -> int:
    """The magnitude that this share of the counted samples are under."""
    left = counts.total() * (1 - share)
    for magnitude in sorted(counts, reverse=True):
        left -= counts[magnitude]
        if left <= 0:
            return magnitude
    return 0
