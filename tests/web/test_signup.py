"""The page behind a personal link: nothing happens by looking; a form becomes a member, or says what is wrong."""

import re
from typing import Any

import pytest
from flask import Flask
from inside import rows, the_line
from operating import Browser, browser
from running import NUMBER, PHONE

from ivr import clock, lines, links
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.store import Connection, calls, people
from ivr.store import lines as line_table
from ivr.store.calls import Call
from ivr.store.people import Person

ADA = {"name": "O'Brien-Ñúñez", "day": "10", "month": "12", "year": "1990", "language": "en"}
HOSTILE = "<script>alert(1)</script>\"'{{7*7}}"


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser."""
    return browser(app)


@pytest.fixture
def person(house: House) -> Person:
    """Somebody who texted the line, from Chicago."""

    def work(db: Connection) -> Person:
        line = line_table.find(db, NUMBER)
        assert line is not None
        found = meet(db, [Visitor(line, PHONE, clock.now())], "key")[0]
        at = clock.written(clock.now())
        calls.receive(db, [Call(line.id, "CA" + "7" * 32, PHONE, at, "completed", "greeting", city="CHICAGO")])
        return found

    return house.store.write(work)


@pytest.fixture
def path(house: House, person: Person) -> str:
    """Their link."""
    return f"/j/{links.token_of(person, house.settings.secret_key)}"


def post(visitor: Browser, path: str, form: dict[str, str], **headers: str) -> Any:
    """Send the form, with the wording as the page shows it and the box ticked."""
    page = visitor.get(f"{path}?language={form.get('language', 'en')}").text
    shown = re.search(r'name="consent" value="([0-9a-f]+)"', page)
    return visitor.post(path, {"consent": shown[1] if shown else "", "agree": "yes", **form}, **headers)


def members(house: House) -> list[tuple[Any, ...]]:
    """All that is kept of members."""
    return rows(house.store, "SELECT name, gender, born, city, email FROM members")


def test_looking_changes_nothing_and_shows_the_number_masked(house: House, visitor: Browser, path: str) -> None:
    for _ in range(3):
        page = visitor.get(path)
    assert page.status_code == 200
    assert PHONE not in page.text
    assert 'value="Chicago"' in page.text
    assert "at any time: text STOP" in page.text
    assert members(house) == []
    assert page.headers["Cache-Control"] == "no-store"


def test_a_form_makes_a_member_who_sees_that_they_are_in(house: House, visitor: Browser, path: str) -> None:
    answer = post(visitor, path, {**ADA, "city": "Chicago", "email": "ada@example.org", "gender": "unsaid"})
    assert answer.status_code == 303
    assert "You are in" in visitor.get(answer.headers["Location"]).text
    assert members(house) == [("O'Brien-Ñúñez", "unsaid", "1990-12-10", "Chicago", "ada@example.org")]
    again = visitor.get(path).text
    assert "Brien" not in again and "1990" not in again and "ada@example.org" not in again, "a link may be passed on"
    assert post(visitor, path, {**ADA, "name": "Somebody Else"}).status_code == 303
    assert [row[0] for row in members(house)] == ["O'Brien-Ñúñez"], "a double click, or somebody it was passed on to"
    assert rows(house.store, "SELECT count(*) FROM consents") == [(1,)]


def test_what_was_not_shown_is_not_agreed_to(house: House, visitor: Browser, path: str) -> None:
    page = visitor.get(path).text
    shown = re.search(r'name="consent" value="([0-9a-f]+)"', page)
    assert shown is not None
    lines.change(house.store, NUMBER, name="Somebody Else")
    answer = visitor.post(path, {**ADA, "agree": "yes", "consent": shown[1]})
    assert (answer.status_code, "has changed" in answer.text) == (422, True)
    assert visitor.post(path, {**ADA, "agree": "yes", "language": "ar", "consent": shown[1]}).status_code == 422
    assert visitor.post(path, ADA).status_code == 422
    assert members(house) == []


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(
    house: House, visitor: Browser, path: str
) -> None:
    answer = post(visitor, path, {**ADA, "name": HOSTILE, "day": "31", "month": "2", "email": "nobody"})
    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') == 2
    assert "<script>alert" not in answer.text
    assert 'value="31"' in answer.text
    assert "&lt;script&gt;" in answer.text
    assert members(house) == []


def test_in_arabic_it_is_written_from_the_right_and_the_day_comes_first(visitor: Browser, path: str) -> None:
    page = visitor.get(f"{path}?language=ar")
    assert 'dir="rtl"' in page.text
    assert re.search(r'id="day".*id="month".*id="year"', page.text, re.DOTALL)
    assert re.search(r'id="month".*id="day".*id="year"', visitor.get(path).text, re.DOTALL)
    answer = post(visitor, path, {**ADA, "language": "ar", "day": "٣١"})
    assert "أهلاً بك معنا" in visitor.get(answer.headers["Location"]).text


def test_who_is_too_young_is_kindly_refused_and_nothing_kept(house: House, visitor: Browser, path: str) -> None:
    answer = post(visitor, path, {**ADA, "year": "2020"})
    assert (answer.status_code, "Not yet" in answer.text) == (422, True)
    assert "Not yet" in visitor.get(path).text
    assert visitor.post(path, {**ADA, "agree": "yes"}).status_code == 422, "the second try is refused like the first"
    assert members(house) == []
    assert rows(house.store, "SELECT count FROM too_young") == [(1,)]
    assert b"Brien" not in house.store.path.read_bytes()


def test_who_has_opted_out_is_told_to_text_start_first(
    house: House, visitor: Browser, path: str, person: Person
) -> None:
    def out(db: Connection) -> None:
        line = line_table.find(db, NUMBER)
        assert line is not None
        people.set_opted_out(db, line, PHONE, clock.written(clock.now()))

    house.store.write(out)
    assert "Text START" in visitor.get(path).text
    answer = post(visitor, path, ADA)
    assert (answer.status_code, "Text START" in answer.text) == (422, True)
    assert members(house) == []


def test_other_sites_and_dead_links_sign_nobody_up(house: House, visitor: Browser, path: str) -> None:
    assert post(visitor, path, ADA, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    for dead in ("/j/" + "x" * 27, path[:-1] + ("a" if path[-1] != "a" else "b"), "/j/short"):
        assert post(visitor, dead, ADA).status_code == 404
        assert visitor.get(dead).status_code == 404
    assert members(house) == []


def test_a_line_asks_for_what_it_requires(house: House, visitor: Browser, path: str) -> None:
    lines.change(house.store, NUMBER, required=("city", "email"), minimum_age=0)
    page = visitor.get(path).text
    assert page.count(">optional<") == 2
    answer = post(visitor, path, {"name": "Ada", "city": "", "email": ""})
    assert answer.text.count('class="wrong"') == 2


def test_the_card_is_one_that_a_phone_can_read(house: House, visitor: Browser) -> None:
    lines.change(house.store, NUMBER, name="Example, Ada; آدا of all the lines there have ever been")
    card = visitor.get(f"/card/{NUMBER}.vcf")
    assert card.headers["Content-Type"] == "text/vcard; charset=utf-8"
    rows_of = card.data.decode().split("\r\n")
    assert all(len(row.encode()) <= 75 for row in rows_of)
    whole = card.data.decode().replace("\r\n ", "").split("\r\n")
    assert whole[0] == "BEGIN:VCARD" and whole[-2:] == ["END:VCARD", ""]
    assert "FN:Example\\, Ada\\; آدا of all the lines there have ever been" in whole
    assert any(row.startswith("TEL;") and row.endswith(NUMBER) for row in whole)
    assert visitor.get("/card/+12025550100.vcf").status_code == 404


def test_without_the_box_nobody_is_in(house: House, visitor: Browser, path: str) -> None:
    page = visitor.get(path).text
    shown = re.search(r'name="consent" value="([0-9a-f]+)"', page)
    assert shown is not None
    assert not re.search(r"<input[^>]*checked", page)
    answer = visitor.post(path, {**ADA, "consent": shown[1]})
    assert (answer.status_code, "please tick the box" in answer.text) == (422, True)
    assert "Brien" in answer.text
    assert members(house) == []


def test_fields_that_the_form_does_not_have_count_for_nothing_and_are_noted(
    house: House, visitor: Browser, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    more = {"phone": "+12025550199", "is_admin": "1", "consent_at": "2020-01-01", "\x1b[31mred": "1"}
    assert post(visitor, path, {**ADA, **more}).status_code == 303
    assert rows(house.store, "SELECT number FROM consents") == [(PHONE,)]
    assert "phone, is_admin, consent_at, �[31mred" in caplog.text
    assert "+12025550199" not in caplog.text


def test_the_language_that_was_chosen_on_the_page_is_theirs_from_now_on(
    house: House, visitor: Browser, path: str, person: Person
) -> None:
    post(visitor, path, {**ADA, "language": "ar"})
    joined = house.store.read(lambda db: people.of_id(db, person.id))
    assert joined is not None
    assert joined.language == "ar"
    again = house.store.write(
        lambda db: meet(db, [Visitor(the_line(house.store), PHONE, clock.now(), "hello")], "key")
    )[0]
    assert again.language == "ar", "a member has chosen"
    assert rows(house.store, "SELECT language FROM members") == [("ar",)]


def test_the_confirmation_brings_the_card_along_where_that_goes_and_else_its_address(
    house: House, visitor: Browser, path: str
) -> None:
    post(visitor, path, ADA)
    card = f"{house.settings.public_url}/card/{NUMBER}.vcf?language=en"
    ((body, media),) = rows(house.store, "SELECT body, media_url FROM messages WHERE purpose = 'joined'")
    assert media == card and card not in body

    def abroad(db: Connection) -> Person:
        return meet(db, [Visitor(the_line(house.store), "+447700900123", clock.now())], "key")[0]

    other = house.store.write(abroad)
    post(visitor, f"/j/{links.token_of(other, house.settings.secret_key)}", ADA)
    ((body, media),) = rows(
        house.store, "SELECT body, media_url FROM messages WHERE purpose = 'joined' AND number LIKE '+44%'"
    )
    assert media is None and body.endswith(card)


@pytest.mark.parametrize("token", ["x" * 4000, "../../etc/passwd", "%E2%98%83" * 9, "مرحبا", "a", "A" * 27 + "%00"])
def test_whatever_is_no_link_gets_the_page_that_says_how_to_get_one(visitor: Browser, token: str) -> None:
    for page in ("/j/", "/me/"):
        answer = visitor.get(page + token)
        assert answer.status_code == 404
    assert "Text LINK" in visitor.get("/j/" + "x" * 4000).text


def test_who_is_too_young_is_so_whatever_else_is_wrong(house: House, visitor: Browser, path: str) -> None:
    page = visitor.get(path).text
    shown = re.search(r'name="consent" value="([0-9a-f]+)"', page)
    assert shown is not None
    answer = visitor.post(path, {**ADA, "year": "2020", "email": "nobody", "consent": shown[1]})
    assert (answer.status_code, "Not yet" in answer.text) == (422, True)
    assert "Not yet" in post(visitor, path, ADA).text, "the second try, with another year"
    assert members(house) == []


def test_who_is_blocked_is_told_kindly(house: House, visitor: Browser, path: str, person: Person) -> None:
    house.store.write(lambda db: people.set_blocked(db, person, clock.written(clock.now())))
    assert "cannot sign up here now" in visitor.get(path).text
    answer = post(visitor, path, ADA)
    assert (answer.status_code, "cannot sign up here now" in answer.text) == (422, True)
    assert members(house) == []
