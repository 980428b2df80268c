"""A recording that was made in a call: fetched though it comes late, made fit beside the webhooks, refused in words."""

from datetime import datetime
from pathlib import Path

import pytest
from dictation import RECORDING, count, entered, recorded, said, settled, silence, speech, verbs, with_carrier

from audio import ffmpeg
from ivr import dictating, recorded_greetings
from ivr.errors import CarrierBusy, CarrierRefused
from ivr.house import House


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The carrier is asked again at once."""
    monkeypatch.setattr(recorded_greetings, "TRIES", (0.0,) * 3)


@pytest.fixture
def sentence(tmp_path: Path) -> bytes:
    """What the operator says."""
    return speech(tmp_path).read_bytes()


def test_the_same_recording_told_twice_is_one_version(house: House, now: datetime, sentence: bytes) -> None:
    house = with_carrier(house, sentence)
    entered(house, now)
    assert recorded(house, now) == recorded(house, now)
    assert count(house) == 1 and house.carrier.asked == 1  # type: ignore[attr-defined]


def test_a_recording_that_comes_late_is_tried_for_again(house: House, now: datetime, sentence: bytes) -> None:
    house = with_carrier(house, CarrierBusy("recording: HTTP 404", 404), CarrierBusy("connection"), sentence)
    entered(house, now)
    assert "<Play>" in recorded(house, now)


@pytest.mark.parametrize("fault", [CarrierBusy("recording: HTTP 404", 404), CarrierRefused("too large")])
def test_one_that_never_comes_is_said_and_recorded_again(house: House, now: datetime, fault: Exception) -> None:
    house = with_carrier(house, fault)
    entered(house, now)
    answer = recorded(house, now)
    assert said(answer).startswith("The recording did not arrive.")
    assert "Record" in verbs(answer) and "recorded?turn=2" in answer


def test_while_it_is_made_fit_the_caller_waits_and_no_webhook_does(
    house: House, now: datetime, sentence: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dictating, "WAIT_SECONDS", 0.0)
    house = with_carrier(house, sentence)
    entered(house, now)
    answer = recorded(house, now)
    assert verbs(answer) == ["Say", "Pause", "Redirect"]
    assert f"RecordingSid={RECORDING}&amp;turn=1&amp;look=1" in answer
    settled(house)
    assert "<Play>" in recorded(house, now, look=1)
    assert count(house) == 1


def test_it_is_looked_for_so_often_and_no_more(house: House, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictating, "make_greeting", lambda *_: None)  # whoever took it up has died
    entered(house, now)
    answers = [recorded(house, now, look=look) for look in range(dictating.MOST_LOOKS + 1)]
    assert ["Redirect" in verbs(answer) for answer in answers] == [True] * dictating.MOST_LOOKS + [False]
    assert "Record" in verbs(answers[-1])


def test_what_is_refused_is_told_in_its_own_words(house: House, now: datetime, tmp_path: Path) -> None:
    kept = {
        "under one second": silence(tmp_path, 0.5).read_bytes(),
        "Nothing was to be heard": silence(tmp_path).read_bytes(),
        "over two minutes": silence(tmp_path, 122).read_bytes(),
        "damaged": b"no sound",
    }
    entered(house, now)
    for place, (words, content) in enumerate(kept.items()):
        answer = recorded(with_carrier(house, content), now, f"RE{place:032x}")
        assert words in said(answer) and "Record" in verbs(answer)
    assert count(house) == 0


def test_what_was_too_quiet_is_told_with_the_choice(house: House, now: datetime, sentence: bytes) -> None:
    head, samples = sentence[:44], memoryview(sentence)[44:].cast("h")
    quiet = head + b"".join(int(one / 60).to_bytes(2, "little", signed=True) for one in samples)
    house = with_carrier(house, quiet)
    entered(house, now)
    assert "It was very quiet." in said(recorded(house, now))


def test_on_a_machine_without_ffmpeg_the_operator_hears_that_it_cannot_be_done_now(
    house: House, now: datetime, sentence: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise ffmpeg.NoFfmpeg("ffmpeg is missing")

    monkeypatch.setattr(ffmpeg, "executable", none)
    house = with_carrier(house, sentence)
    entered(house, now)
    answer = recorded(house, now)
    assert "not possible right now" in said(answer) and "Record" not in verbs(answer)


def test_a_look_for_another_recording_than_the_last_does_not_play_the_last(
    house: House, now: datetime, sentence: bytes
) -> None:
    house = with_carrier(house, sentence)
    entered(house, now)
    recorded(house, now)
    answer = recorded(house, now, "RE" + "6" * 32, look=1)
    assert "<Play>" not in answer and said(answer).startswith("The recording did not arrive.")
    assert count(house) == 1
