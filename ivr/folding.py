"""Words as they are searched: any script, in one form for every way of writing them.

Case, accents, harakat and tatweel do not count, nor which alef, yeh or teh marbuta was typed, nor in which script's
digits, nor what the eye does not see. The vowel signs of India's scripts and their neighbours do count: without them
different words would be one. Scripts that write without spaces are taken letter by letter, so that a search for some
of them finds them as a phrase.
"""

import re
import unicodedata

from ivr.phrases import LETTERS

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai and Lao, Myanmar, Khmer, Hiragana and Katakana, Han (Unicode's blocks)."""
_SIGNS = "\u0900-\u0963\u0971-\u0df3\u0f71-\u0f84\u0f8d-\u0fbc"
"""India's scripts and Tibetan, less their punctuation: vowel signs are letters of a word there."""
_SIGN = re.compile(f"[{_SIGNS}{_SPACELESS}]")
_ACCENTS = frozenset((7, 107, 122))
"""Combining classes of signs that do not count there: nukta, and the tone marks of Thai and Lao."""
_WORD = re.compile(f"[{_SPACELESS}]|(?:[^\\W_{_SPACELESS}]|[{_SIGNS}])+")
_SPACELESS_LETTER = re.compile(f"[{_SPACELESS}]")


def folded(text: str) -> list[str]:
    """The words of a text, folded, in their order."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("ـ", "").casefold())
        text = "".join(map(_counted, text)).casefold().translate(LETTERS)
    return _WORD.findall(text.casefold())


def is_spaceless(word: str) -> bool:
    """Whether a folded word is one letter of a script without spaces."""
    return _SPACELESS_LETTER.fullmatch(word) is not None


def _counted(letter: str) -> str:
    """A letter as it is compared, or nothing."""
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category[0] == "M":
        return letter if _SIGN.match(letter) and unicodedata.combining(letter) not in _ACCENTS else ""
    return "" if category == "Cf" else letter
