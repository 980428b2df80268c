"""What the audit says of looks at many people at once, how it is searched, and what a spreadsheet would run."""

import csv
import io
from datetime import datetime

import pytest
from flask import Flask
from inside import received, the_line
from operating import Browser, begun, browser
from running import NUMBER, PHONE

from ivr.carrier.inbound import IncomingText
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.store import audit
from ivr.store.audit import Actor, Wanted

SID = "MM" + "2" * 32


@pytest.fixture
def admin(app: Flask, house: House) -> Browser:
    """The browser of an admin."""
    return browser(app, begun(house, "Sara"))


def noted(house: House, action: str) -> list[dict[str, object]]:
    """The details of every entry of this kind, newest first."""
    return [one.details for one in house.store.read(lambda db: audit.newest(db, Wanted(action=action), None)[0])]


def test_the_rows_of_a_search_that_goes_on_are_noted_too(house: House, admin: Browser, now: datetime) -> None:
    assert admin.get("/console/log/more").status_code == 200
    assert noted(house, "log looked at") == []
    received(house, IncomingText(SID, PHONE, NUMBER, "hello"), now)
    assert admin.get("/console/log/more?kind=text").status_code == 200
    assert noted(house, "log looked at") == [{"kind": "text", "rows": 1}]


def test_a_look_at_texts_that_failed_is_noted(house: House, admin: Browser) -> None:
    assert the_line(house.store)
    assert admin.get("/console/failures/30007").status_code == 200
    assert noted(house, "failures looked at") == [{"reason": "30007", "rows": 0}]


@pytest.mark.parametrize(("text", "name"), [("ÉLODIE", "ÉLODIE"), ("MONA", "mona"), ("منى", "منى"), ("ÉLo", "Élodie")])
def test_the_audit_is_searched_in_every_script(house: House, admin: Browser, text: str, name: str) -> None:
    actor = Actor(COMMAND_LINE.id, name, COMMAND_LINE.address)
    house.store.write(lambda db: audit.append(db, actor, "tried", "", {}, "2026-11-03T00:00:00.000Z"))
    found = house.store.read(lambda db: audit.newest(db, Wanted(text=text), None)[0])
    assert [one.operator for one in found] == [name]


@pytest.mark.parametrize("body", ["=1+1", "＝1+1", "＋1", "－1", "＠A1", "\n=1+1", "\t=1+1", "'=1", "-1", "@A1"])
def test_a_spreadsheet_runs_nothing_that_somebody_wrote(house: House, admin: Browser, now: datetime, body: str) -> None:
    received(house, IncomingText(SID, PHONE, NUMBER, body), now)
    sheet = admin.get("/console/export.csv").data.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(sheet, newline=""))
    assert row["body"] == f"'{body}"
    assert row["number"] == f"'{PHONE}"
