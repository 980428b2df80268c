"""How telephones ring, country by country, and the pause that ends after ring N.

The numbers are in `ringing.csv`, one line a country: ISO 3166 code, name, the pattern in milliseconds (on off
on off …; empty where the published one cannot be counted as rings, the default applies), the ringing tone in
hertz (`440+480` sounds both, `400*25` is 400 Hz whose loudness swings 25 times a second) and how sure we are:
`high` when two independent tables agree, `medium` for one plausible table, `low` for odd or conflicting ones.
All descend from ITU-T E.180 Supplement 2 (1994) and the annex of ITU Operational Bulletin 781 (2003).
"""

import csv
import itertools
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

MOST_RINGS = 6
LONGEST_PAUSE = 60
"""Seconds. Callers and carriers give up on a call that rings much longer."""
SILENCE_BETWEEN_RINGS_MS = 1000
"""Bursts closer than this are one ring: the British double burst is one ring."""
LATEST_SET_UP = 2
"""Seconds from the first ring to our pause, at most: the network's and the carrier's own time."""


class WrongRings(ValueError):
    """A number of rings that a telephone line cannot be set to."""


@dataclass(frozen=True)
class Tone:
    """What a ringback sounds like: sines added up, their loudness swung `modulated_by_hz` times a second.

    `modulated_by_hz` is 0 for a steady tone; else `depth` (0..1) is how far the loudness falls.
    """

    frequencies_hz: tuple[float, ...]
    modulated_by_hz: float = 0.0
    depth: float = 0.0


@dataclass(frozen=True)
class Cadence:
    """The ringing of one country: `pattern_ms` is on, off, on, off … and repeats without end.

    `country` is ISO 3166 alpha-2, or "" for the default; `confidence` is high, medium or low.
    Raises WrongRings when no silence in the pattern is long enough to tell one ring from the next.
    """

    country: str
    name: str
    pattern_ms: tuple[int, ...]
    tone: Tone
    confidence: str

    def __post_init__(self) -> None:
        if len(self.pattern_ms) % 2 or max(self.pattern_ms[1::2], default=0) < SILENCE_BETWEEN_RINGS_MS:
            raise WrongRings(f"The pattern {self.pattern_ms} has no rings that can be counted.")

    def ring(self, n: int) -> tuple[float, float]:
        """Start and end of the n-th ring (from 1) in seconds, from the start of the first as heard.

        Raises WrongRings when n is below 1.
        """
        start, end = self.ring_ms(n)
        return start / 1000, end / 1000

    def gap_after(self, n: int) -> float:
        """Seconds of silence between ring n and ring n + 1. Raises WrongRings when n is below 1."""
        return (self.ring_ms(n + 1)[0] - self.ring_ms(n)[1]) / 1000

    def ring_ms(self, n: int) -> tuple[int, int]:
        """As `ring`, in whole milliseconds, so that nothing is lost to rounding."""
        if n < 1:
            raise WrongRings(f"Rings are counted from 1, so there is no ring {n}.")
        rings, position, start = 0, 0, 0
        for on, off in itertools.cycle(zip(self.pattern_ms[::2], self.pattern_ms[1::2], strict=True)):
            end = position + on
            position = end + off
            if off < SILENCE_BETWEEN_RINGS_MS:
                continue
            rings += 1
            if rings == n:
                return start, end
            start = position
        raise AssertionError("a cycle does not end")


DEFAULT = Cadence("", "default", (1000, 4000), Tone((425.0,)), "low")
"""The tone and the range that ITU-T E.180 recommends; 1 s on, 4 s off is the commonest national value."""


def cadence_of(country: str | None) -> Cadence:
    """The cadence of a country (ISO 3166 alpha-2, any case); `DEFAULT` when it is not in the table."""
    return cadences().get((country or "").upper(), DEFAULT)


@cache
def cadences() -> dict[str, Cadence]:
    """Every country of the table by its ISO code; read from the package once."""
    table = files("ivr").joinpath("ringing.csv").read_text(encoding="utf-8")
    return {row["country"]: _cadence(row) for row in csv.DictReader(table.splitlines())}


@lru_cache(maxsize=1024)
def pause_seconds(country: str | None, rings: int = 3, adjust: int = 0) -> int:
    """Whole seconds to leave a call ringing so that it is answered between ring `rings` and the next.

    The pause ends one second before the middle of the gap: with a set-up delay of 0 to 2 s the answer falls
    around the middle. A tie goes to the shorter pause. `adjust` is added in seconds (what a test call taught)
    and the sum kept within 0..60. No rings: no pause. Raises WrongRings for rings outside 0..6.
    """
    if not 0 <= rings <= MOST_RINGS:
        raise WrongRings(f"A line can ring 0 to {MOST_RINGS} times before it answers, not {rings}.")
    if rings == 0:
        return 0
    cadence = cadence_of(country)
    middle_twice = cadence.ring_ms(rings)[1] + cadence.ring_ms(rings + 1)[0]
    doubled = middle_twice - LATEST_SET_UP * 1000
    rounded_ties_down = -((1000 - doubled) // 2000)
    return max(0, min(LONGEST_PAUSE, rounded_ties_down + adjust))


def _cadence(row: dict[str, str]) -> Cadence:
    pattern = tuple(int(part) for part in row["pattern_ms"].split()) or DEFAULT.pattern_ms
    return Cadence(row["country"], row["name"], pattern, _tone(row["tone_hz"]), row["confidence"])


def _tone(text: str) -> Tone:
    """`440+480` sounds both; `400*25` is modulated, by nine tenths as the published tables do."""
    carriers, _, modulation = text.partition("*")
    frequencies = tuple(float(part) for part in carriers.split("+"))
    return Tone(frequencies, float(modulation), 0.9) if modulation else Tone(frequencies)
