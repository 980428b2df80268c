"""The drawing of a recording: its loudness in columns, what was trimmed away set apart. Geometry only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COLUMN, GAP, HEIGHT = 4, 1, 80
LOWEST = 2


@dataclass(frozen=True)
class Column:
    """A stretch of the recording: where it is drawn, and whether it was kept."""

    x: int
    y: float
    height: float
    kept: bool


@dataclass(frozen=True)
class Waveform:
    """A recording drawn; time runs from left to right in every language, as on every recorder."""

    columns: tuple[Column, ...]
    width: int
    height: int = HEIGHT


def drawn(report: Mapping[str, Any]) -> Waveform:
    """The drawing of what was measured (`greetings.report_of`)."""
    shape, whole = report["shape"], report["original_seconds"]
    begin, end = report["kept"]
    columns = []
    for place, loudness in enumerate(shape):
        middle = (place + 0.5) / len(shape) * whole
        height = max(LOWEST, loudness / 100 * HEIGHT)
        columns.append(Column(place * (COLUMN + GAP), (HEIGHT - height) / 2, height, begin <= middle <= end))
    return Waveform(tuple(columns), len(shape) * (COLUMN + GAP))
