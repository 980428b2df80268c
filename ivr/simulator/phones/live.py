"""A call in somebody's hand: keys are pressed, words said and the telephone put down from outside, while it goes on."""

from collections import deque
from collections.abc import Generator
from itertools import count
from threading import Condition

from ivr.simulator.moment import Moment
from ivr.simulator.phones.caller import LONGEST_CALL_S, Caller, HungUp
from ivr.simulator.phones.clock import RealClock
from ivr.simulator.phones.keypad import Keypad
from ivr.simulator.webhooks import Answer

MOST_SOUNDS = 100


class LiveCaller(Caller):
    """A caller whose seconds are the wall's. Safe to use from several threads: one lives the call, others act."""

    def __init__(self) -> None:
        super().__init__(RealClock(), Keypad(()), None, LONGEST_CALL_S)
        self._moved = Condition()
        self._keys: deque[str] = deque()
        self._has_hung_up = False
        self._sound_numbers = count()
        self.sounds: dict[int, Answer] = {}

    def press(self, key: str) -> None:
        """Press a key, which is heard when somebody listens."""
        with self._moved:
            self._keys.append(key)
            self._moved.notify()

    def hang_up(self) -> None:
        """Put the telephone down, now."""
        with self._moved:
            self._has_hung_up = True
            self._moved.notify()

    def say(self, wav: bytes) -> None:
        """What was said after the beep, as a WAV file; before the key that ends it."""
        self.says = wav

    def hears(self, sound: Answer) -> str:
        """Keep a sound for who listens; returns its number."""
        number = next(self._sound_numbers)
        self.sounds = {**self.sounds, number: sound}
        self.sounds.pop(number - MOST_SOUNDS, None)
        return str(number)

    def presses(self, key: str) -> str:
        """The key itself, to be drawn."""
        return key

    def plans(self, until: float) -> Generator[Moment]:
        """Tell in advance when the call will be answered, so that it can be heard on the instant."""
        yield self.moment("waits", f"rings on until {until:.1f} s", f"{until:.3f}")

    def wait_until(self, at: float) -> None:
        """Let the time pass; keys pressed meanwhile wait. Raises HungUp when the telephone is put down."""
        with self._moved:
            self._wait(at, for_keys=False)

    def next_key(self, until: float, ready_at: float | None) -> str | None:
        """The key that is pressed next, as soon as it is; it is in somebody's hand when that is."""
        with self._moved:
            self._wait(until, for_keys=True)
            return self._keys.popleft() if self._keys else None

    def _wait(self, at: float, for_keys: bool) -> None:
        self._moved.wait_for(lambda: self._has_hung_up or (for_keys and self._keys), max(0.0, at - self.now))
        if self._has_hung_up or self.now >= LONGEST_CALL_S:
            raise HungUp
