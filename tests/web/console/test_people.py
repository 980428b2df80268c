"""People in the console: found by plain choices, counted exactly, kept as segments, each with what they told."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from inside import rows, the_line
from operating import Browser, begun, browser
from the_people import Crowd

from ivr import clock, lines
from ivr.house import House
from ivr.roles import Role

ONE, TWO, THREE = "+12025550111", "+12025550112", "+201001234567"


@pytest.fixture
def crowd(house: House) -> Crowd:
    """Two members, and somebody who was invited."""
    made = Crowd(house, clock.now())
    made.member(ONE, "Ada Lovelace", born="1990-12-10", city="Chicago", email="ada@example.org", gender="female")
    made.member(TWO, "آدا", language="ar", born="2005-01-01", city="القاهرة", email="ada@example.org")
    made.invited(THREE)
    return made


@pytest.fixture
def operator(app: Flask, house: House) -> Browser:
    """A writer."""
    return browser(app, begun(house, "Grace", Role.WRITER))


def count(page: str) -> tuple[int, int]:
    """How many people, and how many may be written to."""
    return int(page.partition("People: ")[2].split("<")[0]), int(page.partition("written to: ")[2].split("<")[0])


@pytest.mark.parametrize(
    ("choices", "people"),
    [
        ("", (2, 2)),
        ("age_from=30", (1, 1)),
        ("age_to=29&language=ar", (1, 1)),
        ("city=chicago", (1, 1)),
        ("city=Chicago, القاهرة", (2, 2)),
        ("gender=male", (0, 0)),
        ("state=invited", (1, 0)),
        ("joined_since=2020-01-01", (2, 2)),
    ],
)
def test_people_are_found_by_plain_choices(
    crowd: Crowd, operator: Browser, choices: str, people: tuple[int, int]
) -> None:
    page = operator.get(f"/console/people?{choices}")
    assert (page.status_code, count(page.text)) == (200, people)


def test_a_wrong_choice_is_said_and_what_was_typed_is_kept(crowd: Crowd, operator: Browser) -> None:
    page = operator.get("/console/people?age_from=young&city=Chicago")
    assert (page.status_code, 'value="young"' in page.text, 'value="Chicago"' in page.text) == (422, True, True)
    assert operator.get("/console/people?segment=nobody").status_code == 422


def test_choices_are_kept_as_a_segment_found_again_and_forgotten(house: House, crowd: Crowd, operator: Browser) -> None:
    line = str(the_line(house.store).id)
    answer = operator.post("/console/people/segments", {"line": line, "age_from": "30", "name": "Grown  up"})
    assert answer.status_code == 303
    page = operator.get(answer.headers["Location"]).text
    assert count(page) == (1, 1) and "age&gt;=30" in page and "Ada Lovelace" in page
    assert operator.post("/console/people/segments", {"line": line, "age_from": "30", "name": ""}).status_code == 422
    assert operator.post("/console/people/segments/remove", {"line": line, "segment": "Grown up"}).status_code == 303
    assert rows(house.store, "SELECT * FROM segments") == []
    actions = [action for (action,) in rows(house.store, "SELECT action FROM audit WHERE action LIKE 'segment %'")]
    assert actions == ["segment saved", "segment removed"]


def test_one_person_has_a_page_with_what_they_told_and_who_has_the_same_address(
    house: House, crowd: Crowd, operator: Browser
) -> None:
    page = operator.get(f"/console/people/{the_line(house.store).id}/{ONE}").text
    for shown in (
        "Ada Lovelace",
        "10 Dec 1990",
        "Chicago",
        "may be written to",
        "has the same e-mail",
        "0112",
        "agreed",
    ):
        assert shown in page


def test_a_viewer_saves_nothing_and_nobody_sees_another_lines_people(
    app: Flask, house: House, crowd: Crowd, sid: Callable[[str], str]
) -> None:
    line = the_line(house.store)
    viewer = browser(app, begun(house, "Vera", Role.VIEWER))
    assert "Keep this choice" not in viewer.get("/console/people?age_from=30").text
    form = {"line": str(line.id), "age_from": "30", "name": "Mine"}
    assert viewer.post("/console/people/segments", form).status_code == 403
    lines.add(house.store, "+442071838750", "Other", clock.now())
    other = browser(app, begun(house, "Olga", Role.ADMIN, line.id + 1))
    assert count(other.get("/console/people").text) == (0, 0)
    assert other.get(f"/console/people?line={line.id}").status_code == 404
    assert other.get(f"/console/people/{line.id}/{ONE}").status_code == 404


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        ("love", "Ada Lovelace", "آدا"),
        ("ادا", "آدا", "Lovelace"),
        ("0111", "Ada Lovelace", "آدا"),
        ("(202) 555-0112", "آدا", "Lovelace"),
        ("ada@example.org", "Lovelace", "no such"),
        ("4567", "no", "Lovelace"),
    ],
)
def test_people_are_found_by_one_field(crowd: Crowd, operator: Browser, text: str, shown: str, hidden: str) -> None:
    page = operator.get(f"/console/people?q={quote(text)}")
    assert (page.status_code, shown in page.text, hidden in page.text) == (200, True, False)


def test_a_search_for_nothing_says_what_to_search_for_and_keeps_it(crowd: Crowd, operator: Browser) -> None:
    page = operator.get("/console/people?q=%21%3F")
    assert (page.status_code, 'value="!?"' in page.text, "its last four digits" in page.text) == (422, True, True)
