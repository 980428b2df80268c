"""Refused webhooks by hour, reason and path; and contacts for numbers that are no line."""

from ivr.store import Connection, Store, calls, refusals
from ivr.store.refusals import Refusal, Strays


def at(hour: int, minute: int = 0) -> str:
    """A time."""
    return f"2026-11-03T{hour:02}:{minute:02}:00.000Z"


def test_counts_of_an_hour_are_added_up(store: Store) -> None:
    key = ("bad signature", "/webhooks/sms")
    for minute, count in ((1, 3), (50, 4)):
        counted = {key: (count, at(9, minute), f"192.0.2.{minute}")}
        store.write(lambda db, counted=counted: refusals.add(db, counted))
    assert store.read(lambda db: refusals.since(db, at(9))) == [Refusal(*key, 7, at(9, 50), "192.0.2.50")]


def test_hours_are_added_up_since_a_moment_the_most_frequent_first(store: Store) -> None:
    for hour in (7, 8, 9, 10):
        counted = {
            ("bad signature", "/webhooks/sms"): (2, at(hour), f"192.0.2.{hour}"),
            ("wrong account", "/webhooks/voice"): (5, at(hour, 1), "192.0.2.99"),
        }
        store.write(lambda db, counted=counted: refusals.add(db, counted))
    assert store.read(lambda db: refusals.since(db, at(9, 30))) == [
        Refusal("wrong account", "/webhooks/voice", 10, at(10, 1), "192.0.2.99"),
        Refusal("bad signature", "/webhooks/sms", 4, at(10), "192.0.2.10"),
    ]
    assert store.read(lambda db: refusals.since(db, at(11))) == []


def test_strays_are_counted_for_each_number_that_was_dialled(store: Store) -> None:
    for number in range(5):
        dialled = "+15550100" if number else "+15550199"
        store.write(
            lambda db, number=number, dialled=dialled: calls.note_stray(
                db, "call", f"CA{number}", dialled, "+12025550143", at(number)
            )
        )
    assert store.read(lambda db: refusals.strays_since(db, at(0))) == [
        Strays("+15550100", 4, at(4)),
        Strays("+15550199", 1, at(0)),
    ]
    assert store.read(lambda db: refusals.strays_since(db, at(3))) == [Strays("+15550100", 2, at(4))]


def test_of_many_strays_only_the_newest_are_counted(store: Store) -> None:
    def fill(db: Connection) -> None:
        for number in range(refusals.MOST_STRAYS + 5):
            calls.note_stray(db, "call", f"CA{number}", "+1", "+12025550143", at(number // 3600, number // 60 % 60))

    store.write(fill)
    (found,) = store.read(lambda db: refusals.strays_since(db, at(0)))
    assert found.count == refusals.MOST_STRAYS
