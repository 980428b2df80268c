"""Words as they are searched: any script, in one form for every way of writing them.

Case, accents, harakat and tatweel do not count, nor which alef, yeh or teh marbuta was typed. Scripts that write
without spaces are taken letter by letter, so that a search for some of them finds them as a phrase.
"""

import re
import unicodedata

from ivr.phrases import LETTERS

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai and Lao, Myanmar, Khmer, Hiragana and Katakana, Han (Unicode's blocks)."""
_WORD = re.compile(f"[{_SPACELESS}]|[^\\W_{_SPACELESS}]+")
_SPACELESS_LETTER = re.compile(f"[{_SPACELESS}]")


def folded(text: str) -> list[str]:
    """The words of a text, folded, in their order."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("ـ", ""))
        text = "".join(letter for letter in text if unicodedata.category(letter)[0] != "M")
        text = text.casefold().translate(LETTERS)
    return _WORD.findall(text.casefold())


def is_spaceless(word: str) -> bool:
    """Whether a folded word is one letter of a script without spaces."""
    return _SPACELESS_LETTER.fullmatch(word) is not None
