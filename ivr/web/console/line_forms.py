"""The forms of a line: which fields stand on which page, how each is read from a form and shown in it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivr import hours
from ivr.line_checks import ASKED
from ivr.store.lines import Line
from ivr.translating import LANGUAGES

NOT_A_NUMBER = "Write a whole number here."
LARGEST = 10**9


@dataclass(frozen=True)
class Field:
    """One field of a form: its name (of `Line`, or of words, such as `name.ar`), its kind, and what it offers."""

    name: str
    kind: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A page of a line's: its name in the address, and its fields."""

    name: str
    fields: tuple[Field, ...]

    @property
    def facts(self) -> tuple[Field, ...]:
        """What is shown of it where only the most important is."""
        return tuple(field for field in self.fields if field.kind != "word")


HOURS = tuple(str(hour) for hour in range(hours.WIDEST.opens, hours.WIDEST.closes + 1))
SECTIONS = {
    section.name: section
    for section in (
        Section(
            "card",
            (
                Field("name"),
                *(Field(f"name.{language}", "word") for language in LANGUAGES),
                Field("language", "choice", LANGUAGES),
                Field("country", "code"),
            ),
        ),
        Section(
            "calls",
            (
                Field("rings", "choice_of_numbers", tuple(map(str, range(7)))),
                Field("cadence", "choice", ("line", "caller")),
                Field("adjust", "number"),
                Field("says_keys", "check"),
                Field("takes_messages", "check"),
            ),
        ),
        Section(
            "texts",
            (
                Field("keywords", "choice", ("carrier", "us")),
                Field("ceiling", "number_or_none"),
                Field("countries", "codes"),
                Field("nudges", "check"),
                Field("opens", "choice_of_numbers", HOURS[:-1]),
                Field("closes", "choice_of_numbers", HOURS[1:]),
                Field("segment_price", "decimal"),
                Field("currency", "code"),
            ),
        ),
        Section(
            "sign-up",
            (
                Field("minimum_age", "number"),
                Field("required", "checks", ASKED),
                Field("privacy_url", "address"),
                Field("terms_url", "address"),
            ),
        ),
        Section(
            "keeping",
            (
                Field("keep_texts", "number_or_none"),
                Field("keep_voice", "number_or_none"),
                Field("keep_refusals", "number"),
            ),
        ),
    )
}
"""A line's pages, in their order."""
PAGE = f"/lines/<int:line_id>/<any({', '.join(map(repr, SECTIONS))}):name>"
"""Their addresses."""


def filled(section: Section, line: Line) -> dict[str, str]:
    """The form's values, as a line has them; a box that is not checked is not there."""
    found: dict[str, str] = {}
    for field in section.fields:
        value: Any = line.wordings.get(field.name) if field.kind == "word" else getattr(line, field.name)
        if field.kind == "checks":
            found |= {f"{field.name}.{one}": "yes" for one in value}
        elif field.kind == "check":
            found |= {field.name: "yes"} if value else {}
        else:
            found[field.name] = " ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return found


def merged(
    section: Section, present: Mapping[str, str], typed: Mapping[str, str], mine: Sequence[str]
) -> dict[str, str]:
    """The form as it is filled at present, but for the fields in `mine`, which are as they were typed."""
    found: dict[str, str] = {}
    for field in section.fields:
        source = typed if field.name in mine else present
        names = [f"{field.name}.{one}" for one in field.choices] if field.kind == "checks" else [field.name]
        found |= {name: source[name] for name in names if name in source}
    return found


def read(section: Section, form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What a form says, by field, and a sentence for each field that cannot be read."""
    values, faults = {}, {}
    for field in section.fields:
        try:
            values[field.name] = _READ[field.kind](form, field)
        except ValueError:
            faults[field.name] = NOT_A_NUMBER
    return values, faults


def _text(form: Mapping[str, str], field: Field) -> str:
    return form.get(field.name, "").strip()


def _word(form: Mapping[str, str], field: Field) -> str | None:
    return _text(form, field) or None


def _code(form: Mapping[str, str], field: Field) -> str:
    return _text(form, field).upper()


def _codes(form: Mapping[str, str], field: Field) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"[^\s,،;]+", _text(form, field).upper())))


def _number(form: Mapping[str, str], field: Field) -> int:
    """A whole number in digits of any script. Raises `ValueError`."""
    text = _text(form, field).replace("−", "-")
    number = int(text) if len(text) < len(str(LARGEST)) else LARGEST + 1
    if abs(number) > LARGEST:
        raise ValueError("too large")
    return number


def _number_or_none(form: Mapping[str, str], field: Field) -> int | None:
    return _number(form, field) if _text(form, field) else None


def _decimal(form: Mapping[str, str], field: Field) -> str:
    """A price in digits of any script, with a point before its fraction."""
    text = _text(form, field).replace("٫", ".").replace(",", ".")
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)


def _check(form: Mapping[str, str], field: Field) -> bool:
    return field.name in form


def _checks(form: Mapping[str, str], field: Field) -> tuple[str, ...]:
    return tuple(one for one in field.choices if f"{field.name}.{one}" in form)


_READ: dict[str, Callable[[Mapping[str, str], Field], Any]] = {
    "text": _text,
    "address": _text,
    "word": _word,
    "choice": _text,
    "code": _code,
    "codes": _codes,
    "number": _number,
    "choice_of_numbers": _number,
    "number_or_none": _number_or_none,
    "decimal": _decimal,
    "check": _check,
    "checks": _checks,
}
