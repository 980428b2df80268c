"""Why texts do not arrive, and what to do about it: one sentence each for the carrier's codes, in `failures.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Meaning:
    """What a code means, and what to do."""

    means: str
    what_to_do: str


def meaning(cause: str, language: str) -> Meaning:
    """What a cause means: one of the carrier's codes, `doubt` (nothing came) or `unsaid` (it came without a code)."""
    table = _table()
    entry = table.get(cause, table["status" if len(cause) == 3 else "unknown"])
    language = language if language in entry else "en"
    return Meaning(*(entry[key].replace("{code}", cause) for key in (language, f"{language}_do")))


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("ivr").joinpath("failures.toml").read_text(encoding="utf-8"))
