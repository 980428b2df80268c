"""Who hears which: by the caller's country, the line's own recordings before ours, words where all else fails."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from inside import the_line
from running import NUMBER

from audio.library import SHIPPED
from ivr import answering, greetings, voices
from ivr.carrier.inbound import IncomingCall
from ivr.diagnosis import BAD, examine
from ivr.greetings import Making
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.store.greetings import Greeting, Place

CALLERS = {
    "US": ("+12025550143", "en"),
    "GB": ("+447400123456", "en"),
    "CA": ("+16135550143", "en"),
    "AU": ("+61412345678", "en"),
    "IN": ("+919876543210", "en"),
    "NG": ("+2348012345678", "en"),
    "EG": ("+201001234567", "ar"),
    "SA": ("+966501234567", "ar"),
    "AE": ("+971501234567", "ar"),
    "MA": ("+212612345678", "ar"),
    "IQ": ("+9647701234567", "ar"),
    "JO": ("+962791234567", "ar"),
    "FR": ("+33612345678", "fr"),
    "SN": ("+221771234567", "fr"),
    "BE": ("+32470123456", "fr"),
    "ES": ("+34612345678", "en"),
    "DE": ("+4915112345678", "en"),
    "TR": ("+905321234567", "en"),
    "JP": ("+819012345678", "en"),
    "BR": ("+5511961234567", "en"),
    "TD": ("+23563123456", "ar"),  # Arabic and French are official; more people speak Arabic
}
"""A mobile of each of 21 countries, and what its owner hears of a line in English that greets in en, ar and fr."""
SOUNDS = {"en": "en/thanks.wav", "ar": "ar/thanks.wav", "fr": "en/goodbye.wav", "tr": "en/goodbye.wav"}
Records = Callable[..., Greeting]


@pytest.fixture
def live(house: House, now: datetime, tmp_path: Path) -> Records:
    """Makes a recording live in a language: another sound in each."""

    def made(language: str, clip: str = "greeting", source: Path | None = None) -> Greeting:
        place = Place(the_line(house.store).id, language, clip)
        making = Making(COMMAND_LINE, "command")
        source = source or SHIPPED / SOUNDS[language]
        one = greetings.add(house.store, house.own, place, source, making, now)
        greetings.activate(house.store, one, COMMAND_LINE, now)
        return one

    return made


def heard(house: House, number: str, now: datetime) -> str:
    """The TwiML of a call from there."""
    call = IncomingCall(f"CA{int(number):032d}", number, NUMBER, "ringing")
    return answering.answer_call(house, call, now)


def test_each_country_hears_its_own_language(house: House, live: Records, now: datetime) -> None:
    own = {f"/audio/{live(language).digest}.wav": language for language in ("en", "ar", "fr")}
    answers = {country: heard(house, number, now) for country, (number, _) in CALLERS.items()}
    found = {country: [own[path] for path in own if path in answer] for country, answer in answers.items()}
    assert found == {country: [language] for country, (_, language) in CALLERS.items()}


def test_as_long_as_nothing_is_recorded_what_we_ship_is_heard(house: House, now: datetime) -> None:
    for number, language in (CALLERS["US"], CALLERS["EG"], CALLERS["SN"], (CALLERS["ES"][0], "es")):
        clip = house.library.clip(language, "greeting")
        assert clip is not None
        assert f"/audio/{clip.digest}.wav" in heard(house, number, now)


def test_the_figure_is_heard_rather_than_a_stranger_in_the_callers_language(
    house: House, live: Records, now: datetime
) -> None:
    own = live("en")
    answer = heard(house, CALLERS["EG"][0], now)
    assert f"/audio/{own.digest}.wav" in answer
    assert voices.greeted_in(house, the_line(house.store)) == ("en",)


def test_a_prompt_that_is_missing_in_a_language_is_heard_in_the_lines(
    house: House, live: Records, now: datetime
) -> None:
    own = live("tr")
    prompt = house.library.clip("en", "key-0")
    assert prompt is not None
    answer = heard(house, CALLERS["TR"][0], now)
    assert answer.index(f"/audio/{own.digest}.wav") < answer.index(f"/audio/{prompt.digest}.wav")
    mine = live("tr", "key-0", SHIPPED / "ar" / "key-0.wav")
    assert f"/audio/{mine.digest}.wav" in heard(house, CALLERS["TR"][0], now)


def test_a_recording_whose_file_is_gone_gives_way_to_what_we_ship(house: House, live: Records, now: datetime) -> None:
    own = live("en")
    for path in house.own.original("0" * 32).parent.iterdir():
        path.unlink()
    shipped = house.library.clip("en", "greeting")
    assert shipped is not None
    answer = heard(house, CALLERS["US"][0], now)
    assert own.digest not in answer
    assert any(one.subject == "greetings" and one.grade == BAD for one in examine(house))
    assert f"/audio/{shipped.digest}.wav" in answer


def test_with_the_database_gone_the_own_greeting_is_still_heard(house: House, live: Records, now: datetime) -> None:
    own = live("en")
    heard(house, CALLERS["US"][0], now)
    house.store.close()
    house.store.path.rename(house.store.path.with_name("elsewhere.db"))
    assert f"/audio/{own.digest}.wav" in heard(house, CALLERS["GB"][0], now)


def test_how_long_the_greeting_is_stands_in_the_log(house: House, live: Records, now: datetime) -> None:
    own = live("en")
    heard(house, CALLERS["US"][0], now)
    ((seconds, language),) = house.store.read(
        lambda db: db.execute("SELECT greeting_seconds, language FROM calls").fetchall()
    )
    assert (seconds, language) == (own.seconds, "en")
