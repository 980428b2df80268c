"""Voice messages: fetched with our credentials, kept whole or not at all, tried again for as long as it makes sense."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from inside import house_with_carrier, rows
from running import NUMBER, Product, until

from ivr import clock, voice_messages
from ivr.call_events import announce_voice_message
from ivr.carrier.inbound import VoiceMessageMade
from ivr.carrier.rest import Carrier
from ivr.errors import CarrierBusy, CarrierRefused
from ivr.house import House
from ivr.simulator import Simulator

Pair = tuple[House, Simulator]
SID = "RE" + "2" * 32


@pytest.fixture
def house_and_carrier(tmp_path: Path) -> Iterator[Pair]:
    """An installation and its carrier."""
    with house_with_carrier(tmp_path) as pair:
        yield pair


def announce(house: House, at: datetime, status: str = "completed") -> None:
    """The carrier says that it has recorded somebody."""
    url = f"{house.settings.api_url}/2010-04-01/Accounts/AC1/Recordings/{SID}"
    announce_voice_message(house, VoiceMessageMade(SID, "CA" + "1" * 32, status, url, 4), at)


def state(house: House) -> tuple[str, int, int | None]:
    """Status, tries that failed, and size of the one message."""
    ((status, attempts, size),) = rows(house.store, "SELECT status, attempts, bytes FROM voice_messages")
    return status, attempts, size


def test_it_is_fetched_and_kept_as_the_carrier_has_it(house_and_carrier: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    house, _ = house_and_carrier
    asked = []

    def fetch(_: Carrier, sid: str) -> bytes:
        asked.append(sid)
        return b"RIFF whole"

    monkeypatch.setattr(Carrier, "fetch_recording", fetch)
    now = clock.now()
    announce(house, now)
    assert voice_messages.fetch_waiting(house, now) == 1
    assert voice_messages.fetch_waiting(house, now) == 0
    assert asked == [SID]
    assert voice_messages.path_of(house, SID).read_bytes() == b"RIFF whole"
    assert state(house) == ("kept", 0, 10)


def test_what_the_carrier_does_not_have_yet_is_asked_for_again(house_and_carrier: Pair) -> None:
    house, _ = house_and_carrier
    now = clock.now()
    announce(house, now)
    assert voice_messages.fetch_waiting(house, now) == 0
    assert state(house) == ("waiting", 1, None)
    assert not house.recordings.exists() or not list(house.recordings.iterdir())


def test_an_absent_one_is_never_asked_for(house_and_carrier: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    house, _ = house_and_carrier
    monkeypatch.setattr(Carrier, "fetch_recording", lambda *_: pytest.fail("asked"))
    announce(house, clock.now(), "absent")
    assert voice_messages.fetch_waiting(house, clock.now() + timedelta(days=1)) == 0
    assert state(house)[0] == "absent"


def test_it_is_tried_again_later_and_later_and_given_up_in_the_end(
    house_and_carrier: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, _ = house_and_carrier

    def fail(*_: object) -> bytes:
        raise CarrierBusy("recording: HTTP 503", 503)

    monkeypatch.setattr(Carrier, "fetch_recording", fail)
    now = clock.now()
    announce(house, now)
    for attempt in range(1, voice_messages.MOST_TRIES):
        voice_messages.fetch_waiting(house, now)
        assert state(house)[:2] == ("waiting", attempt)
        ((due,),) = rows(house.store, "SELECT due_at FROM voice_messages")
        assert clock.read(due) - now >= timedelta(seconds=min(3600, 2**attempt) - 1)
        now = clock.read(due)
    voice_messages.fetch_waiting(house, now)
    assert state(house)[0] == "failed"


def test_what_the_carrier_refuses_is_not_asked_for_again(
    house_and_carrier: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, _ = house_and_carrier

    def refuse(*_: object) -> bytes:
        raise CarrierRefused("recording: HTTP 302", 302)

    monkeypatch.setattr(Carrier, "fetch_recording", refuse)
    announce(house, clock.now())
    voice_messages.fetch_waiting(house, clock.now())
    assert state(house)[0] == "failed"


def test_a_disk_that_cannot_take_it_leaves_no_half_file_and_the_message_waiting(
    house_and_carrier: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, _ = house_and_carrier
    monkeypatch.setattr(Carrier, "fetch_recording", lambda *_: b"RIFF whole")

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    announce(house, clock.now())
    with monkeypatch.context() as full:
        full.setattr("os.fsync", refuse)
        assert voice_messages.fetch_waiting(house, clock.now()) == 0
    assert list(house.recordings.iterdir()) == []
    assert state(house)[0] == "waiting"
    assert voice_messages.fetch_waiting(house, clock.now() + timedelta(minutes=1)) == 1


def test_a_message_left_in_a_call_ends_as_a_file_here(pair: tuple[Product, Simulator], phone: str) -> None:
    product, carrier = pair
    carrier.dial(phone, NUMBER, keys=["2"])
    carrier.quiet()

    def kept() -> list[tuple[str, int]]:
        return product.store.read(
            lambda db: db.execute(
                "SELECT voice_messages.sid, bytes FROM voice_messages JOIN calls ON calls.sid = call_sid"
                " WHERE number = ? AND voice_messages.status = 'kept'",
                (phone,),
            ).fetchall()
        )

    ((sid, size),) = until(kept)
    file = product.settings.instance_path / "voice-messages" / f"{sid}.wav"
    assert file.stat().st_size == size > 1000
