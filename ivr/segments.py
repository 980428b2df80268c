"""Segments as people write them: an expression for the command line, plain choices for a form.

An expression is conditions with spaces between them, which must all hold; after a sign, commas stand between
alternatives:

    age>=18 age<=30 gender=female,non-binary city="New York",القاهرة country=US,CA joined>=2026-11-01 contact>=30d

A value with spaces or signs in it stands in quotes; a quote within them has a backslash before it, as has a backslash.
Without a condition on the state a segment is of members.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ivr.errors import WrongSegment
from ivr.personal_details import LONGEST_CITY, OLDEST_YEARS, digits, one_line
from ivr.phone_numbers import is_country
from ivr.store.members import GENDERS, city_key
from ivr.store.segments import FIELDS, SPANS, Condition, Segment
from ivr.store.states import STATES
from ivr.store.tags import LONGEST as LONGEST_TAG
from ivr.store.tags import key_of as tag_key
from ivr.translating import LANGUAGES

LONGEST = 2_000
CHOICES = (
    *("age_from", "age_to", "gender", "city", "country", "language", "state", "joined_since", "contact_since"),
    "contact_before",
    "tag",
)
"""The fields of a form; gender, city, country, language, state and tag may have several values."""

_BEGIN = re.compile(r"\s*([a-z]+)\s*(>=|<=|!=|=|<|>)\s*", re.ASCII | re.IGNORECASE)
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"|“([^”]*)”|([^\s",،“”<>=!]+)', re.DOTALL)
_COMMA = re.compile(r"\s*[,،]\s*")
_PLAIN = re.compile(r"[^\s\",،“”<>=!]+")
_SPAN = re.compile(f"[1-9][0-9]{{0,4}}[{''.join(SPANS)}]")
_EQUAL = ("=", "!=")
_SINCE = (">=", "<")


def read(expression: str) -> Segment:
    """The segment that an expression describes. Raises `WrongSegment`, which says what to write."""
    if len(expression) > LONGEST:
        raise WrongSegment(f"A segment has at most {LONGEST} characters.")
    conditions, place = [], 0
    while expression[place:].strip():
        begin = _BEGIN.match(expression, place)
        if begin is None:
            raise WrongSegment(
                f"{_shown(expression[place:])} is no condition; write one such as age>=18 or city=Cairo, and put a"
                ' value of several words in quotes: city="New York".'
            )
        values, place = _values(expression, begin.end(), begin[0].strip())
        conditions.append(_condition(begin[1].lower(), begin[2], values))
    return Segment(tuple(conditions))


def written(segment: Segment) -> str:
    """The expression that `read` reads as this segment."""
    return " ".join(f"{one.field}{one.sign}{','.join(map(_quoted, one.values))}" for one in segment.conditions)


def of_choices(chosen: Mapping[str, str | Sequence[str]]) -> Segment:
    """The segment that a form with `CHOICES` asks for; what is empty asks for nothing. Raises `WrongSegment`.

    Several values are given as several, or as one text with commas.
    """
    found = []
    for name, (field, sign) in _OF_CHOICES.items():
        given = chosen.get(name, "")
        typed = re.split("[,،\n]", given) if isinstance(given, str) else given
        if values := [value.strip() for value in typed if value.strip()]:
            found.append(_condition(field, sign, values))
    return Segment(tuple(found))


_OF_CHOICES = {
    "age_from": ("age", ">="),
    "age_to": ("age", "<="),
    **{name: (name, "=") for name in ("gender", "city", "country", "language", "state", "tag")},
    "joined_since": ("joined", ">="),
    "contact_since": ("contact", ">="),
    "contact_before": ("contact", "<"),
}


@dataclass(frozen=True)
class _Field:
    """The signs that a field takes, and how one of its values is read; None: it is none. `wanted` says what is."""

    signs: tuple[str, ...]
    read: Callable[[str], str | None]
    wanted: str


def _condition(name: str, sign: str, values: Sequence[str]) -> Condition:
    field = _FIELDS.get(name)
    if field is None:
        raise WrongSegment(f"There is no {_shown(name)}; a segment asks for {', '.join(FIELDS)}.")
    if sign not in field.signs:
        raise WrongSegment(f"{name} takes {' or '.join(field.signs)}, not {sign}.")
    if sign not in _EQUAL and len(values) > 1:
        raise WrongSegment(f"{name}{sign} takes one value, not {len(values)}.")
    found = []
    for value in values:
        kept = field.read(value)
        if kept is None:
            raise WrongSegment(f"{_shown(value)} is no {name}; write {field.wanted}.")
        found.append(kept)
    return Condition(name, sign, tuple(dict.fromkeys(found)))


def _values(expression: str, place: int, after: str) -> tuple[list[str], int]:
    """The values that begin at a place, and where they end."""
    found = []
    while True:
        value = _VALUE.match(expression, place)
        if value is None:
            unclosed = expression[place : place + 1] in ('"', "“")
            missing = f"A value is missing after {after}; one with spaces or signs in it stands in quotes."
            raise WrongSegment(f"A quote after {after} is not closed." if unclosed else missing)
        quoted, curly, plain = value.groups()
        found.append(re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else curly or plain or "")
        comma = _COMMA.match(expression, value.end())
        if comma is None:
            return found, value.end()
        place = comma.end()


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _years(value: str) -> str | None:
    typed = digits(value)
    return str(int(typed)) if re.fullmatch("[0-9]{1,3}", typed) and int(typed) <= OLDEST_YEARS else None


def _gender(value: str) -> str | None:
    return value.lower() if value.lower() in GENDERS else None


def _city(value: str) -> str | None:
    city = one_line(value, LONGEST_CITY + 1)
    return city if city_key(city) and len(city) <= LONGEST_CITY else None


def _country(value: str) -> str | None:
    return value.upper() if is_country(value.upper()) else None


def _language(value: str) -> str | None:
    return value.lower() if value.lower() in LANGUAGES else None


def _state(value: str) -> str | None:
    state = "-".join(value.lower().split())
    return state if state in STATES else None


def _tag(value: str) -> str | None:
    tag = one_line(value, LONGEST_TAG + 1)
    return tag if tag_key(tag) and len(tag) <= LONGEST_TAG else None


def _time(value: str) -> str | None:
    """A day, or a span back from now."""
    typed = digits(value.lower())
    if _SPAN.fullmatch(typed):
        return typed
    try:
        return typed if date.fromisoformat(typed).isoformat() == typed else None
    except ValueError:
        return None


_A_TIME = "a day such as 2026-11-01, or a span back from now: 36h, 30d, 8w"
_FIELDS = {
    "age": _Field((">=", "<=", "=", ">", "<"), _years, f"whole years, 0 to {OLDEST_YEARS}"),
    "gender": _Field(_EQUAL, _gender, ", ".join(GENDERS)),
    "city": _Field(_EQUAL, _city, "the name of a city, in any script"),
    "country": _Field(_EQUAL, _country, "two letters, such as US or EG (GB, not UK)"),
    "language": _Field(_EQUAL, _language, ", ".join(LANGUAGES)),
    "joined": _Field(_SINCE, _time, _A_TIME),
    "contact": _Field(_SINCE, _time, _A_TIME),
    "state": _Field(_EQUAL, _state, ", ".join(STATES)),
    "tag": _Field(_EQUAL, _tag, "a tag, in any script"),
}


def _shown(text: str) -> str:
    """What was written, fit to be shown in one line of a message."""
    line = one_line(text, 40)
    return f"“{line}”" if line else "An empty value"
