"""How a text goes over the air: in which alphabet, in how many message segments, and what makes it dear.

3GPP TS 23.038: 160 letters of the GSM alphabet fit in one segment, 153 in each of several; any other letter makes the
whole text UCS-2: 70 units of UTF-16, or 67 in each. Letters of the extension table and those outside the basic plane
are pairs, which no two segments share. What looks alike and is plain stands in `look_alikes.toml`.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

GSM, UCS2 = "GSM-7", "UCS-2"
ROOM = {GSM: (160, 153), UCS2: (70, 67)}
"""How much fits in a segment, by alphabet: in a single one, and in each of several."""
_ONE = frozenset(
    "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
    "¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ"
)
_TWO = frozenset("\f[\\]^{|}~€")
_GSM = _ONE | _TWO


@dataclass(frozen=True)
class Counted:
    """A text on the air: its alphabet, its segments (at least one), and how much of it still fits in the last one.

    `units` are septets, or units of UTF-16; `forcing` are the characters that the GSM alphabet has not, each once.
    """

    alphabet: str
    segments: int
    units: int
    left: int
    forcing: tuple[str, ...]


def counted(text: str) -> Counted:
    """How `text` goes over the air."""
    forcing = tuple(dict.fromkeys(letter for letter in text if letter not in _GSM))
    alphabet = UCS2 if forcing else GSM
    sizes = [_wide(letter) for letter in text] if forcing else [2 if letter in _TWO else 1 for letter in text]
    segments, left = _cut(sizes, *ROOM[alphabet])
    return Counted(alphabet, segments, sum(sizes), left, forcing)


def segments(text: str) -> int:
    """In how many message segments `text` goes over the air, at least one."""
    return counted(text).segments


def plain(text: str) -> str:
    """`text` with plain characters in place of curly quotes, dashes, odd spaces and others that only look alike."""
    return text.translate(_look_alikes())


def named(char: str) -> str:
    """What Unicode calls a character: `Right single quotation mark`."""
    return unicodedata.name(char, f"U+{ord(char):04X}").capitalize()


def _wide(letter: str) -> int:
    return 2 if letter > "\uffff" else 1


def _cut(sizes: list[int], single: int, several: int) -> tuple[int, int]:
    """How many segments letters of these sizes take, and what is left of the last one."""
    if sum(sizes) <= single:
        return 1, single - sum(sizes)
    segments, room = 1, several
    for size in sizes:
        if size > room:
            segments, room = segments + 1, several
        room -= size
    return segments, room


@cache
def _look_alikes() -> dict[int, str]:
    table = tomllib.loads(files("ivr").joinpath("look_alikes.toml").read_text(encoding="utf-8"))
    return {ord(char): stands for stands, chars in table.items() for char in chars}
