"""What the console says, in every language of ours: the tables are `words/*.toml`, one for each part of it."""

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "ar")
"""What the console speaks."""


@cache
def words(language: str) -> dict[str, str]:
    """The console's words by their key, in `language`, else in English.

    Raises `ValueError` when a key is there twice.
    """
    found: dict[str, str] = {}
    for file in files("ivr.web.console").joinpath("words").iterdir():
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        if twice := found.keys() & table.keys():
            raise ValueError(f"{file.name} has words that another table has, too: {', '.join(twice)}")
        found |= {key: said.get(language, said["en"]) for key, said in table.items()}
    return found


def said(sentence: str, language: str) -> str:
    """A sentence of the house's (why a text was not answered, say) in `language`, where it is in the table."""
    return words(language).get(sentence, sentence)
