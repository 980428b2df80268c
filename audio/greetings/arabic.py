"""Arabic for eSpeak NG 1.51: respelled as it sounds, and stressed as it is spoken.

eSpeak loses the vowel of a doubled letter, names letters that are silent, stops before every article, and stresses the
third syllable from the end, whatever is in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SHADDA, SUKUN = "\u0651", "\u0652"
VOWEL = "[\u064b-\u0650]"
SUN_LETTER = "[تثدذرزسشصضطظلن]"
PAUSE = "[.،]"

NUCLEUS = r"a\.?[iu]\.?(?!:)|[aiu]\.?:?"
"""A vowel, short or long, or a diphthong, in the letters of eSpeak; a dot marks the vowel beside an emphatic sound."""

CONSONANT = r"(?:dZ|dH|[^aiu.:])\[?"
STRESS = "[',]"


def for_espeak(arabic: str) -> str:
    """Fully vowelled Arabic, respelled as it sounds, so that eSpeak NG 1.51 says each sound rightly."""
    text = unicodedata.normalize("NFC", arabic)
    text = re.sub(f"(?<=[اٱل])(\u064e|\u0650?)ل(?={SUN_LETTER}{VOWEL}?{SHADDA})", r"\1", text)
    text = re.sub(f"(?<!{VOWEL}){SHADDA}(?=[\\s.،]|$)", "", text)
    text = re.sub(f"(\\w)({VOWEL}?){SHADDA}({VOWEL}?)", rf"\1{SUKUN}\1\2\3", text)
    text = re.sub("(?<=\u064fو)ا\\b", "", text)
    text = re.sub(f"ة(?={PAUSE}|$)", "", text)
    return text.replace("ٱ", "")


def stressed(text: str, said: Sequence[str]) -> str:
    """The `text` as sounds instead of letters, rightly stressed, with its pauses, for eSpeak to speak.

    `said` is what eSpeak made of it (`espeak-ng -q -x`), one line for each part up to a pause. Raises `ValueError`
    when there are not as many.
    """
    parts = zip(said, re.findall(PAUSE, text), strict=True)
    return " ".join(f"[[{' '.join(map(with_stress, line.split()))}]]{pause}" for line, pause in parts)


def with_stress(word: str) -> str:
    """A word, in the letters of eSpeak, with its one stress where standard Arabic has it.

    That is the last syllable with a long vowel and a consonant after it, or with two consonants; else the last but one
    where that is long or closed; else the one before. What eSpeak leaves without stress (fī, lā) stays so.
    """
    sounds = re.sub(r"(i\.?:)i\.?(?=[aiu])", r"\1j", re.sub(STRESS, "", word))
    vowels = list(re.finditer(NUCLEUS, sounds))
    if sounds == word or not vowels:
        return sounds
    ends = [*(vowel.start() for vowel in vowels[1:]), len(sounds)]
    weights = [_weight(vowel.group(), sounds[vowel.end() : end]) for vowel, end in zip(vowels, ends, strict=True)]
    weights = [weight - 1 for weight in weights[:-1]] + weights[-1:]  # the next syllable begins with a consonant
    place = vowels[_stress(weights)].start()
    return f"{sounds[:place]}'{sounds[place:]}"


def _weight(vowel: str, after: str) -> int:
    """How much there is in a syllable from its vowel on: 1 if that is short, 2 if long, and 1 for each consonant."""
    return (2 if len(vowel.replace(".", "")) > 1 else 1) + len(re.findall(CONSONANT, after))


def _stress(weights: Sequence[int]) -> int:
    """Which of the syllables has the stress."""
    if weights[-1] > 2 or len(weights) == 1:
        return len(weights) - 1
    if len(weights) == 2 or weights[-2] > 1:
        return len(weights) - 2
    return len(weights) - 3
