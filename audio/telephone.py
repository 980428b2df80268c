"""Makes a recording fit for the telephone: trimmed, as loud as a good prompt, soft at its ends, in mu-law.

This is the only home of pydub, and it is given nothing but plain samples: pydub's own reading of WAV files
can be held up for ever by a forged header, and its change of sample rate folds every hiss into the voice. So
a recording comes here already at 8000 Hz, made so by something that filters (sox, ffmpeg).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from audio import level, wav

with warnings.catch_warnings():
    # Of pydub itself: it misses ffmpeg, which is not needed here, and has regular expressions without r"".
    warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning)
    warnings.filterwarnings("ignore", ".*invalid escape sequence", DeprecationWarning)  # Python 3.11
    warnings.filterwarnings("ignore", ".*invalid escape sequence", SyntaxWarning)
    from pydub import AudioSegment

SPEECH_LEVEL = -19.0
"""Active speech level, dBov: the median of 120 professional telephone prompts, measured, was -18.8."""

CEILING = -2.2
"""Highest peak before coding, dBFS: mu-law rounds by up to 0.2 dB up there, and -2 is not to be passed."""

SILENCE_BEFORE_MS = 250
SILENCE_AFTER_MS = 350
"""Room left around the speech, so that neither the answer nor the hanging up cuts into a word."""

FADE_IN_MS = 15
FADE_OUT_MS = 60

FRAME_MS = 10
LEAST_SPEECH_MS = 60
"""What is loud for less than this is a click, not speech (a short vowel lasts about 60 ms)."""

QUIET_SHARE, LOUD_SHARE = 0.08, 0.95
LOUD_MS = 1000
"""The frames that stand for the room's noise and for the voice: their place among all frames by loudness. What is
louder than the voice's makes up no more than `LOUD_MS`, or two seconds of speech in a minute would be lost."""

NOISE_MARGIN, DEEPEST, HIGHEST = 9.0, 40.0, 12.0
"""Speech begins so many dB above the noise, yet no deeper, and no higher, than so many dB below the voice."""

FAINTEST = -70.0
"""Mean power, dBov, of the loudest moment below which a recording is taken for silence: near the last bit."""


class Unfit(ValueError):
    """A recording that cannot become a prompt: of the wrong form, or without speech. It says which."""


@dataclass(frozen=True)
class Speech:
    """Where speech begins and ends in a recording, in ms, and how loud the room and the voice are, dBov."""

    begin: int
    end: int
    noise: float
    voice: float

    @property
    def kept(self) -> tuple[int, int]:
        """What remains of the recording, in ms: the speech with room around it. It may reach beyond the ends."""
        return self.begin - SILENCE_BEFORE_MS, self.end + SILENCE_AFTER_MS


def for_telephone(recording: AudioSegment | Path) -> bytes:
    """A WAV file, whole, ready to be played on a call: mu-law, mono, 8000 Hz, `SPEECH_LEVEL` loud.

    `recording` is 16-bit PCM, mono, 8000 Hz: a segment, or the path of a WAV file.
    Raises `Unfit` (wrong form, silence), `wav.BadSound` (not a sound WAV file), `OSError` (not readable).
    """
    segment = recording if isinstance(recording, AudioSegment) else segment_of(recording)
    return made_fit(segment, find_speech(segment))


def find_speech(segment: AudioSegment) -> Speech:
    """Where somebody speaks; the segment as `for_telephone` takes it. Raises `Unfit` when nobody does."""
    _check_form(segment)
    segment = segment.remove_dc_offset()
    starts = range(0, len(segment) - FRAME_MS + 1, FRAME_MS)
    loudness = [level.mean(segment[start : start + FRAME_MS].raw_data) for start in starts]
    by_loudness = sorted(loudness)
    if not by_loudness or by_loudness[-1] < FAINTEST:
        raise Unfit("there is no speech in this recording")
    noise = by_loudness[int(len(by_loudness) * QUIET_SHARE)]
    last = len(by_loudness) - 1
    voice = by_loudness[max(int(last * LOUD_SHARE), last - LOUD_MS // FRAME_MS)]
    threshold = min(max(noise + NOISE_MARGIN, voice - DEEPEST), voice - HIGHEST)
    edges = [-1, *(n for n, loud in enumerate(loudness) if loud < threshold), len(loudness)]
    least = LEAST_SPEECH_MS // FRAME_MS
    spoken = [(first + 1, last) for first, last in pairwise(edges) if last - first - 1 >= least]
    if not spoken:
        raise Unfit("there is no speech in this recording")
    return Speech(spoken[0][0] * FRAME_MS, spoken[-1][1] * FRAME_MS, noise, voice)


def made_fit(segment: AudioSegment, speech: Speech) -> bytes:
    """What `for_telephone` makes, with the speech found already."""
    _check_form(segment)
    spoken = _at_level(_trimmed(segment.remove_dc_offset(), speech))
    return wav.telephone_file(level.to_mu_law(spoken.raw_data))


def _check_form(segment: AudioSegment) -> None:
    if (segment.sample_width, segment.channels, segment.frame_rate) != (2, 1, wav.TELEPHONE_RATE):
        raise Unfit("a recording must be 16-bit, mono, at 8000 Hz before it is made fit for the telephone")


def segment_of(path: Path) -> AudioSegment:
    """A 16-bit PCM WAV file as a segment, by our own reading of its header."""
    content = path.read_bytes()
    sound = wav.read(content)
    if (sound.encoding, sound.bits) != ("pcm", 16):
        raise Unfit(f"a recording must be 16-bit PCM, this is {sound.bits}-bit {sound.encoding}")
    if sound.channels != 1:
        raise Unfit(f"a recording must be mono, this has {sound.channels} channels")
    return _of_samples(content[sound.start : sound.start + sound.size], sound.rate)


def _of_samples(pcm: bytes, rate: int) -> AudioSegment:
    """16-bit mono samples as a segment; `rate` in Hz."""
    return AudioSegment(pcm, sample_width=2, frame_rate=rate, channels=1)


def _trimmed(segment: AudioSegment, speech: Speech) -> AudioSegment:
    """Only the speech, with the wanted silence around it: the room's own as far as there is some."""
    begin, end = speech.kept
    kept = segment[max(0, begin) : end]
    before = AudioSegment.silent(max(0, -begin), segment.frame_rate)
    after = AudioSegment.silent(max(0, end - len(segment)), segment.frame_rate)
    return before + kept.fade_in(FADE_IN_MS).fade_out(FADE_OUT_MS) + after


def _at_level(segment: AudioSegment) -> AudioSegment:
    """The same speech `SPEECH_LEVEL` loud; a second round makes up for what the limiter took away."""
    original = segment.raw_data
    gain, pcm = 0.0, original
    for _ in range(2):
        gain += SPEECH_LEVEL - level.active(pcm, segment.frame_rate)
        pcm = level.raised(original, gain, CEILING, segment.frame_rate)
    return _of_samples(pcm, segment.frame_rate)
