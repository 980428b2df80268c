"""Catching up: every kind of fact comes back from the spool as it went in, and is obeyed as if it came then."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from inside import caught_up, contacts_of, opt_outs_of, person_of, received, rows, texts_to, with_values
from running import NUMBER, PHONE

from ivr import clock
from ivr.carrier.inbound import (
    Attachment,
    CallEnded,
    IncomingCall,
    IncomingText,
    KeyPressed,
    MessageStatus,
    Place,
    VoiceMessageMade,
)
from ivr.catching_up import FACTS, _fact, catch_up
from ivr.house import House

PLACE = Place("CAIRO", None, "EG")
CALL, TEXT, RECORDING = "CA" + "1" * 32, "SM" + "2" * 32, "RE" + "3" * 32
EVERY_FACT = [
    IncomingCall(CALL, PHONE, NUMBER, "ringing", PLACE, "+14155550100", "TN-Validation-Passed-A"),
    KeyPressed(CALL, PHONE, NUMBER, "1", 1),
    CallEnded(CALL, PHONE, NUMBER, "completed", 30, PLACE),
    VoiceMessageMade(RECORDING, CALL, "absent", "", None),
    IncomingText(TEXT, PHONE, NUMBER, "سلام\n\U0001f680", PLACE, (Attachment("https://x", "image/png"),), "HELP"),
    MessageStatus("SM" + "4" * 32, "delivered", None, 1),
]
NOW = clock.now()


def spool(house: House, fact: Any, minutes_ago: float = 1) -> None:
    """Put a fact into the spool, as `keep` does."""
    at = clock.written(NOW - timedelta(minutes=minutes_ago))
    house.store.spool.append({"kind": type(fact).__name__, "at": at, "fact": asdict(fact)})


def a_text(body: str, n: int = 1) -> IncomingText:
    """A text of our phone."""
    return IncomingText(f"SM{n:032x}", PHONE, NUMBER, body)


@pytest.mark.parametrize("fact", EVERY_FACT, ids=lambda fact: type(fact).__name__)
def test_every_fact_comes_back_from_json_as_it_went_in(house: House, fact: Any) -> None:
    seen: list[dict[str, Any]] = []
    spool(house, fact)
    house.store.spool.read_back(seen.append)
    assert _fact(FACTS[seen[0]["kind"]], seen[0]["fact"]) == fact


def test_there_is_a_way_back_for_every_kind(house: House) -> None:
    assert {type(fact).__name__ for fact in EVERY_FACT} == set(FACTS)
    for fact in EVERY_FACT:
        spool(house, fact)
    assert catch_up(house, NOW) == len(EVERY_FACT)
    assert house.store.spool.count_unreadable() == 0
    assert {contact["sid"] for contact in contacts_of(house.store, PHONE)} == {CALL, TEXT}


def test_reading_the_same_entries_twice_changes_nothing(house: House) -> None:
    for _ in range(2):
        for fact in (*EVERY_FACT, a_text("please stop", 7)):
            spool(house, fact)
        catch_up(house, NOW)
    assert len(contacts_of(house.store, PHONE)) == 3
    assert len(opt_outs_of(house.store, PHONE)) == 1
    assert [text.purpose for text in texts_to(house.store, PHONE)] == ["stop", "reply"]


def test_a_text_of_a_moment_ago_is_answered_through_the_outbox(house: House) -> None:
    spool(house, a_text("hello"), minutes_ago=14)
    catch_up(house, NOW)
    (answer,) = texts_to(house.store, PHONE)
    assert (answer.way, answer.status, answer.purpose) == ("outbox", "queued", "reply")
    (contact,) = contacts_of(house.store, PHONE)
    assert contact["at"] == clock.written(NOW - timedelta(minutes=14))


@pytest.mark.parametrize(("body", "reply"), [("hello", "none"), ("مساعدة", "none"), ("please stop", "stop")])
def test_a_text_that_is_older_than_15_minutes_is_kept_obeyed_and_not_answered(
    house: House, body: str, reply: str
) -> None:
    spool(house, a_text(body), minutes_ago=16)
    catch_up(house, NOW)
    assert texts_to(house.store, PHONE) == []
    (contact,) = contacts_of(house.store, PHONE)
    assert (contact["body"], contact["reply"]) == (body, reply)
    assert rows(house.store, "SELECT why FROM messages") == [("it came in too late to answer",)]


def test_a_stop_in_the_spool_is_obeyed_at_any_age(house: House) -> None:
    spool(house, a_text("STOP"), minutes_ago=60 * 24 * 30)
    catch_up(house, NOW)
    assert person_of(house.store, PHONE).opted_out_at


def test_a_start_that_is_read_in_late_does_not_undo_a_stop_that_came_after_it(house: House) -> None:
    for n, body, minutes in ((1, "STOP", 30), (2, "STOP", 5)):
        at = NOW - timedelta(minutes=minutes)
        received(house, a_text(body, n), at)
    spool(house, a_text("START", 3), minutes_ago=10)
    catch_up(house, NOW)
    assert person_of(house.store, PHONE).opted_out_at
    spool(house, a_text("START", 4), minutes_ago=1)
    catch_up(house, NOW)
    assert person_of(house.store, PHONE).opted_out_at is None


def test_late_answers_keep_to_the_ceiling_of_the_line(house: House) -> None:
    with_values(house, ceiling=1)
    for n in range(3):
        spool(house, IncomingText(f"SM{n:032x}", f"+1202555{n:04d}", NUMBER, "hello"))
    catch_up(house, NOW)
    due = [minute for (minute,) in rows(house.store, "SELECT substr(due_at, 1, 16) FROM messages WHERE due_at <> ''")]
    assert due == [clock.written(NOW + timedelta(minutes=minute))[:16] for minute in range(3)]


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "SomethingOfTomorrow", "at": "2026-11-03T20:15:00.000Z", "fact": {}},
        {"kind": "IncomingText", "at": "2026-11-03T20:15:00.000Z", "fact": {"sid": "SM1", "colour": "blue"}},
        {"kind": "IncomingText", "at": "yesterday", "fact": asdict(EVERY_FACT[4])},
        {"kind": "IncomingText"},
        {},
    ],
)
def test_an_entry_that_nobody_understands_is_set_aside_and_the_next_one_taken(
    house: House, entry: dict[str, Any]
) -> None:
    house.store.spool.append(entry)
    spool(house, a_text("hello"))
    assert catch_up(house, NOW) == 1
    assert len(contacts_of(house.store, PHONE)) == 1
    assert house.store.spool.count_unreadable() == 1


def test_with_the_database_away_everything_stays_for_later(house: House) -> None:
    away = house.store.path.with_name("away.db")
    house.store.close()
    spool(house, a_text("hello"))
    house.store.path.rename(away)
    with pytest.raises(Exception, match="cannot be written"):
        catch_up(house, NOW)
    assert house.store.spool.count() == 1
    away.rename(house.store.path)
    assert caught_up(house) == 1
    assert len(contacts_of(house.store, PHONE)) == 1
