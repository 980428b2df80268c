"""The page behind a member's own link: what is held is seen, corrected, taken along; one leaves, and is erased."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from inside import person_of, received, rows, the_line
from operating import Browser, begun, browser
from running import NUMBER, PHONE

from ivr import clock, links, searching, signup
from ivr.carrier.inbound import IncomingText
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.signup import From
from ivr.store import Connection, calls
from ivr.store.calls import Call, VoiceMessage
from ivr.store.files import keep_file
from ivr.store.members import Details
from ivr.voice_messages import path_of

ADA = {"name": "Ada Lovelace", "day": "10", "month": "12", "year": "1990", "language": "en"}
TOLD = Details("Ada Lovelace", "female", "1990-12-10", "London", "ada@example.org")
RECORDING = "RE" + "7" * 32
Says = Callable[[str], str]


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser."""
    return browser(app)


@pytest.fixture
def says(house: House, sid: Callable[[str], str]) -> Says:
    """They text the line; what they are answered at once."""

    def say(body: str) -> str:
        return received(house, IncomingText(sid("SM"), PHONE, NUMBER, body), clock.now()).words

    return say


@pytest.fixture
def path(house: House, says: Says) -> str:
    """The link of a member who has texted, called and left a message."""
    says("hello, I am Ada")
    line, at = the_line(house.store), clock.written(clock.now())

    def call(db: Connection) -> None:
        calls.receive(db, [Call(line.id, "CA" + "7" * 32, PHONE, at, "completed", "greeting", city="LONDON")])
        calls.add_voice_message(db, VoiceMessage(RECORDING, "CA" + "7" * 32, at, 4, "u", "waiting"))
        calls.settle_voice_message(db, RECORDING, "kept", None, 4)

    house.store.write(call)
    keep_file(path_of(house, RECORDING), b"RIFF")
    person = house.store.write(lambda db: meet(db, [Visitor(line, PHONE, clock.now())], "key"))[0]
    assert signup.join(house, person, line, TOLD, From("192.0.2.77", "Firefox", "en"), clock.now())
    words = says("LINK")
    return words[words.index("/me/") :].split()[0]


def members(house: House) -> list[tuple[Any, ...]]:
    """All that is kept of members."""
    return rows(house.store, "SELECT name, gender, born, city, email, language FROM members")


def test_they_see_what_they_told_and_correct_it(house: House, visitor: Browser, path: str) -> None:
    page = visitor.get(path).text
    for shown in ("Ada Lovelace", 'value="1990"', 'value="London"', "ada@example.org", "at any time: text STOP"):
        assert shown in page
    answer = visitor.post(path, {**ADA, "name": "Ada King", "city": "", "language": "ar"})
    assert answer.status_code == 303
    assert "حُفظ" in visitor.get(answer.headers["Location"]).text
    assert members(house) == [("Ada King", None, "1990-12-10", None, None, "ar")]
    assert person_of(house.store, PHONE).language == "ar"
    wrong = visitor.post(path, {**ADA, "name": "", "email": "nobody"})
    assert (wrong.status_code, wrong.text.count('class="wrong"')) == (422, 2)
    assert members(house)[0][0] == "Ada King"


def test_the_two_links_do_not_open_each_others_pages(visitor: Browser, path: str, house: House) -> None:
    sign_up = links.token_of(person_of(house.store, PHONE), house.settings.secret_key)
    assert visitor.get(f"/me/{sign_up}").status_code == 404
    assert visitor.get("/j/" + path.rpartition("/")[2]).status_code == 404
    assert "/me/" not in visitor.get(f"/j/{sign_up}").text, "that link may have been passed on"


def test_everything_can_be_read_and_taken_along(visitor: Browser, path: str) -> None:
    page = visitor.get(f"{path}/everything").text
    for shown in ("hello, I am Ada", "Ada Lovelace", "calls and texts", "You called", "LONDON"):
        assert shown in page
    answer = visitor.get(f"{path}/everything.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.data)
    assert found["number"] == PHONE
    assert found["told"]["email"] == "ada@example.org"
    assert {"city": "LONDON", "state": None, "country": None} in found["places"]
    assert [entry["action"] for entry in found["consents"]] == ["given"]
    assert "hello, I am Ada" in [contact.get("body") for contact in found["contacts"]]
    assert visitor.get(f"{path}/voice/{RECORDING}.wav").data == b"RIFF"
    assert visitor.get(f"{path}/voice/RE{'8' * 32}.wav").status_code == 404


def test_a_voice_message_of_somebody_else_is_not_given(house: House, visitor: Browser, path: str) -> None:
    house.store.write(lambda db: db.execute("UPDATE calls SET number = '+12025550199'"))
    assert visitor.get(f"{path}/voice/{RECORDING}.wav").status_code == 404


def test_leaving_takes_the_consent_back_and_forgets_what_was_told(house: House, visitor: Browser, path: str) -> None:
    answer = visitor.post(f"{path}/leave", {"language": "en"})
    assert "You are no member" in visitor.get(answer.headers["Location"]).text
    assert visitor.post(f"{path}/leave", {"language": "en"}).status_code == 303
    assert members(house) == []
    assert rows(house.store, "SELECT action, source FROM consents") == [
        ("given", "sign-up page"),
        ("withdrawn", "own page"),
    ]
    left = person_of(house.store, PHONE)
    assert left.left_at and left.member_since is None
    assert visitor.post(path, ADA).status_code == 422, "there is nothing to correct"
    assert members(house) == []


def test_erasing_asks_first_and_then_leaves_nobody_in_the_log(
    house: House, visitor: Browser, path: str, app: Flask
) -> None:
    operator = browser(app, begun(house, "Grace"))
    assert "took" not in operator.get(f"/console/people/{the_line(house.store).id}/{PHONE}").text
    assert visitor.get(f"{path}/erase").status_code == 200
    assert visitor.post(f"{path}/erase", {"language": "en"}).status_code == 422
    assert len(members(house)) == 1
    assert "It is done" in visitor.post(f"{path}/erase", {"language": "en", "sure": "yes"}).text
    searching.feed(house, clock.now())
    everything = [
        str(row)
        for (table,) in rows(house.store, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'lines'")
        for row in rows(house.store, f"SELECT * FROM {table}")
    ]
    for trace in (PHONE, "Lovelace", "ada@example.org", "London", "LONDON", RECORDING, "192.0.2.77"):
        assert not [row for row in everything if trace in row], trace
    assert not path_of(house, RECORDING).exists()
    files = [path for path in house.settings.instance_path.rglob("third-ring*") if path.is_file()]
    for path_ in files:
        content = path_.read_bytes()
        for trace in (PHONE, "Lovelace", "lovelace", "ada@example.org", "London", RECORDING):
            assert trace.encode() not in content, (path_, trace)
    assert len(files) > 3
    assert rows(house.store, "SELECT kind, number, body FROM contacts ORDER BY at, kind DESC LIMIT 2") == [
        ("text", "erased", ""),
        ("call", "erased", None),
    ]
    assert visitor.get(path).status_code == 404
    assert rows(house.store, "SELECT action FROM consents ORDER BY id") == [("given",), ("withdrawn",)]
    ((subject, details),) = rows(house.store, "SELECT subject, details FROM audit WHERE action = 'person erased'")
    assert subject == NUMBER
    story = operator.get(f"/console/people/{the_line(house.store).id}/{json.loads(details)['person']}").text
    assert "agreed" in story and "took the consent back" in story
    assert rows(house.store, "SELECT count(*) FROM audit WHERE details LIKE '%erased:%'") == [(3,)], "both looks, too"


def test_who_had_opted_out_is_left_alone_also_after_being_erased(
    house: House, visitor: Browser, path: str, says: Says
) -> None:
    says("please stop texting me")
    assert "none are sent" in visitor.get(path).text
    visitor.post(f"{path}/erase", {"language": "en", "sure": "yes"})
    assert says("hello again") == ""
    assert person_of(house.store, PHONE).opted_out_at
    assert "good to have you back" in says("START") or says("hello")
    assert rows(house.store, "SELECT count(*) FROM people") == [(2,)]


def test_who_had_not_opted_out_begins_anew_after_being_erased(visitor: Browser, path: str, says: Says) -> None:
    visitor.post(f"{path}/erase", {"language": "en", "sure": "yes"})
    assert "sign up" in says("hello again")


def test_who_erases_twice_and_opts_out_each_time_is_still_left_alone(
    house: House, visitor: Browser, path: str, says: Says
) -> None:
    for _ in range(2):
        says("please stop texting me")
        token = links.token_of(person_of(house.store, PHONE), house.settings.secret_key, "me")
        assert "It is done" in visitor.post(f"/me/{token}/erase", {"language": "en", "sure": "yes"}).text
    assert says("hello again") == ""
    assert len(rows(house.store, "SELECT * FROM people WHERE opted_out_at IS NOT NULL")) == 3


def test_other_sites_change_nothing(house: House, visitor: Browser, path: str) -> None:
    for way in ("", "/leave", "/erase"):
        answer = visitor.post(path + way, {**ADA, "sure": "yes"}, **{"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
    assert len(members(house)) == 1
