"""Telephone numbers: what people type, countries, who can be texted, and the library as the judge."""

import random
from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from ivr.errors import NotAPhoneNumber
from ivr.phone_numbers import (
    WITHHELD,
    can_be_texted,
    country_of,
    international,
    is_e164,
    is_withheld,
    masked,
    national,
    parse,
)

NOT_TEXTABLE = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("+17735550100", None, "+17735550100"),
        ("  +1 (773) 555-0100 ", None, "+17735550100"),
        ("(773) 555-0100", "US", "+17735550100"),
        ("773.555.0100", "us", "+17735550100"),
        ("1 773 555 0100", "US", "+17735550100"),
        ("00447911123456", None, "+447911123456"),
        ("00 44 7911 123456", "US", "+447911123456"),
        ("07911 123456", "GB", "+447911123456"),
        ("tel:+1-773-555-0100", None, "+17735550100"),
        ("+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", None, "+966501234567"),
        ("٠٠٩٦٦٥٠١٢٣٤٥٦٧", None, "+966501234567"),
        ("0501234567", "SA", "+966501234567"),
        ("+1773555０１００", None, "+17735550100"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("+39 06 6982 0000", None, "+390669820000"),
        ("+15005550006", None, "+15005550006"),
        ("+15550001111", None, "+15550001111"),
    ],
)
def test_a_number_is_read_in_any_form_a_person_types(typed: str, country: str | None, number: str) -> None:
    assert parse(typed, country) == number


@pytest.mark.parametrize(
    ("typed", "country", "says"),
    [
        ("", None, "An empty text"),
        ("   \x00 ", "US", "An empty text"),
        ("hello", "US", "“hello” is not a phone number"),
        ("773 555 0100", None, "needs its country code"),
        ("773 555 0100", "XX", "needs its country code"),
        ("555-0100", "US", "not a complete phone number"),
        ("+1 773 555 010", None, "not a complete phone number"),
        ("+1 773 555 01000", None, "not a complete phone number"),
        ("+1 073 555 0100", None, "not a complete phone number"),
        ("911", "US", "not a complete phone number"),
        ("+999 123 456 789", None, "is not a phone number"),
        ("+1 773 555 0100 ext. 5", None, "has an extension"),
        ("+1" * 500, None, "is not a phone number"),
        ("+", None, "is not a phone number"),
    ],
)
def test_what_cannot_be_dialled_is_refused_in_a_sentence(typed: str, country: str | None, says: str) -> None:
    with pytest.raises(NotAPhoneNumber, match=says):
        parse(typed, country)


def test_a_refusal_shows_a_long_text_shortened_and_in_one_line() -> None:
    with pytest.raises(NotAPhoneNumber) as refusal:
        parse("no\nnumber " + "x" * 5000)
    assert len(str(refusal.value)) < 100 and "\n" not in str(refusal.value)


@given(st.text(), st.sampled_from([None, "US", "GB", "SA", "XX", ""]))
def test_reading_any_text_gives_e164_or_the_one_error(typed: str, country: str | None) -> None:
    try:
        assert is_e164(parse(typed, country))
    except NotAPhoneNumber:
        return


@pytest.mark.parametrize("text", ["+17735550100", "+2901234", "+123456789012345"])
def test_e164_is_a_plus_and_seven_to_fifteen_digits(text: str) -> None:
    assert is_e164(text)


@pytest.mark.parametrize(
    "text",
    ["", "17735550100", "+0123456789", "+123456", "+1234567890123456", "+1773555010a", "+17735550100\n",
     "+١٧٧٣٥٥٥٠١٠٠", " +17735550100", "anonymous", "+1 7735550100"],
)  # fmt: skip
def test_other_shapes_are_not_e164(text: str) -> None:
    assert not is_e164(text)


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+17735550100", "US"),
        ("+14165550100", "CA"),
        ("+18765550100", "JM"),
        ("+18095550100", "DO"),
        ("+18005550100", "US"),
        ("+15550001111", "US"),
        ("+442079460000", "GB"),
        ("+441481960194", "GG"),
        ("+447797712345", "JE"),
        ("+79161234567", "RU"),
        ("+77011234567", "KZ"),
        ("+390669820000", "VA"),
        ("+390669020000", "IT"),
        ("+966501234567", "SA"),
        ("+491701234567", "DE"),
        ("+8821612345678", None),
        ("+80012345678", None),
        ("+979123456789", None),
        ("+21012345678", None),
        ("12345", None),
        ("anonymous", None),
        ("", None),
        ("+266696687", None),
    ],
)
def test_the_country_is_known_from_the_first_digits(number: str, country: str | None) -> None:
    assert country_of(number) == country


def test_the_library_and_the_short_cut_agree_on_every_valid_number_of_a_large_sample() -> None:
    compared = 0
    for number in _sample(12_000):
        parsed = phonenumbers.parse(number)
        if not (is_e164(number) and phonenumbers.is_valid_number(parsed)) or number in WITHHELD:
            continue
        region = phonenumbers.region_code_for_number(parsed)
        assert country_of(number) == (None if region == "001" else region), number
        assert can_be_texted(number) == _library_says_textable(number, parsed), number
        compared += 1
    assert compared > 5_000


@pytest.mark.parametrize(
    "number",
    ["+17735550100", "+14165550100", "+18005550100", "+15005550006", "+447911123456", "+966501234567",
     "+491701234567", "+33612345678", "+201001234567", "+15550001111"],
)  # fmt: skip
def test_people_with_a_mobile_can_be_texted(number: str) -> None:
    assert can_be_texted(number)


@pytest.mark.parametrize(
    "number",
    ["", "12345", "+12345", "+6835001", "262966", "AMAZON", "anonymous", "Anonymous", "restricted",
     "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+442079460000", "+493012345678",
     "+33123456789", "+966112345678", "+19005550100", "+448001234567", "+448711234567", "+8821612345678",
     "+979123456789", "+881612345678", "+10000000000", "+99912345678", "17735550100", "someone@example.org"],
)  # fmt: skip
def test_senders_that_a_text_cannot_reach_or_costs_dear_are_known(number: str) -> None:
    assert not can_be_texted(number)


@given(st.one_of(st.text(), st.from_regex(r"\+[0-9]{1,16}", fullmatch=True)))
def test_no_sender_makes_the_questions_fail(number: str) -> None:
    assert country_of(number) is None or len(country_of(number) or "") == 2
    assert can_be_texted(number) in (True, False)
    assert is_withheld(number) in (True, False)
    assert isinstance(national(number), str)
    assert isinstance(masked(number), str)


@pytest.mark.parametrize("number", ["anonymous", "ANONYMOUS", "+266696687", "+7378742833", ""])
def test_a_withheld_caller_id_is_recognised_in_words_and_in_keypad_digits(number: str) -> None:
    assert is_withheld(number)


def test_an_ordinary_number_is_not_withheld() -> None:
    assert not is_withheld("+17735550100")


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+17735550100", "(773) 555-0100"),
        ("+447911123456", "07911 123456"),
        ("+966501234567", "050 123 4567"),
        ("12345", "12345"),
        ("anonymous", "anonymous"),
        ("+266696687", "+266696687"),
        ("+99912345678", "+99912345678"),
    ],
)
def test_a_number_is_shown_as_its_country_writes_it(number: str, written: str) -> None:
    assert national(number) == written


def test_a_number_is_written_so_that_any_country_can_dial_it() -> None:
    assert international("+17735550100") == "+1 773-555-0100"
    assert international("anonymous") == "anonymous"


@pytest.mark.parametrize(
    ("number", "logged"),
    [
        ("+15005550006", "+1•••••0006"),
        ("+447911123456", "+44•••••3456"),
        ("+99912345678", "+•••••5678"),
        ("262966", "•••••66"),
        ("911", "•••••"),
        ("anonymous", "anonymous"),
        ("", ""),
    ],
)
def test_a_log_shows_the_calling_code_and_the_last_four_digits(number: str, logged: str) -> None:
    assert masked(number) == logged


def _library_says_textable(number: str, parsed: phonenumbers.PhoneNumber) -> bool:
    kind = phonenumbers.number_type(parsed)
    freephone_abroad = kind == PhoneNumberType.TOLL_FREE and parsed.country_code != 1
    of_a_country = phonenumbers.region_code_for_number(parsed) != "001"
    return of_a_country and len(number) > 8 and kind not in NOT_TEXTABLE and not freephone_abroad


def _sample(size: int) -> Iterator[str]:
    """Example numbers of every country and kind, then with their last digits changed; always the same."""
    kinds = PhoneNumberType.values()
    examples = sorted(
        phonenumbers.format_number(example, PhoneNumberFormat.E164)
        for country in phonenumbers.SUPPORTED_REGIONS
        for kind in kinds
        if (example := phonenumbers.example_number_for_type(country, kind))
    )
    yield from examples
    dice = random.Random(3)
    for _ in range(size - len(examples)):
        known = dice.choice(examples)
        changed = min(dice.choice([1, 2, 4, 6, 8]), len(known) - 5)
        varied = known[:-changed] + "".join(dice.choices("0123456789", k=changed))
        if phonenumbers.format_number(phonenumbers.parse(varied), PhoneNumberFormat.E164) == varied:
            yield varied
