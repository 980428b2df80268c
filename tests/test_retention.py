"""Periods of a line: a text that is older loses its words, a younger one does not, and every count is as before."""

import logging
import time
from datetime import datetime, timedelta

import pytest
from inside import received, row_of, rows, the_line, with_values
from retaining import audited, keep_texts, keep_voice, let_run, voice_state
from running import NUMBER, PHONE

from ivr import clock, retention, searching
from ivr.carrier.inbound import IncomingText, Place
from ivr.house import House
from ivr.store import Connection, Store, lines, messages
from ivr.store import forgetting as forgetting_table
from ivr.store import retention as table
from ivr.store.lines import Line

OTHER = "+17735550101"


def bodies(store: Store) -> list[str]:
    """What each text says, by id."""
    return [body for (body,) in rows(store, "SELECT body FROM messages ORDER BY id")]


def test_a_text_that_is_old_keeps_its_row_and_nothing_of_what_it_said(house: House, now: datetime) -> None:
    with_values(house, keep_texts=30)
    keep_texts(house, now, 31, 29)
    searching.feed(house, now)
    before = rows(house.store, "SELECT sid, number, at, country, media, reply FROM messages ORDER BY id")
    assert let_run(house, now) == 1
    assert bodies(house.store) == ["", "carrots1"]
    assert rows(house.store, "SELECT city, state FROM messages ORDER BY id") == [(None, None), ("CAIRO", "C")]
    assert rows(house.store, "SELECT message_id FROM media") == [(2,)]
    assert rows(house.store, "SELECT sid, number, at, country, media, reply FROM messages ORDER BY id") == before
    assert rows(house.store, "SELECT count(*) FROM contacts") == [(2,)]
    assert [house.search_index.texts_with(f'"carrots{place}"', 99, 1, 9) for place in (0, 1)] == [[], [2]]
    assert let_run(house, now + timedelta(days=1, hours=2)) == 1
    assert bodies(house.store) == ["", ""]


def test_without_a_period_everything_is_kept(house: House, now: datetime) -> None:
    keep_texts(house, now, 5000)
    keep_voice(house, now, 5000)
    assert let_run(house, now) == 0
    assert bodies(house.store) == ["carrots0"]
    assert voice_state(house) == [("kept", 4)]


def test_the_next_run_is_an_hour_later(house: House, now: datetime) -> None:
    with_values(house, keep_texts=1)
    assert let_run(house, now) == 0
    keep_texts(house, now, 2)
    assert retention.keep_to_periods(house, now + timedelta(minutes=59)) == 0
    assert retention.keep_to_periods(house, now + timedelta(minutes=60)) == 1


def test_each_line_has_a_period_of_its_own(house: House, now: datetime) -> None:
    house.store.write(lambda db: lines.add(db, Line(OTHER, "Bea Example", keep_texts=10), clock.written(now)))
    with_values(house, keep_texts=100)
    for days in (200, 50, 5):
        keep_texts(house, now, days)
        keep_texts(house, now, days, line_id=2)
    assert let_run(house, now) == 3
    assert [bool(body) for body in bodies(house.store)] == [False, False, True, False, True, True]


def sent(house: House, at: datetime, status: str) -> int:
    """A text of ours in this state; returns its id."""
    line, moment = the_line(house.store), clock.written(at)

    def work(db: Connection) -> int:
        message_id = messages.compose(db, line, PHONE, moment, "Ada: hello", "reply", due_at=moment).id
        db.execute("UPDATE messages SET status = ? WHERE id = ?", (status, message_id))
        return message_id

    return house.store.write(work)


@pytest.mark.parametrize("status", ["queued", "sending", "doubt"])
def test_a_text_of_ours_is_left_alone_until_its_end_is_known(house: House, now: datetime, status: str) -> None:
    with_values(house, keep_texts=30)
    waiting, done = (sent(house, now - timedelta(days=40), state) for state in (status, "delivered"))
    assert let_run(house, now) == 1
    assert (row_of(house.store, waiting)["body"], row_of(house.store, done)["body"]) == ("Ada: hello", "")
    assert let_run(house, now + timedelta(hours=2)) == 0
    house.store.write(lambda db: db.execute("UPDATE messages SET status = 'failed' WHERE id = ?", (waiting,)))
    assert let_run(house, now + timedelta(hours=4)) == 1
    assert row_of(house.store, waiting)["body"] == ""
    assert rows(house.store, "SELECT * FROM unsettled_texts") == []


def test_many_are_blanked_in_pieces_and_what_is_left_goes_on_at_the_next_tick(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "AT_ONCE", 20)
    monkeypatch.setattr(table, "LOOKED_AT", 30)
    monkeypatch.setattr(retention, "AT_ONCE_SECONDS", 0)  # its time is over before it begins
    real, pieces = table.blank_texts, []
    monkeypatch.setattr(table, "blank_texts", lambda *given: pieces.append(len(given[2])) or real(*given))
    with_values(house, keep_texts=30)
    keep_texts(house, now, *[40] * 250, *[20] * 5)
    assert retention.keep_to_periods(house, now) == 0
    monkeypatch.setattr(retention, "AT_ONCE_SECONDS", 60)
    monkeypatch.setattr(retention, "MOST_TO_FORGET", 50)
    assert retention.keep_to_periods(house, now) == 60  # until the index has enough to forget
    assert set(pieces) == {20}
    assert let_run(house, now) == 190
    assert [bool(body) for body in bodies(house.store)] == [False] * 250 + [True] * 5
    entry = audited(house)
    assert entry == [{"texts": 250, "voice messages": 0, "refusals": 0}]


def test_texts_of_others_are_passed_even_if_there_is_no_time_for_it(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "LOOKED_AT", 3)
    house.store.write(lambda db: lines.add(db, Line(OTHER, "Bea Example"), clock.written(now)))
    with_values(house, keep_texts=30)
    keep_texts(house, now, *[40] * 12, line_id=2)
    keep_texts(house, now, 40)
    ticks = iter(range(10_000))
    monkeypatch.setattr(time, "monotonic", lambda: next(ticks) / 20)  # each call ends after some looks
    for _ in range(8):
        retention.keep_to_periods(house, now)
    monkeypatch.undo()
    assert bodies(house.store)[-1] == ""


def test_a_run_that_did_something_is_told_with_its_count_and_nobodys_number(
    house: House, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with_values(house, keep_texts=30, keep_voice=30)
    keep_texts(house, now, *[31] * 1204)
    keep_voice(house, now, 31, 31)
    with caplog.at_level(logging.INFO, "ivr.retention"):
        let_run(house, now)
        let_run(house, now + timedelta(hours=2))
    told = [record.getMessage() for record in caplog.records]
    assert told == ["Retention on line +1•••••0100: 1,204 texts, 2 voice messages"]
    assert audited(house) == [{"texts": 1204, "voice messages": 2, "refusals": 0}]


def test_proof_of_what_people_wanted_stays(house: House, now: datetime) -> None:
    with_values(house, keep_texts=1, keep_voice=1, keep_refusals=1)
    stop = IncomingText("SM" + "9" * 32, PHONE, NUMBER, "please stop", Place("CAIRO", None, "EG"), (), None)
    received(house, stop, now - timedelta(days=3))
    before = rows(house.store, "SELECT * FROM opt_outs")
    assert len(before) == 1
    assert let_run(house, now) >= 1
    assert rows(house.store, "SELECT * FROM opt_outs") == before


def test_what_is_to_be_forgotten_does_not_pile_up(house: House, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "AT_ONCE", 5)
    monkeypatch.setattr(retention, "MOST_TO_FORGET", 8)
    with_values(house, keep_texts=1)
    keep_texts(house, now, *[3] * 40)
    for _ in range(5):
        retention.keep_to_periods(house, now)
        assert len(house.store.read(lambda db: forgetting_table.waiting(db, 99))) <= 10
