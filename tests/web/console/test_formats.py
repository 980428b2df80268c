"""Times and numbers as an operator reads them: zones, languages, days that have 23 hours."""

import re
from decimal import Decimal

import pytest

from ivr import clock
from ivr.errors import WrongQuestion
from ivr.web.console.formats import Reader, zones
from ivr.web.console.words import words

CAIRO, NEW_YORK = Reader("ar", "Africa/Cairo"), Reader("en", "America/New_York")


def test_a_time_shows_in_the_operators_zone_with_utc_on_hover() -> None:
    told = NEW_YORK.moment("2025-07-01T03:04:05.000Z")
    assert 'datetime="2025-07-01T03:04:05.000Z"' in told
    assert 'title="2025-07-01 03:04:05 UTC"' in told
    assert ">30 Jun 2025 23:04<" in told
    assert "1 يوليو 2025 06:04" in CAIRO.moment("2025-07-01T03:04:05.000Z")


def test_a_time_of_today_needs_no_day() -> None:
    assert ":" in NEW_YORK.moment(clock.written(clock.now()))
    assert NEW_YORK.moment(None) == "–"


@pytest.mark.parametrize(
    ("reader", "day", "since", "until"),
    [
        (NEW_YORK, "2026-03-08", "2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z"),  # the day has 23 hours
        (NEW_YORK, "2026-11-01", "2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"),  # and this 25
        (Reader("en", "UTC"), "2026-11-03", "2026-11-03T00:00:00.000Z", "2026-11-04T00:00:00.000Z"),
    ],
)
def test_a_day_is_the_operators_own_day(reader: Reader, day: str, since: str, until: str) -> None:
    assert reader.stored(day) == since
    assert reader.stored(day, end=True) == until


@pytest.mark.parametrize("text", ["", "today", "2026-13-01", "0000-00-00", "9999-12-31", "1e9", "2026-11-03T99:00"])
def test_what_is_no_day_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(WrongQuestion, match="2026-11-03"):
        CAIRO.stored(text, end=True)


def test_a_zone_that_is_not_known_is_utc() -> None:
    assert Reader("en", "Nowhere/Here").moment("2025-07-01T03:04:05.000Z").endswith("03:04</time>")
    assert {"UTC", "Africa/Cairo", "America/New_York", "Asia/Tokyo"} <= set(zones())


def test_spans_and_numbers() -> None:
    assert [NEW_YORK.seconds(value) for value in (None, 0, 14.4, 125)] == ["–", "0 s", "14 s", "2:05"]
    assert NEW_YORK.number(12345) == "12,345"
    assert (NEW_YORK.country("EG"), CAIRO.country("EG"), NEW_YORK.country(None)) == ("Egypt", "مصر", "")


def test_everything_the_console_says_is_said_in_arabic_too() -> None:
    english, arabic = words("en"), words("ar")
    same = {key for key in english if english[key] == arabic[key]}
    assert same <= {"sid", "export csv", "export json"}
    for key, text in english.items():
        assert text.count("{") == arabic[key].count("{"), key


@pytest.mark.parametrize(
    ("amount", "currency", "english"),
    [
        ("0.0083", "USD", "$0.0083"),
        ("24.9", "EUR", "€24.90"),
        ("1234.5678", "EGP", "EGP1,234.5678"),
        ("8", "JPY", "¥8"),
    ],
)
def test_money_is_shown_with_all_its_digits(amount: str, currency: str, english: str) -> None:
    assert NEW_YORK.money(Decimal(amount), currency).replace("\xa0", "") == english
    assert re.sub(r"[^0-9]", "", CAIRO.money(Decimal(amount), currency)) == re.sub(r"[^0-9]", "", english)
