"""How loud: against sounds whose level is known by their formula."""

from __future__ import annotations

import math
from array import array

import pytest

from audio import level

RATE = 8000


def tone(seconds: float, amplitude: float, hertz: float = 440) -> bytes:
    """A sine; `amplitude` from 0 to 1."""
    turn = 2 * math.pi * hertz / RATE
    return array("h", (int(32767 * amplitude * math.sin(turn * n)) for n in range(int(RATE * seconds)))).tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * int(RATE * seconds))


def test_the_peak_of_half_the_full_scale_is_6_db_down() -> None:
    assert level.peak(tone(0.5, 0.5)) == pytest.approx(-6.02, abs=0.02)


def test_a_full_sine_has_a_mean_of_minus_3() -> None:
    assert level.mean(tone(1, 1)) == pytest.approx(-3.01, abs=0.02)


def test_somebody_who_speaks_without_pause_is_as_loud_as_the_mean() -> None:
    assert level.active(tone(5, 0.1), RATE) == pytest.approx(level.mean(tone(5, 0.1)), abs=0.1)


def test_pauses_do_not_make_speech_softer() -> None:
    with_pauses = (tone(2, 0.1) + silence(3)) * 4
    assert level.mean(with_pauses) == pytest.approx(-27, abs=0.1)
    assert level.active(with_pauses, RATE) == pytest.approx(-23, abs=0.6)


@pytest.mark.parametrize("gain", [-20, -6, 6])
def test_the_active_level_follows_the_gain(gain: float) -> None:
    speech = (tone(0.3, 0.2) + silence(0.1) + tone(0.2, 0.05) + silence(0.6)) * 5
    louder = level.raised(speech, gain, 0, RATE)
    assert level.active(louder, RATE) - level.active(speech, RATE) == pytest.approx(gain, abs=0.1)


def test_silence_has_no_level() -> None:
    assert level.peak(silence(1)) == level.mean(silence(1)) == level.active(silence(1), RATE) == -math.inf
    assert level.peak(b"") == level.active(b"", RATE) == -math.inf


def test_nothing_rises_above_the_ceiling() -> None:
    sound = tone(0.5, 0.1) + tone(0.05, 0.9) + tone(0.5, 0.1) + silence(0.2) + tone(0.0011, 1)
    assert level.peak(level.raised(sound, 12, -2.2, RATE)) <= -2.199


def test_only_the_loud_moment_is_turned_down() -> None:
    sound = tone(0.5, 0.1) + tone(0.05, 0.9) + tone(0.5, 0.1)
    raised = level.raised(sound, 12, -2.2, RATE)
    quiet = slice(0, 2 * int(RATE * 0.3))
    assert level.mean(raised[quiet]) == pytest.approx(level.mean(sound[quiet]) + 12, abs=0.05)
    assert len(raised) == len(sound)


def test_a_loud_moment_is_bent_down_not_cut_off() -> None:
    raised = array("h", level.raised(tone(0.5, 0.9), 12, -2.2, RATE))
    at_the_top = sum(abs(sample) >= max(raised) - 1 for sample in raised)
    assert at_the_top < len(raised) * 0.05


def test_mu_law_there_and_back_keeps_the_level() -> None:
    speech = tone(1, 0.2)
    assert level.mean(level.from_mu_law(level.to_mu_law(speech))) == pytest.approx(level.mean(speech), abs=0.05)
