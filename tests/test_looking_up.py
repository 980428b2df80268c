"""People are found by one field: numbers in any form, last digits, addresses, names in any script."""

from datetime import datetime, timedelta

import pytest
from inside import person_of, rows, the_line
from reminding import texted
from running import PHONE
from the_people import Crowd

from ivr import erasing, looking_up, searching, signup
from ivr.errors import WrongQuestion
from ivr.house import House
from ivr.store.members import Details

ADA, IMAN, SORA, THREE = "+12025550111", "+201001234567", "+12025550113", "+13125558001"


@pytest.fixture(autouse=True)
def crowd(house: House, now: datetime) -> Crowd:
    """Three members, and somebody who texted."""
    made = Crowd(house, now)
    made.member(ADA, "Ada María O'Neill-Byron", email="Ada@example.org")
    made.member(IMAN, "إيمان محمّد", language="ar", email="iman@example.org")
    made.member(SORA, "曽我空", email="ada@example.org")
    texted(house, THREE, now, "hello")
    searching.feed(house, now)
    return made


def found(house: House, text: str) -> set[str]:
    """The numbers of those who are found."""
    return {one.number for one in looking_up.find(house, the_line(house.store), text).people}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (ADA, {ADA}),
        ("(202) 555-0111", {ADA}),
        ("٠٠٢٠ ١٠٠ ١٢٣ ٤٥٦٧", {IMAN}),
        ("+20 100", {IMAN}),
        ("4567", {IMAN}),
        ("٤٥٦٧", {IMAN}),
        ("234567", {IMAN}),
        ("8001", {THREE}),
        ("50111", {ADA}),
        ("0000", set()),
        ("Ada@Example.org", {ADA, SORA}),
        (" ada@example.org ", {SORA}),
        ("nobody@example.org", set()),
        ("ada", {ADA}),
        ("BYR mar", {ADA}),
        ("maria ada", {ADA}),
        ("ada iman", set()),
        ("ايمان", {IMAN}),
        ("محمد", {IMAN}),
        ("曽我", {SORA}),
        ("neill", {ADA}),
        ("da", set()),
        ("#1", set()),
    ],
)
def test_people_are_found(house: House, text: str, numbers: set[str]) -> None:
    assert found(house, text) == numbers


@pytest.mark.parametrize("text", ["", " ", "!?", "🎉", "x" * 201])
def test_what_asks_for_nobody_is_said(house: House, text: str) -> None:
    with pytest.raises(WrongQuestion):
        found(house, text)


def test_a_name_that_is_corrected_is_found_and_the_one_before_is_not(house: House, now: datetime) -> None:
    signup.correct(house, person_of(house.store, ADA), Details("Augusta King"), "en", now)
    assert (found(house, "augusta"), found(house, "byron"), found(house, "0111")) == ({ADA}, set(), {ADA})


def test_who_leaves_or_is_erased_is_found_by_no_name(house: House, now: datetime) -> None:
    signup.leave(house, person_of(house.store, ADA), now)
    erasing.erase(house, person_of(house.store, IMAN), erasing.THEMSELVES, now)
    assert found(house, "ada") == found(house, "ايمان") == found(house, "4567") == set()
    assert rows(house.store, "SELECT DISTINCT person_id FROM name_words") == [(person_of(house.store, SORA).id,)]


def test_too_many_are_not_read_and_that_there_are_more_is_told(
    house: House, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_up, "READ", 5)
    for number in range(1300, 1310):
        crowd.member(f"+1202555{number}", "Grace Common")
    crowd.member(PHONE, "Grace Rare")
    assert looking_up.find(house, the_line(house.store), "grace").more
    rare = looking_up.find(house, the_line(house.store), "grace rar")
    assert ([one.number for one in rare.people], rare.more) == ([PHONE], False)


def test_only_this_lines_people_are_found(house: House, now: datetime) -> None:
    line = the_line(house.store)
    other = type(line)(**{**line.__dict__, "id": 2})
    for text in ("ada", "ada@example.org", ADA, "0111", "8001"):
        assert looking_up.find(house, other, text).people == []


def test_without_a_search_index_members_are_found_by_last_digits_all_the_same(house: House) -> None:
    house.search_index.path.unlink()
    assert (found(house, "4567"), found(house, "8001")) == ({IMAN}, set())


def test_who_was_in_touch_before_those_who_are_in_touch_often_is_said_to_be_missing(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_up, "READ", 3)
    for other in range(3):
        texted(house, "+17735558001", now + timedelta(minutes=1 + other), "hello")
    searching.feed(house, now + timedelta(minutes=9))
    among = looking_up.find(house, the_line(house.store), "8001")
    assert ({one.number for one in among.people}, among.more) == ({"+17735558001"}, True)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ada O'Neill", {"by": "name"}),
        ("ada@example.org", {"by": "email"}),
        ("0111", {"by": "number"}),
        ("(202) 555-0111", {"by": "number", "number": ADA}),
    ],
)
def test_the_audit_keeps_nothing_of_a_search_that_outlives_an_erasing(
    house: House, text: str, kept: dict[str, str]
) -> None:
    assert looking_up.noted(the_line(house.store), text) == kept
