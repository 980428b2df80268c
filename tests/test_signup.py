"""Signing up: names as people have them, days as they write them, who is too young, and a consent that stands."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inside import rows, texts_to, the_line, with_values
from running import NUMBER, PHONE

from ivr import signup
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.signup import From
from ivr.store import people
from ivr.store.lines import Line
from ivr.store.members import Details
from ivr.store.people import Person

TODAY = date(2026, 11, 24)
LINE = Line(NUMBER, "Ada Example")
ADA = {"name": "Ada Lovelace", "day": "10", "month": "12", "year": "1990"}
SEEN = From("192.0.2.7", "Firefox on Linux", "en")


def faults(line: Line = LINE, **form: str) -> set[str]:
    """Which fields are wrong."""
    return set(signup.read(line, {**ADA, **form}, TODAY).faults)


@pytest.fixture
def person(house: House, now: datetime) -> Person:
    """Somebody who texted the line."""
    return house.store.write(lambda db: meet(db, [Visitor(the_line(house.store), PHONE, now)]))[0]


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
    read = signup.read(LINE, {**ADA, "name": f"  {name} "}, TODAY)
    assert read.details is not None
    assert read.details.name


@pytest.mark.parametrize("name", ["", "   ", "12345", "!!!", "\u200b\u202e", "x" * 101])
def test_what_is_no_name_is_said_beside_it(name: str) -> None:
    assert faults(name=name) == {"name"}


@pytest.mark.parametrize(
    ("day", "month", "year"), [("10", "12", "1990"), ("١٠", "١٢", "١٩٩٠"), ("۱۰", "۱۲", "۱۹۹۰"), (" 10 ", "12", "1990")]
)
def test_a_day_is_read_in_digits_of_any_script(day: str, month: str, year: str) -> None:
    read = signup.read(LINE, {**ADA, "day": day, "month": month, "year": year}, TODAY)
    assert read.details is not None
    assert read.details.born == "1990-12-10"


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
    read = signup.read(line, {**ADA, **form}, TODAY)
    assert (read.too_young, read.details is None) == (is_young, is_young)


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
    read = signup.read(LINE, form, TODAY)
    assert (read.details is not None) + bool(read.faults) + read.too_young == 1


def test_who_joins_is_a_member_with_a_consent_and_one_text_confirms_it(
    house: House, person: Person, now: datetime
) -> None:
    line, told = the_line(house.store), Details("Ada Lovelace", "female", "1990-12-10", "London", "ada@example.org")
    assert signup.join(house, person, line, told, SEEN, now)
    joined = house.store.read(lambda db: people.of_id(db, person.id))
    assert joined is not None
    assert joined.member_since is not None
    assert signup.join(house, joined, line, Details("Ada Lovelace"), SEEN, now), "what is not told again stays"
    ((name, gender, born, city, email),) = rows(house.store, "SELECT name, gender, born, city, email FROM members")
    assert (name, gender, born, city, email) == tuple(told.__dict__.values())
    consents = rows(house.store, "SELECT wording, version, language, address, browser, number FROM consents")
    assert len(consents) == 1, "the same is not agreed to twice"
    wording = signup.consent_of(line, "en")
    assert consents[0] == (wording, signup.version_of(wording), "en", "192.0.2.7", "Firefox on Linux", PHONE)
    (text,) = texts_to(house.store, PHONE)
    assert text.purpose == "joined"
    assert "STOP" in text.body and "HELP" in text.body and "rates" in text.body


def test_a_consent_is_neither_changed_nor_removed(house: House, person: Person, now: datetime) -> None:
    signup.join(house, person, the_line(house.store), Details("Ada"), SEEN, now)
    for statement in ("DELETE FROM consents", "UPDATE consents SET wording = ''"):
        with pytest.raises(Exception, match="append-only"):
            house.store.write(lambda db, statement=statement: db.execute(statement))


def test_who_opts_out_meanwhile_becomes_no_member(house: House, person: Person, now: datetime) -> None:
    line = the_line(house.store)
    house.store.write(lambda db: people.set_opted_out(db, line, PHONE, "2026-11-24T00:00:00.000Z"))
    assert not signup.join(house, person, line, Details("Ada"), SEEN, now)
    assert rows(house.store, "SELECT * FROM consents") == []


def test_of_who_is_too_young_only_the_day_is_kept(house: House, person: Person, now: datetime) -> None:
    signup.join(house, person, the_line(house.store), Details("Ada"), SEEN, now)
    for _ in range(2):
        signup.refuse_young(house, person, the_line(house.store), now)
    assert rows(house.store, "SELECT member_since FROM people") == [(None,)]
    assert rows(house.store, "SELECT count FROM too_young") == [(2,)]
    assert rows(house.store, "SELECT * FROM members") == []


def test_another_wording_is_another_version(house: House) -> None:
    before = signup.version_of(signup.consent_of(the_line(house.store), "en"))
    after = signup.version_of(signup.consent_of(with_values(house, name="Grace"), "en"))
    assert before != after
