"""Words as they are searched: what is written differently and meant alike is one, what is meant differently is not."""

import unicodedata

import pytest

from ivr.folding import folded, is_spaceless

ALIKE = {
    "case": ("Straße İSTANBUL Σίσυφος", "STRASSE istanbul ΣΊΣΥΦΟΣ"),
    "accents": ("café naïve Åse", "cafe naive Ase"),
    "accents in two ways": ("é ñ", "e\u0301 n\u0303"),
    "harakat": ("الحَمْلَةُ مُحَمَّدٌ", "الحملة محمد"),
    "alef": ("أحمد إبراهيم آمال ٱلله", "احمد ابراهيم امال الله"),
    "yeh and teh marbuta": ("على مدرسة", "علي مدرسه"),
    "Persian letters": ("کتاب خیلی", "كتاب خيلي"),
    "tatweel": ("مرحبـــا", "مرحبا"),
    "Arabic in presentation forms": ("ﻣﺮﺣﺒﺎ ﷲ", "مرحبا الله"),
    "Hebrew points": ("שָׁלוֹם", "שלום"),
    "full width": ("ＡＢＣ １２", "abc 12"),
    "half width": ("ｶﾞｷﾞ", "ガギ"),
    "digits": ("٠١٢ ۳۴ १२", "012 34 12"),
    "what is not seen": ("می\u200cخواهم so\u00adng \u200fمرحبا\u200e", "میخواهم song مرحبا"),
    "an emoji's variation": ("love\ufe0f you ❤\ufe0f", "love you"),
    "Thai tones": ("ที่", "ที"),
    "nukta": ("फ़िल्म", "फिल्म"),
    "punctuation": ("hello,world!snake_case", "hello world snake case"),
    "a danda": ("नमस्ते।आप", "नमस्ते आप"),
    "marks in plain Latin": ("Z̷a̸l̶g̵o̶", "Zalgo"),
}
APART = {
    "Hindi vowels": ("दिन", "दान"),
    "Thai vowels": ("ปี", "ปา"),
    "Tamil vowels": ("கல்", "கால்"),
    "n and m": ("man", "nam"),
}


@pytest.mark.parametrize("name", ALIKE)
def test_what_is_meant_alike_is_one(name: str) -> None:
    one, other = ALIKE[name]
    assert folded(one) == folded(other) != []


@pytest.mark.parametrize("name", APART)
def test_what_is_meant_differently_is_not(name: str) -> None:
    one, other = APART[name]
    assert folded(one) != folded(other)


@pytest.mark.parametrize("word", ["किताब", "বাংলা", "தமிழ்", "हिन्दी", "བོད", "한국어", "𞤀𞤣𞤤𞤢𞤥", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ይሁን"])
def test_a_word_of_a_script_with_spaces_is_one_word(word: str) -> None:
    assert len(folded(f"{word} {word}")) == 2


@pytest.mark.parametrize("text", ["你好世界", "ありがとう", "カラオケ", "สวัสดี", "ສະບາຍດີ", "မြန်မာ", "ខ្មែរ", "𠀋𠂉"])
def test_scripts_without_spaces_are_taken_letter_by_letter(text: str) -> None:
    words = folded(text)
    assert len(words) > 1
    assert all(is_spaceless(word) for word in words)


def test_scripts_that_meet_are_told_apart() -> None:
    assert folded("iPhone手机15好") == ["iphone", "手", "机", "15", "好"]
    assert not is_spaceless("iphone")


def test_words_of_every_letter_there_is_have_no_space_and_no_quote() -> None:
    for place in range(0x20, 0x30000):
        letter = chr(place)
        if unicodedata.category(letter) == "Cs":
            continue
        words = folded(f"a{letter}b")
        assert words and all(word and not set(word) & set(' "*_\0') for word in words), hex(place)


def test_folding_what_is_folded_changes_nothing() -> None:
    for one, _ in [*ALIKE.values(), *APART.values()]:
        words = folded(one)
        assert folded(" ".join(words)) == words
