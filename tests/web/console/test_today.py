"""Today: a day's figures beside those of the day before, each a click from its rows; nobody sees another line's."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from happenings import NUMBERS, Happenings, add_other
from inside import person_of
from operating import Browser, begun, browser

from ivr import clock, erasing, tallying
from ivr.house import House
from ivr.roles import Role
from ivr.web.console.day import in_order, within
from ivr.web.console.spans import day_of, hours_of, same_time_before

NEW_YORK, CAIRO, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Africa/Cairo"), ZoneInfo("Australia/Lord_Howe")
Card = tuple[str, str]


@pytest.fixture
def happenings(house: House) -> Happenings:
    """Two lines: four texts and a call that was heard out on the first, two texts on the other; just now."""
    add_other(house)
    made, at = Happenings(house), clock.now()
    for chance in (0, 7, 8, 12, 3, 4):
        made.text(chance, at)
    made.call(1, at)
    made.end(2)
    tallying.count(house, clock.now())
    return made


@pytest.fixture
def operator(app: Flask, house: House) -> Browser:
    """A viewer of both lines."""
    return browser(app, begun(house, "Grace", Role.VIEWER))


def cards(text: str) -> dict[str, Card]:
    """The figures of a page by their names: how many, and where their rows are."""
    found = re.findall(r'<li><a class="open" href="([^"]*)"><span>([^<]*)</span> <strong>([^<]*)</strong>', text)
    return {name: (count, path.replace("&amp;", "&")) for path, name, count in found}


def figures(text: str) -> dict[str, int]:
    """The figures alone."""
    return {name: int(count) for name, (count, _) in cards(text).items()}


def test_the_console_opens_with_today(operator: Browser) -> None:
    assert operator.get("/console/").headers["Location"] == "/console/today"


def test_the_figures_are_those_of_the_day_and_of_the_lines_that_are_chosen(
    operator: Browser, happenings: Happenings
) -> None:
    assert figures(operator.get("/console/today").text) == {
        "Calls": 1, "Texts": 6, "New people": 5, "Sign-ups": 0, "Opt-outs": 0,
    }  # fmt: skip
    assert figures(operator.get("/console/today?line=2").text)["Texts"] == 2
    yesterday = (clock.now() - timedelta(days=1)).date()
    assert set(figures(operator.get(f"/console/today?day={yesterday}").text).values()) == {0}


@pytest.mark.parametrize(
    ("name", "row"), [("Calls", "<li id="), ("Texts", "<li id="), ("New people", '<span class="when">')]
)
def test_behind_each_figure_are_as_many_rows(operator: Browser, happenings: Happenings, name: str, row: str) -> None:
    for line in ("", "1", "2"):
        count, path = cards(operator.get(f"/console/today?line={line}").text)[name]
        assert operator.get(path).text.count(row) == int(count), path


def test_sign_ups_and_opt_outs_lead_to_who_it_was_and_the_erased_are_nobody(
    operator: Browser, happenings: Happenings
) -> None:
    happenings.join(0)
    happenings.text(2, clock.now())  # STOP
    erased = person_of(happenings.house.store, NUMBERS[1])
    tallying.count(happenings.house, clock.now())
    text = operator.get("/console/today?day=2026-11-03").text
    count, path = cards(text)["Sign-ups"]
    assert (count, "(202) 555-0143" in operator.get(path).text) == ("1", True)
    count, path = cards(operator.get("/console/today").text)["Opt-outs"]
    page = operator.get(path).text
    assert (count, "(202) 555-0144" in page) == ("1", True)
    erasing.erase(happenings.house, erased, erasing.THEMSELVES, clock.now())
    page = operator.get(path).text
    assert "(202) 555-0144" not in page
    assert "erased since" in page


def test_the_shares_countries_and_languages_lead_to_their_rows(operator: Browser, happenings: Happenings) -> None:
    text = operator.get("/console/today").text
    for heading, row in (("heard=yes", "<li id="), ("country=", "<li id="), ("language=", '<span class="when">')):
        links = re.findall(rf'<li><a href="([^"]*{heading}[^"]*)">[^<]*</a><span>(?:100% <small>)?([0-9]+)', text)
        assert links, heading
        for path, count in links:
            assert operator.get(path.replace("&amp;", "&")).text.count(row) == int(count), path


def test_an_operator_of_one_line_never_sees_the_others_figures(
    app: Flask, house: House, happenings: Happenings
) -> None:
    mine = browser(app, begun(house, "Sara", Role.SENDER, 2))
    assert figures(mine.get("/console/today").text)["Texts"] == 2
    for path in ("/console/today", "/console/today/fresh", "/console/today/sign-ups", "/console/today/people"):
        assert mine.get(f"{path}?line=1").status_code == 404
        assert "555-0143" not in mine.get(path).text
        assert "Ada Example" not in mine.get(path).text
    assert mine.get("/console/failures/30003?line=1").status_code == 404


def test_the_figures_renew_themselves(operator: Browser, happenings: Happenings) -> None:
    assert "<strong>6</strong>" in operator.get("/console/today/fresh").get_json()["figures"]
    happenings.text(0, clock.now())
    tallying.count(happenings.house, clock.now())
    assert "<strong>7</strong>" in operator.get("/console/today/fresh").get_json()["figures"]


def test_a_new_line_says_how_to_make_a_first_call(operator: Browser) -> None:
    assert "(773) 555-0100" in operator.get("/console/today").text


def test_what_is_left_to_count_is_said(operator: Browser, house: House) -> None:
    house.store.write(lambda db: db.execute("UPDATE tallied SET people_id = -90000"))
    assert "90,000 entries to go" in operator.get("/console/today").text


@pytest.mark.parametrize("path", ["day=2026-13-40", "day=x", "day=1999-12-31", "day=0001-01-01"])
def test_a_day_that_cannot_be_read_is_said(operator: Browser, path: str) -> None:
    answer = operator.get(f"/console/today?{path}")
    assert (answer.status_code, "A date is written" in answer.text) == (400, True)


def test_a_day_to_come_is_today(operator: Browser) -> None:
    assert "<h1>Today</h1>" in operator.get("/console/today?day=9999-12-31").text


@pytest.mark.parametrize("by", ["hours", "days"])
def test_a_day_that_a_zone_left_out_is_empty(house: House, operator: Browser, by: str) -> None:
    house.store.write(lambda db: db.execute("UPDATE operators SET zone = 'Pacific/Apia'"))
    assert operator.get(f"/console/today?day=2011-12-30&by={by}").status_code == 200


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 11, 3), NEW_YORK, 24), (date(2026, 11, 1), NEW_YORK, 25), (date(2026, 3, 8), NEW_YORK, 23),
        (date(2026, 4, 24), CAIRO, 23), (date(2026, 10, 29), CAIRO, 25), (date(2026, 4, 5), LORD_HOWE, 25),
    ],
)  # fmt: skip
def test_a_day_with_a_change_of_the_clock_has_its_own_hours(day: date, zone: ZoneInfo, hours: int) -> None:
    found = hours_of(day, zone)
    assert len(found) == hours
    assert (found[0].begin, found[-1].end) == (day_of(day, zone).begin, day_of(day, zone).end)
    assert all(one.end == after.begin for one, after in pairwise(found))


def test_today_is_compared_with_yesterday_until_the_same_time_of_the_clock() -> None:
    now = datetime(2026, 11, 2, 15, 7, 30, tzinfo=UTC)  # the day after a day of 25 hours
    span = same_time_before(now, NEW_YORK)
    assert (span.since, span.until) == ("2026-11-01T04:00:00.000Z", "2026-11-01T15:07:00.000Z")


def test_the_hour_that_comes_twice_leads_to_its_own_rows(app: Flask, house: House) -> None:
    happenings = Happenings(house)
    operator = browser(app, begun(house, "Grace"))
    house.store.write(lambda db: db.execute("UPDATE operators SET zone = 'America/New_York'"))
    for at, chance in ((datetime(2026, 11, 1, 5, 30, tzinfo=UTC), 0), (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), 7)):
        happenings.text(chance, at)
    tallying.count(house, clock.now())
    text = operator.get("/console/today?day=2026-11-01").text
    links = re.findall(r'<td><a href="(/console/log[^"]*)">1</a>', text)
    assert len(links) == 2
    assert [operator.get(path.replace("&amp;", "&")).text.count("<li id=") for path in links] == [1, 1]
    assert parse_qs(urlsplit(links[0].replace("&amp;", "&")).query)["since"] == ["2026-11-01T01:00-04:00"]


@pytest.mark.parametrize(
    ("parts", "half", "most"),
    [([("2", 5), ("1", 5)], "1", "2"), ([("1", 99), ("", 1)], "1", "1"), ([("", 3)], "", ""), ([], None, None)],
)
def test_half_of_the_answers_arrived_within(parts: list[tuple[str, int]], half: str | None, most: str | None) -> None:
    assert (within(in_order(parts), 0.5), within(in_order(parts), 0.95)) == (half, most)
