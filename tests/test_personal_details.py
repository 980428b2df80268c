"""What people tell of themselves: names as they have them, days as they write them, addresses, and who is too young."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import NUMBER

from ivr.personal_details import age, read
from ivr.store.lines import Line

TODAY = date(2026, 11, 24)
LINE = Line(NUMBER, "Ada Example")
ADA = {"name": "Ada Lovelace", "day": "10", "month": "12", "year": "1990"}


def faults(line: Line = LINE, **form: str) -> set[str]:
    """Which fields are wrong."""
    return set(read(line, {**ADA, **form}, TODAY).faults)


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien-Ñúñez",
        "X",
        "Ada King Noel Byron",
        "آدا لوفلايس",
        "王小明",
        "e\u0301mile",
        "Đặng Thị Hồng",
        "ﷲ",
        "'t Hooft",
    ],
)
def test_names_of_people_are_welcome(name: str) -> None:
    found = read(LINE, {**ADA, "name": f"  {name} "}, TODAY)
    assert found.details is not None
    assert found.details.name


@pytest.mark.parametrize("name", ["", "   ", "12345", "!!!", "\u200b\u202e", "x" * 101])
def test_what_is_no_name_is_said_beside_it(name: str) -> None:
    assert faults(name=name) == {"name"}


@pytest.mark.parametrize(
    ("day", "month", "year"), [("10", "12", "1990"), ("١٠", "١٢", "١٩٩٠"), ("۱۰", "۱۲", "۱۹۹۰"), (" 10 ", "12", "1990")]
)
def test_a_day_is_read_in_digits_of_any_script(day: str, month: str, year: str) -> None:
    found = read(LINE, {**ADA, "day": day, "month": month, "year": year}, TODAY)
    assert found.details is not None
    assert found.details.born == "1990-12-10"


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("31", "2", "1990"),
        ("29", "2", "1990"),
        ("0", "1", "1990"),
        ("1", "13", "1990"),
        ("1", "1", "90"),
        ("1", "1", "1890"),
        ("25", "11", "2026"),
        ("1", "1", "9" * 400),
        ("", "", ""),
        ("1", "", ""),
        ("²", "1", "1990"),
        ("-1", "1", "1990"),
        ("1_9", "1", "1990"),
        ("+5", "1", "1990"),
    ],
)
def test_a_day_that_there_was_not_is_said(day: str, month: str, year: str) -> None:
    assert faults(day=day, month=month, year=year) == {"born"}


@pytest.mark.parametrize(
    ("born", "age", "is_young"),
    [((24, 11, 2013), 13, False), ((25, 11, 2013), 13, True), ((25, 11, 2008), 18, True), ((24, 11, 2008), 18, False)],
)
def test_one_is_old_enough_from_the_birthday_on(born: tuple[int, int, int], age: int, is_young: bool) -> None:
    line = Line(NUMBER, "Ada", minimum_age=age)
    form = dict(zip(("day", "month", "year"), map(str, born), strict=True))
    found = read(line, {**ADA, **form}, TODAY)
    assert (found.too_young, found.details is None) == (is_young, is_young)


def test_what_a_line_requires_must_be_there_and_the_rest_may_be_missing() -> None:
    assert faults() == set()
    strict = Line(NUMBER, "Ada", required=("born", "gender", "city", "email"))
    assert faults(strict) == {"gender", "city", "email"}
    assert faults(Line(NUMBER, "Ada", required=()), day="") == {"born"}, "it has a least age"
    lax = Line(NUMBER, "Ada", required=(), minimum_age=0)
    assert faults(lax, day="", month="", year="") == set()
    assert faults(gender="king") == {"gender"}
    assert faults(email="nobody") == {"email"}
    assert faults(email="ada@example") == {"email"}
    assert faults(email="ada@exämple.org") == set()


@given(
    st.dictionaries(st.sampled_from(["name", "gender", "city", "email", "day", "month", "year"]), st.text(max_size=40))
)
def test_whatever_is_typed_is_read_or_refused_in_words(form: dict[str, str]) -> None:
    found = read(LINE, form, TODAY)
    assert (found.details is not None) + bool(found.faults) + found.too_young == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "Ada https://casino.example", "may not contain a link"),
        ("name", "www.casino", "may not contain a link"),
        ("name", "casino.COM", "may not contain a link"),
        ("name", "Ada\x07", "one line of letters"),
        ("name", "Ada\nBcc: x", "one line of letters"),
        ("name", "x" * 101, "at most 100"),
        ("name", "🎉", "write your name"),
        ("year", "1890", "the year again"),
        ("year", "2090", "the year again"),
        ("year", "", "the day, the month and the year"),
        ("day", "31.", "no such day"),
        ("month", "0", "no such day"),
        ("city", "x" * 101, "at most 100"),
        ("email", "ada@example", "address again"),
        ("email", '"x y"@z.com', "address again"),
        ("email", "ada@example.org\r\nBcc: x@example.org", "address again"),
        ("email", f"{'a' * 250}@example.org", "address again"),
    ],
)
def test_each_fault_has_a_sentence_of_its_own(field: str, value: str, said: str) -> None:
    (sentence,) = read(LINE, {**ADA, field: value}, TODAY).faults.values()
    assert said in sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Ada 🎉👍🏽", "Ada"), ("J.R.R. Tolkien", "J.R.R. Tolkien"), ("Dr. Ada", "Dr. Ada"), ("آدا ❤️", "آدا")],
)
def test_pictures_are_left_out_of_a_name_and_dots_are_no_link(typed: str, kept: str) -> None:
    found = read(LINE, {**ADA, "name": typed}, TODAY)
    assert found.details is not None
    assert found.details.name == kept


def test_an_address_with_a_plus_or_letters_of_any_script_is_welcome() -> None:
    for email in ("ada+line@example.org", "ada@exämple.org", "用户@例子.广告"):
        assert faults(email=email) == set()


def test_who_was_born_on_29_february_is_a_year_older_on_1_march() -> None:
    assert age(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age(date(2008, 2, 29), date(2026, 3, 1)) == 18
