"""Any recording in, a greeting fit for the telephone out: the whole way, and what is to be said about it.

decoded (`recording`) → one channel, rumble and, where it needs it, noise taken away, brought to 8000 Hz by a filter
that folds nothing back (`ffmpeg`) → trimmed, brought to its level, in mu-law (`telephone`).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from audio import ffmpeg, level, telephone, wav, waveform
from audio.recording import HEADROOM_DB, Decoded, NotSound, decode

RUMBLE = "highpass=f=92:t=q:w=0.541,highpass=f=92:t=q:w=1.307"
"""What is below is no voice (the deepest men's have 85 Hz) and no telephone carries it. Mains hum, of 50 Hz, comes out
21 dB softer. The two make one Butterworth filter of the fourth order, which takes 0.5 dB from a note of 120 Hz; two
equal ones, as soft at 50 Hz, would take 2.4 dB, and 0.12 of PESQ from a voice that has much there."""

RESAMPLER = "aresample=8000:filter_size=128:cutoff=0.97"
"""Measured: a tone of 5 kHz comes back at less than -170 dB, one of 3.8 kHz is passed at -0.7 dB."""

NOISE_TO_REDUCE_DB, NOISE_TO_TELL_DB = 35.0, 20.0
"""With the noise so little below the voice, it is reduced; with so little, somebody is told to record again."""

REDUCTION = "apad=pad_len=200,afftdn=nr=8:nf={floor:.0f},atrim=start_sample=200"  # it delays by 25 ms
ABOVE_FLOOR_DB = 3.0
QUIETEST_FLOOR, LOUDEST_FLOOR = -80.0, -20.0
"""The noise is taken for so much louder than in the quietest moments, within what the filter takes. At 8000 Hz, where
the level was measured, it then falls by 7.7 dB (PESQ +0.1 to +0.7, by the noise); before the resampler it would fall by
two, since what lies above the band is noise as well."""

QUIET_DBOV = -38.0
"""An active level below this needs so much gain that whatever is in the room becomes loud with it."""

HEARD = "highpass=f=300,highpass=f=300,lowpass=f=3400,lowpass=f=3400"
"""What a telephone passes on (ITU-T G.712: 300 to 3400 Hz)."""

FAULTS = ("quiet", "clipped", "noisy")


@dataclass(frozen=True)
class Fitted:
    """A greeting, and how it was made.

    `content`: the WAV file for the telephone; `heard`: the same as it sounds through one, 16-bit PCM for a browser.
    Levels are active speech levels in dBov (ITU-T P.56), `peak` is in dBFS. `kept` are the seconds of the original
    between which the greeting lies; `shape` draws the original (`waveform.columns`); `faults` are some of `FAULTS`.
    """

    content: bytes = field(repr=False)
    heard: bytes = field(repr=False)
    seconds: float
    original_seconds: float
    kept: tuple[float, float]
    level_before: float
    level: float
    peak: float
    noise_reduced: bool
    faults: tuple[str, ...]
    shape: tuple[int, ...]


def fit(source: Path) -> Fitted:
    """Make the recording in the file `source` (an absolute path) fit for the telephone.

    Raises `NotSound` with what to do; `ffmpeg.NoFfmpeg`, `OSError`.
    """
    with tempfile.TemporaryDirectory(prefix="third-ring-") as name:
        try:
            return _fitted(source, Path(name))
        except telephone.Unfit as error:
            raise NotSound("no speech") from error
        except ffmpeg.Failed as error:
            raise NotSound("not sound", error.reason) from error


def _fitted(source: Path, folder: Path) -> Fitted:
    decoded = decode(source, folder)
    narrow = narrowed(decoded, folder)
    original = telephone.segment_of(narrow)
    speech = telephone.find_speech(original)
    distance = speech.voice - speech.noise
    segment = original
    if distance < NOISE_TO_REDUCE_DB:
        segment = telephone.segment_of(_reduced(narrow, folder, speech.noise))
    content = telephone.made_fit(segment, speech)
    pcm = _samples(content)
    before = level.active(original.raw_data, wav.TELEPHONE_RATE) + HEADROOM_DB
    found = {"quiet": before < QUIET_DBOV, "clipped": decoded.heard.clipped, "noisy": distance < NOISE_TO_TELL_DB}
    begin, end = speech.kept
    return Fitted(
        content=content,
        heard=_heard(content, folder),
        seconds=len(pcm) / 2 / wav.TELEPHONE_RATE,
        original_seconds=decoded.seconds,
        kept=(max(0.0, begin / 1000), min(decoded.seconds, end / 1000)),
        level_before=before,
        level=level.active(pcm, wav.TELEPHONE_RATE),
        peak=level.peak(pcm),
        noise_reduced=segment is not original,
        faults=tuple(fault for fault in FAULTS if found[fault]),
        shape=waveform.columns(original.raw_data),
    )


def narrowed(decoded: Decoded, folder: Path) -> Path:
    """One channel at 8000 Hz, at the level of the original."""
    path = folder / "narrow.wav"
    ffmpeg.convert(decoded.path, path, "-af", f"{decoded.heard.mix},{RUMBLE},{RESAMPLER}", "-c:a", "pcm_s16le")
    return path


def _reduced(narrow: Path, folder: Path, noise: float) -> Path:
    """The same with less of the noise that is so loud, dBov, in its quietest moments."""
    path = folder / "reduced.wav"
    floor = min(max(noise + ABOVE_FLOOR_DB, QUIETEST_FLOOR), LOUDEST_FLOOR)
    ffmpeg.convert(narrow, path, "-af", REDUCTION.format(floor=floor), "-c:a", "pcm_s16le")
    return path


def _heard(content: bytes, folder: Path) -> bytes:
    """As it sounds through a telephone."""
    source, target = folder / "fit.wav", folder / "heard.wav"
    source.write_bytes(content)
    ffmpeg.convert(source, target, "-af", HEARD, "-c:a", "pcm_s16le")
    return target.read_bytes()


def _samples(content: bytes) -> bytes:
    sound = wav.read(content)
    return level.from_mu_law(content[sound.start : sound.start + sound.size])
