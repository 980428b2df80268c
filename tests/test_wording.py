"""What we write to people: whole, in every language, and of a length that telephones like."""

import pytest

from ivr import wording
from ivr.errors import WrongLine
from ivr.message_segments import segments
from ivr.store.lines import Line
from ivr.translating import LANGUAGES, said
from ivr.wording import NAMES, NEEDED, WORDS

LINE = Line("+17735550100", "Ada Example")
LINK = "https://text.example.com/j/" + "a" * 22
EVERY = [(language, name) for language in LANGUAGES for name in NAMES]


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_text_is_there_in_every_language_with_the_name_and_its_link(language: str, name: str) -> None:
    text = said(language, WORDS[name])
    assert text.count("{name}") == 1
    needed = NEEDED.get(name)
    assert not needed or text.count(needed) == 1
    assert not set(text.replace("{name}", "").replace(needed or "", "")) & set("{}")


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_no_text_is_longer_than_it_need_be(language: str, name: str) -> None:
    text = wording.written(LINE, language, name).replace(NEEDED.get(name, "{link}"), LINK)
    assert "Ada Example" in text and "{" not in text
    assert segments(text) <= {"en": 2, "ar": 5, "es": 5, "fr": 5}[language]


@pytest.mark.parametrize("name", NAMES)
def test_english_stays_in_the_alphabet_that_telephones_send_cheaply(name: str) -> None:
    text = wording.written(LINE, "en", name).replace(NEEDED.get(name, "{link}"), LINK)
    assert segments(text) == segments("a" * len(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_reply_says_how_to_stop_and_to_get_help(language: str) -> None:
    reply, help_, stop = (said(language, WORDS[name]) for name in ("reply", "help", "stop"))
    assert "STOP" in reply and "HELP" in reply
    assert "STOP" in help_
    assert "START" in stop


def test_the_link_comes_in_the_first_of_several_segments() -> None:
    before, _, _ = wording.written(LINE, "en", "reply").partition("{link}")
    assert len(before + LINK) <= 153


def test_a_line_may_use_words_and_a_name_of_its_own() -> None:
    line = Line("+17735550100", "Ada", wordings={"link.en": "{name} says: {link}", "name.ar": "آدا"})
    assert wording.written(line, "en", "link") == "Ada says: {link}"
    assert "آدا" in wording.written(line, "ar", "link")
    assert wording.written(line, "en", "stop").startswith("Ada:")
    assert wording.written(line, "xx", "stop") == wording.written(line, "en", "stop")


@pytest.mark.parametrize(
    ("language", "name", "text", "fault"),
    [
        ("xx", "reply", "{link}", "no words reply.xx"),
        ("en", "farewell", "{link}", "no words farewell.en"),
        ("en", "reply", "no link", "need {link}"),
        ("ar", "link", "", "need {link}"),
        ("ar", "me", "{link}", "need {me}"),
        ("en", "help", "x" * 1601, "at most 1600"),
    ],
)
def test_words_that_cannot_be_used_are_refused(language: str, name: str, text: str, fault: str) -> None:
    with pytest.raises(WrongLine, match=fault):
        wording.check(language, name, text)
