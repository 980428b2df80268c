"""How texts go over the air: counted as the carrier counts, and what makes them dear is named and can be made plain."""

import json
import random
from pathlib import Path

import pytest

from ivr import message_segments
from ivr.message_segments import GSM, UCS2, counted, plain

TEXTS = json.loads((Path(__file__).parent / "segment_counts.json").read_text(encoding="utf-8"))["texts"]


def whole(pieces: list[str | list[str | int]]) -> str:
    """A text from its pieces."""
    return "".join(piece if isinstance(piece, str) else str(piece[0]) * int(piece[1]) for piece in pieces)


@pytest.mark.parametrize("one", TEXTS, ids=lambda one: one["what"])
def test_texts_are_counted_as_the_carrier_counts_them(one: dict[str, object]) -> None:
    text = whole(one["text"])  # type: ignore[arg-type]
    found = counted(plain(text) if one["plain"] else text)
    assert (found.alphabet, found.segments) == (one["alphabet"], one["segments"])


@pytest.mark.parametrize(
    ("text", "alphabet", "segments", "left"),
    [
        ("", GSM, 1, 160),
        ("a" * 160, GSM, 1, 0),
        ("a" * 161, GSM, 2, 145),
        ("€" * 80, GSM, 1, 0),
        ("a" * 152 + "€" + "a" * 8, GSM, 2, 143),  # the pair does not fit into the first, which stays one short
        ("a" * 152 + "€" + "a" * 152, GSM, 3, 152),
        ("م" * 70, UCS2, 1, 0),
        ("م" * 66 + "🦄" + "م" * 3, UCS2, 2, 62),
        ("🦄" * 35, UCS2, 1, 0),
        ("🦄" * 36, UCS2, 2, 61),
    ],
)
def test_a_pair_is_never_shared_by_two_segments(text: str, alphabet: str, segments: int, left: int) -> None:
    found = counted(text)
    assert (found.alphabet, found.segments, found.left) == (alphabet, segments, left)


def test_what_forces_the_wide_alphabet_is_told_once_each_in_its_order_and_by_name() -> None:
    found = counted("It’s “on” – it’s 5 €, ça va?")
    assert found.forcing == ("’", "“", "”", "–", "ç")
    assert [message_segments.named(char) for char in found.forcing[:2]] == [
        "Right single quotation mark",
        "Left double quotation mark",
    ]
    assert message_segments.named("\x02") == "U+0002"


def test_what_only_looks_alike_is_made_plain_and_letters_stay() -> None:
    letters = "ça, español, مرحباً 🦄"
    assert plain(f"It’s “on”… 5\u00a0–\u202f6, ½ − {letters}") == f'It\'s "on"... 5 - 6, 1/2 - {letters}'


def test_all_that_is_made_plain_is_of_the_cheap_alphabet_and_only_what_is_not() -> None:
    for code, stands in message_segments._look_alikes().items():
        assert counted(stands).alphabet == GSM
        assert counted(chr(code)).alphabet == UCS2


def test_a_letter_more_never_makes_a_text_shorter_and_what_is_left_fits() -> None:
    chance = random.Random(7)
    for _ in range(300):
        text = "".join(chance.choice("aé€{مß🦄’") for _ in range(chance.randint(1, 330)))
        found = counted(text)
        letter = "a" if found.alphabet == GSM else "م"
        assert counted(text + letter * found.left).segments == found.segments
        assert counted(text + letter * (found.left + 1)).segments == found.segments + 1
