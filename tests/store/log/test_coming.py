"""The rows behind the figures of a day: exactly those of the time and the lines, page by page."""

from itertools import pairwise

import pytest
from happenings import Happenings, add_other

from ivr import tallying
from ivr.house import House
from ivr.store.log import coming
from ivr.store.log.coming import During, Entry
from ivr.store.log.pages import END
from ivr.store.log.rows import Position

ALL = During((1, 2), "2026-11-03T00:00:00.000Z", "2026-11-04T00:00:00.000Z")


def filled(house: House, count: int = 60) -> Happenings:
    """Two lines on which people came, signed up and said stop."""
    add_other(house)
    made = Happenings(house)
    for number in range(count):
        made.count += 1
        made.text(number * 11)
        made.join(number)
        made.leave(number)
    while tallying.count(house, made.now()):
        continue
    return made


def everything(house: House, what: str, during: During) -> list[Entry]:
    """All rows, three to a page."""
    found: list[Entry] = []
    place: Position | None = END
    while place is not None:
        listed = house.store.read(lambda db, place=place: getattr(coming, what)(db, during, place, 3))  # type: ignore[misc]
        found += listed.rows
        place = listed.next
    return found


def test_page_by_page_come_all_rows_once_and_newest_first(house: House) -> None:
    filled(house)
    for what, query in (
        ("sign_ups", "SELECT count(*) FROM consents WHERE action = 'given' AND source = 'sign-up page'"),
        ("opt_outs", "SELECT count(*) FROM opt_outs WHERE action = 'out'"),
        ("newcomers", "SELECT count(*) FROM people"),
    ):
        found = everything(house, what, ALL)
        (count,) = house.store.read(lambda db, query=query: db.execute(query).fetchone())  # type: ignore[misc]
        assert len({one.id for one in found}) == len(found) == count > 3, what
        assert all((one.at, one.id) > (after.at, after.id) for one, after in pairwise(found)), what


def test_only_those_of_the_time_and_the_lines_come(house: House) -> None:
    filled(house)
    for what in ("sign_ups", "opt_outs", "newcomers"):
        found = everything(house, what, ALL)
        middle = found[len(found) // 2].at
        until, since = During((1, 2), ALL.since, middle), During((1, 2), middle, ALL.until)
        assert [one for one in found if one.at < middle] == everything(house, what, until), what
        assert [one for one in found if one.at >= middle] == everything(house, what, since), what
        mine = everything(house, what, During((2,), ALL.since, ALL.until))
        assert [one for one in found if one.line_id == 2] == mine, what
        assert everything(house, what, During((1, 2), "2026-11-04T00:00:00.000Z", "2026-11-05T00:00:00.000Z")) == []


def test_newcomers_of_one_language_or_who_signed_up(house: House) -> None:
    made = filled(house)
    people = everything(house, "newcomers", ALL)
    language = people[0].detail
    found = made.house.store.read(lambda db: coming.newcomers(db, ALL, END, 50, language)).rows
    assert found == [one for one in people if one.detail == language]
    query = "SELECT DISTINCT person_id FROM consents"
    joined = {one for (one,) in house.store.read(lambda db: db.execute(query).fetchall())}
    found = made.house.store.read(lambda db: coming.newcomers(db, ALL, END, 50, signed_up=True)).rows
    assert {one.id for one in found} == joined


def test_no_more_than_so_many_people_are_looked_at_and_one_goes_on_from_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(house)
    people = everything(house, "newcomers", ALL)
    monkeypatch.setattr(coming, "LOOKED_AT", 2)
    first = house.store.read(lambda db: coming.newcomers(db, ALL, END, 50))
    assert first.rows == people[:2]
    assert first.next is not None
    assert everything(house, "newcomers", ALL) == people
