"""When a crowd comes: a steep rise and a long tail, as after somebody said a number on television."""

import random

BURST = 0.8
"""How many of all come in the burst; the rest comes at any moment."""
PEAK = 0.1
"""When the most come, as a share of the whole time."""


def arrivals(count: int, seconds: float, chance: random.Random) -> list[float]:
    """The moments at which `count` people come, in order: all within `seconds`, exactly so many."""
    return sorted(_moment(seconds, chance) for _ in range(count))


def _moment(seconds: float, chance: random.Random) -> float:
    """A moment of one person. The burst is a gamma distribution: its density rises as t and falls as e^-t."""
    if chance.random() >= BURST:
        return chance.random() * seconds
    while (moment := chance.gammavariate(2.0, seconds * PEAK)) >= seconds:
        pass
    return moment
