"""A code to record by telephone, made in the console: shown once, to who may change the line's greetings."""

import re

import pytest
from flask import Flask
from inside import rows, the_line
from operating import Browser, begun, browser
from running import NUMBER, PHONE

from ivr import clock, greeting_codes, lines
from ivr.house import House
from ivr.roles import Role

CODE = re.compile(r"<strong class=\"code\" dir=\"ltr\">(\d{3}) (\d{3})</strong>")
FORM = {"line": "1", "language": "ar", "clip": "key-1"}


@pytest.fixture
def admin(app: Flask, house: House) -> Browser:
    """A browser of an admin."""
    return browser(app, begun(house, "Sara"))


def test_the_code_is_shown_once_with_the_number_to_call_and_works(house: House, admin: Browser) -> None:
    assert "Record by telephone" in admin.get("/console/greetings").text
    answer = admin.post("/console/greetings/code", FORM)
    (parts,) = CODE.findall(answer.text)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert f'href="tel:{NUMBER}"' in answer.text and "within 15 minutes" in answer.text
    assert not CODE.search(admin.get("/console/greetings").text)
    found = greeting_codes.enter(house, "".join(parts), the_line(house.store).id, ("CA1", PHONE), clock.now())
    assert found and (found.operator, found.language, found.clip) == ("Sara", "ar", "key-1")
    assert rows(house.store, "SELECT operator, action FROM audit WHERE action LIKE 'greeting%'") == [
        ("Sara", "greeting code made"),
        ("Sara", "greeting code entered"),
    ]


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"clip": "jingle"}, {"language": "", "clip": ""}])
def test_for_what_there_is_not_no_code_is_made(house: House, admin: Browser, wrong: dict[str, str]) -> None:
    answer = admin.post("/console/greetings/code", {**FORM, **wrong})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert rows(house.store, "SELECT id FROM greeting_codes") == []


def test_who_may_not_change_the_lines_greetings_gets_no_form_and_no_code(app: Flask, house: House) -> None:
    lines.add(house.store, "+442071838750", "Second Figure", clock.now())
    reads = browser(app, begun(house, "Omar", Role.SENDER))
    elsewhere = browser(app, begun(house, "Lina", Role.ADMIN, 2))
    assert "/console/greetings/code" not in reads.get("/console/greetings").text
    for who in (reads, elsewhere):
        assert who.post("/console/greetings/code", FORM).status_code in (403, 404)
    assert browser(app).post("/console/greetings/code", FORM).status_code == 303
    assert rows(house.store, "SELECT id FROM greeting_codes") == []


def test_the_audit_tells_it_in_arabic_too(house: House, app: Flask, admin: Browser) -> None:
    admin.post("/console/greetings/code", FORM)
    admin.post("/console/account/form", {"language": "ar", "zone": "UTC"})
    assert "أُنشئ رمز لتسجيل تحية" in admin.get("/console/audit").text
    shown = admin.post("/console/greetings/code", FORM).text
    assert CODE.search(shown) and "التسجيل بالهاتف" in shown
