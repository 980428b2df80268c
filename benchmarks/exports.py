"""Taking the log out: rows a second, and whether the worker that does it grows."""

import time
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.browser import Browser
from benchmarks.contestants import Contestant
from benchmarks.machine import resident_bytes
from benchmarks.report import progress

_PIECE = 1 << 16
_LOOK_SECONDS = 0.5
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Exported:
    """What came: rows, seconds, bytes; and how much the worker that grew most did so after the first moment (MB)."""

    rows: int
    seconds: float
    size: int
    growth: float

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds


def exported(ours: Contestant, session: str, form: str, most_seconds: float, **filters: str) -> Exported:
    """Export as csv or json, to the end or for so many seconds."""
    browser = Browser(ours.port, session)
    began = time.perf_counter()
    answer = browser.ask(f"/console/export.{form}?{urlencode(filters)}")
    if answer.status != 200:
        raise RuntimeError(f"the export was answered {answer.status}")
    rows = size = 0
    seen: list[dict[int, int]] = []
    while piece := answer.read(_PIECE):
        rows += piece.count(b"\n")
        size += len(piece)
        passed = time.perf_counter() - began
        if passed > _LOOK_SECONDS * (len(seen) + 1):
            seen.append({worker: resident_bytes(worker) for worker in ours.workers()})
            progress(f"export {form}: {rows:,} rows in {passed:.0f} s")
        if passed > most_seconds:
            break
    seconds = time.perf_counter() - began
    browser.close()
    growth = max((max(one[worker] for one in seen) - seen[0][worker] for worker in seen[0]), default=0) if seen else 0
    return Exported(rows, seconds, size, growth / MEGABYTE)
