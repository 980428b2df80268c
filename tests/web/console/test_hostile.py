"""Whatever stands in an address or a form: an answer in words, never a fault of ours, and nothing is changed by it."""

import re
from urllib.parse import quote

import pytest
from flask import Flask
from operating import begun, browser

from ivr.house import House

VALUES = (
    *("-1", "0", "9e9", "abc", "9" * 30, "9" * 3500, "%", "_", "''", "' OR 1=1 --", "1; DROP TABLE calls", "{{7*7}}"),
    *('"', "\\", "\0", "\r\nX: y", "../../etc/passwd", "<script>", "\ud800".encode("utf-8", "surrogatepass")),
    *(b"\xff\xfe", "٣", "²", "x" * 3000, "", " ", "null", "[]", "2026-02-30", "0001-01-01", "9999-12-31", "US\0", "+"),
    *(
        "2026-11-03T20:15:00.000Z~call~999999999999999999",
        "call-9,text-x,-,call",
        "\u202eabc",
        "🦄",
        "+1",
        "()",
        '"a b',
    ),
)
NAMES = (
    "q",
    "line",
    "kind",
    "status",
    "reply",
    "country",
    "since",
    "until",
    "after",
    "before",
    "who",
    "action",
    "text",
)
PAGES = ("/console/log", "/console/log/more", "/console/export.csv", "/console/export.json", "/console/audit")
FIELDS = ("name", "password", "again", "old", "code", "language", "zone", "role", "line", "next")
FRESH = ("calls", "messages", "again")
TODAY = ("/console/today", "/console/today/fresh", "/console/today/people", "/console/today/opt-outs")
TODAYS = ("line", "day", "by", "since", "until", "after", "language", "signed-up")


def pairs(names: tuple[str, ...], everything: bool) -> list[tuple[str, str | bytes]]:
    """Fields and values: every value once, the fields in turn; or every value for every field."""
    if everything:
        return [(name, value) for name in names for value in VALUES]
    return [(names[place % len(names)], value) for place, value in enumerate(VALUES)]


def written(value: str | bytes) -> str:
    """A value in an address."""
    return quote(value, safe="")


@pytest.fixture
def session(app: Flask) -> str:
    """The session of an admin."""
    house: House = app.extensions["house"]
    return begun(house, "Sara")


@pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.drill)])
@pytest.mark.parametrize("page", PAGES)
def test_any_value_of_any_field_gets_an_answer_in_words(app: Flask, session: str, page: str, everything: bool) -> None:
    operator = browser(app, session)
    for name, value in pairs(NAMES, everything):
        answer = operator.get(f"{page}?{name}={written(value)}")
        assert answer.status_code in (200, 400), (page, name, value, answer.status_code)
        assert "Traceback" not in answer.text and "sqlite" not in answer.text.lower()


@pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.drill)])
@pytest.mark.parametrize("page", (*TODAY, "/console/failures/30003"))
def test_any_day_gets_an_answer_in_words(app: Flask, session: str, page: str, everything: bool) -> None:
    operator = browser(app, session)
    for name, value in pairs(TODAYS, everything):
        answer = operator.get(f"{page}?{name}={written(value)}")
        assert answer.status_code in (200, 400, 404), (page, name, value, answer.status_code)


def test_the_script_of_a_page_may_ask_anything(app: Flask, session: str) -> None:
    operator = browser(app, session)
    for name, value in pairs(FRESH, everything=False):
        assert operator.get(f"/console/log/fresh?{name}={written(value)}").status_code == 200


def test_any_path_gets_an_answer_in_words(app: Flask, session: str) -> None:
    operator = browser(app, session)
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console") and rule.arguments]
    for rule in rules:
        for value in VALUES[len(rule.rule) % 3 :: 3]:
            path = re.sub(r"<[^>]*>", lambda _, value=value: written(value), rule.rule)  # type: ignore[misc]
            post = "POST" in (rule.methods or set())
            answer = operator.post(path) if post and "GET" not in (rule.methods or set()) else operator.get(path)
            assert answer.status_code in (200, 303, 308, 400, 404, 405, 422), (path, answer.status_code)


@pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.drill)])
@pytest.mark.parametrize(
    "path",
    [
        "/console/sign-in",
        "/console/sign-in/code",
        "/console/account/form",
        "/console/account/password",
        "/console/account/second-factor",
        "/console/account/second-factor/off",
        "/console/operators",
    ],
)
def test_any_form_gets_an_answer_in_words(app: Flask, session: str, path: str, everything: bool) -> None:
    operator = browser(app, session)
    house: House = app.extensions["house"]
    for name, value in pairs(FIELDS, everything)[:: 1 if everything else 3]:
        house.store.write(lambda db: db.execute("DELETE FROM tries"))
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        answer = operator.post(path, {name: text})
        assert answer.status_code in (200, 303, 401, 422), (path, name, value, answer.status_code)


def test_a_form_without_its_fields_gets_an_answer_too(app: Flask, session: str) -> None:
    operator = browser(app, session)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/console") and "POST" in (rule.methods or set()) and rule.rule != "/console/sign-out":
            path = re.sub(r"<[^>]*>", "99", rule.rule)
            assert operator.post(path).status_code in (303, 401, 404, 415, 422), rule.rule
