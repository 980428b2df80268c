"""The picture of a recording: how loud it is from its beginning to its end, in so many columns."""

from __future__ import annotations

from itertools import pairwise

from audio.level import FULL_SCALE, audioop

COLUMNS = 160
HIGHEST = 100


def columns(pcm: bytes, count: int = COLUMNS) -> tuple[int, ...]:
    """The peak of each of `count` equal parts, 0 to `HIGHEST`, the loudest of them drawn full.

    `pcm` as in `level`. The root is drawn: a voice's soft parts would be a flat line otherwise.
    """
    samples = len(pcm) // 2
    edges = [samples * place // count * 2 for place in range(count + 1)]
    peaks = [audioop.max(pcm[start:end], 2) for start, end in pairwise(edges)]
    loudest = max(max(peaks), FULL_SCALE // 1000)
    return tuple(round(HIGHEST * (peak / loudest) ** 0.5) for peak in peaks)
