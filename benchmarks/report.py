"""How figures are told: each beside its target; what was seen on the way; a line of progress on a terminal."""

import math
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One figure and its target. `fatal`: a miss is a fault of the product on any machine."""

    name: str
    seen: str
    target: str
    met: bool
    fatal: bool = False


@dataclass
class Part:
    """One letter of the report: its figures, and remarks that explain them."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def none(self, name: str, count: int) -> None:
        """A figure that must be 0."""
        self.figures.append(Figure(name, f"{count:,}", "0", count == 0, fatal=True))

    def at_least(self, name: str, values: Sequence[float], least: float) -> None:
        """A ratio, by the median of its rounds."""
        self.figures.append(Figure(name, spread(values), f"≥ {least:g}", statistics.median(values) >= least))

    def at_most(self, name: str, values: Sequence[float], most: float, unit: str = "") -> None:
        """A ratio or amount, by the median of its rounds."""
        met = statistics.median(values) <= most
        self.figures.append(Figure(name, spread(values) + unit, f"≤ {most:g}{unit}", met))

    def remark(self, text: str) -> None:
        """Something to know about the figures."""
        self.remarks.append(text)


def spread(values: Sequence[float]) -> str:
    """The median, and the least and the most in brackets."""
    digits = ",.0f" if max(values) >= 100 else ".1f" if max(values) >= 10 else ".2f"
    middle, least, most = (format(value, digits) for value in (statistics.median(values), min(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({least}–{most})"


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` (0..1) of the values do not exceed; not a number when there is none."""
    ordered = sorted(values) or [math.nan]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def tell(part: Part) -> None:
    """Print one part."""
    progress("")
    print(f"\n{part.title}")
    name, seen, target = (
        max((len(getattr(figure, column)) for figure in part.figures), default=0)
        for column in ("name", "seen", "target")
    )
    for figure in part.figures:
        verdict = "met" if figure.met else "MISSED"
        print(f"  {figure.name:<{name}}  {figure.seen:<{seen}}  target {figure.target:<{target}}  {verdict}")
    for remark in part.remarks:
        print(f"    {remark}")
    sys.stdout.flush()


def progress(text: str) -> None:
    """What goes on now, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
