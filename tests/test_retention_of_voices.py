"""Periods of a line: voice messages with their files, and who was too young; a crash leaves nothing behind."""

from datetime import datetime, timedelta

import pytest
from inside import received, rows, with_values
from retaining import keep_voice, let_run, voice_state
from running import NUMBER

from ivr import clock, retention, voice_messages
from ivr.carrier.inbound import IncomingText, Place
from ivr.house import House
from ivr.store import members, people


def files(house: House) -> set[str]:
    """The files of voice messages."""
    return {path.name for path in house.recordings.iterdir()}


def test_a_voice_message_that_is_old_is_deleted_and_its_row_says_why(house: House, now: datetime) -> None:
    with_values(house, keep_voice=7)
    _, young = keep_voice(house, now, 8, 6)
    keep_voice(house, now, 8, status="waiting")
    assert let_run(house, now) == 1
    assert files(house) == {f"{young}.wav"}
    assert voice_state(house)[:2] == [("absent", None), ("kept", 4)]
    assert rows(house.store, "SELECT why FROM voice_messages WHERE id = 1") == [("Its time is over.",)]
    assert let_run(house, now + timedelta(days=2)) == 2
    assert files(house) == set()
    assert voice_messages.fetch_waiting(house, now + timedelta(days=2)) == 0
    assert {status for status, _ in voice_state(house)} == {"absent"}


def test_a_crash_between_the_file_and_the_row_is_mended_by_the_next_run(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_values(house, keep_voice=7)
    keep_voice(house, now, 8, 8)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(retention, "sync_folder", crash)
        with pytest.raises(KeyboardInterrupt):
            retention.keep_to_periods(house, now)
    assert (files(house), voice_state(house)) == (set(), [("kept", 4)] * 2)
    assert let_run(house, now) == 2
    assert voice_state(house) == [("absent", None)] * 2


def test_a_file_that_cannot_be_deleted_is_tried_again_with_the_next_run(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with_values(house, keep_voice=7)
    (sid,) = keep_voice(house, now, 8)
    path = voice_messages.path_of(house, sid)
    path.unlink()
    path.mkdir()
    assert let_run(house, now) == 0
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    path.rmdir()
    assert let_run(house, now + timedelta(hours=2)) == 1


def test_files_that_no_row_keeps_are_swept(house: House, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_messages, "SWEPT_AT_ONCE", 2)
    assert voice_messages.sweep(house, now) == 0
    (sid,) = keep_voice(house, now, 1)
    (waiting,) = keep_voice(house, now, 1, status="waiting")
    (house.recordings / f".{sid}.wav.77.abcd").write_bytes(b"half")
    for name in (waiting, "RE" + "9" * 32):  # fetched just now; of somebody who was erased
        (house.recordings / f"{name}.wav").write_bytes(b"RIFF")
    assert voice_messages.sweep(house, now) == 0
    assert voice_messages.sweep(house, now + timedelta(hours=2)) == 2
    assert files(house) == {f"{sid}.wav", f"{waiting}.wav"}


def test_who_was_too_young_may_try_again_after_the_period(house: House, now: datetime) -> None:
    old, young = now - timedelta(days=32), now - timedelta(days=29)
    for place, at in enumerate((old, young)):
        text_in = IncomingText(
            f"SM{place:032x}", f"+1202555014{place}", NUMBER, "hi", Place(None, None, None), (), None
        )
        received(house, text_in, at)
        person = house.store.read(lambda db, place=place: people.of_id(db, place + 1))
        house.store.write(lambda db, person=person, at=at: members.note_too_young(db, person, clock.written(at)))
    assert let_run(house, now) == 1
    assert rows(house.store, "SELECT too_young_at FROM people ORDER BY id") == [(None,), (clock.written(young),)]
    assert rows(house.store, "SELECT day FROM too_young") == [(clock.written(young)[:10],)]
