"""Tallies: they are what a count of everything would find, whatever happens, in whatever order, and whatever dies."""

from datetime import timedelta

import pytest
from happenings import BEGINNING, NUMBERS, Happenings, add_other
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inside import person_of, rows

from ivr import clock, erasing, outbox, signup, tallying
from ivr.carrier.inbound import MessageStatus
from ivr.house import House
from ivr.store import tallies, tally_facts
from ivr.store.tallies import Figures
from ivr.working import Work

SINCE, UNTIL = "2026-11-03T00:00", "2026-11-05T00:00"


@pytest.fixture
def happenings(house: House) -> Happenings:
    """Two lines on which nothing has happened yet."""
    add_other(house)
    return Happenings(house)


def counted(happenings: Happenings) -> None:
    """Count until there is nothing left."""
    while tallying.count(happenings.house, happenings.now()):
        continue


def total(house: House, *line_ids: int) -> Figures:
    """All that came."""
    return house.store.read(lambda db: tallies.total(db, line_ids or (1, 2), SINCE, UNTIL))


def parts(house: House, what: str, *line_ids: int) -> dict[str, int]:
    """All that came, by one thing."""
    return dict(house.store.read(lambda db: tallies.parts(db, line_ids or (1, 2), what, SINCE, UNTIL)))


def assert_equal_to_the_count(happenings: Happenings) -> None:
    """Fail when a tally differs from what is found by looking at every row."""
    kept, anew = happenings.house.store.write(lambda db: tallies.recount(db, happenings.minutes_from()))
    assert kept == anew


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(st.integers(0, 13), st.integers(0, 10_000)), max_size=60))
def test_whatever_happens_the_tallies_equal_the_count(happenings: Happenings, events: list[tuple[int, int]]) -> None:
    for which, chance in events:
        happenings.happen(which, chance)
    counted(happenings)
    assert_equal_to_the_count(happenings)


def test_a_call_is_counted_when_it_comes_and_when_it_is_over(happenings: Happenings) -> None:
    happenings.call(1)
    counted(happenings)
    assert total(happenings.house) == Figures(calls=1, people=1)
    happenings.end(2)
    counted(happenings)
    assert total(happenings.house) == Figures(calls=1, people=1, heard=1)
    assert parts(happenings.house, "country") == {"US": 1}
    assert_equal_to_the_count(happenings)


def test_a_call_whose_end_was_heard_of_first_is_counted_where_it_began(happenings: Happenings) -> None:
    happenings.count = 20
    happenings.end(4)
    counted(happenings)
    happenings.call(5)
    counted(happenings)
    found = rows(happenings.house.store, "SELECT quarter, calls FROM tally_quarters ORDER BY quarter")
    assert found == [("2026-11-03T11:45", 1), ("2026-11-03T12:00", 0)]
    assert_equal_to_the_count(happenings)


def test_what_comes_late_out_of_the_spool_is_counted_when_it_was(happenings: Happenings) -> None:
    happenings.text(0)
    counted(happenings)
    happenings.text(1, BEGINNING - timedelta(hours=5))
    counted(happenings)
    found = rows(happenings.house.store, "SELECT quarter, texts, people FROM tally_quarters ORDER BY quarter")
    assert found == [("2026-11-03T06:45", 1, 0), ("2026-11-03T11:45", 1, 1)]
    assert_equal_to_the_count(happenings)


def test_who_writes_another_language_later_is_counted_with_that(happenings: Happenings) -> None:
    happenings.text(0)
    counted(happenings)
    assert parts(happenings.house, "language") == {"en": 1}
    happenings.text(1)  # by the same number, in Arabic
    counted(happenings)
    assert parts(happenings.house, "language") == {"ar": 1}
    assert_equal_to_the_count(happenings)


def answered(happenings: Happenings, status: str, after: timedelta, sid: str = "SM7", code: int | None = None) -> int:
    """The carrier tells of the answer to the first text; returns its id."""
    (message_id,) = rows(happenings.house.store, "SELECT min(id) FROM messages WHERE direction = 'out'")[0]
    told = MessageStatus(sid, status, code, message_id)
    happenings.house.store.write(lambda db: outbox.apply(db, told, BEGINNING + after))
    return int(message_id)


def test_an_answer_is_counted_by_the_seconds_until_it_arrived(happenings: Happenings) -> None:
    happenings.text(0, BEGINNING)
    counted(happenings)
    answered(happenings, "sent", timedelta(seconds=1))
    answered(happenings, "delivered", timedelta(seconds=2.5))
    counted(happenings)
    assert parts(happenings.house, "answer") == {"3": 1}
    assert_equal_to_the_count(happenings)


def test_an_arrival_that_was_told_before_anybody_knew_the_text_is_counted(happenings: Happenings) -> None:
    happenings.text(0, BEGINNING)
    told = MessageStatus("SM7", "delivered", None, None)
    happenings.house.store.write(lambda db: outbox.apply(db, told, BEGINNING + timedelta(seconds=4)))
    counted(happenings)
    assert parts(happenings.house, "answer") == {}
    answered(happenings, "sent", timedelta(seconds=6))
    counted(happenings)
    assert parts(happenings.house, "answer") == {"5": 1}
    assert_equal_to_the_count(happenings)


def test_a_text_that_fails_later_is_counted_by_its_reason(happenings: Happenings) -> None:
    happenings.text(0, BEGINNING)
    counted(happenings)
    assert parts(happenings.house, "failure") == {}
    answered(happenings, "undelivered", timedelta(hours=2), code=30003)
    counted(happenings)
    assert parts(happenings.house, "failure") == {"30003": 1}
    assert_equal_to_the_count(happenings)


def test_contacts_of_who_was_erased_stay_counted_and_the_next_events_are_counted_too(happenings: Happenings) -> None:
    house = happenings.house
    happenings.text(0, BEGINNING)
    answered(happenings, "delivered", timedelta(seconds=2))
    counted(happenings)
    erasing.erase(house, person_of(house.store, NUMBERS[0]), erasing.THEMSELVES, happenings.now())
    counted(happenings)
    assert total(house) == Figures(texts=1, people=1)
    assert parts(house, "answer") == {}
    happenings.text(8, BEGINNING)
    (answer,) = rows(house.store, "SELECT max(id) FROM messages WHERE direction = 'out'")[0]
    told = MessageStatus("SM8", "delivered", None, answer)
    house.store.write(lambda db: outbox.apply(db, told, BEGINNING + timedelta(seconds=9)))
    counted(happenings)
    assert parts(house, "answer") == {"10": 1}
    assert_equal_to_the_count(happenings)


def test_who_signs_up_is_counted_at_the_time_and_with_those_who_came_when_they_did(happenings: Happenings) -> None:
    house = happenings.house
    happenings.text(0, BEGINNING)
    happenings.count = 100
    happenings.join(0)
    signup.leave(house, person_of(house.store, NUMBERS[0]), happenings.now())
    happenings.join(0)
    counted(happenings)
    assert total(house) == Figures(texts=1, people=1, sign_ups=2, joined=1)
    found = rows(house.store, "SELECT quarter, sign_ups, joined FROM tally_quarters ORDER BY quarter")
    assert found == [("2026-11-03T11:45", 0, 1), ("2026-11-03T12:45", 2, 0)]


def test_what_dies_while_it_counts_is_counted_once(happenings: Happenings) -> None:
    for chance in range(6):
        happenings.text(chance)
        happenings.dies(8)
    counted(happenings)
    assert total(happenings.house).texts == 6
    assert tallying.count(happenings.house, happenings.now()) == 0
    assert_equal_to_the_count(happenings)


def test_each_line_is_counted_alone(happenings: Happenings) -> None:
    happenings.text(0)
    happenings.text(3)
    happenings.call(4)
    counted(happenings)
    assert total(happenings.house, 1) == Figures(texts=1, people=1)
    assert total(happenings.house, 2) == Figures(texts=1, calls=1, people=2)
    assert parts(happenings.house, "country", 1) == {"US": 1}


def test_the_minutes_of_the_last_days_alone_are_kept(happenings: Happenings) -> None:
    house = happenings.house
    happenings.text(0, BEGINNING - timedelta(days=9))
    happenings.text(1, BEGINNING)
    counted(happenings)
    assert rows(house.store, "SELECT minute, texts FROM tally_minutes") == [("2026-11-03T11:50", 1)]
    happenings.text(0, BEGINNING + timedelta(days=4))
    tallying.count(house, BEGINNING + timedelta(days=4))
    assert rows(house.store, "SELECT minute, texts FROM tally_minutes") == [("2026-11-07T11:50", 1)]
    assert house.store.read(lambda db: tallies.total(db, [1], "2026-10-01", "2026-12-01")).texts == 3


def test_how_much_is_left_to_count_is_known(happenings: Happenings) -> None:
    house = happenings.house
    for chance in range(8):
        happenings.text(chance)
    before = house.store.read(tally_facts.left)
    assert before > 8
    assert house.store.write(lambda db: tallies.count(db, happenings.minutes_from(), 5)) == 5
    assert house.store.read(tally_facts.left) == before - 5
    counted(happenings)
    assert house.store.read(tally_facts.left) == 0


def test_the_background_work_counts(house: House) -> None:
    happenings = Happenings(house)
    happenings.text(0, clock.now())
    assert Work(house).tick()
    assert rows(house.store, "SELECT sum(texts) FROM tally_quarters") == [(1,)]
