"""Calls in the tables: each once, its end once, its keys once, its voice messages until they are settled."""

import pytest

from ivr.store import Store, calls
from ivr.store.calls import Call, VoiceMessage
from ivr.store.lines import Line

AT, LATER = "2026-11-03T20:15:00.000Z", "2026-11-03T20:16:00.000Z"
PHONE = "+12025550143"
CALL = Call(1, "CA1", PHONE, AT, "ringing", "greeting", "en", 15, 19.5, "+1415", "TN", "CITY", "ST", "US")
MESSAGE = VoiceMessage("RE1", "CA1", AT, 4, "https://x", "waiting")


def the_call(store: Store, columns: str) -> tuple[object, ...]:
    """Columns of the one call."""
    return tuple(store.read(lambda db: db.execute(f"SELECT {columns} FROM calls").fetchone()))


def waiting(store: Store, now: str) -> list[VoiceMessage]:
    """What is to be fetched now."""
    return store.read(lambda db: calls.waiting_voice_messages(db, now, 10))


def test_a_call_is_kept_once_with_all_that_is_known_of_it(store: Store, line: Line) -> None:
    store.write(lambda db: calls.receive(db, [CALL, CALL]))
    store.write(lambda db: calls.receive(db, [CALL]))
    names = (
        "line_id, sid, number, at, status, reply, language, pause, greeting_seconds, forwarded_from, verification, city"
    )
    assert the_call(store, names) == tuple(CALL.__dict__.values())[:12]


@pytest.mark.parametrize(("seconds", "heard"), [(None, 0), (0, 0), (19, 0), (20, 1), (300, 1)])
def test_it_ends_once_and_it_is_known_whether_the_greeting_was_heard(
    store: Store, line: Line, seconds: int | None, heard: int
) -> None:
    store.write(lambda db: calls.receive(db, [CALL]))
    store.write(lambda db: calls.end(db, "CA1", "completed", seconds, LATER))
    store.write(lambda db: calls.end(db, "CA1", "failed", 999, LATER))
    assert the_call(store, "status, seconds, ended_at, greeting_heard") == ("completed", seconds, LATER, heard)


def test_a_key_of_an_offer_is_kept_once(store: Store) -> None:
    pressed = [("CA1", 1, "1"), ("CA1", 1, "2"), ("CA1", 2, "1"), ("CA2", 1, "1")]
    kept = [
        store.write(lambda db, c=call, o=offer, k=key: calls.press(db, c, AT, o, k)) for call, offer, key in pressed
    ]
    assert kept == [True, False, True, True]


def test_a_voice_message_waits_is_put_off_and_is_settled(store: Store) -> None:
    for _ in range(2):
        store.write(lambda db: calls.add_voice_message(db, MESSAGE))
    assert waiting(store, AT) == [MESSAGE]
    store.write(lambda db: calls.postpone_voice_message(db, "RE1", LATER, "busy"))
    assert waiting(store, AT) == []
    (again,) = waiting(store, LATER)
    assert (again.attempts, again.why) == (1, "busy")
    store.write(lambda db: calls.settle_voice_message(db, "RE1", "kept", None, 1234))
    assert waiting(store, LATER) == []


def test_a_contact_for_no_line_of_ours_is_noted_once(store: Store) -> None:
    for _ in range(2):
        store.write(lambda db: calls.note_stray(db, "call", "CA9", "+14155550199", PHONE, AT))
    strays = store.read(lambda db: db.execute("SELECT kind, dialled, number FROM strays").fetchall())
    assert strays == [("call", "+14155550199", PHONE)]
