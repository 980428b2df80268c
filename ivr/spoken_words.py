"""What the carrier's voice says to operators on the telephone: the table is `spoken_words.toml`.

What callers hear is in `audio/greetings`, beside its recordings.
"""

import tomllib
from functools import cache
from importlib.resources import files

from ivr.carrier.twiml import Spoken


def words(language: str, *keys: str, **filled: str) -> tuple[Spoken, ...]:
    """These sentences in `language`, else in English, with `filled` in their gaps."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    table = sentences()
    return tuple(Spoken(table[key][spoken].format(**filled) if filled else table[key][spoken], spoken) for key in keys)


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Every sentence by its key, in each language."""
    return tomllib.loads(files("ivr").joinpath("spoken_words.toml").read_text(encoding="utf-8"))


LANGUAGES = ("en", "ar", "es", "fr")
