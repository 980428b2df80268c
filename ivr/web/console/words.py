"""What the console says, in every language of ours: the table is `words.toml`."""

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "ar")
"""What the console speaks."""


@cache
def words(language: str) -> dict[str, str]:
    """The console's words by their key, in `language`, else in English."""
    table = tomllib.loads(files("ivr.web.console").joinpath("words.toml").read_text(encoding="utf-8"))
    return {key: said.get(language, said["en"]) for key, said in table.items()}


def said(sentence: str, language: str) -> str:
    """A sentence of the house's (why a text was not answered, say) in `language`, where it is in the table."""
    return words(language).get(sentence, sentence)
