"""The lines in the console: a new one, its number pointed at us, and who may do what on it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from inside import rows
from operating import Browser, begun, browser
from running import ACCOUNT, NUMBER, TOKEN, environment, set_up

from ivr import clock, create_app, lines
from ivr.carrier.rest import Carrier
from ivr.house import House, account_of
from ivr.roles import Role
from ivr.simulator import Account, Simulator, serve
from ivr.store.lines import Line
from ivr.store.lines import everyone as all_lines

OTHER = "+442071838750"


@pytest.fixture
def admin(app: Flask, house: House) -> Browser:
    """An admin of everything."""
    return browser(app, begun(house, "Grace"))


@pytest.fixture
def beside_carrier(tmp_path: Path) -> Iterator[tuple[Flask, House, Simulator]]:
    """The application, and a carrier that answers."""
    with serve(Simulator(Account(ACCOUNT, TOKEN), [NUMBER], seed=1)) as running:
        app = create_app(set_up(environment(tmp_path, TWILIO_API_URL=running.url)))
        yield app, app.extensions["house"], running.simulator
        app.extensions["house"].store.close()


def known(house: House) -> list[Line]:
    """All lines."""
    return house.store.read(all_lines)


def test_a_line_is_added_and_then_its_number_is_looked_at(house: House, admin: Browser) -> None:
    form = {"number": "+20 100 123 4567", "name": "Ada", "name.ar": "آدا", "language": "", "country": ""}
    added = admin.post("/console/lines/new", form)
    line = known(house)[1]
    assert (added.status_code, added.location) == (303, f"/console/lines/{line.id}/number?added")
    assert (line.number, line.country, line.language) == ("+201001234567", "EG", "ar")
    assert line.wordings == {"name.ar": "آدا"}
    assert "Ada" in admin.get("/console/lines").text
    assert rows(house.store, "SELECT operator, subject FROM audit WHERE action = 'line added' AND operator_id") == [
        ("Grace", "+201001234567")
    ]


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"number": "hello"}, "number", "no phone number"),
        ({"number": ""}, "number", "no phone number"),
        ({"number": NUMBER}, "number", "a line already"),
        ({"name": " "}, "name", "1 to 60"),
        ({"name": "{link}"}, "name", "own link"),
        ({"name.ar": "{me}"}, "name.ar", "own link"),
        ({"country": "Egypt"}, "country", "two letters"),
    ],
)
def test_what_is_wrong_with_a_new_line_stands_beside_its_field(
    house: House, admin: Browser, form: dict[str, str], field: str, words: str
) -> None:
    good = {"number": OTHER, "name": "Second Figure", "name.ar": "", "language": "en", "country": "GB"}
    answer = admin.post("/console/lines/new", {**good, **form})
    assert answer.status_code == 422
    assert words in answer.text.partition(f'id="{field}-fault">')[2].partition("<")[0]
    assert f'value="{form.get("name", "Second Figure").strip()}"' in answer.text
    assert [line.number for line in known(house)] == [NUMBER]


def test_a_language_that_we_do_not_speak_is_refused(house: House, admin: Browser) -> None:
    answer = admin.post("/console/lines/new", {"number": OTHER, "name": "Second", "language": "xx"})
    assert (answer.status_code, len(known(house))) == (422, 1)


def test_the_number_is_pointed_at_us(beside_carrier: tuple[Flask, House, Simulator]) -> None:
    app, house, carrier = beside_carrier
    admin = browser(app, begun(house, "Grace"))
    assert "do not all come here yet" in admin.get("/console/lines/1/number").text
    assert admin.post("/console/lines/1/number").location == "/console/lines/1/number?pointed"
    page = admin.get("/console/lines/1/number").text
    assert "Everything is as it should be" in page and "&lt;Pause" in page
    carrier.text("+12025550143", NUMBER, "hello")
    assert rows(house.store, "SELECT operator FROM audit WHERE action = 'number pointed at us'") == [("Grace",)]


def test_a_carrier_that_may_have_changed_the_number_is_not_said_to_have_done_nothing(
    beside_carrier: tuple[Flask, House, Simulator],
) -> None:
    app, house, carrier = beside_carrier
    admin = browser(app, begun(house, "Grace"))
    carrier.misbehave({"numbers.update": ["500-after"]})
    answer = admin.post("/console/lines/1/number")
    assert (answer.status_code, "did not say whether it has" in answer.text) == (502, True)
    assert "Nothing was changed" not in answer.text
    assert "Everything is as it should be" in admin.get("/console/lines/1/number").text
    noted = rows(house.store, "SELECT operator, details FROM audit WHERE action = 'number pointed at us'")
    assert len(noted) == 1 and noted[0][0] == "Grace" and "HTTP 500" in noted[0][1]


def test_a_number_that_points_at_us_already_is_left_alone(beside_carrier: tuple[Flask, House, Simulator]) -> None:
    app, house, carrier = beside_carrier
    admin = browser(app, begun(house, "Grace"))
    assert admin.post("/console/lines/1/number").status_code == 303
    carrier.misbehave({"numbers.update": ["500-before"]})
    assert admin.post("/console/lines/1/number").location == "/console/lines/1/number?pointed"
    assert len(rows(house.store, "SELECT 1 FROM audit WHERE action = 'number pointed at us'")) == 1


def test_a_number_that_the_account_does_not_have_is_said_to_be_so(
    beside_carrier: tuple[Flask, House, Simulator],
) -> None:
    app, house, _ = beside_carrier
    admin = browser(app, begun(house, "Grace"))
    line = lines.add(house.store, OTHER, "Second Figure", clock.now())
    path = f"/console/lines/{line.id}/number"
    assert "account does not have this number" in admin.get(path).text
    answer = admin.post(path)
    assert (answer.status_code, "account does not have this number" in answer.text) == (502, True)
    assert rows(house.store, "SELECT 1 FROM audit WHERE action = 'number pointed at us'") == []


def test_a_carrier_that_does_not_answer_is_said_not_to(app: Flask, house: House, admin: Browser) -> None:
    silent = replace(house, carrier=Carrier(account_of(house.settings), timeout=0.5))
    app.extensions["house"] = silent
    assert "does not answer" in admin.get("/console/lines/1/number").text
    assert admin.post("/console/lines/1/number").status_code == 502


def test_somebody_is_invited_with_a_role_on_this_line_alone(app: Flask, house: House, admin: Browser) -> None:
    line = lines.add(house.store, OTHER, "Second Figure", clock.now())
    page = admin.post(f"/console/lines/{line.id}/operators", {"name": "Sara", "role": "writer"})
    assert (page.status_code, "/console/begin/" in page.text) == (200, True)
    assert rows(house.store, "SELECT line_id, role FROM operator_roles WHERE operator_id = 2") == [(line.id, "writer")]
    refused = admin.post(f"/console/lines/{line.id}/operators", {"name": "Omar", "role": "king"})
    assert (refused.status_code, 'value="Omar"' in refused.text) == (422, True)


def test_a_role_on_a_line_is_given_and_taken_and_those_elsewhere_stay(house: House, app: Flask, admin: Browser) -> None:
    line = lines.add(house.store, OTHER, "Second Figure", clock.now())
    begun(house, "Sara", Role.VIEWER, 1)
    path = f"/console/lines/{line.id}/operators/role"
    assert admin.post(path, {"name": "Sara", "role": "sender", "seen": ""}).status_code == 303
    held = "SELECT line_id, role FROM operator_roles WHERE operator_id = 2 ORDER BY line_id"
    assert rows(house.store, held) == [(1, "viewer"), (line.id, "sender")]
    late = admin.post(path, {"name": "Sara", "role": "admin", "seen": ""})
    assert (late.status_code, "changed meanwhile" in late.text) == (422, True)
    assert admin.post(path, {"name": "Sara", "role": "", "seen": "sender"}).status_code == 303
    assert rows(house.store, held) == [(1, "viewer")]
    assert admin.post(path, {"name": "Nobody", "role": "", "seen": ""}).status_code == 422


def test_an_admin_of_one_line_adds_none_and_invites_nobody(app: Flask, house: House) -> None:
    operator = browser(app, begun(house, "Sara", Role.ADMIN, 1))
    for path in ("new", "1/operators", "1/operators/role"):
        assert operator.post(f"/console/lines/{path}", {"number": OTHER, "name": "x"}).status_code == 403
    page = operator.get("/console/lines/1").text
    assert "/console/lines/1/operators" not in page and "/console/lines/1/number" in page
    assert len(known(house)) == 1
