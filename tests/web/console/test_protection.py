"""What protects operators' browsers: other sites' forms, frames, scripts, caches, large and broken forms."""

import re

import pytest
from flask import Flask
from operating import begun, browser

from ivr import create_app
from ivr.house import House
from ivr.web.posted_forms import address_of

PATHS = ("/console/sign-in", "/console/log", "/console/nothing", "/console/audit", "/console/export.csv")


@pytest.fixture
def session(app: Flask) -> str:
    """The session of an admin."""
    house: House = app.extensions["house"]
    return begun(house, "Sara")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
    ],
)
def test_forms_of_other_sites_are_refused_on_every_route(app: Flask, session: str, headers: dict[str, str]) -> None:
    posted = [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())]
    for rule in posted:
        if not rule.startswith("/console"):
            continue
        path = re.sub(r"<[^>]*>", "1", re.sub(r"<any\('(\w+)'[^>]*>", r"\1", rule))
        assert browser(app, session).post(path, {"language": "ar"}, **headers).status_code == 403, rule
    assert 'lang="en"' in browser(app, session).get("/console/log").text


def test_a_browser_without_fetch_metadata_is_known_by_its_origin(app: Flask, session: str) -> None:
    house: House = app.extensions["house"]
    headers = {"Sec-Fetch-Site": "", "Origin": house.settings.public_url}
    assert browser(app, session).post("/console/sign-out", **headers).status_code == 303


@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_has_the_headers_also_a_fault(app: Flask, session: str, signed_in: bool) -> None:
    for path in PATHS:
        answer = browser(app, session if signed_in else "").get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers.get("Cache-Control", "no-store")


def test_cookies_cannot_be_read_by_scripts_nor_sent_by_other_sites(app: Flask, session: str) -> None:
    answer = browser(app).post("/console/sign-in", {"name": "Sara", "password": "violet harbour tractor monday"})
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_with_tls_the_cookies_are_bound_to_the_host(tmp_path_factory: pytest.TempPathFactory) -> None:
    from running import environment, set_up

    folder = tmp_path_factory.mktemp("tls")
    app = create_app(set_up(environment(folder, PUBLIC_URL="https://line.example")))
    begun(app.extensions["house"], "Sara")
    form = {"name": "Sara", "password": "violet harbour tractor monday"}
    answer = browser(app).post("/console/sign-in", form)
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
    app.extensions["house"].store.close()


def test_large_repeated_and_foreign_forms_are_refused(app: Flask, session: str) -> None:
    operator = browser(app, session)
    assert operator.post("/console/sign-in", {"name": "x" * 20_000}).status_code == 413
    client = app.test_client()
    base = app.extensions["house"].settings.public_url
    headers = {"Sec-Fetch-Site": "same-origin"}
    json = client.post("/console/sign-in", json={"name": "x"}, base_url=base, headers=headers)
    twice = client.post(
        "/console/sign-in",
        data="name=a&name=b",
        base_url=base,
        headers=headers,
        content_type="application/x-www-form-urlencoded",
    )
    assert (json.status_code, twice.status_code) == (415, 400)


def test_the_visitors_address_is_what_our_own_proxy_says_and_nobody_else() -> None:
    told = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 192.0.2.1"}
    assert address_of(told, 0) == "127.0.0.1"
    assert address_of(told, 1) == "192.0.2.1"
    assert address_of({**told, "HTTP_X_FORWARDED_FOR": "nonsense"}, 1) == "127.0.0.1"
    assert address_of({"REMOTE_ADDR": "127.0.0.1"}, 1) == "127.0.0.1"


def test_a_page_that_is_asked_for_by_a_script_after_the_session_says_401(app: Flask) -> None:
    assert browser(app).get("/console/log/fresh", **{"Sec-Fetch-Dest": "empty"}).status_code == 401
