"""Recordings made up for tests: something like speech, a room, a hum; as samples, as WAV files, in any format."""

import math
import random
import subprocess
import wave
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from audio import ffmpeg

RATE = 48_000
TELEPHONE = 8_000


def syllables(count: int, amplitude: float, rate: int = TELEPHONE) -> list[float]:
    """Something like speech: voiced syllables of 180 ms that swell and fall, 40 ms apart. Quickly made."""
    period, voiced = int(0.22 * rate), int(0.18 * rate)
    swell = [math.sin(math.pi * n / voiced) if n < voiced else 0.0 for n in range(period)]
    voice = [sum(math.sin(2 * math.pi * 150 * k * n / rate) / k for k in range(1, 8)) / 2 for n in range(period)]
    return [amplitude * loud * sound for loud, sound in zip(swell, voice, strict=True)] * count


VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
"""Formants of a, i, u, e, o in Hz (Peterson and Barney, 1952)."""


@cache
def speech(count: int = 8, pitch: int = 120, rate: int = RATE) -> tuple[float, ...]:
    """More like speech: vowels that a glottis drives, each after a hiss, of changing pitch and loudness.

    Syllables of 220 ms, their highest peak 1. Always the same.
    """
    chance = random.Random(pitch)
    spoken = list(chain.from_iterable(_syllable(chance, VOWELS[n % 5], pitch, rate) for n in range(count)))
    peak = max(map(abs, spoken))
    return tuple(sample / peak for sample in spoken)


def _syllable(chance: random.Random, formants: Sequence[int], pitch: int, rate: int) -> list[float]:
    """A hiss of 50 ms, a vowel of 140 ms and 30 ms of nothing."""
    loud = chance.uniform(0.5, 1)
    hiss = [chance.gauss(0, 0.01) * loud for _ in range(int(0.05 * rate))]
    length, at = int(0.14 * rate), 0.0
    pulses = []
    for n in range(length):
        at += pitch * (1 - 0.2 * n / length) * chance.uniform(0.95, 1.05) / rate
        pulses.append(math.sin(math.pi * n / length) if at >= 1 else 0.0)
        at %= 1
    vowel = pulses
    for formant in formants:
        vowel = _resonated(vowel, formant, 90, rate)
    peak = max(map(abs, vowel))
    return hiss + [loud * sample / peak for sample in vowel] + [0.0] * int(0.03 * rate)


def _resonated(samples: Sequence[float], formant: float, width: float, rate: int) -> list[float]:
    """The samples through a resonance; both in Hz."""
    radius = math.exp(-math.pi * width / rate)
    first, second = 2 * radius * math.cos(2 * math.pi * formant / rate), -radius * radius
    before = twice_before = 0.0
    out = []
    for sample in samples:
        before, twice_before = sample + first * before + second * twice_before, before
        out.append(before)
    return out


def room(seconds: float, amplitude: float, rate: int = TELEPHONE, seed: int = 3) -> list[float]:
    """The noise of a room."""
    noise = random.Random(seed)
    return [noise.gauss(0, amplitude) for _ in range(int(seconds * rate))]


def tone(seconds: float, hertz: float, amplitude: float, rate: int = RATE) -> list[float]:
    """A sine."""
    return [amplitude * math.sin(2 * math.pi * hertz * n / rate) for n in range(int(seconds * rate))]


def times(gain: float, samples: Iterable[float]) -> list[float]:
    """So many times louder."""
    return [gain * sample for sample in samples]


def mixed(*parts: Sequence[float]) -> list[float]:
    """Heard at the same time; as long as the longest."""
    length = max(map(len, parts))
    padded = [[*part, *[0.0] * (length - len(part))] for part in parts]
    return [sum(samples) for samples in zip(*padded, strict=True)]


def clipped(gain: float, samples: Iterable[float]) -> list[float]:
    """So many times louder, with all above full scale cut off."""
    return [max(-1.0, min(1.0, gain * sample)) for sample in samples]


def pcm(samples: Iterable[float]) -> bytes:
    """16-bit samples."""
    return array("h", (max(-32768, min(32767, round(32767 * sample))) for sample in samples)).tobytes()


def write_wav(path: Path, *channels: Sequence[float], rate: int = RATE) -> Path:
    """A WAV file of 16 bits, of one channel or more."""
    with wave.open(str(path), "wb") as file:
        file.setparams((len(channels), 2, rate, 0, "NONE", ""))
        file.writeframes(pcm(chain.from_iterable(zip(*channels, strict=True))))
    return path


def coded(source: Path, target: Path, *arguments: str, again: int = 0) -> Path:
    """What ffmpeg makes of a file, played so many times more; the format is told by the target's name."""
    quiet = ("-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-stream_loop", str(again))
    subprocess.run([ffmpeg.executable(), *quiet, "-i", str(source), *arguments, str(target)], check=True)
    return target


@cache
def can_code(encoder: str) -> bool:
    """Whether the ffmpeg here has an encoder: the small ones lack some."""
    listed = subprocess.run([ffmpeg.executable(), "-hide_banner", "-encoders"], check=True, capture_output=True)
    return f" {encoder} ".encode() in listed.stdout
