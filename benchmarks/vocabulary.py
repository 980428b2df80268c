"""What people of the ten million write: phrases of words as often as words are (Zipf), in English and in Arabic.

And words that stand in a known share of all texts, so that a search can be asked for each of them.
"""

import random
from dataclasses import dataclass
from itertools import accumulate

PHRASES = 1 << 15  # of each language
WORDS = 40_000  # of each language
_ENGLISH = """
    the i you to a my it and love your so me is for that this of in how are we have been on from all can when will thank
    know just want see was with what show concert song voice heart always never dream night
"""
_ARABIC = """
    في من على أنا أنت هذا إلى كل يا ما أحبك شكرا كيف متى أريد أن مع كان لك جدا صوتك أغنية حفلة قلبي دائما الله عندي
    اليوم الليلة معك سلام كثيرا جميل
"""
_ENGLISH_SOUNDS = ("bcdfghklmnprstvw", "aeiou")
_ARABIC_SOUNDS = ("بتجحدرسشصطعفقكلمنه", "ايو")


@dataclass(frozen=True)
class Planted:
    """A word that stands in one of every `one_in` texts."""

    word: str
    one_in: float


EVERYWHERE = Planted("common", 1.25)
RARE = (
    Planted("onein100", 100),
    Planted("onein200", 200),
    Planted("onein10000", 10_000),
    Planted("زفاف", 100),
    Planted("زنجبار", 10_000),
)


def phrases() -> list[str]:
    """`PHRASES` in English and then as many in Arabic, the same in every run."""
    chance = random.Random(1)
    return [
        " ".join(words)
        for known, sounds in ((_ENGLISH, _ENGLISH_SOUNDS), (_ARABIC, _ARABIC_SOUNDS))
        for words in _drawn(chance, _grown(chance, known, sounds))
    ]


def _grown(chance: random.Random, known: str, sounds: tuple[str, str]) -> list[str]:
    """Words, the most frequent first: those that are known, then made ones."""
    planted = {EVERYWHERE.word, *(one.word for one in RARE)}
    words = dict.fromkeys(known.split())
    while len(words) < WORDS:
        word = "".join(chance.choice(sound) for _ in range(chance.randint(2, 5)) for sound in sounds)
        if word not in planted:
            words[word] = None
    return list(words)


def _drawn(chance: random.Random, words: list[str]) -> list[list[str]]:
    shares = list(accumulate(1 / rank for rank in range(2, len(words) + 2)))
    return [chance.choices(words, cum_weights=shares, k=chance.randint(1, 8)) for _ in range(PHRASES)]
