"""What is told of a call later: its end, however it comes, and the voice message."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from inside import rows
from running import NUMBER, PHONE

from ivr import answering, call_events, clock
from ivr.answering import CallArrival
from ivr.carrier.inbound import CallEnded, IncomingCall, VoiceMessageMade
from ivr.house import House

AT = datetime(2026, 11, 3, 20, 15, tzinfo=UTC)
CALL = "CA" + "1" * 32
RECORDING = "RE" + "2" * 32
URL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE2"


def begin(house: House, at: datetime = AT) -> None:
    """The call comes in."""
    house.store.write_together(answering.receive, CallArrival(house, IncomingCall(CALL, PHONE, NUMBER, "ringing"), at))


def end(house: House, status: str = "completed", seconds: int | None = 30, dialled: str = NUMBER) -> None:
    """The call is over."""
    call_events.end_call(house, CallEnded(CALL, PHONE, dialled, status, seconds), AT + timedelta(seconds=50))


def the_call(house: House) -> tuple[Any, ...]:
    """Status, seconds, whether the greeting was heard, reply and beginning of the one call that is kept."""
    (call,) = rows(house.store, "SELECT status, seconds, greeting_heard, reply, at FROM calls")
    return call


@pytest.mark.parametrize(
    ("status", "seconds", "heard"),
    [("completed", 300, 1), ("completed", 1, 0), ("no-answer", 0, 0), ("busy", None, 0), ("canceled", None, 0)],
)
def test_the_end_completes_the_row_and_says_whether_the_greeting_was_heard(
    house: House, status: str, seconds: int | None, heard: int
) -> None:
    begin(house)
    end(house, status, seconds)
    assert the_call(house) == (status, seconds, heard, "greeting", clock.written(AT))


def test_exactly_the_length_of_the_greeting_is_heard_to_its_end(house: House) -> None:
    begin(house)
    clip = house.library.clip("en", "greeting")
    assert clip is not None
    end(house, seconds=int(clip.seconds))
    assert the_call(house)[2] == int(int(clip.seconds) >= clip.seconds)


def test_only_the_first_end_counts(house: House) -> None:
    begin(house)
    end(house, "completed", 30)
    end(house, "failed", 0)
    assert the_call(house)[:2] == ("completed", 30)


def test_an_end_whose_beginning_never_came_makes_the_row(house: House) -> None:
    end(house)
    assert the_call(house) == ("completed", 30, None, "none", clock.written(AT + timedelta(seconds=50)))


def test_a_beginning_that_is_read_in_after_the_end_completes_the_row(house: House) -> None:
    end(house, seconds=300)
    begin(house)
    assert the_call(house) == ("completed", 300, 1, "greeting", clock.written(AT))
    begin(house, AT + timedelta(hours=1))
    assert the_call(house)[4] == clock.written(AT)


def test_the_end_of_a_call_to_no_line_of_ours_is_nothing(house: House) -> None:
    end(house, dialled="+14155550199")
    assert rows(house.store, "SELECT sid FROM calls") == []


@pytest.mark.parametrize(
    ("status", "url", "kept"),
    [
        ("completed", URL, [("waiting", None)]),
        ("completed", "https://example.com/x", [("refused", "media_host_not_allowed")]),
        ("completed", "http://169.254.169.254/latest", [("refused", "media_address_not_allowed")]),
        ("absent", "", [("absent", None)]),
        ("failed", "", [("failed", None)]),
        ("in-progress", URL, []),
        ("a word of tomorrow", URL, []),
    ],
)
def test_a_voice_message_is_announced_once_by_what_the_carrier_says_of_it(
    house: House, status: str, url: str, kept: list[tuple[str, str | None]]
) -> None:
    for _ in range(3):
        call_events.announce_voice_message(house, VoiceMessageMade(RECORDING, CALL, status, url, 4), AT)
    assert rows(house.store, "SELECT status, why FROM voice_messages") == kept
