"""The two clocks a call can live by: one only counts its seconds, one waits for them."""

from threading import Event
from time import monotonic
from typing import Protocol


class Clock(Protocol):
    """Seconds since the first ring began."""

    @property
    def now(self) -> float:
        """The seconds gone by."""
        ...

    def wait_until(self, at: float) -> None:
        """Lets the time pass until `at`; a time that is over passes at once."""
        ...


class CountedClock:
    """A whole call in an instant: the seconds are counted, not waited. What the product takes costs none."""

    def __init__(self) -> None:
        self._now = 0.0

    @property
    def now(self) -> float:
        """The seconds counted so far, to the millisecond."""
        return round(self._now, 3)

    def wait_until(self, at: float) -> None:
        """Counts up to `at`."""
        self._now = max(self._now, at)


class RealClock:
    """The wall's seconds: a call that lasts as long as it lasts."""

    def __init__(self) -> None:
        self._began = monotonic()

    @property
    def now(self) -> float:
        """The seconds gone by, to the millisecond."""
        return round(monotonic() - self._began, 3)

    def wait_until(self, at: float) -> None:
        """Sleeps until `at`."""
        while (left := at - self.now) > 0:
            Event().wait(left)
