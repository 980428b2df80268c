"""The outbox in the tables: claims, marks, and status events late, twice, out of order and astray."""

import itertools
import random

import pytest

from ivr.store import Store, messages, people, queue
from ivr.store.lines import Line
from ivr.store.messages import FINAL, Outgoing
from ivr.store.people import Person
from ivr.store.queue import Event

AT, LATER = "2026-11-03T20:15:00.000Z", "2026-11-03T21:15:00.000Z"
PHONE = "+12025550143"
SID, OTHER = "SM" + "1" * 32, "SM" + "2" * 32


@pytest.fixture
def text(store: Store, line: Line) -> Outgoing:
    """A text that waits for somebody we know."""
    person = Person(line.id, PHONE, AT, "en", "US", None, None, 0, AT, id=1)
    store.write(lambda db: people.add(db, [person]))
    return store.write(lambda db: messages.compose(db, line, PHONE, AT, "hi", "link", AT))


def now(store: Store, text: Outgoing) -> Outgoing:
    """The text as it is now."""
    found = store.read(lambda db: messages.find(db, text.id))
    assert found is not None
    return found


def claimed(store: Store, most: int = 10) -> list[Outgoing]:
    """Claim what is due."""
    return store.write(lambda db: queue.claim(db, LATER, most))


def hear(store: Store, status: str, sid: str = SID, message_id: int | None = None, code: int | None = None) -> bool:
    """An event comes in."""
    return store.write(lambda db: queue.apply_event(db, message_id, Event(sid, AT, status, code)))


def events(store: Store) -> list[tuple[object, ...]]:
    """All events: whose, which, applied."""
    sql = "SELECT message_id, status, applied FROM message_events ORDER BY id"
    return store.read(lambda db: [tuple(row) for row in db.execute(sql)])


def test_a_claim_takes_a_text_once(store: Store, text: Outgoing) -> None:
    (taken,) = claimed(store)
    assert (taken.id, taken.status, taken.attempts, taken.claimed_at) == (text.id, "sending", 1, LATER)
    assert claimed(store) == []


def test_a_claim_skips_who_has_opted_out_but_confirms_a_stop(store: Store, line: Line, text: Outgoing) -> None:
    confirmation = store.write(lambda db: messages.compose(db, line, PHONE, AT, "bye", "stop", AT))
    store.write(lambda db: people.set_opted_out(db, line, PHONE, AT))
    assert [one.id for one in claimed(store)] == [confirmation.id]
    assert now(store, text).status == "skipped"
    assert store.read(lambda db: messages.recent(db, line, PHONE, "2026-01-01"))[-1].id != text.id


def test_an_answer_in_a_webhook_is_never_claimed(store: Store, line: Line, text: Outgoing) -> None:
    claimed(store)
    store.write(lambda db: messages.compose(db, line, PHONE, AT, "hi", "reply"))
    assert claimed(store) == []


@pytest.mark.parametrize("mark", ["sent", "failed", "waiting", "doubt"])
def test_every_mark_of_a_claimed_text_is_kept(store: Store, text: Outgoing, mark: str) -> None:
    claimed(store)
    store.write(
        lambda db: {
            "sent": lambda: queue.mark_sent(db, text.id, SID),
            "failed": lambda: queue.mark_failed(db, text.id, "no", 21211),
            "waiting": lambda: queue.mark_waiting(db, text.id, LATER, "busy"),
            "doubt": lambda: queue.mark_doubt(db, text.id, "reset"),
        }[mark]()
    )
    assert now(store, text).status == {"waiting": "queued"}.get(mark, mark)


@pytest.mark.parametrize("final", ["delivered", "undelivered", "failed", "cancelled"])
def test_no_mark_and_no_event_changes_a_final_state(store: Store, text: Outgoing, final: str) -> None:
    claimed(store)
    assert hear(store, final, message_id=text.id)
    for status in ("sent", "delivered", "undelivered", "failed"):
        assert not hear(store, status, message_id=text.id)
    store.write(lambda db: queue.mark_sent(db, text.id, SID))
    store.write(lambda db: queue.mark_failed(db, text.id, "no", 1))
    store.write(lambda db: queue.mark_waiting(db, text.id, LATER, "busy"))
    store.write(lambda db: queue.mark_doubt(db, text.id, "reset"))
    assert (now(store, text).status, now(store, text).sid) == (final, SID)
    assert sum(1 for _, _, applied in events(store) if applied) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "sent", "delivered"])))
def test_events_in_any_order_and_number_end_in_the_same_state(
    store: Store, text: Outgoing, order: tuple[str, ...]
) -> None:
    claimed(store)
    for status in order:
        hear(store, status, message_id=text.id)
    assert now(store, text).status == "delivered"
    assert len(events(store)) == 3


def test_a_thousand_shuffled_events_end_each_text_in_its_first_final_state(
    store: Store, line: Line, text: Outgoing
) -> None:
    lots = random.Random(1)
    texts = store.write(
        lambda db: [messages.compose(db, line, f"+1202555{n:04d}", AT, "hi", "link", AT) for n in range(100)]
    )
    claimed(store, 200)
    told = [(one.id, status) for one in texts for status in ("sent", "sent", "delivered", "undelivered") * 2]
    lots.shuffle(told)
    first: dict[int, str] = {}
    for message_id, status in told:
        hear(store, status, f"SM{message_id:032x}", message_id if lots.random() < 0.5 else None)
        if lots.random() < 0.2:  # our own mark comes late, in the middle of it
            store.write(lambda db, one=message_id: queue.mark_sent(db, one, f"SM{one:032x}"))
    for one in texts:
        store.write(lambda db, one=one: queue.mark_sent(db, one.id, f"SM{one.id:032x}"))
    for message_id, status, applied in events(store):
        if applied and status in FINAL:
            assert message_id not in first
            first[message_id] = status  # type: ignore[index, assignment]
    assert {one.id: now(store, one).status for one in texts} == first
    assert all(message_id is not None for message_id, _, _ in events(store))


def test_an_event_settles_doubt_and_brings_the_sid(store: Store, text: Outgoing) -> None:
    claimed(store)
    store.write(lambda db: queue.mark_doubt(db, text.id, "reset"))
    assert hear(store, "sent", message_id=text.id)
    assert (now(store, text).status, now(store, text).sid) == ("sent", SID)


def test_an_event_with_the_id_of_one_and_the_sid_of_another_is_the_others(
    store: Store, line: Line, text: Outgoing
) -> None:
    second = store.write(lambda db: messages.compose(db, line, PHONE, AT, "hi", "link", AT))
    claimed(store)
    store.write(lambda db: queue.mark_sent(db, text.id, SID))
    assert hear(store, "delivered", sid=SID, message_id=second.id)
    assert (now(store, text).status, now(store, second).status) == ("delivered", "sending")


def test_an_event_whose_sid_is_not_that_of_its_message_is_parked(store: Store, text: Outgoing) -> None:
    claimed(store)
    store.write(lambda db: queue.mark_sent(db, text.id, SID))
    assert not hear(store, "failed", sid=OTHER, message_id=text.id)
    assert now(store, text).status == "sent"
    assert events(store) == [(None, "failed", 0)]


def test_events_of_an_unknown_sid_are_parked_and_applied_once_it_is_known(store: Store, text: Outgoing) -> None:
    claimed(store)
    assert not hear(store, "sent")
    assert not hear(store, "undelivered", code=30003)
    assert events(store) == [(None, "sent", 0), (None, "undelivered", 0)]
    store.write(lambda db: queue.mark_sent(db, text.id, SID))
    assert now(store, text).status == "undelivered"
    assert events(store) == [(text.id, "sent", 0), (text.id, "undelivered", 1)]


def test_an_inbound_text_is_never_changed_by_an_event(store: Store, line: Line, text: Outgoing) -> None:
    received = messages.Received(line.id, SID, PHONE, AT, "hello", "none")
    store.write(lambda db: messages.receive(db, [received]))
    assert not hear(store, "delivered")
    assert not hear(store, "delivered", message_id=text.id)
    assert now(store, text).status == "queued"
    assert store.read(lambda db: db.execute("SELECT status FROM messages WHERE sid = ?", (SID,)).fetchone()) == (
        "received",
    )


def test_what_is_forgotten_goes_into_doubt_by_the_way_it_went(store: Store, line: Line, text: Outgoing) -> None:
    claimed(store)
    answer = store.write(lambda db: messages.compose(db, line, PHONE, AT, "hi", "reply"))
    assert store.write(lambda db: queue.doubt_forgotten(db, LATER, AT)) == 0
    assert store.write(lambda db: queue.doubt_forgotten(db, LATER + "0", AT)) == 1
    assert (now(store, text).status, now(store, answer).status) == ("doubt", "sending")
    assert store.write(lambda db: queue.doubt_forgotten(db, AT, LATER)) == 1
    assert now(store, answer).status == "doubt"
