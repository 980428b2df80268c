"""The page to join by one's number, and how often links may be asked for or guessed."""

import pytest
from flask import Flask
from inside import rows, texts_to, the_line
from operating import Browser, begun, browser
from running import NUMBER, PHONE

from ivr import clock, limits, lines, links, posters
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.roles import Role

OTHER = "+442071838750"
FORM = {"line": NUMBER, "number": "(202) 555-0143", "language": "en"}


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser."""
    return browser(app)


def test_a_number_as_people_write_it_gets_the_link_and_the_page_says_the_same_of_all(
    house: House, visitor: Browser
) -> None:
    page = visitor.get("/join?line=17735550100").text
    assert 'name="line" value="+17735550100"' in page
    assert 'href="?line=17735550100&amp;language=ar"' in page
    first, again = visitor.post("/join", FORM), visitor.post("/join", FORM)
    assert (first.status_code, first.data) == (200, again.data)
    assert len(texts_to(house.store, PHONE)) == 1


@pytest.mark.parametrize("written", ["17735550100", "+17735550100", "%2B17735550100"])
def test_a_line_is_found_however_its_number_stands_in_the_address(house: House, visitor: Browser, written: str) -> None:
    lines.add(house.store, OTHER, "Grace", clock.now())
    assert 'type="hidden" name="line" value="+17735550100"' in visitor.get(f"/join?line={written}").text


def test_who_comes_for_a_line_that_is_none_is_not_taken_to_another(visitor: Browser) -> None:
    assert 'type="hidden" name="line"' in visitor.get("/join").text
    assert 'type="hidden" name="line"' not in visitor.get("/join?line=19999999999").text
    assert visitor.post("/join", {**FORM, "line": "19999999999"}).status_code == 422


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"number": ""}, "look at the number"),
        ({"number": "hello"}, "look at the number"),
        ({"number": "9" * 400}, "look at the number"),
        ({"number": "+44 20 7946 0123"}, "cannot get texts"),
        ({"line": ""}, "choose whom"),
        ({"line": "+1'; DROP"}, "choose whom"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_kept(
    house: House, visitor: Browser, form: dict[str, str], fault: str
) -> None:
    lines.add(house.store, OTHER, "Grace", clock.now())
    answer = visitor.post("/join", {**FORM, **form})
    assert (answer.status_code, fault in answer.text) == (422, True)
    assert rows(house.store, "SELECT * FROM people") == []


def test_who_fills_in_what_nobody_sees_gets_the_page_and_no_text(house: House, visitor: Browser) -> None:
    assert visitor.post("/join", {**FORM, "website": "https://casino.example"}).status_code == 200
    assert texts_to(house.store, PHONE) == []


def test_another_site_lets_nobody_be_texted(house: House, visitor: Browser) -> None:
    assert visitor.post("/join", FORM, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert texts_to(house.store, PHONE) == []


def test_too_many_from_one_address_are_told_to_text_themselves(house: House, visitor: Browser) -> None:
    for number in range(31):
        answer = visitor.post("/join", {**FORM, "number": f"202 555 {1000 + number}"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3000
    assert f"sms:{NUMBER}" in answer.text


def test_wrong_links_get_one_page_and_too_many_are_told_to_wait_but_a_right_one_works(
    house: House, visitor: Browser
) -> None:
    person = house.store.write(lambda db: meet(db, [Visitor(the_line(house.store), PHONE, clock.now())], "key"))[0]
    right = f"/j/{links.token_of(person, house.settings.secret_key)}"
    replaced = right
    house.store.write(lambda db: db.execute("UPDATE people SET link_counter = link_counter + 1"))
    ended = [visitor.get(path).data for path in ("/j/" + "A" * 27, replaced, "/j/short", "/me/" + "A" * 27)]
    assert len(set(ended)) == 1
    house.store.write(lambda db: db.execute("UPDATE people SET link_counter = link_counter - 1"))
    for _ in range(limits.GUESSES):
        answer = visitor.get("/j/" + "A" * 27)
    assert (answer.status_code, "wait a minute" in answer.text) == (429, True)
    assert visitor.get(right).status_code == 200


def test_one_link_is_posted_to_so_often_only(house: House, visitor: Browser) -> None:
    person = house.store.write(lambda db: meet(db, [Visitor(the_line(house.store), PHONE, clock.now())], "key"))[0]
    path = f"/j/{links.token_of(person, house.settings.secret_key)}"
    answers = [visitor.post(path, {"language": "en", "name": "Ada", "agree": "yes"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [422] * 30 + [429]
    last = answers[-1]
    assert int(last.headers["Retry-After"]) > 3000
    assert 'value="Ada"' in last.text and "send it again later" in last.text and "checked" in last.text, "all is kept"


def test_an_operator_sees_the_code_for_the_poster_of_their_line(app: Flask, house: House) -> None:
    line = the_line(house.store)
    operator = browser(app, begun(house, "Vera", Role.VIEWER))
    address = posters.address(house.settings, line)
    assert address in operator.get(f"/console/lines/{line.id}/joining").text
    assert operator.get(f"/console/lines/{line.id}/joining/qr.svg").data == posters.svg(address)
    assert operator.get(f"/console/lines/{line.id}/joining/qr.png").data[:4] == b"\x89PNG"
    assert operator.get("/console/lines/99/joining/qr.svg").status_code == 404
