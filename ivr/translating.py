"""Saying something in a person's language: the English sentence is the key, the catalogues have the others.

Catalogues are read as they are written (`ivr/translations/xx.po`), once in each process: there is nothing to compile.
"""

from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

_CATALOGUES = {
    file.name.removesuffix(".po"): file for file in files("ivr.translations").iterdir() if file.name.endswith(".po")
}
LANGUAGES = ("en", *sorted(_CATALOGUES))
"""What we speak (ISO 639-1): English, and every language that has a catalogue."""


def said(language: str, sentence: str, **filled: object) -> str:
    """A sentence of ours in `language`, else in English, with `filled` in its gaps (`{name}`)."""
    text = _catalogue(language).gettext(sentence)
    return text.format(**filled) if filled else text


def counted(language: str, one: str, many: str, count: int, **filled: object) -> str:
    """A sentence about `count` things, in the plural form that `language` has for it; `{count}` is filled in, too."""
    return _catalogue(language).ngettext(one, many, count).format(count=count, **filled)


def N_(sentence: str) -> str:
    """Marks a sentence that is translated where it is said (gettext's own name for that)."""
    return sentence


@cache
def _catalogue(language: str) -> NullTranslations:
    file = _CATALOGUES.get(language)
    if file is None:
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    translations: NullTranslations = Translations(compiled)
    return translations
