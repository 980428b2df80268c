"""What a line can be: every rule on its fields, with the sentence that says what to do instead."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from babel.numbers import list_currencies

from ivr import hours, wording
from ivr.phone_numbers import is_country
from ivr.ringing import LONGEST_PAUSE, MOST_RINGS, pause_seconds
from ivr.store.lines import Line
from ivr.translating import LANGUAGES

LONGEST_NAME = 60
ASKED = ("born", "gender", "city", "email")
"""What sign-up can ask for besides the name."""
MOST_SECONDS_ADJUSTED = 30
MOST_DAYS = 36_500
_ADDRESS = re.compile(r"https://[^\s\"<>]{1,500}")
_PRICE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Rule:
    """A field, what must hold of it, and what to say where it does not."""

    field: str
    holds: Callable[[Line], bool]
    sentence: str


def faults_of(line: Line) -> dict[str, str]:
    """What is wrong with a line: a sentence for each field, the first that does not hold."""
    found: dict[str, str] = {}
    for rule in RULES:
        if rule.field not in found and not rule.holds(line):
            found[rule.field] = rule.sentence
    return found


def _kept_for_days(name: str) -> Rule:
    return Rule(
        name,
        lambda line: getattr(line, name) is None or 1 <= getattr(line, name) <= MOST_DAYS,
        "What is kept is kept for at least one day; leave it out to keep it for ever.",
    )


def _led_to(name: str) -> Rule:
    return Rule(
        name,
        lambda line: not getattr(line, name) or bool(_ADDRESS.fullmatch(getattr(line, name))),
        "A page's address begins with https://.",
    )


RULES = (
    Rule("name", lambda line: not wording.gap_in(line.name), wording.NO_GAPS),
    Rule("name", lambda line: 1 <= len(line.name) <= LONGEST_NAME, "A line needs a name of 1 to 60 characters."),
    Rule("language", lambda line: line.language in LANGUAGES, f"A line's language is one of {', '.join(LANGUAGES)}."),
    Rule("country", lambda line: is_country(line.country), "A country is two letters, such as US or EG."),
    Rule("rings", lambda line: 0 <= line.rings <= MOST_RINGS, "A line rings 0 to 6 times."),
    Rule(
        "cadence",
        lambda line: line.cadence in ("line", "caller"),
        "A line's cadence is that of the line or the caller.",
    ),
    Rule(
        "adjust",
        lambda line: abs(line.adjust) <= MOST_SECONDS_ADJUSTED,
        "The pause is adjusted by at most 30 seconds, more or less.",
    ),
    Rule(
        "adjust",
        lambda line: not line.rings or 0 < _pause(line) <= LONGEST_PAUSE,
        "Adjusted so, the pause before the answer is not within 1 to 60 seconds.",
    ),
    Rule(
        "keywords",
        lambda line: line.keywords in ("carrier", "us"),
        "A line's keywords are answered by the carrier or by us.",
    ),
    Rule(
        "ceiling",
        lambda line: line.ceiling is None or 1 <= line.ceiling <= 1_000_000,
        "A line's ceiling is at least one answer a minute; leave it out for none.",
    ),
    Rule(
        "countries",
        lambda line: all(map(is_country, line.countries)),
        "Countries are two letters each, with spaces between them: US CA EG.",
    ),
    Rule("required", lambda line: set(line.required) <= set(ASKED), f"Sign-up can ask for {', '.join(ASKED)}."),
    Rule("minimum_age", lambda line: 0 <= line.minimum_age <= 120, "A minimum age is 0 to 120 years."),
    *map(_kept_for_days, ("keep_texts", "keep_voice")),
    Rule(
        "keep_refusals",
        lambda line: 1 <= (line.keep_refusals or 0) <= MOST_DAYS,
        "Who was too young is remembered for at least one day.",
    ),
    *map(_led_to, ("privacy_url", "terms_url")),
    Rule(
        "closes",
        lambda line: hours.WIDEST.opens <= line.opens < line.closes <= hours.WIDEST.closes,
        "Nobody is written to unasked before 10 and after 17 o'clock: choose hours within these.",
    ),
    Rule(
        "segment_price",
        lambda line: not line.segment_price or bool(_PRICE.fullmatch(line.segment_price)),
        "A price is a number such as 0.0083.",
    ),
    Rule(
        "currency", lambda line: line.currency in list_currencies(), "A currency is three letters, such as USD or EUR."
    ),
)


def _pause(line: Line) -> int:
    """The pause as it was adjusted, in seconds; a good one where rings or country are wrong themselves."""
    if not is_country(line.country) or line.rings not in range(MOST_RINGS + 1):
        return LONGEST_PAUSE
    return pause_seconds(line.country, line.rings) + line.adjust
