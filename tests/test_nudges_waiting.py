"""A nudge that waits for its lawful hour: what happens meanwhile, and when the hour does not come."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from inside import person_of, row_of, rows, texts_in_the_carriers_log, the_line, with_values
from reminding import DAY, FIRST, HOUR, MINUTE, joined, nudges_of, texted, time_passes
from running import PHONE

from ivr import clock, nudging, outbox, signup
from ivr.decisions import MAY_BE_STOP
from ivr.house import House
from ivr.simulator import Simulator
from ivr.store import messages, people

Pair = tuple[House, Simulator]


@pytest.fixture(autouse=True)
def nudges(both: Pair) -> None:
    """The line nudges."""
    with_values(both[0], nudges=True)


def test_who_texted_in_the_evening_is_nudged_the_morning_after_next(both: Pair) -> None:
    house, carrier = both
    evening = FIRST + 9 * HOUR
    texted(house, PHONE, evening)
    nudging.nudge(house, evening + DAY)
    outbox.send_due(house, evening + DAY)
    assert not texts_in_the_carriers_log(carrier)
    due = clock.read(nudges_of(house)[0].due_at or "")
    morning = datetime(2026, 11, 6, 15, tzinfo=UTC)
    assert morning <= due < morning + HOUR
    outbox.send_due(house, due - timedelta(seconds=1))
    assert not texts_in_the_carriers_log(carrier)
    outbox.send_due(house, due)
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}


def test_a_nudge_that_waits_for_monday_is_sent_on_monday(both: Pair) -> None:
    house, carrier = both
    friday_evening = datetime(2026, 11, 6, 23, tzinfo=UTC)
    texted(house, PHONE, friday_evening)
    time_passes(house, friday_evening, datetime(2026, 11, 9, 14, 59, tzinfo=UTC))
    assert not texts_in_the_carriers_log(carrier)
    time_passes(house, datetime(2026, 11, 9, 15, tzinfo=UTC), datetime(2026, 11, 9, 16, tzinfo=UTC))
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}


def test_those_who_wait_for_one_morning_are_spread_over_its_first_hour(both: Pair) -> None:
    house, _ = both
    numbers = [f"+1202555{n:04d}" for n in range(1200, 1205)]
    for number in numbers:
        texted(house, number, FIRST + 9 * HOUR)
    assert nudging.nudge(house, FIRST + 9 * HOUR + DAY) == 5
    assert len({nudges_of(house, number)[0].due_at for number in numbers}) == 5


def test_an_hour_that_is_no_longer_lawful_when_it_would_be_sent_lets_it_wait(both: Pair) -> None:
    house, carrier = both
    texted(house, PHONE, FIRST)
    nudging.nudge(house, FIRST + DAY)
    for late in (FIRST + DAY + 3 * HOUR + 51 * MINUTE, FIRST + DAY + 9 * HOUR):  # nine minutes before five; at night
        outbox.send_due(house, late)
    assert not texts_in_the_carriers_log(carrier)
    row = row_of(house.store, nudges_of(house)[0].id)
    assert (row["status"], row["why"]) == ("queued", outbox.NOT_NOW)
    assert datetime(2026, 11, 6, 15, tzinfo=UTC) <= clock.read(row["due_at"]) < datetime(2026, 11, 6, 16, tzinfo=UTC)
    outbox.send_due(house, datetime(2026, 11, 6, 16, tzinfo=UTC))
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}


@pytest.mark.parametrize("late", [DAY + MINUTE, 5 * DAY])
def test_a_nudge_is_not_sent_days_late(both: Pair, late: timedelta) -> None:
    house, carrier = both
    texted(house, PHONE, FIRST)
    nudging.nudge(house, FIRST + DAY)
    outbox.send_due(house, FIRST + DAY + late)
    assert not texts_in_the_carriers_log(carrier)
    assert row_of(house.store, nudges_of(house)[0].id)["why"] == "it has waited too long"


def test_a_nudge_that_is_put_back_again_and_again_is_given_up(both: Pair) -> None:
    house, carrier = both
    texted(house, PHONE, FIRST - 2 * DAY)
    nudging.nudge(house, FIRST - DAY)
    nights = [FIRST + day * DAY + 8 * HOUR for day in range(-1, 4)]  # the worker is up at night only
    for night in nights:
        outbox.send_due(house, night)
    assert not texts_in_the_carriers_log(carrier)
    assert row_of(house.store, nudges_of(house)[0].id)["why"] == "it has waited too long"


def test_a_nudge_that_has_no_lawful_hour_after_all_is_not_sent(both: Pair) -> None:
    house, carrier = both
    texted(house, "+18005550100", FIRST)
    line, moment = the_line(house.store), clock.written(FIRST)
    nudge = house.store.write(
        lambda db: messages.compose(db, line, "+18005550100", moment, "sign up", "nudge", due_at=moment)
    )
    outbox.send_due(house, FIRST)
    assert not texts_in_the_carriers_log(carrier)
    assert row_of(house.store, nudge.id)["why"] == "there is no lawful hour"


def test_a_stop_while_the_nudge_waits_wins_also_when_start_follows(both: Pair) -> None:
    house, carrier = both
    texted(house, PHONE, FIRST + 9 * HOUR)
    nudging.nudge(house, FIRST + 9 * HOUR + DAY)
    texted(house, PHONE, FIRST + 10 * HOUR + DAY, "STOP")
    time_passes(house, FIRST + 9 * HOUR + DAY, FIRST + 3 * DAY)
    assert row_of(house.store, nudges_of(house)[0].id)["why"] == "opted out"
    texted(house, PHONE, FIRST + 3 * DAY, "START")
    time_passes(house, FIRST + 3 * DAY, FIRST + 5 * DAY)
    assert not texts_in_the_carriers_log(carrier)


def _member(house: House, at: datetime) -> None:
    joined(house, PHONE, at)


def _left(house: House, at: datetime) -> None:
    signup.leave(house, joined(house, PHONE, at), at)


def _young(house: House, at: datetime) -> None:
    signup.refuse_young(house, person_of(house.store, PHONE), at)


def _blocked(house: House, at: datetime) -> None:
    person = person_of(house.store, PHONE)
    house.store.write(lambda db: people.set_blocked(db, person, clock.written(at)))


def _unwanted(house: House, at: datetime) -> None:
    body = "I have told you three times now that I never signed up for any of this, that I do not want it at all. " * 3
    texted(house, PHONE, at, body + "Unsubscribe me and stop texting me now.")
    assert rows(house.store, f"SELECT 1 FROM messages WHERE why = '{MAY_BE_STOP}'")


def _no_nudging(house: House, at: datetime) -> None:
    with_values(house, nudges=False)


def _other_countries(house: House, at: datetime) -> None:
    with_values(house, countries=("EG",))


WHILE_IT_WAITS = [
    (_member, "has signed up"),
    (_left, "has left"),
    (_young, "cannot sign up yet"),
    (_blocked, "blocked"),
    (_unwanted, MAY_BE_STOP),
    (_no_nudging, "nobody is reminded any more"),
    (_other_countries, "US is not answered"),
]


@pytest.mark.parametrize(("happens", "why"), WHILE_IT_WAITS)
def test_what_happens_while_it_waits_keeps_it_from_being_sent(
    both: Pair, happens: Callable[[House, datetime], None], why: str
) -> None:
    house, _ = both
    texted(house, PHONE, FIRST)
    nudging.nudge(house, FIRST + DAY)
    happens(house, FIRST + DAY)
    outbox.send_due(house, FIRST + DAY + MINUTE)
    (nudge,) = nudges_of(house)
    assert (nudge.status, row_of(house.store, nudge.id)["why"]) == ("skipped", why)


@pytest.mark.parametrize("happens", [happens for happens, _ in WHILE_IT_WAITS])
def test_what_happens_before_keeps_it_from_being_queued(both: Pair, happens: Callable[[House, datetime], None]) -> None:
    house, _ = both
    texted(house, PHONE, FIRST)
    happens(house, FIRST + HOUR)
    assert nudging.nudge(house, FIRST + DAY) == 0
    assert not nudges_of(house)
