"""G. A recording made fit for the telephone: how long it takes, what it costs, and what it does to a voice."""

import math
import subprocess
import sys
import time
import wave
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

from audio import ffmpeg, level, wav
from audio.fitting import fit, narrowed
from audio.recording import HEADROOM_DB, NotSound, decode
from benchmarks.report import Part, progress, spread
from benchmarks.rounds import Plan
from benchmarks.voices import Voice, run_ffmpeg, voices

FIT_SECONDS, REFUSED_SECONDS = 1.0, 2.0
MEGABYTES = 200
ALIAS_DB = -60.0
LEVEL_DB = 1.0
PESQ_LOSS = 0.1
PEAKS = [-40, -30, -20, -10, -3]
SWEEP_HERTZ = (3_500, 23_500)
SWEEP_SECONDS = 20.0
LAST_BIT = level.decibels(1 / level.FULL_SCALE)
_RATE = 48_000
_MEASURED = """
import resource, sys
from pathlib import Path
from audio.fitting import fit
fit(Path(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def recordings(plan: Plan) -> Part:
    """The part of the report."""
    folder = plan.folder / "g"
    folder.mkdir()
    found = voices(folder)
    part = Part("G. A recording made fit for the telephone")
    _time_and_memory(part, plan, folder, found[0])
    _aliases(part, folder)
    _levels(part, folder, found[:4] if plan.quick else found)
    _quality(part, folder, found)
    part.remark(f"voices: {', '.join(voice.name for voice in found)}; decoded by {ffmpeg.executable()}")
    return part


def _time_and_memory(part: Part, plan: Plan, folder: Path, voice: Voice) -> None:
    mp3, long = folder / "ten.mp3", folder / "long.mp3"
    run_ffmpeg(voice.path, mp3, "-t", "10", "-ar", "44100", "-ac", "2", "-b:a", "128k", again=3)
    run_ffmpeg(mp3, long, "-c", "copy", again=119)
    part.at_most(
        "10 s of MP3, 44.1 kHz stereo", [_seconds(lambda: fit(mp3)) for _ in range(plan.rounds)], FIT_SECONDS, " s"
    )
    command = [sys.executable, "-c", _MEASURED, str(mp3)]
    kilobytes = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    part.at_most("ffmpeg's peak memory for it (RSS)", [kilobytes / 1000], MEGABYTES, " MB")
    taken = [_seconds(lambda: _refused(long)) for _ in range(plan.rounds)]
    part.at_most("20 minutes of MP3, refused", taken, REFUSED_SECONDS, " s")


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _refused(path: Path) -> None:
    try:
        fit(path)
    except NotSound:
        return
    raise RuntimeError("a recording of twenty minutes was taken")


def _aliases(part: Part, folder: Path) -> None:
    """A sine that rises through everything that a telephone does not carry."""
    first, last = SWEEP_HERTZ
    slope = (last - first) / SWEEP_SECONDS
    phases = (2 * math.pi * (first * t + slope * t * t / 2) for t in _moments(SWEEP_SECONDS))
    path = folder / "sweep.wav"
    _write(path, [int(16_000 * math.sin(phase)) for phase in phases])
    pcm = _samples(narrowed(decode(path, folder), folder).read_bytes())
    sent = level.decibels(16_000 / level.FULL_SCALE / math.sqrt(2)) - HEADROOM_DB
    heard = max(LAST_BIT, level.mean(pcm[2 * int((4_000 - first) / slope * wav.TELEPHONE_RATE) :]))
    part.at_most("what comes back of a sine swept from 4 to 23.5 kHz", [heard - sent], ALIAS_DB, " dB")
    if heard == LAST_BIT:
        part.remark("of the sweep nothing comes back: the figure is the last of 16 bits")


def _samples(content: bytes) -> bytes:
    sound = wav.read(content)
    played = content[sound.start : sound.start + sound.size]
    return level.from_mu_law(played) if sound.encoding == "mu-law" else played


def _moments(seconds: float) -> Sequence[float]:
    return [n / _RATE for n in range(int(seconds * _RATE))]


def _write(path: Path, samples: Sequence[int]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, _RATE, 0, "NONE", ""))
        file.writeframes(array("h", samples).tobytes())


def _levels(part: Part, folder: Path, found: Sequence[Voice]) -> None:
    path = folder / "softer.wav"
    off = []
    for voice in found:
        progress(f"levels: {voice.name}")
        with wave.open(str(voice.path)) as file:
            pcm = file.readframes(file.getnframes())
        for peak in PEAKS:
            gain = 10 ** ((peak - level.peak(pcm)) / 20)
            _write(path, array("h", level.audioop.mul(pcm, 2, gain)))
            off.append(abs(fit(path).level + 19))
    part.at_most(
        f"{len(found)} voices with peaks from {PEAKS[0]} to {PEAKS[-1]} dBFS: the one furthest from -19 dBov",
        [max(off)],
        LEVEL_DB,
        " dB",
    )


def _quality(part: Part, folder: Path, found: Sequence[Voice]) -> None:
    """PESQ (ITU-T P.862) of the whole way, and of mu-law alone, each against the voice at 8000 Hz."""
    try:
        import numpy
        from pesq import pesq
    except ImportError:
        part.remark("PESQ was not measured: pip install -e '.[bench]'")
        return

    def score(reference: bytes, heard: bytes) -> float:
        return float(pesq(8000, *(numpy.frombuffer(pcm, "<i2") for pcm in (reference, heard)), "nb"))

    alone, whole = [], []
    for voice in found:
        progress(f"PESQ: {voice.name}")
        narrow = folder / "reference.wav"
        run_ffmpeg(voice.path, narrow, "-ar", "8000", "-af", "aresample=8000:filter_size=128:cutoff=0.97")
        reference = _samples(narrow.read_bytes())
        reference = level.raised(reference, -19 - level.active(reference, 8000), -2.2, 8000)
        alone.append(score(reference, level.from_mu_law(level.to_mu_law(reference))))
        whole.append(score(reference, _samples(fit(voice.path).content)))
    losses = [before - after for before, after in zip(alone, whole, strict=True)]
    part.at_most("PESQ lost beyond what mu-law alone loses", losses, PESQ_LOSS)
    part.remark(f"PESQ of mu-law alone {spread(alone)}, of the whole way {spread(whole)}")
