"""The keys a caller is going to press, and when.

"1"       when the first thing that is played while keys are asked for has ended
"12#"     three keys, one after another
"1@3.5"   3.5 seconds after the first ring began, whatever is heard then
"w"       waits half a second, as in dialling strings: "w1"
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.errors import ThirdRingError

KEY_GAP_S = 0.25
"""Seconds between two keys of one word."""
WAIT_S = 0.5
"""Seconds that `w` waits (twilio.com/docs/voice/twiml/number, sendDigits)."""

_KEYS = re.compile(r"[0-9*#wW]+")
_TIMED = re.compile(r"(?P<key>[0-9*#])@(?P<at>\d+(?:\.\d+)?)")


class WrongKeys(ThirdRingError, ValueError):
    """Something that no telephone has a key for."""


@dataclass(frozen=True)
class Press:
    """One key: `at` seconds after the first ring began, or, if None, `after` seconds after its turn came."""

    key: str
    at: float | None = None
    after: float = 0.0


def presses(words: Sequence[str]) -> tuple[Press, ...]:
    """Reads key words as in this module's docstring. Raises WrongKeys."""
    found: list[Press] = []
    for word in words:
        if timed := _TIMED.fullmatch(word):
            found.append(Press(timed["key"], float(timed["at"])))
        elif _KEYS.fullmatch(word):
            found += _word(word)
        else:
            raise WrongKeys(f"{word!r} cannot be pressed: keys are 0-9 * #, w waits, 1@3.5 is timed")
    return tuple(found)


def _word(word: str) -> list[Press]:
    found, after = [], 0.0
    for letter in word.lower():
        if letter == "w":
            after += WAIT_S
        else:
            found.append(Press(letter, None, after))
            after = KEY_GAP_S
    return found


class Keypad:
    """The keys that are still to be pressed, in their order."""

    def __init__(self, keys: Sequence[Press]) -> None:
        self._left = deque(keys)
        self._last = 0.0

    def next_press(self, now: float, until: float, ready_at: float | None) -> tuple[float, str] | None:
        """The next key pressed from `now` to `until` and its second, used up; None when there is none.

        `ready_at` is when keys that wait for their turn may be pressed; None: not yet.
        """
        if not self._left:
            return None
        press = self._left[0]
        if press.at is not None:
            due = press.at
        elif ready_at is not None:
            due = max(ready_at, self._last) + press.after
        else:
            return None
        due = max(due, now)
        if due > until:
            return None
        self._left.popleft()
        self._last = due
        return due, press.key
