"""The page of failures: why texts do not arrive, what was refused, who dials numbers that are no line."""

from datetime import datetime

import pytest
from flask import Flask
from inside import row_of, the_line
from operating import Browser, begun, browser
from running import PHONE

from ivr import clock
from ivr.house import House
from ivr.roles import Role
from ivr.store import Connection, calls, lines, messages, queue
from ivr.store.lines import Line
from ivr.store.queue import Event


@pytest.fixture
def viewer(app: Flask, house: House) -> Browser:
    """The browser of a viewer of the line."""
    return browser(app, begun(house, "Vera", Role.VIEWER, the_line(house.store).id))


def failed(house: House, line: Line, at: datetime, code: int | None, body: str = "Ada: {link}") -> int:
    """A text of ours that did not arrive."""
    moment = clock.written(at)

    def work(db: Connection) -> int:
        text = messages.compose(db, line, PHONE, moment, body, "reply", due_at=moment)
        queue.claim(db, moment, 1)
        queue.apply_event(db, text.id, Event(f"SM{text.id:032x}", moment, "undelivered", code))
        return text.id

    return house.store.write(work)


def test_each_reason_says_what_it_means_and_leads_to_its_texts(house: House, viewer: Browser, now: datetime) -> None:
    line = the_line(house.store)
    for _ in range(3):
        failed(house, line, now, 30003)
    assert row_of(house.store, failed(house, line, now, None, "without a code"))["status"] == "undelivered"
    page = viewer.get("/console/failures").text
    assert "The phone could not be reached" in page and "30003" in page
    assert page.index("/console/failures/30003") < page.index("/console/failures/unsaid")
    assert "without a code" in viewer.get("/console/failures/unsaid").text
    assert viewer.get("/console/failures/30003").text.count("Ada: {link}") == 3
    assert "without a code" not in viewer.get("/console/failures/doubt").text


def test_many_texts_of_a_reason_are_read_page_by_page(house: House, viewer: Browser, now: datetime) -> None:
    for number in range(120):
        failed(house, the_line(house.store), now, 30007, f"no. {number}.")
    pages = [viewer.get("/console/failures/30007").text]
    while 'rel="next"' in pages[-1]:
        after = pages[-1].partition('rel="next" href="')[2].partition('"')[0]
        pages.append(viewer.get("/console/failures/30007" + after).text)
    assert len(pages) == 3
    assert all(sum(page.count(f"no. {number}.") for page in pages) == 1 for number in range(120))


def test_failures_of_other_lines_are_not_told(house: House, viewer: Browser, now: datetime) -> None:
    house.store.write(lambda db: lines.add(db, Line("+442071838750", "Other", country="GB"), "x"))
    other = house.store.read(lambda db: lines.find(db, "+442071838750"))
    assert other
    failed(house, other, now, 30003, "of another line")
    assert "/console/failures/30003" not in viewer.get("/console/failures").text
    assert "of another line" not in viewer.get("/console/failures/30003").text


def test_refused_webhooks_are_told_and_strays_to_who_sees_all_lines(
    app: Flask, house: House, viewer: Browser, now: datetime
) -> None:
    client, base = app.test_client(), house.settings.public_url
    answer = client.post("/webhooks/sms", data=b"a=b", base_url=base, headers={"X-Twilio-Signature": "forged"})
    assert answer.status_code == 415
    forged = {"X-Twilio-Signature": "forged", "Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/webhooks/sms", data=b"a=b", base_url=base, headers=forged).status_code == 403
    house.refusals.write()
    house.store.write(lambda db: calls.note_stray(db, "call", "CA" + "1" * 32, "+15550100", PHONE, clock.written(now)))
    of_all_lines = browser(app, begun(house, "Grace", Role.VIEWER))
    for operator, sees_strays in ((of_all_lines, True), (viewer, False)):
        page = operator.get("/console/failures").text
        assert "Bad signature" in page and "Malformed" in page and "/webhooks/sms" in page and "127.0.0.1" in page
        assert ("+15550100" in page, "that are no line" in page) == (sees_strays, sees_strays)


@pytest.mark.parametrize("name", ["x", "0x10", "-1", "1" * 12, "%00"])
def test_a_reason_that_cannot_be_is_answered_in_words(viewer: Browser, name: str) -> None:
    assert viewer.get(f"/console/failures/{name}").status_code == 400
