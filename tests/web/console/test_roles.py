"""Every route of the console with every role: who may enter, on the lines that are theirs, and nobody else."""

import re

import pytest
from flask import Flask
from operating import begun, browser
from running import NUMBER

from ivr import clock
from ivr.house import House
from ivr.roles import Role
from ivr.store import calls, lines
from ivr.store.calls import Call
from ivr.store.lines import Line
from ivr.web import DOORS

OTHER = "+442071838750"
PUBLIC = {"/console/sign-in", "/console/sign-in/code", "/console/begin/<token>"}
NEEDS = {
    "today": Role.VIEWER,
    "log": Role.VIEWER,
    "contact": Role.VIEWER,
    "people": Role.VIEWER,
    "person": Role.VIEWER,
    "person_changes": Role.WRITER,
    "person_erasing": Role.ADMIN,
    "waiting": Role.VIEWER,
    "waiting_changes": Role.WRITER,
    "posters": Role.VIEWER,
    "segments": Role.WRITER,
    "failures": Role.VIEWER,
    "greetings": Role.VIEWER,
    "uploading": Role.ADMIN,
    "calibration": Role.ADMIN,
    "lines": Role.VIEWER,
    "new_line": Role.ADMIN,
    "line": Role.VIEWER,
    "line_changes": Role.ADMIN,
    "line_number": Role.ADMIN,
    "line_operators": Role.ADMIN,
    "line_photos": Role.ADMIN,
    "replies": Role.VIEWER,
    "reply_changes": Role.ADMIN,
    "exporting": Role.WRITER,
    "audit": Role.ADMIN,
    "operators": Role.ADMIN,
}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Every route of the console: blueprint, method, rule."""
    return [
        (rule.endpoint.partition(".")[0], method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/console")
        for method in (rule.methods or set()) & {"GET", "POST"}
    ]


def filled(rule: str) -> str:
    """A path of a rule."""
    return re.sub(r"<[^>]*>", "7", re.sub(r"<any\('(\w+)[^>]*>", r"\1", rule))


def test_every_blueprint_of_the_console_has_a_role_here() -> None:
    console = {door.blueprint.name for door in DOORS if door.prefix == "/console"}
    assert console == {*NEEDS, "entrance", "account"}


def test_nobody_who_has_not_signed_in_gets_past_the_entrance(app: Flask) -> None:
    for _, method, rule in routes(app):
        if rule in PUBLIC:
            continue
        visitor = browser(app)
        answer = visitor.get(filled(rule)) if method == "GET" else visitor.post(filled(rule))
        assert answer.status_code == 303, rule
        assert answer.headers["Location"].startswith("/console/sign-in"), rule


@pytest.mark.parametrize("role", Role)
def test_each_role_enters_what_it_may_and_nothing_else(app: Flask, role: Role) -> None:
    operator = browser(app, begun(app.extensions["house"], "Sara", role))
    for blueprint, method, rule in routes(app):
        if rule in PUBLIC or blueprint == "account":
            continue
        answer = operator.get(filled(rule)) if method == "GET" else operator.post(filled(rule))
        allowed = role >= NEEDS[blueprint]
        assert (answer.status_code == 403) != allowed, (rule, answer.status_code)
        assert answer.status_code < 500


def test_an_admin_of_one_line_is_no_admin_of_the_installation(app: Flask) -> None:
    house: House = app.extensions["house"]
    line = house.store.read(lambda db: lines.find(db, NUMBER))
    assert line is not None
    operator = browser(app, begun(house, "Sara", Role.ADMIN, line.id))
    assert operator.get("/console/operators").status_code == 403
    assert operator.get("/console/audit").status_code == 403
    assert operator.get("/console/log").status_code == 200


def test_nothing_of_one_line_is_seen_by_an_operator_of_another(app: Flask) -> None:
    house: House = app.extensions["house"]
    at = clock.written(clock.now())
    house.store.write(lambda db: lines.add(db, Line(OTHER, "Other Figure", country="GB"), at))
    other = house.store.read(lambda db: lines.find(db, OTHER))
    mine = house.store.read(lambda db: lines.find(db, NUMBER))
    assert other and mine
    call = Call(other.id, "CA" + "9" * 32, "+12025550199", at, "completed", "greeting")
    house.store.write(lambda db: calls.receive(db, [call]))
    stranger = browser(app, begun(house, "Sara", Role.SENDER, mine.id))
    owner = browser(app, begun(house, "Omar", Role.SENDER, other.id))
    for path in ("/console/log", f"/console/export.json?line={OTHER}", "/console/export.json", "/console/log/fresh"):
        assert "555-0199" not in stranger.get(path).text
        assert "5550199" not in stranger.get(path).text
    for path in (f"/console/contacts/{call.sid}", f"/console/people/{other.id}/+12025550199"):
        assert stranger.get(path).status_code == 404
        assert owner.get(path).status_code == 200
    assert "555-0199" in owner.get("/console/log").text
    assert "5550199" in owner.get("/console/export.json").text
