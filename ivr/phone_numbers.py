"""Reading and writing telephone numbers in E.164: what people type, which country, whether texts arrive.

The numbering plans come from the `phonenumbers` library (Google's libphonenumber metadata). `country_of` and
`can_be_texted` stand in the path of every call and text, so they match a number against the plan's own
patterns instead of parsing it: the same answers at a tenth of the cost.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, NumberParseException, PhoneMetadata, PhoneNumberType, timezone
from phonenumbers.phonemetadata import PhoneNumberDesc

from .errors import NotAPhoneNumber

SHORTEST_TEXTABLE = 8
"""Digits. Anything shorter is a short code or a fragment."""

WITHHELD_WORDS = ("anonymous", "restricted", "blocked", "unknown", "unavailable", "private")
"""What networks and Twilio put in place of a number that the caller withholds."""

_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
WITHHELD = frozenset(WITHHELD_WORDS) | {"+" + word.translate(_KEYPAD) for word in WITHHELD_WORDS}
"""The words, and the same words spelt on a telephone keypad, as Twilio delivers them from networks that carry
digits only: +266696687 is ANONYMOUS, +7378742833 RESTRICTED, +2562533 BLOCKED, +8656696 UNKNOWN,
+86282452253 UNAVAILABLE (Twilio help, "Why am I getting calls from these strange numbers?")."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_WORLD = "001"
"""The library's region for codes of no country: satellite telephones, international premium numbers."""
_COSTLY = ("premium_rate", "shared_cost", "uan", "voicemail")
_TYPES = ("fixed_line", "mobile", "toll_free", "voip", "personal_number", "pager", *_COSTLY)
_NORTH_AMERICA = 1
"""The calling code where freephone numbers send and take texts like any other, and mobiles have area codes."""


def is_e164(text: str) -> bool:
    """Whether the text has the shape of E.164: a plus and 7 to 15 digits, the first not 0. Shape only."""
    return _E164.fullmatch(text) is not None


def is_withheld(number: str) -> bool:
    """Whether this stands for a caller who withheld the number (see WITHHELD), or is empty."""
    return not number or number.lower() in WITHHELD


def parse(text: str, country: str | None = None) -> str:
    """The E.164 form of a number as a person types it, in any script's digits.

    `country` (ISO 3166 alpha-2) is where a number without a country code is dialled from. A leading 00 is
    read as a plus everywhere. A number that fits its plan's length and first digits is taken even from a
    range that is not yet known to be in use. Raises NotAPhoneNumber, whose message says what is wrong.
    """
    typed = "".join(_plain_digit(letter) for letter in text.strip())
    if typed.startswith("00"):
        typed = "+" + typed[2:]
    try:
        number = phonenumbers.parse(typed, country.upper() if country else None)
    except NumberParseException as fault:
        if fault.error_type == NumberParseException.INVALID_COUNTRY_CODE and "+" not in typed:
            raise NotAPhoneNumber(f"{_shown(text)} needs its country code, as in +1 773 555 0100.") from None
        raise NotAPhoneNumber(f"{_shown(text)} is not a phone number.") from None
    if number.extension:
        raise NotAPhoneNumber(f"{_shown(text)} has an extension, which cannot be dialled directly.")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not (is_e164(e164) and phonenumbers.is_possible_number(number) and _fits_its_plan(e164)):
        raise NotAPhoneNumber(f"{_shown(text)} is not a complete phone number.")
    return e164


@lru_cache(maxsize=1024)
def country_of(number: str) -> str | None:
    """The ISO 3166 alpha-2 country of an E.164 number: by its calling code or, where shared, what follows.

    None for what is not E.164, withheld caller ids and the codes of no country (+800, +882, +979 …). Where a
    code is shared, numbers in ranges that nobody holds count as the plan's main country (+1: US, +44: GB).
    """
    if number in WITHHELD or not is_e164(number):
        return None
    calling_code = _calling_code(number)
    if calling_code is None:
        return None
    regions = COUNTRY_CODE_TO_REGION_CODE[calling_code]
    main = regions[0]
    if len(regions) == 1:
        return None if main == _WORLD else main
    national_part = number[1 + len(str(calling_code)) :]
    sharer = _sharers(calling_code).match(national_part)
    if sharer is None or _plan(main).assigned.fullmatch(national_part):
        return main
    return sharer.lastgroup


def is_country(code: str) -> bool:
    """Whether this is a country that has numbers: two capital letters of ISO 3166."""
    return code in phonenumbers.SUPPORTED_REGIONS


@lru_cache(maxsize=1024)
def zones_of(number: str) -> tuple[str, ...]:
    """The time zones (`America/Chicago`) where an E.164 number may be; empty when nothing is known of it.

    The library groups places whose clocks mostly agree, so a zone may be an hour off (Atlantic/Canary for Morocco).
    It takes a mobile of the Caribbean for one of all North America; its area code tells more. A North American
    number of no place (freephone, personal) has all zones of the plan, from Guam to Pago Pago.
    """
    if number in WITHHELD or not is_e164(number):
        return ()
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return ()
    if phonenumbers.number_type(parsed) == PhoneNumberType.UNKNOWN:
        return ()
    by_prefix = parsed.country_code == _NORTH_AMERICA
    find = timezone.time_zones_for_geographical_number if by_prefix else timezone.time_zones_for_number
    return tuple(zone for zone in find(parsed) if zone != timezone.UNKNOWN_TIMEZONE)


def can_be_texted(number: str) -> bool:
    """Whether a text to this sender could arrive and costs no more than a text.

    False for short codes, alphanumeric and withheld senders, codes of no country (satellite and international
    premium numbers are where toll fraud sends replies), premium-rate, shared-cost, company-wide and
    voicemail numbers, freephone outside +1 (in North America freephone numbers do text), and landlines where
    the plan tells them from mobiles. North American numbers may be either and count as textable.
    """
    if len(number) <= SHORTEST_TEXTABLE:
        return False
    country = country_of(number)
    if country is None:
        return False
    plan = _plan(country)
    national_part = number[1 + len(str(plan.calling_code)) :]
    if plan.costly.fullmatch(national_part):
        return False
    if plan.mobile.fullmatch(national_part):
        return True
    return not plan.landline.fullmatch(national_part) and _fits_its_plan(number)


def national(number: str) -> str:
    """The number as people of its country write it, `(773) 555-0100`; unchanged when it is not E.164."""
    return _formatted(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def international(number: str) -> str:
    """The number as people of any country can dial it, `+1 773-555-0100`; unchanged when it is not E.164."""
    return _formatted(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def masked(number: str) -> str:
    """The number for logs: calling code and last four digits, `+1•••••0006`; else the last two."""
    if is_withheld(number):
        return number
    if not is_e164(number):
        return f"•••••{number[-2:]}" if len(number) > 4 else "•••••"
    return f"+{_calling_code(number) or ''}•••••{number[-4:]}"


def _formatted(number: str, form: int) -> str:
    if not is_e164(number) or is_withheld(number):
        return number
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), form)
    except NumberParseException:
        return number


@dataclass(frozen=True)
class _Plan:
    """One country's numbering plan as patterns over what follows the calling code."""

    calling_code: int
    possible: re.Pattern[str]
    assigned: re.Pattern[str]
    mobile: re.Pattern[str]
    landline: re.Pattern[str]
    costly: re.Pattern[str]


@cache
def _plan(country: str) -> _Plan:
    calling_code = phonenumbers.country_code_for_region(country)
    costly = _COSTLY if calling_code == _NORTH_AMERICA else (*_COSTLY, "toll_free")
    return _Plan(
        calling_code,
        _any_of(_pattern(country, "general_desc")),
        _any_of(*(_pattern(country, kind) for kind in _TYPES)),
        _any_of(_pattern(country, "mobile")),
        _any_of(_pattern(country, "fixed_line")),
        _any_of(*(_pattern(country, kind) for kind in costly)),
    )


@cache
def _sharers(calling_code: int) -> re.Pattern[str]:
    """The other countries of a shared code, one named group each, in the order the library tries them."""
    main, *others = COUNTRY_CODE_TO_REGION_CODE[calling_code]
    shared = {_pattern(main, kind) for kind in _TYPES}
    groups = []
    for country in others:
        metadata = PhoneMetadata.metadata_for_region(country)
        decides = metadata.leading_digits if metadata else None
        if not decides:
            own = [_pattern(country, kind) for kind in _TYPES]
            decides = rf"(?:{'|'.join(pattern for pattern in own if pattern and pattern not in shared)})\Z"
        groups.append(f"(?P<{country}>{decides})")
    return re.compile("|".join(groups), re.ASCII)


def _pattern(country: str, kind: str) -> str:
    """The library's pattern for one kind of number; empty when the plan has none."""
    description: PhoneNumberDesc | None = getattr(PhoneMetadata.metadata_for_region(country), kind, None)
    return (description and description.national_number_pattern) or ""


def _any_of(*patterns: str) -> re.Pattern[str]:
    wanted = [f"(?:{pattern})" for pattern in patterns if pattern]
    return re.compile("|".join(wanted) or r"(?!)", re.ASCII)


def _fits_its_plan(number: str) -> bool:
    country = country_of(number)
    calling_code = _calling_code(number)
    if country is None:
        return calling_code is not None
    return _plan(country).possible.fullmatch(number[1 + len(str(calling_code)) :]) is not None


def _calling_code(number: str) -> int | None:
    """The calling code an E.164 number begins with; ITU-T E.164 makes them prefix-free, 1 to 3 digits."""
    for length in (2, 3, 4):
        code = int(number[1:length])
        if code in COUNTRY_CODE_TO_REGION_CODE:
            return code
    return None


def _plain_digit(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)


def _shown(text: str) -> str:
    """What was typed, fit to be shown in one line of a message."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text.strip())
    if not clean.strip():
        return "An empty text"
    return f"“{clean[:40]}…”" if len(clean) > 40 else f"“{clean}”"
