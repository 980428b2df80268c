"""The page that says what a line keeps: whose it is, its periods, what people agree to, what they can do."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from running import NAME, NUMBER, environment, set_up
from werkzeug.test import TestResponse

from ivr import create_app, lines, signup
from ivr.store.lines import Line
from ivr.translating import LANGUAGES


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The doors, with one line."""
    return create_app(set_up(environment(tmp_path)))


def get(app: Flask, path: str = f"/privacy/{NUMBER}?language=en") -> TestResponse:
    """Ask for a page."""
    return app.test_client().get(path, base_url=app.extensions["house"].settings.public_url)


def words(answer: TestResponse) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def with_values(app: Flask, **values: object) -> Line:
    """Change the line."""
    return lines.change(app.extensions["house"].store, NUMBER, **values)


def test_it_says_whose_line_it_is_and_what_one_agrees_to(app: Flask) -> None:
    answer = get(app)
    assert answer.status_code == 200
    assert f"This is the line of {NAME}." in words(answer)
    assert f'href="sms:{NUMBER}"' in answer.text
    line = app.extensions["house"].known_lines[NUMBER]
    assert signup.consent_of(line, "en") in words(answer)
    assert "Set-Cookie" not in answer.headers


def test_without_periods_it_is_kept_until_it_is_erased(app: Flask) -> None:
    assert words(get(app)).count("kept until you have it erased") == 2
    assert "is deleted" not in words(get(app))
    assert "for 30 days" in words(get(app))


def test_the_periods_are_those_of_the_line(app: Flask) -> None:
    with_values(app, keep_texts=1365, keep_voice=1, keep_refusals=7, takes_messages=True)
    said = words(get(app))
    assert "After 1,365 days what was written is deleted" in said
    assert "A voice message is deleted after 1 day." in said
    assert "cannot sign up now is kept, for 7 days" in said


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "بعد يوم واحد"), (2, "بعد يومين"), (7, "بعد 7 أيام"), (30, "بعد 30 يوماً"), (100, "بعد 100 يوم ")],
)
def test_arabic_counts_days_as_arabic_does(app: Flask, days: int, said: str) -> None:
    with_values(app, keep_texts=days, keep_voice=days, takes_messages=True)
    shown = words(get(app, f"/privacy/{NUMBER}?language=ar"))
    assert f"{said.strip()} يُحذف ما كُتب" in shown
    assert f"تُحذف الرسالة الصوتية {said.strip()}." in shown


def test_of_voice_messages_it_speaks_where_some_can_be_left(app: Flask) -> None:
    assert "voice message" not in words(get(app))
    with_values(app, takes_messages=True)
    assert "Voice messages are kept until you have them erased." in words(get(app))


def test_of_who_is_too_young_it_speaks_where_there_is_a_least_age(app: Flask) -> None:
    with_values(app, minimum_age=0)
    assert "too young" not in words(get(app))


def test_the_figures_own_pages_are_linked_and_this_one_is_not(app: Flask) -> None:
    assert get(app).text.count("/privacy/") == 0
    with_values(app, terms_url="https://ada.example/terms")
    assert "· <a" not in get(app).text.split("</nav>")[1]
    with_values(app, privacy_url="https://ada.example/privacy")
    shown = get(app).text
    assert 'href="https://ada.example/privacy"' in shown and 'href="https://ada.example/terms"' in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_there_in_every_language(app: Flask, language: str) -> None:
    answer = get(app, f"/privacy/{NUMBER}?language={language}")
    assert answer.headers["Content-Language"] == language
    assert "STOP" in words(answer) and "{" not in words(answer)


def test_the_lines_are_listed_also_for_a_number_that_is_none(app: Flask) -> None:
    paths = {"/privacy": 200, "/privacy/+12025550100": 404, "/privacy/%00": 404, "/privacy/x" * 3: 404}
    assert {path: get(app, path).status_code for path in paths} == paths
    for path in ("/privacy", "/privacy/+12025550100"):
        assert f'href="/privacy/{NUMBER}?language=en"' in get(app, path).text


def test_it_is_there_without_the_database(app: Flask) -> None:
    app.extensions["house"].settings.database_path.unlink()
    assert get(app).status_code == 200
