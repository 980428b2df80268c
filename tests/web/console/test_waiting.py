"""The waiting room in the console: who waits, since when, what they wrote; reminded one by one or a page at once."""

import pytest
from flask import Flask
from inside import person_of, rows
from operating import Browser, begun, browser
from reminding import nudges_of, texted
from running import PHONE
from the_people import Crowd

from ivr import clock, lines
from ivr.house import House
from ivr.roles import Role

CALLER, HOSTILE = "+12025550112", "<script>alert(1)</script>"


@pytest.fixture
def crowd(house: House) -> Crowd:
    """Somebody who texted, somebody who called, and a member."""
    made = Crowd(house, clock.now())
    texted(house, PHONE, clock.now(), HOSTILE)
    made.stranger(CALLER)
    made.member("+12025550113")
    return made


@pytest.fixture
def writer(app: Flask, house: House, crowd: Crowd) -> Browser:
    """A writer."""
    return browser(app, begun(house, "Grace", Role.WRITER))


def test_the_waiting_room_shows_who_waits_and_what_they_wrote(house: House, writer: Browser) -> None:
    page = writer.get("/console/waiting").text
    assert "Waiting: 2" in page and "555-0112" in page and "&lt;script&gt;" in page and "<script>alert" not in page
    assert "555-0113" not in page
    assert "555-0112" not in writer.get("/console/waiting?wrote=yes").text
    assert "&lt;script&gt;" not in writer.get("/console/waiting?wrote=no").text
    assert "Waiting room: 2" in writer.get("/console/people").text
    assert "has not texted" in page


def test_one_is_reminded_and_the_page_says_when_it_goes(house: House, writer: Browser) -> None:
    form = {"line": "1", "people": str(person_of(house.store, PHONE).id)}
    sent = writer.post("/console/waiting/remind", form)
    assert sent.status_code == 303
    page = writer.get(sent.headers["Location"]).text
    assert "Reminders on their way: 1." in page and "The reminder goes" in page
    again = writer.post("/console/waiting/remind", form)
    assert (again.status_code, "was reminded" in again.text) == (422, True)
    assert len(nudges_of(house)) == 1


def test_a_whole_page_is_reminded_and_who_cannot_be_is_told(house: House, writer: Browser) -> None:
    ids = " ".join(str(person_of(house.store, number).id) for number in (PHONE, CALLER))
    sent = writer.post("/console/waiting/remind", {"line": "1", "people": ids, "wrote": "yes"})
    assert sent.headers["Location"].endswith("wrote=yes&going=1&staying=1")
    assert "Not reminded: 1." in writer.get(sent.headers["Location"]).text
    assert (len(nudges_of(house)), len(nudges_of(house, CALLER))) == (1, 0)


@pytest.mark.parametrize("people", ["", "x", "9" * 30, "-1", "9 9 9", "1" * 5000])
def test_nonsense_reminds_nobody(house: House, writer: Browser, people: str) -> None:
    assert writer.post("/console/waiting/remind", {"line": "1", "people": people}).status_code < 500
    assert nudges_of(house) == []


def test_pages_go_on(house: House, crowd: Crowd, writer: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.web.console.waiting.MOST", 1)
    first = writer.get("/console/waiting").text
    assert "555-0112" in first and "Earlier" not in first.partition('rel="next"')[0]
    onward = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "&lt;script&gt;" in writer.get(onward).text


def test_viewers_see_and_remind_nobody_and_nobody_sees_another_line(app: Flask, house: House, crowd: Crowd) -> None:
    viewer = browser(app, begun(house, "Vera", Role.VIEWER))
    assert "Remind" not in viewer.get("/console/waiting").text.replace("Reminde", "")
    form = {"line": "1", "people": str(person_of(house.store, PHONE).id)}
    assert viewer.post("/console/waiting/remind", form).status_code == 403
    lines.add(house.store, "+442071838750", "Other", clock.now())
    other = browser(app, begun(house, "Olga", Role.ADMIN, 2))
    assert "Nobody is waiting" in other.get("/console/waiting").text
    assert other.get("/console/waiting?line=1").status_code == 404
    assert other.post("/console/waiting/remind", form).status_code == 404
    other.post("/console/waiting/remind", {**form, "line": "2"})
    assert nudges_of(house) == [] == rows(house.store, "SELECT 1 FROM audit WHERE action = 'person reminded'")
