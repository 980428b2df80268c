"""The catalogues: nothing is left in English, nothing is there that nobody says, and every gap is filled."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Message

from ivr.translating import LANGUAGES, counted, said
from ivr.translations.update import FOLDER, catalogue, extracted, missing

OTHERS = [language for language in LANGUAGES if language != "en"]


def gaps(sentence: str) -> set[str]:
    """The names of the gaps in a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language: str) -> None:
    kept = catalogue(FOLDER / f"{language}.po")
    said_now = {one.id for one in extracted() if one.id}
    assert said_now == {one.id for one in kept if one.id}, "run `python -m ivr.translations.update`"
    assert missing(kept) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_gaps_of_its_sentence_and_its_words_to_the_carrier(language: str) -> None:
    for one in catalogue(FOLDER / f"{language}.po"):
        if one.id:
            _assert_fits(one)


def _assert_fits(one: Message) -> None:
    forms, of = (one.string, one.id[-1]) if one.pluralizable else ([one.string], one.id)
    for form in forms:
        assert gaps(form) <= gaps(of), one.id
        if not one.pluralizable:
            assert gaps(form) == gaps(of), one.id
        for word in ("STOP", "START", "HELP"):
            assert (word in form) == bool(re.search(rf"\b{word}\b", of)), one.id


def test_what_is_in_no_catalogue_is_said_in_english() -> None:
    assert said("xx", "Sign up") == "Sign up" == said("en", "Sign up")
    assert said("ar", "A sentence that nobody says: {name}", name="Ada") == "A sentence that nobody says: Ada"
    assert counted("xx", "{count} text", "{count} texts", 3) == "3 texts"


def test_english_is_first_and_every_catalogue_is_a_language() -> None:
    assert LANGUAGES[0] == "en"
    assert set(OTHERS) == {path.stem for path in FOLDER.glob("*.po")}
