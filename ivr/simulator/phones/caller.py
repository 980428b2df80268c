"""The caller: a clock, the keys still to be pressed, and the second at which the telephone is put down."""

from collections.abc import Generator

from ivr.ringing import Cadence
from ivr.simulator.moment import Moment
from ivr.simulator.phones.clock import Clock
from ivr.simulator.phones.keypad import Keypad
from ivr.simulator.webhooks import Answer

PATIENCE_S = 120.0
"""Seconds a telephone rings before the caller's network gives up; real ones do after 30 to 120."""
LONGEST_CALL_S = 4 * 3600.0
"""Seconds after which a call is cut off (twilio.com/docs/voice/api/call-resource, TimeLimit)."""

Moments = Generator[Moment, None, None]


class HungUp(Exception):
    """The caller has put the telephone down."""


class Caller:
    """Lives through a call second by second. `speak_s` is how long they speak after a beep; `says` what, a WAV file."""

    def __init__(
        self, clock: Clock, keypad: Keypad, hang_up_at: float | None, speak_s: float, says: bytes | None = None
    ) -> None:
        self._clock = clock
        self._keypad = keypad
        self._hang_up_at = LONGEST_CALL_S if hang_up_at is None else min(hang_up_at, LONGEST_CALL_S)
        self._next_ring = 1
        self._is_in_ring = False
        self.speak_s = speak_s
        self.says = says

    @property
    def now(self) -> float:
        """Seconds since the first ring began."""
        return self._clock.now

    def moment(self, what: str, text: str, detail: str = "") -> Moment:
        """A moment that is now."""
        return Moment(round(self.now, 3), what, text, detail)

    def hears(self, sound: Answer) -> str:
        """A sound that is played to the caller; returns what a moment tells of it beside its words."""
        return ""

    def presses(self, key: str) -> str:
        """A key that is pressed; returns what a moment tells of it beside its words."""
        return ""

    def plans(self, until: float) -> Moments:
        """What the caller is told of when the call will be answered: nothing, but to who listens live."""
        yield from ()

    def wait_until(self, at: float) -> None:
        """Lets the time pass. Raises HungUp at the second the telephone is put down."""
        self._clock.wait_until(min(at, self._hang_up_at))
        if at >= self._hang_up_at and self.now >= self._hang_up_at:
            raise HungUp

    def hear_ringing(self, cadence: Cadence, until: float) -> Moments:
        """Rings until then: the beginning of every ring and its end.

        Raises HungUp, at the latest after PATIENCE_S.
        """
        last = min(until, PATIENCE_S)
        while True:
            n = self._next_ring
            begins, ends = cadence.ring(n)
            if not self._is_in_ring:
                if begins > last or (begins == last and begins > 0):
                    break
                self.wait_until(begins)
                self._is_in_ring = True
                yield Moment(begins, "ring", f"ring {n} begins")
            if ends > last:
                break
            self.wait_until(ends)
            self._is_in_ring, self._next_ring = False, n + 1
            yield Moment(ends, "ring-ends", f"ring {n} ends")
        self.wait_until(last)
        if until > PATIENCE_S:
            raise HungUp

    def listen(
        self, seconds: float, *, is_collecting: bool = False, ready_at: float | None = None
    ) -> Generator[Moment, None, str | None]:
        """Hears something for so long. Returns the key that ended it, if keys are being collected, else None.

        Raises HungUp.
        """
        end = self.now + seconds
        while (key := self.next_key(end, ready_at)) is not None:
            asked = "" if is_collecting else ", which nobody asked for"
            yield self.moment("key", f"presses {key}{asked}", self.presses(key))
            if is_collecting:
                return key
        return None

    def next_key(self, until: float, ready_at: float | None) -> str | None:
        """Lets the time pass until a key is pressed, and gives it; None when none is before `until`.

        `ready_at` as in `Keypad.next_press`. Raises HungUp.
        """
        press = self._keypad.next_press(self.now, until, ready_at)
        self.wait_until(press[0] if press else until)
        return press[1] if press else None
