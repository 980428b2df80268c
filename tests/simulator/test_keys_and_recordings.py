"""What callers do to a call: keys, and messages after the tone."""

import io
import wave

import requests

from ivr.simulator import Moment, Running, Simulator
from ivr.simulator.phones.sounds import wav_seconds

from .a_product import ACCOUNT, LINE, PHONE, Product, line_of


def test_keys_are_pressed_one_after_another_each_when_its_turn_has_come(simulator: Simulator, product: Product) -> None:
    menu = '<Gather numDigits="1" action="/menu?n=1"><Play>/greeting.wav</Play><Play>/prompt.wav</Play></Gather>'
    product.says("/voice", f'<Pause length="15"/>{menu}<Say>Goodbye</Say>')
    product.says("/menu", menu, "<Say>Thank you</Say>")
    moments = simulator.dial(PHONE, LINE, keys=["0", "w1"])
    assert line_of(moments, "ring", "ring-ends") == [
        (15.0, "answered"),
        (15.0, "gather"),
        (15.0, "play"),
        (20.0, "play"),
        (20.0, "key"),
        (20.0, "gather"),
        (20.0, "play"),
        (25.0, "play"),
        (25.5, "key"),
        (25.5, "say"),
        (26.3, "hangup"),
        (26.3, "ended"),
    ]
    first, second = product.asked("/menu?n=1")
    assert (first.form["Digits"], second.form["Digits"]) == ("0", "1")
    assert first.form["CallStatus"] == "in-progress" and first.is_signed


def test_a_timed_key_stops_what_is_played(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Gather numDigits="1" action="/menu"><Play>/greeting.wav</Play></Gather>')
    product.says("/menu", "")
    assert line_of(simulator.dial(PHONE, LINE, keys=["1@1.5"]), "ring", "ring-ends") == [
        (0.0, "answered"),
        (0.0, "gather"),
        (0.0, "play"),
        (1.5, "key"),
        (1.5, "hangup"),
        (1.5, "ended"),
    ]


def test_several_keys_wait_for_the_time_out_or_the_finishing_key(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Gather timeout="4" action="/menu"/>')
    product.says("/menu", "")
    assert simulator.dial(PHONE, LINE, keys=["12"])[-1].at == 4.25
    assert simulator.dial(PHONE, LINE, keys=["12#"])[-1].at == 0.5
    assert [one.form["Digits"] for one in product.asked("/menu")] == ["12", "12"]
    assert [one.form["FinishedOnKey"] for one in product.asked("/menu")] == ["", "#"]


def test_without_a_key_the_call_falls_through_the_gather(simulator: Simulator, product: Product) -> None:
    product.says(
        "/voice", '<Gather timeout="3" action="/menu"><Play>/prompt.wav</Play></Gather><Play>/greeting.wav</Play>'
    )
    moments = simulator.dial(PHONE, LINE)
    assert [moment.at for moment in moments if moment.what == "play"] == [0.0, 6.0]
    assert product.asked("/menu") == []


def test_a_key_that_nobody_asked_for_does_nothing(simulator: Simulator, product: Product) -> None:
    product.says("/voice", "<Play>/greeting.wav</Play>")
    moments = simulator.dial(PHONE, LINE, keys=["5@2"])
    assert (2.0, "key") in line_of(moments) and moments[-1].at == 5.0


def test_a_message_after_the_tone_is_recorded_announced_and_fetched_with_credentials(
    carrier: Running, product: Product
) -> None:
    product.says("/voice", '<Record action="/after" recordingStatusCallback="/recorded" maxLength="60"/>')
    product.says("/after", "<Say>Thank you</Say>")
    moments = carrier.simulator.dial(PHONE, LINE, speak=7)
    assert line_of(moments, "ring", "ring-ends")[:4] == [
        (0.0, "answered"),
        (0.0, "beep"),
        (0.5, "record"),
        (12.5, "recorded"),
    ]
    assert carrier.simulator.quiet()
    form = product.asked("/after")[0].form
    assert (form["RecordingDuration"], form["Digits"], form["CallStatus"]) == ("7", "", "in-progress")
    status = product.asked("/recorded")[0]
    assert (status.form["RecordingStatus"], status.form["RecordingSource"]) == ("completed", "RecordVerb")
    assert status.is_signed and status.form["RecordingUrl"] == form["RecordingUrl"]
    assert requests.get(form["RecordingUrl"], timeout=10).status_code == 401
    credentials = (ACCOUNT.sid, ACCOUNT.auth_token)
    heard = requests.get(form["RecordingUrl"] + ".wav", auth=credentials, timeout=10)
    with wave.open(io.BytesIO(heard.content)) as audio:
        assert (audio.getframerate(), audio.getnframes() / audio.getframerate()) == (8000, 7.0)
    about = requests.get(form["RecordingUrl"] + ".json", auth=credentials, timeout=10).json()
    assert (about["duration"], about["status"], about["call_sid"]) == ("7", "completed", form["CallSid"])


def test_a_key_ends_a_recording_and_hanging_up_ends_it_too(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Record action="/after" playBeep="false" finishOnKey="#"/>')
    product.says("/after", "")
    simulator.dial(PHONE, LINE, keys=["#"], speak=3)
    moments = simulator.dial(PHONE, LINE, hang_up_after=2, speak=10)
    assert moments[-1] == Moment(2.0, "ended", "completed, 2 s since the answer")
    by_key, by_hanging_up = product.asked("/after")
    assert (by_key.form["Digits"], by_key.form["RecordingDuration"]) == ("#", "3")
    assert (by_hanging_up.form["Digits"], by_hanging_up.form["RecordingDuration"]) == ("hangup", "2")
    assert by_hanging_up.form["CallStatus"] == "completed"


def test_leaving_off_in_the_middle_is_hanging_up(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Record action="/after"/>')
    product.says("/after", "")
    call = simulator.listen(PHONE, LINE)
    assert next(moment.what for moment in call if moment.what == "record") == "record"
    call.close()  # type: ignore[attr-defined]
    assert simulator.quiet()
    assert product.asked("/after")[0].form["Digits"] == "hangup"
    assert product.asked("/status")[0].form["CallStatus"] == "completed"


def test_the_length_of_a_mu_law_wav_is_read_from_its_header() -> None:
    header = b"RIFF\0\0\0\0WAVEfmt " + (18).to_bytes(4, "little") + bytes([7, 0, 1, 0]) + (8000).to_bytes(4, "little")
    header += (8000).to_bytes(4, "little") + bytes([1, 0, 8, 0, 0, 0]) + b"data" + (12000).to_bytes(4, "little")
    assert wav_seconds(header + b"\xff" * 12000) == 1.5
    assert wav_seconds(b"ID3") is None
