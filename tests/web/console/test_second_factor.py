"""The second factor: asked for after the password, each code once, recovery codes, and where it is required."""

from pathlib import Path

import pyotp
from flask import Flask
from operating import PASSWORD, begun, browser
from running import environment, set_up

from ivr import clock, create_app, second_factor
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.store import audit
from ivr.store import operators as table
from ivr.store.audit import Wanted

SIGN_IN = {"name": "Sara", "password": PASSWORD}


def actions(house: House) -> list[str]:
    """What the audit says, newest first."""
    return [entry.action for entry in house.store.read(lambda db: audit.newest(db, Wanted(), None)[0])]


def with_factor(house: House) -> pyotp.TOTP:
    """Sara with a second factor; returns her authenticator."""
    begun(house, "Sara")
    sara = house.store.read(lambda db: table.find(db, "Sara"))
    assert sara is not None
    phone = pyotp.TOTP(second_factor.secret_of(sara, house.settings.secret_key))
    second_factor.turn_on(house, sara, phone.now(), COMMAND_LINE, clock.now())
    house.store.write(lambda db: db.execute("UPDATE operators SET factor_step = 0"))
    return phone


def test_with_a_second_factor_the_password_alone_opens_nothing(app: Flask, house: House) -> None:
    phone, visitor = with_factor(house), browser(app)
    assert visitor.post("/console/sign-in", SIGN_IN).headers["Location"] == "/console/sign-in/code"
    assert visitor.get("/console/log").status_code == 303
    half = visitor.cookie()
    assert visitor.post("/console/sign-in/code", {"code": "000000"}).status_code == 401
    assert visitor.post("/console/sign-in/code", {"code": phone.now()}).status_code == 303
    assert visitor.get("/console/log").status_code == 200
    assert browser(app, half).get("/console/log").status_code == 303


def test_a_code_is_taken_once_and_one_of_another_time_is_told_from_a_wrong_one(app: Flask, house: House) -> None:
    phone, visitor = with_factor(house), browser(app)
    visitor.post("/console/sign-in", SIGN_IN)
    code = phone.now()
    visitor.post("/console/sign-in/code", {"code": code})
    again = browser(app)
    again.post("/console/sign-in", SIGN_IN)
    assert "already used" in again.post("/console/sign-in/code", {"code": code}).text
    early = phone.at(int(clock.now().timestamp()) - 300)
    assert "clock" in again.post("/console/sign-in/code", {"code": early}).text


def test_a_recovery_code_works_once(app: Flask, house: House) -> None:
    session = begun(house, "Sara")
    sara = house.store.read(lambda db: table.find(db, "Sara"))
    assert sara is not None
    phone = pyotp.TOTP(second_factor.secret_of(sara, house.settings.secret_key))
    page = browser(app, session).post("/console/account/second-factor", {"code": phone.now()}).text
    code = page.partition("<code>")[2].partition("</code>")[0]
    for status in (303, 401):
        visitor = browser(app)
        visitor.post("/console/sign-in", SIGN_IN)
        assert visitor.post("/console/sign-in/code", {"code": code.upper()}).status_code == status


def test_the_secret_of_a_factor_is_not_in_the_database(app: Flask, house: House) -> None:
    phone = with_factor(house)
    files = house.settings.database_path.parent.glob("third-ring.db*")
    dump = b"".join(file.read_bytes() for file in files)
    assert b"Sara" in dump
    assert phone.secret.encode() not in dump
    assert PASSWORD.encode() not in dump


def test_where_a_second_factor_is_required_nothing_opens_without_one(tmp_path: Path) -> None:
    app = create_app(set_up(environment(tmp_path, REQUIRE_SECOND_FACTOR="yes")))
    strict: House = app.extensions["house"]
    operator = browser(app, begun(strict, "Sara"))
    assert operator.get("/console/log").headers["Location"] == "/console/account"
    page = operator.get("/console/account")
    assert page.status_code == 200
    assert "second factor" in page.text
    sara = strict.store.read(lambda db: table.find(db, "Sara"))
    assert sara is not None
    phone = pyotp.TOTP(second_factor.secret_of(sara, strict.settings.secret_key))
    assert phone.secret in page.text
    assert operator.post("/console/account/second-factor", {"code": "123456"}).status_code == 422
    assert operator.post("/console/account/second-factor", {"code": phone.now()}).status_code == 200
    assert operator.get("/console/log").status_code == 200
    strict.store.close()


def test_turning_the_factor_off_needs_the_password_and_makes_a_new_secret(app: Flask, house: House) -> None:
    phone = with_factor(house)
    visitor = browser(app)
    visitor.post("/console/sign-in", SIGN_IN)
    visitor.post("/console/sign-in/code", {"code": phone.now()})
    assert visitor.post("/console/account/second-factor/off", {"old": "wrong"}).status_code == 422
    assert visitor.post("/console/account/second-factor/off", {"old": PASSWORD}).status_code == 303
    assert phone.secret not in visitor.get("/console/account").text
    assert actions(house)[0] == "second factor off"
