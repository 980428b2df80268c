"""Which language to answer a person in: the script of their text decides, else their country, else the line.

A script is not a language. Arabic letters may be Persian or Urdu, and Latin letters only say that this is no
Arabic text: English, French and Turkish all use them. So a text narrows the choice to the languages written
in its script, and the country and the line choose among those.
"""

from collections.abc import Sequence
from functools import cache

from babel.languages import get_official_languages

from ivr.translating import LANGUAGES

ARABIC_SCRIPT = frozenset(["ar", "fa", "ur", "ps", "sd", "ug", "ckb"])
"""Languages (ISO 639) written in Arabic letters."""
OF_GREETINGS = (
    "ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "ha", "he", "hi", "hu", "id", "it", "ja", "ko",
    "ku", "ms", "nl", "no", "pl", "ps", "pt", "ro", "ru", "so", "sv", "sw", "th", "tl", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
"""Languages (ISO 639-1) in which a line may record a greeting of its own; what we write and ship is in fewer."""
RIGHT_TO_LEFT = ARABIC_SCRIPT | {"he", "yi", "dv"}

ARABIC_COUNTRIES = frozenset(
    [
        "DZ", "BH", "KM", "DJ", "EG", "IQ", "JO", "KW", "LB", "LY", "MR", "MA", "OM", "PS", "QA", "SA",
        "SO", "SD", "SY", "TN", "AE", "YE", "EH",
    ]
)  # fmt: skip
"""The 22 members of the Arab League, and Western Sahara, which shares Morocco's calling code."""

ENGLISH_COUNTRIES = frozenset(
    [
        "US", "CA", "GB", "IE", "AU", "NZ", "GG", "JE", "IM", "GI", "BM", "BS", "BB", "JM", "TT", "GD",
        "LC", "VC", "KN", "AG", "DM", "BZ", "GY", "AI", "VG", "KY", "MS", "TC", "VI", "PR", "GU", "AS",
        "MP", "FK", "SH", "ZA", "NG", "GH", "KE", "UG", "ZM", "ZW", "BW", "NA", "MW", "GM", "SL", "LR",
        "LS", "SZ", "FJ", "PG", "SB", "VU", "WS", "TO", "SG", "IN", "PK", "PH", "MT",
    ]
)  # fmt: skip
"""Where English is the first language or the usual one of public life."""

_ONLY_ARABIC = frozenset("يكةىأإؤ")
"""Letters that Persian and Urdu do not write: their yeh and kaf are others."""
_ONLY_URDU = frozenset("ٹڈڑےںہھۂۓ")
_NOT_ARABIC = frozenset("پچژگکیۀ") | _ONLY_URDU

_ARABIC_BLOCKS = ((0x0600, 0x06FF), (0x0750, 0x077F), (0x0870, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
_LONGEST = 320
"""Characters looked at: two classic SMS show their script."""


def of_text(text: str) -> str | None:
    """`ar`, `fa` or `ur` for a text with most words in Arabic letters; else None: its script leaves it open.

    Arabic dialects write گ, چ and پ for sounds of their own, so a text is taken for Persian or Urdu only
    where such letters outnumber those that only Arabic writes (ي ك ة ى). Digits and marks do not count.
    """
    if text.isascii():
        return None
    words = _words(text)
    arabic_words = [word for word in words if _is_arabic(word[0])]
    if len(arabic_words) * 2 <= len(words):
        return None
    arabic = "".join(arabic_words)
    foreign = sum(letter in _NOT_ARABIC for letter in arabic)
    if foreign <= sum(letter in _ONLY_ARABIC for letter in arabic):
        return "ar"
    return "ur" if any(letter in _ONLY_URDU for letter in arabic) else "fa"


def of_country(country: str | None) -> str | None:
    """`ar` for a country of the Arab League, `en` where English is usual, else None. ISO 3166, any case."""
    code = (country or "").upper()
    if code in ARABIC_COUNTRIES:
        return "ar"
    return "en" if code in ENGLISH_COUNTRIES else None


@cache
def spoken_in(country: str | None) -> tuple[str, ...]:
    """Languages of a country, the likeliest first: that of `of_country`, then the official ones (Unicode CLDR)."""
    first = of_country(country)
    official = get_official_languages((country or "").upper(), de_facto=True) if country else ()
    return tuple(dict.fromkeys((*([first] if first else []), *(language.partition("_")[0] for language in official))))


def choose(
    text: str | None = None,
    country: str | None = None,
    line: str = "en",
    available: Sequence[str] = LANGUAGES,
) -> str:
    """The language to answer in, out of `available`: by the text, else the country, else the line.

    A text in Latin letters from an Arab country is not answered in Arabic, nor a Persian one anywhere. Always
    one of `available`, or `line` when that is empty.
    """
    written = of_text(text or "")
    candidates = _fitting(text or "", written, available) or tuple(available)
    for wish in (written, *spoken_in(country), line):
        if wish in candidates:
            return wish
    return candidates[0] if candidates else line


def direction(language: str) -> str:
    """`rtl` or `ltr`, for a page's `dir`. Takes an ISO 639 code or a tag such as `ar-EG`."""
    return "rtl" if language.replace("_", "-").split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def _fitting(text: str, written: str | None, available: Sequence[str]) -> tuple[str, ...]:
    """The available languages that the text could be written in; all when it has no letters."""
    if written in available or not any(letter.isalpha() for letter in text[:_LONGEST]):
        return tuple(available)
    return tuple(language for language in available if language not in ARABIC_SCRIPT)


def _words(text: str) -> list[str]:
    """The letters of each word that has any."""
    spelt = ("".join(letter for letter in word if letter.isalpha()) for word in text[:_LONGEST].split())
    return [word for word in spelt if word]


def _is_arabic(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _ARABIC_BLOCKS)
