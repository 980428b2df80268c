"""What we write to people: whole, in every language, and of a length that telephones like."""

import pytest

from ivr import wording
from ivr.errors import WrongLine
from ivr.simulator.segments import segments
from ivr.store.lines import Line
from ivr.wording import LANGUAGES, NAMES, WITH_LINK, WORDS

LINE = Line("+17735550100", "Ada Example")
LINK = "https://text.example.com/j/" + "a" * 22
EVERY = [(language, name) for language in LANGUAGES for name in NAMES]


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_text_is_there_in_every_language_with_the_name_and_its_link(language: str, name: str) -> None:
    text = WORDS[language, name]
    assert text.count("{name}") == 1
    assert text.count("{link}") == (name in WITH_LINK)
    assert not set(text.replace("{name}", "").replace("{link}", "")) & set("{}")


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_no_text_is_longer_than_it_need_be(language: str, name: str) -> None:
    text = wording.written(LINE, language, name).replace("{link}", LINK)
    assert "Ada Example" in text and "{" not in text
    assert segments(text) <= {"en": 2, "ar": 5}[language]


@pytest.mark.parametrize("name", NAMES)
def test_english_stays_in_the_alphabet_that_telephones_send_cheaply(name: str) -> None:
    text = wording.written(LINE, "en", name).replace("{link}", LINK)
    assert segments(text) == segments("a" * len(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_reply_says_how_to_stop_and_to_get_help(language: str) -> None:
    assert "STOP" in WORDS[language, "reply"] and "HELP" in WORDS[language, "reply"]
    assert "STOP" in WORDS[language, "help"]
    assert "START" in WORDS[language, "stop"]


def test_the_link_comes_in_the_first_of_several_segments() -> None:
    before, _, _ = wording.written(LINE, "en", "reply").partition("{link}")
    assert len(before + LINK) <= 153


def test_a_line_may_use_words_and_a_name_of_its_own() -> None:
    line = Line("+17735550100", "Ada", wordings={"link.en": "{name} says: {link}", "name.ar": "آدا"})
    assert wording.written(line, "en", "link") == "Ada says: {link}"
    assert "آدا" in wording.written(line, "ar", "link")
    assert wording.written(line, "en", "stop").startswith("Ada:")
    assert wording.written(line, "fr", "stop") == wording.written(line, "en", "stop")


@pytest.mark.parametrize(
    ("language", "name", "text", "fault"),
    [
        ("fr", "reply", "{link}", "no words reply.fr"),
        ("en", "farewell", "{link}", "no words farewell.en"),
        ("en", "reply", "no link", "need {link}"),
        ("ar", "link", "", "need {link}"),
        ("en", "help", "x" * 1601, "1601 of at most 1600"),
    ],
)
def test_words_that_cannot_be_used_are_refused(language: str, name: str, text: str, fault: str) -> None:
    with pytest.raises(WrongLine, match=fault):
        wording.check(language, name, text)
