"""The way in and out: links, passwords, codes, sessions, and what a stranger sees of them."""

from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from flask import Flask
from operating import PASSWORD, begun, browser

from ivr import clock, operators
from ivr.house import House
from ivr.operators import BEGIN, COMMAND_LINE
from ivr.roles import Role
from ivr.store import audit, tries
from ivr.store.audit import Wanted
from ivr.store.operators import Grant
from ivr.web.console.entrance import local

SIGN_IN = {"name": "Sara", "password": PASSWORD}


def actions(house: House) -> list[str]:
    """What the audit says, newest first."""
    return [entry.action for entry in house.store.read(lambda db: audit.newest(db, Wanted(), None)[0])]


def test_a_link_is_looked_at_often_and_used_once(app: Flask, house: House) -> None:
    token = operators.invite(house.store, "Sara", [Grant(None, Role.ADMIN)], "en", COMMAND_LINE, clock.now())
    visitor, form = browser(app), {"password": PASSWORD, "again": PASSWORD, "zone": "Africa/Cairo", "language": "ar"}
    for _ in range(3):
        assert visitor.get(BEGIN + token).status_code == 200
    assert visitor.post(BEGIN + token, form).headers["Location"] == "/console/today"
    assert 'dir="rtl"' in visitor.get("/console/log").text
    assert browser(app).post(BEGIN + token, form).status_code == 404
    assert browser(app).get(BEGIN + token).status_code == 404


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "sara sara sara", "password1234", "x" * 129])
def test_a_password_that_is_easy_to_guess_is_refused_and_the_link_stays(
    app: Flask, house: House, password: str
) -> None:
    token = operators.invite(house.store, "Sara", [Grant(None, Role.ADMIN)], "en", COMMAND_LINE, clock.now())
    answer = browser(app).post(BEGIN + token, {"password": password, "again": password})
    assert answer.status_code == 422
    assert "password" in answer.text
    assert browser(app).get(BEGIN + token).status_code == 200


def test_a_link_ends_after_three_days(app: Flask, house: House) -> None:
    long_ago = clock.now() - timedelta(hours=73)
    token = operators.invite(house.store, "Sara", [Grant(None, Role.ADMIN)], "en", COMMAND_LINE, long_ago)
    assert browser(app).get(BEGIN + token).status_code == 404


def test_a_new_session_has_a_new_token_and_the_old_one_ends_with_signing_out(app: Flask, house: House) -> None:
    begun(house, "Sara")
    visitor = browser(app)
    assert (
        visitor.post("/console/sign-in", {**SIGN_IN, "next": "/console/audit"}).headers["Location"] == "/console/audit"
    )
    token = visitor.cookie()
    assert visitor.get("/console/log").status_code == 200
    visitor.post("/console/sign-out")
    assert browser(app, token).get("/console/log").status_code == 303


def test_unknown_and_known_accounts_are_refused_with_the_same_words_in_the_same_time(app: Flask, house: House) -> None:
    begun(house, "Sara")
    times: dict[str, list[float]] = {"Sara": [], "Nobody": []}
    pages = {}
    for _ in range(5):
        for name, taken in times.items():
            house.store.write(lambda db: db.execute("DELETE FROM tries"))
            begin = perf_counter()
            answer = browser(app).post("/console/sign-in", {"name": name, "password": "wrong wrong wrong"})
            taken.append(perf_counter() - begin)
            assert answer.status_code == 401
            pages[name] = answer.text.replace(name, "…")
    assert pages["Sara"] == pages["Nobody"]
    assert 0.5 < median(times["Sara"]) / median(times["Nobody"]) < 2  # without a hash it would be a hundredth


def test_the_sixth_try_in_a_minute_waits_also_with_the_right_password(app: Flask, house: House) -> None:
    begun(house, "Sara")
    visitor = browser(app)
    for _ in range(5):
        assert visitor.post("/console/sign-in", {**SIGN_IN, "password": "wrong"}).status_code == 401
    answer = visitor.post("/console/sign-in", SIGN_IN)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "sign-in refused" in actions(house)


def test_who_guesses_at_an_account_does_not_lock_its_owner_out(app: Flask, house: House) -> None:
    begun(house, "Sara")
    owner = browser(app)
    owner.post("/console/sign-in", SIGN_IN)
    owner.post("/console/sign-out")
    moment = clock.written(clock.now())
    buckets = ["account sara"] * 5
    house.store.write(lambda db: tries.note(db, buckets, moment, "2000"))
    assert browser(app).post("/console/sign-in", SIGN_IN).status_code == 429
    assert owner.post("/console/sign-in", SIGN_IN).status_code == 303


@pytest.mark.parametrize("end", ["disable", "reset", "password", "idle", "old"])
def test_a_session_ends(app: Flask, house: House, end: str) -> None:
    began = clock.now() - {"idle": timedelta(hours=3), "old": timedelta(hours=13)}.get(end, timedelta(0))
    token = begun(house, "Sara", at=began)
    other = browser(app)
    if end == "old":
        moment = clock.written(clock.now())
        house.store.write(lambda db: db.execute("UPDATE sessions SET seen_at = ?", (moment,)))
    if end == "disable":
        operators.disable(house.store, "Sara", COMMAND_LINE, clock.now())
    if end == "reset":
        operators.reset(house.store, "Sara", False, COMMAND_LINE, clock.now())
    if end == "password":
        other.post("/console/sign-in", SIGN_IN)
        new = "another harbour tractor tuesday"
        other.post("/console/account/password", {"old": PASSWORD, "password": new, "again": new})
        assert other.get("/console/log").status_code == 200
    assert browser(app, token).get("/console/log").status_code == 303


def test_an_operator_sees_their_sessions_and_ends_one(app: Flask, house: House) -> None:
    first = browser(app, begun(house, "Sara"))
    second = browser(app)
    second.post("/console/sign-in", SIGN_IN, **{"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140"})
    assert "Firefox, Linux" in first.get("/console/account").text
    newest = house.store.read(lambda db: db.execute("SELECT max(id) FROM sessions").fetchone()[0])
    first.post(f"/console/account/sessions/{newest}/end")
    assert second.get("/console/log").status_code == 303
    assert first.get("/console/log").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(app: Flask, house: House) -> None:
    sara, omar = begun(house, "Sara", Role.VIEWER), begun(house, "Omar", Role.VIEWER)
    first = house.store.read(lambda db: db.execute("SELECT min(id) FROM sessions").fetchone()[0])
    browser(app, omar).post(f"/console/account/sessions/{first}/end")
    assert browser(app, sara).get("/console/log").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/console/",
        "%2f%2fevil.example",
        "/console//evil.example",
        "/console/\r\nSet-Cookie: x=1",
        "/join",
        "console/log",
        "/console/" + "x" * 3000,
        "javascript:alert(1)",
        "",
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in(path: str) -> None:
    assert local(path) == "/console/today"


def test_a_deep_link_is_opened_after_signing_in(app: Flask, house: House) -> None:
    begun(house, "Sara")
    visitor = browser(app)
    where = visitor.get("/console/log?q=join&kind=text").headers["Location"]
    assert where == "/console/sign-in?next=%2Fconsole%2Flog%3Fq%3Djoin%26kind%3Dtext"
    page = visitor.get(where).text
    assert 'value="/console/log?q=join&amp;kind=text"' in page


def test_a_log_that_lies_open_does_not_keep_its_session_from_ending(app: Flask, house: House) -> None:
    operator = browser(app, begun(house, "Sara"))
    half_past = clock.written(clock.now() - timedelta(minutes=30))

    def seen(path: str) -> bool:
        house.store.write(lambda db: db.execute("UPDATE sessions SET seen_at = ?", (half_past,)))
        assert operator.get(path).status_code == 200
        return bool(house.store.read(lambda db: db.execute("SELECT seen_at FROM sessions").fetchone()[0]) > half_past)

    assert seen("/console/log")
    assert not seen("/console/log/fresh")
    assert not seen("/console/today/fresh")
