"""Text from outside, made safe to keep, to compare and to put into XML.

What people write is kept as they wrote it, less what nobody can see and what breaks others: control characters,
lone surrogates, non-characters (XML 1.0 section 2.2 allows none of them) and the invisible marks that turn the
direction of the text around them (Unicode Technical Report 36, section 2.7). Joiners stay: Persian and emoji
need them.
"""

import re
import unicodedata

_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str, longest: int) -> str:
    """`text` in Unicode's composed form without unwanted characters, cut to `longest` characters with a `…`.

    New lines stay (as `\\n`), and tabs.
    """
    if text.isascii() and text.isprintable():
        return _cut(text, longest)
    text = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _cut(unicodedata.normalize("NFC", text), longest)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def for_terminal(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal would obey."""
    return "".join(char if char.isprintable() else " " if char in "\n\t" else "�" for char in text)
