"""What people tell of themselves, read as they type it: names and cities in any script, days in any digits, addresses.

What is wrong is said as a sentence for each field (to be translated where it is shown).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from email_validator import EmailNotValidError, validate_email

from ivr.plain_text import clean
from ivr.store.lines import Line
from ivr.store.members import GENDERS, Details
from ivr.translating import N_

LONGEST_NAME, LONGEST_CITY, LONGEST_EMAIL = 100, 100, 254
OLDEST_YEARS = 120
ALWAYS_REQUIRED = frozenset({"name"})
FIELDS = ("name", "gender", "day", "month", "year", "city", "email")
"""The fields of a form."""

_LINK = re.compile(r"://|www\.|[\w-]\.(?:com|net|org|info|io|ly|me|ru|link|xyz|top|site|online)\b", re.IGNORECASE)
_PICTURES = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")
"""What follows an emoji: the sign that it is one, and the colour of a skin."""


@dataclass(frozen=True)
class Read:
    """What was typed, read: `details` when all of it is right; else `faults`, a sentence for each field that is not."""

    details: Details | None
    faults: dict[str, str] = field(default_factory=dict)
    too_young: bool = False


class Wrong(ValueError):
    """What is wrong with one field, as a sentence of ours."""


def required_of(line: Line) -> frozenset[str]:
    """The fields that a line cannot do without: the name, the day of birth where there is a least age, its choice."""
    return ALWAYS_REQUIRED | set(line.required) | ({"born"} if line.minimum_age else set())


def read(line: Line, form: Mapping[str, str], today: date, required: frozenset[str] | None = None) -> Read:
    """Read a form with `FIELDS`; digits of any script. `required`: other fields than those of sign-up."""
    required = required_of(line) if required is None else required
    faults: dict[str, str] = {}
    told: dict[str, str | None] = {}
    for name, reading in (("name", _name), ("gender", _gender), ("born", _born), ("city", _city), ("email", _email)):
        try:
            told[name] = reading(form, today)
            if told[name] is None and name in required:
                raise Wrong(MISSING[name])
        except Wrong as wrong:
            faults[name] = str(wrong)
    born = told.get("born")
    if born and age(date.fromisoformat(born), today) < line.minimum_age:
        return Read(None, too_young=True)
    if faults:
        return Read(None, faults)
    return Read(Details(told["name"] or "", told["gender"], born, told["city"], told["email"]))


MISSING = {
    "name": N_("Please write your name, in any script."),
    "gender": N_("Please choose one of these."),
    "born": N_("Please write the day, the month and the year in which you were born."),
    "city": N_("Please write your city."),
    "email": N_("Please write your e-mail address."),
}


def age(born: date, today: date) -> int:
    """How old somebody is; who was born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def in_parts(day: str) -> dict[str, str]:
    """A day as 1990-12-31, in the fields of a form; nothing for nothing. Raises `Wrong`."""
    typed = digits(day)
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", typed)
    if typed and found is None:
        raise Wrong("Please write a day as 1990-12-31.")
    return dict(zip(("year", "month", "day"), found.groups(), strict=True)) if found else {}


def _name(form: Mapping[str, str], _: date) -> str | None:
    typed = form.get("name", "")
    if any(unicodedata.category(letter) == "Cc" for letter in typed.strip()):
        raise Wrong(N_("A name is one line of letters."))
    if _LINK.search(typed):
        raise Wrong(N_("A name may not contain a link."))
    letters = _PICTURES.sub("", "".join(one for one in typed if unicodedata.category(one) != "So"))
    name = one_line(letters, LONGEST_NAME + 1)
    if len(name) > LONGEST_NAME:
        raise Wrong(N_("A name may have at most 100 characters."))
    return name if any(letter.isalpha() for letter in name) else None


def _gender(form: Mapping[str, str], _: date) -> str | None:
    gender = form.get("gender", "")
    if gender and gender not in GENDERS:
        raise Wrong(MISSING["gender"])
    return gender or None


def _born(form: Mapping[str, str], today: date) -> str | None:
    typed = [digits(form.get(part, "")) for part in ("day", "month", "year")]
    if not any(typed):
        return None
    if not all(typed):
        raise Wrong(MISSING["born"])
    day, month, year = typed
    try:
        born = date(*(int(part) for part in (year, month, day) if part.isascii() and part.isdigit() and len(part) <= 4))
    except (ValueError, TypeError):
        raise Wrong(N_("There is no such day. Please look at the day, the month and the year again.")) from None
    if born > today or age(born, today) > OLDEST_YEARS:
        raise Wrong(N_("Please look at the year again."))
    return born.isoformat()


def _city(form: Mapping[str, str], _: date) -> str | None:
    city = one_line(form.get("city", ""), LONGEST_CITY + 1)
    if len(city) > LONGEST_CITY:
        raise Wrong(N_("A city may have at most 100 characters."))
    return city or None


def _email(form: Mapping[str, str], _: date) -> str | None:
    """The address as the mail system writes it (RFC 5321, 6531); whether it exists is not asked."""
    typed = form.get("email", "").strip()
    if not typed:
        return None
    try:
        if len(typed) > LONGEST_EMAIL or any(unicodedata.category(letter) == "Cc" for letter in typed):
            raise EmailNotValidError
        return str(validate_email(typed, check_deliverability=False).normalized)
    except EmailNotValidError:
        raise Wrong(N_("Please look at the address again. It should be like you@example.org.")) from None


def one_line(text: str, longest: int) -> str:
    """A text as one line, with single spaces, composed, without what cannot be shown."""
    return " ".join(clean(unicodedata.normalize("NFC", text), longest).split())


def digits(text: str) -> str:
    """The digits of any script as 0 to 9; whatever else was typed stays."""
    typed = text.strip()
    return typed if typed.isascii() else "".join(str(unicodedata.decimal(letter, letter)) for letter in typed)
