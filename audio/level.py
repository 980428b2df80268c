"""How loud speech is, and making it as loud as a telephone prompt should be.

Sound here is `pcm`: bytes of 16-bit signed little-endian mono samples. Levels are in decibels below the
loudest that 16 bits can hold: dBFS for a peak, dBov (ITU-T G.100.1) for a mean power, so that a full-scale
sine has 0 and -3.
"""

from __future__ import annotations

import math
import warnings
from array import array
from itertools import pairwise

with warnings.catch_warnings():
    # Until Python 3.12; from 3.13 on, audioop-lts brings it.
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import audioop as audioop  # the one place that knows where it comes from

FULL_SCALE = 32768
"""The magnitude that counts as 0 dB in 16 bits."""

ENVELOPE_SECONDS = 0.03
HANGOVER_SECONDS = 0.2
MARGIN_DB = 15.9
"""Smoothing, how long speech is held to go on after it fell silent, and how far its threshold lies below its
level: ITU-T P.56, method B, table 1."""

LIMITER_SECONDS = 0.004
"""Length of the pieces the limiter looks at: about one wave of a voice."""

LIMITER_STEP = 10 ** (0.5 / 20)
"""Most that the limiter's gain changes from one piece to the next (0.5 dB): slower than a click."""


def decibels(ratio: float) -> float:
    """An amplitude ratio in dB; minus infinity for 0."""
    return 20 * math.log10(ratio) if ratio > 0 else -math.inf


def peak(pcm: bytes) -> float:
    """The highest sample's magnitude, dBFS; minus infinity for silence."""
    return decibels(audioop.max(pcm, 2) / FULL_SCALE)


def mean(pcm: bytes) -> float:
    """The mean power with all its pauses, dBov; minus infinity for silence."""
    return decibels(audioop.rms(pcm, 2) / FULL_SCALE)


def active(pcm: bytes, rate: int) -> float:
    """The active speech level, dBov: the mean power while somebody speaks (ITU-T P.56, method B).

    `rate` is in Hz. Minus infinity for silence.
    """
    samples = array("h", pcm)
    step = max(1, rate // 1000)
    energy = math.fsum(sample * sample for sample in samples) / FULL_SCALE**2
    envelope = _envelope(samples, rate, step)
    hangover = math.ceil(HANGOVER_SECONDS * rate / step)
    before: tuple[float, float] | None = None
    for halvings in range(1, 16):
        threshold = 0.5**halvings
        moments = _moments_above(envelope, threshold, hangover)
        if not moments:
            continue
        level = decibels(math.sqrt(energy / (moments * step)))
        excess = level - decibels(threshold)
        if excess >= MARGIN_DB:
            return _between(before, (excess, level))
        before = (excess, level)
    return -math.inf


def _between(before: tuple[float, float] | None, after: tuple[float, float]) -> float:
    """The level at which the excess over the threshold is the margin, by a line through two points."""
    if before is None:
        return after[1]
    share = (MARGIN_DB - before[0]) / (after[0] - before[0])
    return before[1] + share * (after[1] - before[1])


def _envelope(samples: array[int], rate: int, step: int) -> list[float]:
    """The twice smoothed magnitude, 0 to 1, once every `step` samples."""
    keep = math.exp(-1 / (rate * ENVELOPE_SECONDS))
    take = (1 - keep) / FULL_SCALE
    once = twice = 0.0
    envelope = []
    for position, sample in enumerate(samples):
        once = keep * once + take * abs(sample)
        twice = keep * twice + (1 - keep) * once
        if position % step == 0:
            envelope.append(twice)
    return envelope


def _moments_above(envelope: list[float], threshold: float, hangover: int) -> int:
    """How many moments are speech by this threshold, with those just after it."""
    moments = lasts = 0
    for value in envelope:
        if value >= threshold:
            lasts = hangover + 1
        moments += lasts > 0
        lasts = max(0, lasts - 1)
    return moments


def raised(pcm: bytes, gain: float, ceiling: float, rate: int) -> bytes:
    """The same sound `gain` dB louder, with its loud moments turned down so that none passes `ceiling` dBFS.

    `rate` is in Hz. The gain moves in straight lines from piece to piece, by at most `LIMITER_STEP` each.
    """
    wanted = 10 ** (gain / 20)
    most = FULL_SCALE * 10 ** (ceiling / 20)
    size = max(1, round(rate * LIMITER_SECONDS)) * 2
    pieces = [pcm[start : start + size] for start in range(0, len(pcm), size)]
    limits = [min(wanted, most / max(1, audioop.max(piece, 2))) for piece in pieces]
    gains = _gentle([min(pair) for pair in pairwise([wanted, *limits, wanted])])
    turned = zip(pieces, pairwise(gains), strict=True)
    return b"".join(_sloped(piece, first, last) for piece, (first, last) in turned)


def _gentle(gains: list[float]) -> list[float]:
    """The gains at the joints between pieces, lowered where needed so that none is a jump."""
    for order in (range(1, len(gains)), range(len(gains) - 2, -1, -1)):
        for here in order:
            gains[here] = min(gains[here], gains[here - order.step] * LIMITER_STEP)
    return gains


def _sloped(piece: bytes, first: float, last: float) -> bytes:
    """A piece with its gain going from `first` to `last`."""
    if first == last:
        return audioop.mul(piece, 2, first)
    samples = array("h", piece)
    slope = (last - first) / len(samples)
    return array("h", (int(s * (first + slope * i)) for i, s in enumerate(samples))).tobytes()


def to_mu_law(pcm: bytes) -> bytes:
    """The same sound in mu-law, one byte a sample (ITU-T G.711)."""
    return audioop.lin2ulaw(pcm, 2)


def from_mu_law(codes: bytes) -> bytes:
    """What a telephone makes of mu-law codes: 16-bit samples."""
    return audioop.ulaw2lin(codes, 2)
