"""The nudge: one text, a day after the first, to who did not sign up; whatever happens, never two."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from inside import person_of, queue_text, texts_in_the_carriers_log, texts_to, the_line, with_values
from reminding import DAY, FIRST, HOUR, MINUTE, nudges_of, set_status, texted, time_passes
from running import NUMBER, PHONE

from ivr import clock, lines, nudging
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.simulator import Simulator
from ivr.working import NUDGE_EVERY

Pair = tuple[House, Simulator]


@pytest.fixture(autouse=True)
def nudges(both: Pair) -> None:
    """The line nudges."""
    with_values(both[0], nudges=True)


def test_who_texted_and_did_not_sign_up_is_nudged_once_a_day_later(both: Pair) -> None:
    house, carrier = both
    texted(house, PHONE, FIRST)
    assert nudging.nudge(house, FIRST + DAY - MINUTE) == 0
    assert nudging.nudge(house, FIRST + DAY) == 1
    (nudge,) = nudges_of(house)
    assert (nudge.status, nudge.due_at) == ("queued", clock.written(FIRST + DAY))
    assert person_of(house.store, PHONE).nudged_at == clock.written(FIRST + DAY)
    time_passes(house, FIRST + DAY, FIRST + 6 * DAY)
    (entry,) = carrier.log.since(0, "message.created")
    assert entry["to"] == PHONE and "/j/" in entry["body"] and "STOP" in entry["body"]


def test_a_line_that_does_not_nudge_nudges_nobody(both: Pair) -> None:
    house, _ = both
    texted(house, PHONE, FIRST)
    with_values(house, nudges=False)
    assert nudging.nudge(house, FIRST + DAY) == 0
    assert person_of(house.store, PHONE).nudged_at is None


def test_two_workers_at_once_and_one_that_begins_anew_nudge_each_once(both: Pair) -> None:
    house, carrier = both
    house.carrier.check_account()  # alone: the client's first request must not be several at once
    numbers = [f"+1202555{n:04d}" for n in range(1300, 1330)]
    for number in numbers:
        texted(house, number, FIRST)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: nudging.nudge(house, FIRST + DAY), range(4)))
    again = House.open(house.settings)
    assert nudging.nudge(again, FIRST + DAY + MINUTE) == 0
    again.store.close()
    time_passes(house, FIRST + DAY, FIRST + DAY + HOUR)
    assert texts_in_the_carriers_log(carrier) == dict.fromkeys(numbers, 1)


def test_who_came_back_with_start_is_not_nudged_a_second_time(both: Pair) -> None:
    house, carrier = both
    texted(house, PHONE, FIRST)
    time_passes(house, FIRST + DAY, FIRST + DAY + HOUR)
    texted(house, PHONE, FIRST + DAY + 2 * HOUR, "STOP")
    texted(house, PHONE, FIRST + DAY + 3 * HOUR, "START")
    house.store.write(lambda db: db.execute("DELETE FROM nudging"))  # even if nobody knew how far we looked
    time_passes(house, FIRST + DAY + 3 * HOUR, FIRST + 4 * DAY)
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}


@pytest.mark.parametrize("status", ["undelivered", "failed", "skipped", "queued"])
def test_whom_the_link_did_not_reach_is_not_nudged(both: Pair, status: str) -> None:
    house, _ = both
    texted(house, PHONE, FIRST)
    set_status(house, texts_to(house.store, PHONE)[0].id, status)
    assert nudging.nudge(house, FIRST + DAY) == 0


def test_whom_a_later_text_did_not_reach_is_not_nudged(both: Pair) -> None:
    house, _ = both
    texted(house, PHONE, FIRST)
    set_status(house, texted(house, PHONE, FIRST + HOUR, "LINK").message_id, "undelivered")
    assert nudging.nudge(house, FIRST + DAY + HOUR) == 0


def test_who_called_and_got_the_link_by_a_key_is_not_nudged(both: Pair) -> None:
    house, _ = both
    with_link = queue_text(house, PHONE, FIRST)
    set_status(house, with_link, "delivered")
    assert nudging.nudge(house, FIRST + DAY) == 0


def test_who_called_first_and_texted_later_is_nudged_a_day_after_the_link(both: Pair) -> None:
    house, _ = both
    line = the_line(house.store)
    house.store.write(lambda db: meet(db, [Visitor(line, PHONE, FIRST - 2 * HOUR)], "key"))
    texted(house, PHONE, FIRST + HOUR)
    assert nudging.nudge(house, FIRST + 22 * HOUR) == 1
    assert nudges_of(house)[0].due_at == clock.written(FIRST + DAY + HOUR)


def test_a_number_that_has_no_lawful_hour_is_marked_and_never_looked_at_again(both: Pair) -> None:
    house, _ = both
    texted(house, "+18005550100", FIRST)
    assert nudging.nudge(house, FIRST + DAY) == 0
    assert person_of(house.store, "+18005550100").nudged_at
    assert not nudges_of(house, "+18005550100")


def test_a_line_that_begins_to_nudge_leaves_those_alone_who_came_over_two_days_ago(both: Pair) -> None:
    house, _ = both
    numbers = [f"+1202555{n:04d}" for n in range(1400, 1440)]
    for hour, number in enumerate(numbers):
        texted(house, number, FIRST + hour * 2 * HOUR)  # 0 to 78 hours
    assert nudging.nudge(house, FIRST + 80 * HOUR) == 13
    nudged = [number for number in numbers if nudges_of(house, number)]
    assert nudged == numbers[16:29]  # those of 32 to 56 hours: 48 to 24 hours ago


def test_each_line_goes_its_own_way_through_people_of_all(both: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    house, _ = both
    other = lines.add(house.store, "+442071838750", "Second Figure", FIRST, nudges=True)
    monkeypatch.setattr(nudging, "AT_ONCE", 3)  # so that there are many pieces, some of them with nobody of the line
    numbers = [f"+1202555{n:04d}" for n in range(1500, 1520)]
    for number in numbers:
        texted(house, number, FIRST)
        if number in numbers[::7]:
            texted(house, number, FIRST, line=other.number)
    assert nudging.nudge(house, FIRST + DAY) == 20 + 3
    assert nudging.nudge(house, FIRST + DAY) == 0
    here = the_line(house.store).id
    for number in numbers:
        lines_of_nudges = {text.line_id for text in nudges_of(house, number)}
        assert lines_of_nudges == ({here} if number not in numbers[::7] else {here, here + 1})


def test_a_burst_is_taken_in_pieces_and_goes_on_with_the_next_round(
    both: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, _ = both
    monkeypatch.setattr(nudging, "AT_ONCE", 2)
    monkeypatch.setattr(nudging, "MOST_PIECES", 3)
    for place in range(15):
        texted(house, f"+1202555{1600 + place:04d}", FIRST)
    assert [nudging.nudge(house, FIRST + DAY + round_ * NUDGE_EVERY) for round_ in range(4)] == [6, 6, 3, 0]


def test_any_number_of_people_from_before_does_not_keep_those_of_yesterday_waiting(
    both: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, _ = both
    monkeypatch.setattr(nudging, "AT_ONCE", 2)
    monkeypatch.setattr(nudging, "MOST_PIECES", 3)
    for place in range(20):
        texted(house, f"+1202555{1700 + place:04d}", FIRST - (3 * DAY if place < 17 else timedelta()))
    assert nudging.nudge(house, FIRST + DAY) == 3


def test_who_is_read_in_from_the_spool_days_late_is_not_nudged(both: Pair) -> None:
    house, _ = both
    texted(house, "+12025551800", FIRST)
    texted(house, PHONE, FIRST - 2 * DAY)
    assert nudging.nudge(house, FIRST + DAY) == 1
    assert not nudges_of(house)


def test_the_nudge_speaks_the_persons_language_and_the_lines_own_words(both: Pair) -> None:
    house, _ = both
    lines.word(house.store, NUMBER, "nudge.en", "It is {name} again: {link}")
    cairo = "+201001234567"
    texted(house, cairo, FIRST, "مرحبا")
    texted(house, PHONE, FIRST)
    assert nudging.nudge(house, FIRST + DAY) == 2
    assert nudges_of(house)[0].body == "It is Ada Example again: {link}"
    assert "لن أذكّرك مرة أخرى" in nudges_of(house, cairo)[0].body


def test_a_line_nudges_within_hours_of_its_own(both: Pair) -> None:
    house, carrier = both
    with_values(house, opens=14, closes=16)
    texted(house, PHONE, FIRST)  # one o'clock there
    nudging.nudge(house, FIRST + DAY)
    (nudge,) = nudges_of(house)
    assert nudge.due_at and FIRST + DAY + HOUR <= clock.read(nudge.due_at) < FIRST + DAY + 2 * HOUR
    with_values(house, opens=15)
    time_passes(house, FIRST + DAY, FIRST + DAY + HOUR + 59 * MINUTE, step=MINUTE)
    assert not carrier.log.since(0, "message.created")
    time_passes(house, FIRST + DAY + 2 * HOUR, FIRST + DAY + 3 * HOUR, step=MINUTE)
    assert len(carrier.log.since(0, "message.created")) == 1
