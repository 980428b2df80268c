"""The language a person is answered in: script of the text, else country, else line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.languages import choose, direction, of_country, of_text
from ivr.translating import LANGUAGES


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("مرحبا كيف حالك", "ar"),
        ("سلام", "ar"),
        ("أحبك ❤️❤️ 2026", "ar"),
        ("أنا من Chicago", "ar"),
        ("شلونك گلي وين رايح", "ar"),
        ("ﺍﻟﺴﻼﻡ ﻋﻠﻴﻜﻢ", "ar"),
        ("چطوری", "fa"),
        ("من شما را خیلی دوست دارم، کی برمی‌گردید؟", "fa"),
        ("آپ کیسے ہیں؟ ٹھیک ہے", "ur"),
        ("hello", None),
        ("مرحبا my friend, how are you?", None),
        ("Привет", None),
        ("", None),
        ("👍 123 !!", None),
        ("\ud800", None),
    ],
)
def test_the_script_of_a_text_tells_arabic_from_the_rest(text: str, language: str | None) -> None:
    assert of_text(text) == language


@pytest.mark.parametrize(
    ("country", "language"),
    [("SA", "ar"), ("eg", "ar"), ("MR", "ar"), ("US", "en"), ("gb", "en"), ("FR", None), ("IL", None),
     ("IR", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_country_suggests_a_language(country: str | None, language: str | None) -> None:
    assert of_country(country) == language


@pytest.mark.parametrize(
    ("text", "country", "line", "language"),
    [
        ("مرحبا", "US", "en", "ar"),
        ("hello", "SA", "ar", "en"),
        ("👍", "SA", "en", "ar"),
        ("👍", "US", "ar", "en"),
        ("👍", "FR", "ar", "fr"),
        ("👍", "DE", "ar", "ar"),
        ("hola", "MX", "en", "es"),
        ("salut", "MA", "ar", "fr"),
        (None, "EG", "en", "ar"),
        (None, "GB", "ar", "en"),
        (None, "DE", "en", "en"),
        (None, None, "ar", "ar"),
        ("چطوری", "US", "en", "en"),
        ("آپ کیسے ہیں", "PK", "ar", "en"),
    ],
)
def test_the_text_decides_then_the_country_then_the_line(
    text: str | None, country: str | None, line: str, language: str
) -> None:
    assert choose(text, country, line) == language


def test_a_latin_text_on_a_french_line_is_answered_in_french() -> None:
    assert choose("bonjour", "FR", "fr", ("en", "fr", "ar")) == "fr"
    assert choose("bonjour", "MA", "fr", ("en", "fr", "ar")) == "fr"


def test_a_persian_text_is_answered_in_persian_where_the_line_speaks_it() -> None:
    assert choose("چطوری", "US", "en", ("en", "ar", "fa")) == "fa"


def test_a_line_that_speaks_only_arabic_answers_everybody_in_arabic() -> None:
    assert choose("hello", "US", "ar", ("ar",)) == "ar"


def test_a_line_language_that_is_not_available_gives_way_to_the_first_that_is() -> None:
    assert choose(None, "DE", "de", ("en", "ar")) == "en"
    assert choose(None, None, "de", ()) == "de"


@given(st.text(), st.one_of(st.none(), st.text(max_size=3)), st.sampled_from(["en", "ar", "fr"]))
def test_the_choice_is_always_one_of_the_available(text: str, country: str | None, line: str) -> None:
    assert choose(text, country, line) in LANGUAGES


@pytest.mark.parametrize(
    ("language", "way"),
    [("ar", "rtl"), ("ar-EG", "rtl"), ("AR_sa", "rtl"), ("fa", "rtl"), ("ur", "rtl"), ("he", "rtl"),
     ("en", "ltr"), ("fr-CA", "ltr"), ("", "ltr")],
)  # fmt: skip
def test_a_language_is_written_in_its_direction(language: str, way: str) -> None:
    assert direction(language) == way
