"""Who may enter is one table: every path is behind a door of it, and what is not in it is refused."""

from typing import Any

import pytest
from flask import Blueprint, Flask

from ivr.web import DOORS
from ivr.web.guards import carrier_only, known_host

GUARDS = {door.blueprint.name: door.guards for door in DOORS}
PATHS = {
    "/",
    "/join",
    "/j/<token>",
    "/card/<number>.vcf",
    "/audio/<digest>.wav",
    "/static/<path:filename>",
    "/healthz",
    "/readyz",
    "/privacy",
    "/privacy/<number>",
    "/me/<token>",
    "/me/<token>/everything",
    "/me/<token>/everything.json",
    "/me/<token>/voice/<sid>.wav",
    "/me/<token>/leave",
    "/me/<token>/erase",
    "/webhooks/voice",
    "/webhooks/voice/menu",
    "/webhooks/voice/recording",
    "/webhooks/voice/recorded",
    "/webhooks/voice/status",
    "/webhooks/voice/greeting/code",
    "/webhooks/voice/greeting/recorded",
    "/webhooks/voice/greeting/choice",
    "/webhooks/sms",
    "/webhooks/sms/status",
}

POSTED = {"signup.join", "joining.send", "own_page.correct", "own_page.leave", "own_page.erase"}
"""Forms of people who have a personal link."""

CONSOLE_PATHS = {
    "/console/",
    "/console/begin/<token>",
    "/console/sign-in",
    "/console/sign-in/code",
    "/console/sign-out",
    "/console/account",
    "/console/account/form",
    "/console/account/language",
    "/console/account/password",
    "/console/account/second-factor",
    "/console/account/second-factor/off",
    "/console/account/sessions/<int:session_id>/end",
    "/console/today",
    "/console/today/fresh",
    "/console/today/sign-ups",
    "/console/today/opt-outs",
    "/console/today/people",
    "/console/log",
    "/console/log/more",
    "/console/log/fresh",
    "/console/contacts/<sid>",
    "/console/lines/<int:line_id>/joining",
    "/console/lines/<int:line_id>/joining/qr.svg",
    "/console/lines/<int:line_id>/joining/qr.png",
    "/console/people",
    "/console/people/segments",
    "/console/people/segments/remove",
    "/console/people/<int:line_id>/<number>",
    "/console/people/<int:line_id>/<number>/block",
    "/console/people/<int:line_id>/<number>/count",
    "/console/people/<int:line_id>/<number>/erase",
    "/console/people/<int:line_id>/<number>/lift",
    "/console/people/<int:line_id>/<number>/link",
    "/console/people/<int:line_id>/<number>/notes",
    "/console/people/<int:line_id>/<number>/notes/remove",
    "/console/people/<int:line_id>/<number>/opt-out",
    "/console/people/<int:line_id>/<number>/tags",
    "/console/people/<int:line_id>/<number>/tags/remove",
    "/console/people/<int:line_id>/<number>/take-back",
    "/console/people/<int:line_id>/<number>/unblock",
    "/console/people/<int:line_id>/<number>/write",
    "/console/waiting",
    "/console/waiting/remind",
    "/console/voice-messages/<sid>.wav",
    "/console/pictures/<int:message_id>/<int:position>",
    "/console/failures",
    "/console/failures/<code>",
    "/console/export.csv",
    "/console/export.json",
    "/console/greetings",
    "/console/greetings/back",
    "/console/greetings/code",
    "/console/greetings/new",
    "/console/greetings/<int:greeting_id>",
    "/console/greetings/<int:greeting_id>/activate",
    "/console/greetings/<int:greeting_id>/heard.wav",
    "/console/greetings/<int:greeting_id>/notes",
    "/console/greetings/<int:greeting_id>/original",
    "/console/greetings/<int:greeting_id>/remove",
    "/console/lines/<int:line_id>/calibrate",
    "/console/lines/<int:line_id>/calibrate/undo",
    "/console/lines",
    "/console/lines/<int:line_id>",
    "/console/lines/<int:line_id>/<any('card', 'calls', 'texts', 'sign-up', 'keeping'):name>",
    "/console/lines/<int:line_id>/history",
    "/console/lines/<int:line_id>/number",
    "/console/lines/<int:line_id>/operators",
    "/console/lines/<int:line_id>/operators/role",
    "/console/lines/<int:line_id>/photo",
    "/console/lines/<int:line_id>/photo/remove",
    "/console/lines/<int:line_id>/photos/<digest>",
    "/console/lines/<int:line_id>/rings",
    "/console/lines/<int:line_id>/undo",
    "/console/lines/new",
    "/console/lines/<int:line_id>/replies",
    "/console/lines/<int:line_id>/replies/count",
    "/console/audit",
    "/console/operators",
    "/console/operators/<int:operator_id>/link",
    "/console/operators/<int:operator_id>/disable",
    "/console/operators/<int:operator_id>/enable",
}


def ask(app: Flask, path: str, method: str = "GET") -> Any:
    """A request for our own host."""
    return app.test_client().open(path, method=method, base_url=app.extensions["house"].settings.public_url)


def test_every_path_is_behind_a_door(app: Flask) -> None:
    assert {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules()} == set(GUARDS)


def test_there_are_these_paths_and_no_others(app: Flask) -> None:
    assert {rule.rule for rule in app.url_map.iter_rules()} == PATHS | CONSOLE_PATHS


def test_what_the_carrier_asks_is_behind_its_door_and_is_posted(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/webhooks/")]
    assert len(rules) == 10
    for rule in rules:
        assert GUARDS[rule.endpoint.partition(".")[0]] == (known_host, carrier_only)
        assert (rule.methods or set()) - {"OPTIONS"} == {"POST"}


def test_only_what_watches_us_may_use_any_name(app: Flask) -> None:
    assert {name for name, guards in GUARDS.items() if known_host not in guards} == {"probes"}


def test_what_is_not_posted_is_only_read(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(("/webhooks/", "/console/")) and rule.endpoint not in POSTED:
            assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_blueprint_that_is_not_in_the_table_is_refused(app: Flask, method: str) -> None:
    back_door = Blueprint("back_door", __name__)
    back_door.add_url_rule("/back", "open", lambda: "you are in", methods=["GET", "POST"])
    app.register_blueprint(back_door)
    answer = ask(app, "/back", method)
    assert answer.status_code == 404
    assert "you are in" not in answer.text


def test_a_door_inside_another_does_not_inherit_its_guards(app: Flask) -> None:
    outer, inner = Blueprint("pages2", __name__), Blueprint("pages", __name__)
    inner.add_url_rule("/inner", "open", lambda: "you are in")
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    assert ask(app, "/inner").status_code == 404


def test_a_path_of_the_application_itself_is_refused(app: Flask) -> None:
    app.add_url_rule("/window", "window", lambda: "you are in")
    assert ask(app, "/window").status_code == 404


def test_alive_and_ready_say_so_and_nothing_else(app: Flask) -> None:
    for path in ("/healthz", "/readyz"):
        answer = ask(app, path)
        assert (answer.status_code, answer.text) == (200, "ok\n")
        assert answer.headers["Cache-Control"] == "no-store"
