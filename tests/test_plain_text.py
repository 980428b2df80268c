"""Text from outside: kept as it was written, less what nobody can see and what breaks others."""

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.plain_text import clean, for_terminal

UNSEEN = [chr(code) for code in (*range(9), *range(0x0B, 0x0D), *range(0x0E, 0x20), *range(0x7F, 0xA0))]
TURNING = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@pytest.mark.parametrize(
    "char", [*UNSEEN, *TURNING, "\ufffe", "\uffff", "\ud800", "\udbff", "\udc00", "\udfff"], ids=ascii
)
def test_what_cannot_be_seen_is_taken_out(char: str) -> None:
    assert clean(f"a{char}b", 100) == "ab"


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "  spaces  ",
        "tab\tand\nline",
        "مرحبا",
        "👩‍👩‍👧 ❤️",
        "می‌خواهم",
        "O'Brien-Ñúñez",
        "a\u2028b",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "\ufffd",
        "",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert clean(text, 100) == text


def test_new_lines_are_written_in_one_way() -> None:
    assert clean("a\r\nb\rc\n\r\nd", 100) == "a\nb\nc\n\nd"


def test_letters_are_composed_so_that_equal_looks_equal() -> None:
    assert clean("e\u0301", 100) == "é" == clean("é", 100)


@pytest.mark.parametrize(("text", "cut"), [("abcd", "abcd"), ("abcde", "abc…"), ("é" * 9, "ééé…"), ("", "")])
def test_what_is_too_long_is_cut_with_a_mark(text: str, cut: str) -> None:
    assert clean(text, 4) == cut


def test_what_cannot_be_seen_does_not_count_as_length() -> None:
    assert clean("\x00" * 50 + "abcd", 4) == "abcd"


@given(st.text(), st.integers(1, 50))
def test_cleaned_text_can_be_stored_sent_compared_and_cleaned_again(text: str, longest: int) -> None:
    cleaned = clean(text, longest)
    assert len(cleaned) <= longest
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned, longest) == cleaned
    element = ElementTree.Element("a")
    element.text = cleaned
    assert (ElementTree.fromstring(ElementTree.tostring(element, "utf-8")).text or "") == cleaned


@given(st.text())
def test_a_terminal_gets_one_line_with_nothing_to_obey(text: str) -> None:
    assert for_terminal(text).isprintable()


def test_a_terminal_shows_that_something_was_there() -> None:
    assert for_terminal("a\nb\x1b[31mc\u202e") == "a b�[31mc�"
