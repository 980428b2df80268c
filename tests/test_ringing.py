"""Ring cadences: the published table, and a greeting that begins between two rings."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.ringing import (
    DEFAULT,
    LATEST_SET_UP,
    MOST_RINGS,
    Cadence,
    Tone,
    WrongRings,
    cadence_of,
    cadences,
    pause_seconds,
)

# country: pause in seconds, third ring ends, fourth ring begins.
KNOWN = {
    **dict.fromkeys(["US", "CA", "TR"], (15, 14.0, 18.0)),
    **dict.fromkeys(["GB", "IE", "AU", "NZ", "IN", "ZA", "SG", "AE", "OM", "BH"], (7, 7.0, 9.0)),
    **dict.fromkeys(["DE", "IT", "NL", "BR", "CN", "MX", "PL", "KW", "RU"], (12, 11.0, 15.0)),
    **dict.fromkeys(["SE", "PT", "AT"], (14, 13.0, 18.0)),
    **dict.fromkeys(["JP", "KR"], (7, 7.0, 9.0)),
    **dict.fromkeys(["SA", "TN"], (14, 12.8, 17.4)),
    **dict.fromkeys(["IL", "CL", "BE"], (9, 9.0, 12.0)),
    "FR": (12, 11.5, 15.0),
    "MA": (12, 11.64, 14.97),
    "ES": (11, 10.5, 13.5),
    "JO": (15, 13.2, 18.0),
    "LB": (14, 12.4, 16.8),
    "HK": (9, 9.0, 12.0),
    "QA": (7, 7.4, 9.6),
    "EG": (7, 8.0, 9.0),
    "CR": (15, 13.409, 18.309),
    "HN": (12, 11.0, 15.0),
    "KE": (10, 9.0, 14.0),
    "RS": (24, 21.0, 30.0),
    "BN": (7, 7.3, 9.3),
    "BT": (8, 8.2, 10.8),
    "DO": (7, 7.4, 9.6),
}
# No whole second serves every set-up delay of 0 to 2 s between the third ring and the fourth.
NO_ROOM_AFTER_THREE = {"BN", "BT", "DO", "EG", "QA"}
NOT_COUNTABLE = {"FK", "GN", "LK", "SB", "SH", "SR", "VC"}

every_country = st.sampled_from(sorted(cadences()))
every_ring = st.integers(1, MOST_RINGS)


@pytest.mark.parametrize("country", sorted(KNOWN))
def test_the_third_ring_and_the_pause_are_those_of_the_published_table(country: str) -> None:
    pause, third_ends, fourth_begins = KNOWN[country]
    cadence = cadence_of(country)
    assert cadence.ring(3)[1] == third_ends
    assert cadence.ring(4)[0] == fourth_begins
    assert pause_seconds(country) == pause


def test_the_table_has_182_countries_with_a_name_a_tone_and_a_confidence() -> None:
    assert len(cadences()) == 182
    for country, cadence in cadences().items():
        assert cadence.country == country and len(country) == 2 and country.isupper()
        assert cadence.name and cadence.confidence in ("high", "medium", "low")
        assert len(cadence.pattern_ms) % 2 == 0 and min(cadence.pattern_ms) > 0
        assert all(10 < hertz < 1000 for hertz in cadence.tone.frequencies_hz)


def test_a_greeting_begins_between_ring_three_and_ring_four_except_in_five_countries() -> None:
    assert {country for country in cadences() if not _serves_every_delay(country, 3)} == NO_ROOM_AFTER_THREE


@given(every_country, every_ring)
def test_a_greeting_begins_between_two_rings_wherever_any_whole_second_does(country: str, rings: int) -> None:
    end, begin = cadence_of(country).ring_ms(rings)[1], cadence_of(country).ring_ms(rings + 1)[0]
    some_second_fits = math.ceil(end / 1000) * 1000 + LATEST_SET_UP * 1000 <= begin
    assert _serves_every_delay(country, rings) == some_second_fits


@given(every_country, every_ring)
def test_three_seconds_of_silence_are_always_enough(country: str, rings: int) -> None:
    if cadence_of(country).gap_after(rings) >= 3:
        assert _serves_every_delay(country, rings)


@pytest.mark.parametrize("country", sorted(NOT_COUNTABLE))
def test_a_cadence_that_cannot_be_counted_gives_way_to_the_default(country: str) -> None:
    assert cadence_of(country).pattern_ms == DEFAULT.pattern_ms
    assert cadence_of(country).country == country
    assert cadence_of(country).confidence == "low"
    assert pause_seconds(country) == 12


@pytest.mark.parametrize("country", [None, "", "UA", "XX", "??", "USA"])
def test_an_unknown_country_rings_as_the_itu_recommends(country: str | None) -> None:
    assert cadence_of(country) is DEFAULT
    assert pause_seconds(country) == 12


def test_a_country_is_found_in_any_case() -> None:
    assert cadence_of("gb") is cadence_of("GB")


def test_the_british_double_burst_is_one_ring() -> None:
    britain = cadence_of("GB")
    assert [britain.ring(n) for n in (1, 2, 3)] == [(0.0, 1.0), (3.0, 4.0), (6.0, 7.0)]
    assert britain.gap_after(1) == 2.0


def test_a_ring_may_reach_over_the_seam_of_the_pattern() -> None:
    assert cadence_of("KE").ring(4) == (14.0, 15.6)


@given(every_country, st.integers(1, 30))
def test_rings_follow_one_another_with_a_second_of_silence_or_more(country: str, n: int) -> None:
    cadence = cadence_of(country)
    assert cadence.ring(1)[0] == 0
    assert cadence.ring(n)[0] < cadence.ring(n)[1] < cadence.ring(n + 1)[0]
    assert cadence.gap_after(n) >= 1


@given(every_country, st.integers(0, MOST_RINGS - 1))
def test_more_rings_never_shorten_the_pause(country: str, rings: int) -> None:
    assert pause_seconds(country, rings) < pause_seconds(country, rings + 1) <= 60


@given(every_country, st.integers(0, MOST_RINGS), st.integers(-100, 100))
def test_the_pause_stays_within_a_minute_when_adjusted(country: str, rings: int, adjust: int) -> None:
    assert 0 <= pause_seconds(country, rings, adjust) <= 60


def test_an_adjustment_moves_the_pause_by_its_seconds() -> None:
    assert pause_seconds("GB", 3, 1) == 8
    assert pause_seconds("US", 3, -2) == 13


def test_no_rings_means_no_pause_even_when_adjusted() -> None:
    assert pause_seconds("US", 0) == 0
    assert pause_seconds("US", 0, 5) == 0


@pytest.mark.parametrize("rings", [-1, 7, 100])
def test_rings_that_no_line_can_have_are_refused_in_a_sentence(rings: int) -> None:
    with pytest.raises(WrongRings, match=f"0 to 6 times before it answers, not {rings}"):
        pause_seconds("US", rings)
    assert issubclass(WrongRings, ValueError)


def test_there_is_no_ring_before_the_first() -> None:
    with pytest.raises(WrongRings, match="counted from 1"):
        cadence_of("US").ring(0)


@pytest.mark.parametrize("pattern", [(), (400,), (400, 200), (2000, 4000, 2000)])
def test_a_pattern_without_countable_rings_is_refused(pattern: tuple[int, ...]) -> None:
    with pytest.raises(WrongRings, match="no rings that can be counted"):
        Cadence("XX", "nowhere", pattern, Tone((425.0,)), "low")


def test_tones_are_single_added_or_modulated() -> None:
    assert cadence_of("DE").tone == Tone((425.0,))
    assert cadence_of("US").tone == Tone((440.0, 480.0))
    assert cadence_of("IN").tone == Tone((400.0,), 25.0, 0.9)


def test_a_cadence_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        cadence_of("US").name = "us"  # type: ignore[misc]
    assert isinstance(cadence_of("US"), Cadence)


def _serves_every_delay(country: str, rings: int) -> bool:
    cadence = cadence_of(country)
    begins_ms = pause_seconds(country, rings) * 1000
    return cadence.ring_ms(rings)[1] <= begins_ms <= cadence.ring_ms(rings + 1)[0] - LATEST_SET_UP * 1000
