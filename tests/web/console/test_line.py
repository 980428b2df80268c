"""A line in the console: looked at by who may see it, changed by its admins, field by field, and taken back."""

import re
from io import BytesIO

import pytest
from flask import Flask
from inside import rows, the_line
from operating import Browser, begun, browser
from running import NUMBER

from ivr import clock, lines
from ivr.house import House
from ivr.roles import Role
from ivr.web.console import line_forms
from ivr.web.console.line_forms import SECTIONS

JPEG = b"\xff\xd8\xff\xe0" + bytes(200)


@pytest.fixture
def admin(app: Flask, house: House) -> Browser:
    """An admin of everything."""
    return browser(app, begun(house, "Grace"))


def form(house: House, section: str, **values: str | None) -> dict[str, str]:
    """The form of a page as it is filled at first, with other values; None: a box that is not checked."""
    line = the_line(house.store)
    filled = {"seen": str(line.version), **line_forms.filled(SECTIONS[section], line)}
    return {name: value for name, value in {**filled, **values}.items() if value is not None}


def told(page: str, field: str) -> str:
    """What stands beside a field."""
    found = re.search(rf'id="{re.escape(field)}-fault">([^<]*)<', page)
    return found[1] if found else ""


def test_every_page_of_a_line_is_there_for_who_may_see_it_and_for_nobody_else(app: Flask, house: House) -> None:
    other = lines.add(house.store, "+442071838750", "Second Figure", clock.now())
    viewer = browser(app, begun(house, "Ada", Role.VIEWER, the_line(house.store).id))
    for path in ("", *(f"/{name}" for name in SECTIONS), "/history", "/rings?rings=2"):
        page = viewer.get(f"/console/lines/1{path}")
        assert page.status_code == 200
        assert 'method="post"' not in page.text.partition("<main")[2]
        assert viewer.get(f"/console/lines/{other.id}{path}").status_code == 404
        assert viewer.get(f"/console/lines/{2**70}{path}").status_code == 404


@pytest.mark.parametrize("path", [*SECTIONS, "undo", "photo/remove", "photo"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.WRITER, Role.SENDER])
def test_only_admins_of_a_line_change_it(app: Flask, house: House, path: str, role: Role) -> None:
    operator = browser(app, begun(house, "Ada", role))
    assert operator.post(f"/console/lines/1/{path}", {"rings": "5"}).status_code == 403
    somebody = begun(house, "Eve", Role.ADMIN, lines.add(house.store, "+442071838750", "Other", clock.now()).id)
    assert browser(app, somebody).post(f"/console/lines/1/{path}", {"rings": "5"}).status_code in (404, 415)
    assert the_line(house.store).version == 1


@pytest.mark.parametrize(
    ("section", "values", "kept"),
    [
        ("card", {"name": "Ada E.", "name.ar": "آدا", "country": "gb"}, {"name": "Ada E.", "country": "GB"}),
        ("calls", {"rings": "5", "adjust": "-٢", "says_keys": None}, {"rings": 5, "adjust": -2, "says_keys": False}),
        ("calls", {"takes_messages": "yes", "cadence": "caller"}, {"takes_messages": True, "cadence": "caller"}),
        ("texts", {"countries": "us, eg،ca", "ceiling": "60"}, {"countries": ("US", "EG", "CA"), "ceiling": 60}),
        ("texts", {"segment_price": "٠٫٠٠٨٣", "currency": "egp"}, {"segment_price": "0.0083", "currency": "EGP"}),
        ("texts", {"opens": "12", "closes": "16", "nudges": "yes"}, {"opens": 12, "closes": 16, "nudges": True}),
        ("sign-up", {"required.born": None, "required.city": "yes"}, {"required": ("city",)}),
        ("sign-up", {"privacy_url": "https://ada.example/privacy"}, {"privacy_url": "https://ada.example/privacy"}),
        ("keeping", {"keep_texts": "365", "keep_refusals": "7"}, {"keep_texts": 365, "keep_refusals": 7}),
    ],
)
def test_what_a_form_says_becomes_so_and_is_taken_back(
    house: House, admin: Browser, section: str, values: dict[str, str | None], kept: dict[str, object]
) -> None:
    before = the_line(house.store)
    saved = admin.post(f"/console/lines/1/{section}", form(house, section, **values))
    assert (saved.status_code, saved.location) == (303, f"/console/lines/1/{section}?saved=2")
    line = the_line(house.store)
    assert {name: getattr(line, name) for name in kept} == kept
    page = admin.get(saved.location).text
    assert "It holds from the next call or text on." in page and 'name="version" value="2"' in page
    assert admin.post("/console/lines/1/undo", {"version": "2"}).location == "/console/lines/1/history?undone"
    undone = the_line(house.store)
    assert (undone.version, {**undone.__dict__, "version": 1}) == (3, before.__dict__)


def test_a_form_that_changes_nothing_is_no_version(house: House, admin: Browser) -> None:
    for section in SECTIONS:
        assert admin.post(f"/console/lines/1/{section}", form(house, section)).location.endswith("?saved")
    assert the_line(house.store).version == 1


@pytest.mark.parametrize(
    ("section", "values", "faults"),
    [
        ("card", {"name": " ", "country": "ZZ"}, {"name": "1 to 60 characters", "country": "two letters"}),
        ("card", {"name.ar": "{me}"}, {"name.ar": "own link"}),
        ("calls", {"rings": "seven", "adjust": "9" * 400}, {"rings": "whole number", "adjust": "whole number"}),
        ("calls", {"adjust": "-15"}, {"adjust": "within 1 to 60"}),
        ("calls", {"adjust": "31", "rings": "9"}, {"adjust": "At most 30", "rings": "0 to 6"}),
        ("texts", {"ceiling": "0", "countries": "USA"}, {"ceiling": "At least one", "countries": "two letters"}),
        ("texts", {"opens": "3", "currency": "dollars"}, {"closes": "later end", "currency": "three letters"}),
        ("sign-up", {"minimum_age": "200", "terms_url": "javascript:x"}, {"minimum_age": "0 to 120"}),
        ("keeping", {"keep_texts": "-1", "keep_refusals": ""}, {"keep_refusals": "whole number"}),
        ("keeping", {"keep_texts": "0", "keep_voice": "10000000"}, {"keep_texts": "one day", "keep_voice": "one day"}),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    house: House, admin: Browser, section: str, values: dict[str, str], faults: dict[str, str]
) -> None:
    before = the_line(house.store)
    answer = admin.post(f"/console/lines/1/{section}", form(house, section, **values))
    assert answer.status_code == 422
    for field, words in faults.items():
        assert words in told(answer.text, field)
    typed = [value for value in values.values() if 1 < len(value) < 20 and value.isalnum() and value != "seven"]
    assert all(value in answer.text for value in typed)
    assert the_line(house.store) == before


def test_two_people_who_change_different_things_at_once_both_do(house: House, admin: Browser, app: Flask) -> None:
    other = browser(app, begun(house, "Ada"))
    mine, theirs = form(house, "calls", rings="5"), form(house, "calls", adjust="1")
    assert admin.post("/console/lines/1/calls", mine).status_code == 303
    assert other.post("/console/lines/1/calls", theirs).status_code == 303
    assert (the_line(house.store).rings, the_line(house.store).adjust) == (5, 1)


def test_who_would_overwrite_another_sees_both_and_can_still_do_it(house: House, admin: Browser, app: Flask) -> None:
    other = browser(app, begun(house, "Ada"))
    late = form(house, "calls", rings="5", takes_messages="yes")
    assert other.post("/console/lines/1/calls", form(house, "calls", rings="2", adjust="1")).status_code == 303
    answer = admin.post("/console/lines/1/calls", late)
    assert answer.status_code == 409
    assert "Ada has changed the same meanwhile" in answer.text
    assert told(answer.text, "rings") == "In force now: 2"
    assert the_line(house.store).rings == 2
    again = re.search(r'name="seen" value="(\d+)"', answer.text)
    assert again and '<option value="5" selected>' in answer.text
    sent = {**late, "seen": again[1], "adjust": re.findall(r'name="adjust" value="([^"]*)"', answer.text)[0]}
    assert admin.post("/console/lines/1/calls", sent).status_code == 303
    line = the_line(house.store)
    assert (line.rings, line.adjust, line.takes_messages) == (5, 1, True)


def test_a_change_that_was_changed_again_is_not_taken_back_and_it_is_said_by_whom(
    house: House, admin: Browser, app: Flask
) -> None:
    admin.post("/console/lines/1/calls", form(house, "calls", rings="5"))
    browser(app, begun(house, "Ada")).post("/console/lines/1/calls", form(house, "calls", rings="2"))
    answer = admin.post("/console/lines/1/undo", {"version": "2"})
    assert (answer.status_code, "Ada has changed the same again since" in answer.text) == (409, True)
    assert the_line(house.store).rings == 2


@pytest.mark.parametrize("version", ["", "1", "99", "x", "9" * 40, "-1"])
def test_a_change_that_never_was_is_not_taken_back(house: House, admin: Browser, version: str) -> None:
    assert admin.post("/console/lines/1/undo", {"version": version}).status_code == 422


def test_a_picture_is_put_on_the_card_seen_taken_off_and_brought_back(house: House, admin: Browser) -> None:
    sent = admin.send("/console/lines/1/photo", {}, {"photo": (BytesIO(JPEG), "ada.jpg")})
    assert sent.status_code == 303
    digest = the_line(house.store).photo
    seen = admin.get(f"/console/lines/1/photos/{digest}")
    assert (seen.data, seen.content_type) == (JPEG, "image/jpeg")
    assert admin.get("/console/lines/1/photos/none").status_code == 404
    admin.post("/console/lines/1/photo/remove")
    assert the_line(house.store).photo == ""
    admin.post("/console/lines/1/undo", {"version": "3"})
    assert the_line(house.store).photo == digest


def test_a_picture_that_somebody_else_put_there_is_not_overwritten_unseen(
    app: Flask, house: House, admin: Browser
) -> None:
    other, seen = browser(app, begun(house, "Edsger")), str(the_line(house.store).version)
    assert f'name="seen" value="{seen}"' in admin.get("/console/lines/1/card").text
    other.send("/console/lines/1/photo", {"seen": seen}, {"photo": (BytesIO(JPEG), "ada.jpg")})
    digest = the_line(house.store).photo
    sent = admin.send("/console/lines/1/photo", {"seen": seen}, {"photo": (BytesIO(JPEG + b"1"), "ada.jpg")})
    assert (sent.status_code, "Edsger has changed the same" in sent.text) == (409, True)
    version = str(the_line(house.store).version)
    other.send("/console/lines/1/photo", {"seen": version}, {"photo": (BytesIO(JPEG + b"2"), "ada.jpg")})
    assert admin.post("/console/lines/1/photo/remove", {"seen": version}).status_code == 409
    assert the_line(house.store).photo not in ("", digest)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"GIF89a", "JPEG or PNG"), (b"", "JPEG or PNG"), (JPEG + bytes(210_000), "at most 200 kB")],
)
def test_what_is_no_picture_is_refused_in_words(house: House, admin: Browser, content: bytes, words: str) -> None:
    sent = admin.send("/console/lines/1/photo", {}, {"photo": (BytesIO(content), "ada.jpg")})
    assert (sent.status_code, words in sent.text) == (422, True)
    announced = admin.send_announced("/console/lines/1/photo", 2_000_000)
    assert (announced.status_code, "at most 200 kB" in announced.text) == (413, True)
    assert the_line(house.store).photo == ""


def test_the_history_says_who_changed_what_from_what_to_what(house: House, admin: Browser) -> None:
    lines.change(house.store, NUMBER, words={"help.ar": "اسألوا {name}."}, countries=("EG",), nudges=True)
    admin.post("/console/lines/1/calls", form(house, "calls", rings="5"))
    page = admin.get("/console/lines/1/history").text
    for words in ("Grace", "command line", "Rings before the greeting", "اسألوا {name}.", "(Arabic)", "Egypt", "ours"):
        assert words in page
    assert admin.get("/console/lines/1/history?before=2").status_code == 200
    assert admin.get("/console/lines/1/history?before=" + "9" * 30).status_code == 200
    assert rows(house.store, "SELECT operator FROM audit WHERE action = 'line changed'") == [
        ("command line",),
        ("Grace",),
    ]


def test_the_picture_of_the_rings_follows_the_form(admin: Browser) -> None:
    two, four = (admin.get(f"/console/lines/1/rings?rings={rings}&adjust=0").text for rings in (2, 4))
    assert two.count('class="bar-wanted"') > 0 and two != four
    assert "answers at once" in admin.get("/console/lines/1/rings?rings=0&adjust=0").text
    for odd in ("rings=99&adjust=x", "", "rings=3&adjust=4000"):
        assert admin.get(f"/console/lines/1/rings?{odd}").status_code == 200
