"""What is counted of a crowd, and what is proved by it."""

from dataclasses import replace

import pytest

from ivr.simulator.crowd.counting import Counted, Counting, Second, as_line, from_line
from ivr.simulator.crowd.proof import Kept, prove

AGREED = Counted(sent=300, answered=300, repeated=6)
ALL_KEPT = Kept(contacts=300, twice=0, answers=280, answered_twice=0, arrived=280)


def test_seconds_are_counted_one_by_one_and_all_of_it_in_the_end() -> None:
    counting = Counting(began=100.0)
    assert counting.next_second() == 101.0
    counting.sent = 100
    for milliseconds in range(1, 101):
        counting.answered(float(milliseconds))
    assert counting.end_second(waiting=4) == Second(1, 100, 100, 51.0, 100.0, 4, 0)
    assert counting.next_second() == 102.0
    counting.sent = 130
    counting.errors["text: answered with 503"] += 2
    counting.answered(500.0)
    assert counting.end_second(waiting=0) == Second(2, 30, 1, 500.0, 500.0, 0, 2)
    assert counting.end_second(waiting=0) == Second(3, 0, 0, 0.0, 0.0, 0, 0)
    counted = counting.all(seconds=2.5, cpu_seconds=0.5)
    assert (counted.sent, counted.answered, counted.most_a_second) == (130, 101, 100)
    assert (counted.p50, counted.p99, counted.cpu_share) == (51.0, 100.0, 0.2)
    assert counted.errors == {"text: answered with 503": 2}


@pytest.mark.parametrize(
    "told", [Second(1, 2, 3, 4.5, 6.7, 8, 9), replace(AGREED, errors={"call: the connection broke": 1})]
)
def test_what_is_told_can_be_read(told: Second | Counted) -> None:
    assert from_line(as_line(told)) == told


def test_it_is_proved_when_all_numbers_agree() -> None:
    proof = prove(AGREED, ALL_KEPT)
    assert proof.is_proved
    assert proof.verdict.startswith("Proved")


@pytest.mark.parametrize(
    ("counted", "kept", "name"),
    [
        (replace(AGREED, answered=299), ALL_KEPT, "answered, of those that were sent"),
        (replace(AGREED, differing=1), ALL_KEPT, "repeated webhooks"),
        (AGREED, replace(ALL_KEPT, contacts=299), "in the log, of those that were sent"),
        (AGREED, replace(ALL_KEPT, contacts=301), "in the log, of those that were sent"),
        (AGREED, replace(ALL_KEPT, twice=1), "twice in the log"),
        (AGREED, replace(ALL_KEPT, answered_twice=1), "people who were answered twice"),
    ],
)
def test_it_is_not_proved_when_one_differs_and_that_one_is_named(counted: Counted, kept: Kept, name: str) -> None:
    proof = prove(counted, kept)
    assert not proof.is_proved
    assert name in proof.verdict
    assert proof.verdict.count(";") == 0


@pytest.mark.parametrize(("times", "is_proved"), [(0, True), (1, False)])
def test_it_is_not_proved_when_the_carrier_was_told_to_send_twice(times: int, is_proved: bool) -> None:
    assert prove(AGREED, ALL_KEPT, times).is_proved == is_proved


def test_nothing_is_proved_without_a_log_or_without_anybody() -> None:
    assert not prove(AGREED, None).is_proved
    assert "log was not looked at" in prove(AGREED, None).verdict
    assert not prove(Counted(0, 0), Kept(0, 0, 0, 0, 0)).is_proved
