"""The pages: the personal link that lives or has ended, whose lines these are, in the visitor's language."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from running import NUMBER, PHONE, environment, set_up
from werkzeug.test import TestResponse

from ivr import clock, create_app, lines, links
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.store import Connection
from ivr.store import lines as line_table
from ivr.store.people import Person


def house_of(app: Flask) -> House:
    """The house behind the doors."""
    house: House = app.extensions["house"]
    return house


def get(app: Flask, path: str, **headers: str) -> TestResponse:
    """Ask for a page; `Accept_Language` stands for Accept-Language."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(path, base_url=house_of(app).settings.public_url, headers=sent)


def met(app: Flask, number: str = PHONE, text: str = "hello", days_ago: float = 0) -> Person:
    """Somebody who texted the line."""
    house = house_of(app)
    at = clock.now() - timedelta(days=days_ago)

    def work(db: Connection) -> Person:
        line = line_table.find(db, NUMBER)
        assert line is not None
        return meet(db, [Visitor(line, number, at, text)], "key")[0]

    return house.store.write(work)


def token(app: Flask, person: Person) -> str:
    """The token of their present link."""
    return links.token_of(person, house_of(app).settings.secret_key)


def everything(app: Flask) -> list[Any]:
    """All that is kept."""
    tables = ("lines", "people", "messages", "calls", "opt_outs", "strays", "message_events")
    store = house_of(app).store
    return [store.read(lambda db, table=table: db.execute(f"SELECT * FROM {table}").fetchall()) for table in tables]


def test_a_living_link_opens_the_page_of_its_line(app: Flask) -> None:
    answer = get(app, f"/j/{token(app, met(app))}")
    assert answer.status_code == 200
    assert "Ada Example" in answer.text
    assert "+1 773-555-0100" in answer.text
    assert '<html lang="en" dir="ltr">' in answer.text


def test_looking_at_a_link_changes_nothing_however_often_it_is_done(app: Flask) -> None:
    path = f"/j/{token(app, met(app))}"
    before = everything(app)
    texts = {get(app, path).text for _ in range(20)}
    app.test_client().head(path, base_url=house_of(app).settings.public_url)
    assert len(texts) == 1
    assert everything(app) == before


def dead_links(app: Flask) -> dict[str, str]:
    """Paths of links that are none, by what is wrong with each."""
    house = house_of(app)
    replaced = met(app, "+12025550144")
    old = token(app, replaced)
    later = clock.now() + timedelta(days=20)  # a link past half of its life is replaced when it is asked for again
    house.store.write(lambda db: links.fresh(db, replaced, later))
    too_old = met(app, "+12025550145", days_ago=30)
    living = token(app, met(app))
    return {
        "unknown": "/j/" + "A" * links.LENGTH,
        "replaced": f"/j/{old}",
        "too old": f"/j/{token(app, too_old)}",
        "too short": f"/j/{living[:-1]}",
        "too long": f"/j/{living}A",
        "other letters": f"/j/{living.swapcase()}",
        "not a token": "/j/" + "é" * 22,
        "long": "/j/" + "a" * 4000,
        "dots": "/j/..",
        "nul": f"/j/{living}%00",
        "new line": f"/j/{living}%0A",
    }


def test_every_dead_link_shows_the_same_page(app: Flask) -> None:
    answers = {what: get(app, path) for what, path in dead_links(app).items()}
    assert {what: answer.status_code for what, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert len({answer.text for answer in answers.values()}) == 1
    assert len({str(sorted(answer.headers)) for answer in answers.values()}) == 1
    assert "Text LINK" in answers["unknown"].text
    assert "+1 773-555-0100" in answers["unknown"].text


def test_a_link_lives_for_thirty_days(app: Flask) -> None:
    assert get(app, f"/j/{token(app, met(app, '+12025550146', days_ago=29.9))}").status_code == 200
    assert get(app, f"/j/{token(app, met(app, '+12025550147', days_ago=30.1))}").status_code == 404


def test_the_database_knows_no_token(app: Flask) -> None:
    assert token(app, met(app)) not in str(everything(app))


def test_who_writes_arabic_reads_arabic_from_right_to_left(app: Flask) -> None:
    answer = get(app, f"/j/{token(app, met(app, text='مرحبا'))}", Accept_Language="en")
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert answer.headers["Content-Language"] == "ar"
    assert "رابطك" in answer.text


@pytest.mark.parametrize("path", ["/", "/join", "/j/unknown", "/no-such-page"])
@pytest.mark.parametrize(
    ("asked", "given"),
    [
        *((asked, 'lang="ar" dir="rtl"') for asked in ("ar", "AR-eg,en;q=0.5", "de,ar;q=0.2", "en;q=0.1,ar;q=0.2")),
        ("fr-CA,en;q=0.9", 'lang="fr" dir="ltr"'),
        ("es-419", 'lang="es" dir="ltr"'),
        *((asked, 'lang="en" dir="ltr"') for asked in ("en", "de", "", "*;q=x,,;", "ar;q=0", "en-GB,ar")),
    ],
)
def test_a_page_is_in_the_language_that_the_visitor_reads(app: Flask, path: str, asked: str, given: str) -> None:
    assert f"<html {given}>" in get(app, path, Accept_Language=asked).text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}} {name} %s", "O'Ada & Co"]
)
def test_a_name_is_only_text(app: Flask, name: str) -> None:
    lines.change(house_of(app).store, NUMBER, name=name)
    for path in ("/", f"/j/{token(app, met(app))}", "/j/unknown"):
        text = get(app, path).text
        assert "<script" not in text
        assert "<img" not in text
        assert "49" not in re.sub(r"/j/[\w-]+|[0-9]{3}", "", text)
        assert (
            name.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace('"', "&#34;")
            .replace("'", "&#39;")
            in text
        )


@pytest.mark.parametrize("path", ["/", "/join", "/j/unknown", "/no-such-page", "/join?a=<script>"])
def test_no_page_is_kept_or_tells_others_where_the_visitor_was(app: Flask, path: str) -> None:
    answer = get(app, path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.content_type == "text/html; charset=utf-8"
    assert not re.findall(r"<script|\son[a-z]+=|style=|https?://", answer.text)


@pytest.mark.parametrize("path", ["/", "/j/unknown", "/no-such-page"])
def test_every_page_has_a_title_and_a_heading(app: Flask, path: str) -> None:
    text = get(app, path).text
    assert re.search(r"<title>[^<]+</title>", text)
    assert re.search(r"<h1[^>]*>[^<]+</h1>", text)


def test_the_stylesheet_is_found_where_the_pages_look_for_it(app: Flask) -> None:
    (path,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', get(app, "/").text)
    with get(app, path) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/css")


def test_every_header_of_ours_stands_once(app: Flask) -> None:
    for path in ("/", "/j/unknown", "/healthz"):
        names = [name for name, _ in get(app, path).headers]
        assert len(names) == len(set(names))


def test_https_is_kept_to_where_we_are_reached_by_it(app: Flask, tmp_path: Path) -> None:
    assert "Strict-Transport-Security" not in get(app, "/").headers
    secure = create_app(set_up(environment(tmp_path / "secure", PUBLIC_URL="https://line.example.org")))
    for path in ("/", "/no-such-page", "/healthz"):
        assert get(secure, path).headers["Strict-Transport-Security"] == "max-age=31536000"
    house_of(secure).store.close()
