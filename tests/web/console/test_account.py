"""An operator's own account, as who finds a browser signed in would try it."""

import pytest
from flask import Flask
from inside import the_line
from operating import PASSWORD, begun, browser
from running import environment, set_up

from ivr import create_app
from ivr.house import House
from ivr.roles import Role
from ivr.store import operators as table

NEW = "another harbour tractor tuesday"


@pytest.mark.parametrize(
    ("path", "wrong", "right"),
    [
        ("password", {"old": "wrong", "password": NEW, "again": NEW}, {"old": PASSWORD, "password": NEW, "again": NEW}),
        ("second-factor", {"code": "000000"}, {"code": "000000"}),
        ("second-factor/off", {"old": "wrong"}, {"old": PASSWORD}),
    ],
)
def test_a_session_is_no_place_to_guess(
    app: Flask, house: House, path: str, wrong: dict[str, str], right: dict[str, str]
) -> None:
    operator, elsewhere = browser(app, begun(house, "Sara")), browser(app)
    for _ in range(5):
        assert operator.post(f"/console/account/{path}", wrong).status_code == 422
    answer = operator.post(f"/console/account/{path}", right)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "Too many tries" in answer.text
    assert elsewhere.post("/console/sign-in", {"name": "Sara", "password": PASSWORD}).status_code == 303
    assert elsewhere.post(f"/console/account/{path}", wrong).status_code == 422


@pytest.mark.parametrize("page", ["/console/account", "/console/operators"])
def test_roles_are_told_in_the_readers_language(app: Flask, house: House, page: str) -> None:
    admin = browser(app, begun(house, "Sara"))
    begun(house, "Omar", Role.VIEWER, the_line(house.store).id)
    assert "admin: operators, lines, audit · <bdi>All lines</bdi>" in admin.get(page).text
    admin.post("/console/account/language", {"language": "ar"})
    text = admin.get(page).text
    assert "مدير: المشغّلون والخطوط والتدقيق · <bdi>كل الخطوط</bdi>" in text
    assert "admin on" not in text


def test_nobody_makes_a_link_for_themselves(app: Flask, house: House) -> None:
    admin = browser(app, begun(house, "Sara"))
    sara = house.store.read(lambda db: table.find(db, "Sara"))
    assert sara is not None
    answer = admin.post(f"/console/operators/{sara.id}/link")
    assert answer.status_code == 403
    assert "/console/begin/" not in answer.text
    assert admin.get("/console/operators").status_code == 200


def test_signing_out_takes_the_cookie_away_also_with_tls(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A browser ignores a `Set-Cookie` for a `__Host-` name that is not `Secure`."""
    app = create_app(set_up(environment(tmp_path_factory.mktemp("tls"), PUBLIC_URL="https://ring.example.org")))
    house: House = app.extensions["house"]
    client = app.test_client()
    client.set_cookie("__Host-third-ring-session", begun(house, "Sara"), domain="ring.example.org", secure=True)
    answer = client.post(
        "/console/sign-out",
        base_url="https://ring.example.org",
        headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 303
    gone = answer.headers["Set-Cookie"]
    assert gone.startswith("__Host-third-ring-session=;")
    assert "Max-Age=0" in gone and "Secure" in gone and "Path=/" in gone
    house.store.close()
