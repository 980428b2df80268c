"""The bare words of a text, as texts are compared, and phrases to find in them."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator

Words = tuple[str, ...]
LONGEST_READ = 1600
"""Characters. Twilio delivers no longer text; what follows is not looked at."""

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ`´＇ـ"))
"""Dropped without a gap, with the tatweel: don't and dont are one word."""
LETTERS = str.maketrans({"ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ٱ": "ا", "ß": "ss"})
"""Letters that are compared as one, after compatibility forms and marks are gone."""
_DROPPED = frozenset(["Mn", "Cf", "Cs"])
_FILLERS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0"))
"""Hangul fillers: letters to Unicode, nothing to the eye."""
_WORD = re.compile(r"[^\W_]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")


def words_of(text: str) -> Words:
    """The bare words of a text, as they are compared: compatibility forms unified, case folded; accents,
    harakat, tatweel, zero-width characters, apostrophes, punctuation and emoji dropped; alef, yeh and teh
    marbuta in one form; "stopppp" and "s.t.o.p" as the word that is meant."""
    return joined(bare_words(text))


def bare_words(text: str) -> list[str]:
    """The bare words, each letter of a word that is spelt still by itself."""
    text = text[:LONGEST_READ]
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES | _FILLERS)).casefold()
        text = "".join(letter for letter in text if unicodedata.category(letter) not in _DROPPED)
        text = text.translate(LETTERS)
    text = text.casefold().translate(_APOSTROPHES)
    if _DRAWN_OUT.search(text):
        text = _DRAWN_OUT.sub(r"\1", text)
    return _WORD.findall(text)


def joined(words: list[str]) -> Words:
    """The bare words with three or more single letters in a row joined into the word that they spell."""
    if sum([len(word) == 1 for word in words]) < 3:
        return tuple(words)
    return tuple(_join_spelt(words))


class Phrases:
    """A set of phrases to find in a text, by their first word and length."""

    def __init__(self, phrases: Iterable[Words]) -> None:
        self.phrases = frozenset(phrases)
        lengths: dict[str, set[int]] = {}
        for phrase in self.phrases:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        self.lengths = {word: sorted(found, reverse=True) for word, found in lengths.items()}
        self.lasts = frozenset(phrase[-1] for phrase in self.phrases)
        self.longest = max(map(len, self.phrases), default=0)

    def found_in(self, spoken: Words) -> Iterator[tuple[int, int]]:
        """Where phrases begin and end in the text, the longest at each place."""
        if self.lengths.keys().isdisjoint(spoken):
            return
        for start, word in enumerate(spoken):
            if word in self.lengths and (length := self.length_at(spoken, start)):
                yield start, start + length

    def starts_in(self, spoken: Words) -> list[int]:
        """Where phrases begin in the text."""
        return [start for start, _ in self.found_in(spoken)]

    def length_at(self, spoken: Words, start: int) -> int:
        """How many words the longest phrase has that begins here; 0 when none does."""
        for length in self.lengths.get(spoken[start], ()) if start < len(spoken) else ():
            if spoken[start : start + length] in self.phrases:
                return length
        return 0


def _join_spelt(words: list[str]) -> Iterator[str]:
    """Joins three or more single letters in a row into the word they spell."""
    for single, run in itertools.groupby(words, key=lambda word: len(word) == 1):
        letters = list(run)
        if single and len(letters) > 2:
            yield "".join(letters)
        else:
            yield from letters
