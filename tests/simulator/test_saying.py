"""What a caller says after the beep may be a recording of the tester's own."""

import io
import wave
from base64 import b64encode
from pathlib import Path

import pytest
import requests

from ivr.simulator import Running, Simulator, WrongSound
from ivr.simulator.client import SimulatorRefused, dial

from .a_product import ACCOUNT, LINE, PHONE, Product, tone

MU_LAW = b"RIFF\0\0\0\0WAVEfmt \x12\0\0\0\7\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x08\0\0\0data\4\0\0\0\xff\xff\xff\xff"


@pytest.fixture
def recorded(product: Product) -> Product:
    """A product that records its callers."""
    product.says("/voice", '<Record action="/after" finishOnKey="#"/>')
    product.says("/after", "")
    return product


def kept(carrier: Running, product: Product) -> bytes:
    """The recording that the carrier kept last."""
    url = product.asked("/after")[-1].form["RecordingUrl"]
    return requests.get(url + ".wav", auth=(ACCOUNT.sid, ACCOUNT.auth_token), timeout=10).content


def test_a_wav_file_is_said_and_kept_as_it_is(carrier: Running, recorded: Product, tmp_path: Path) -> None:
    path = tmp_path / "hello.wav"
    path.write_bytes(tone(2.5))
    carrier.simulator.dial(PHONE, LINE, keys=["#"], says=path)
    assert recorded.asked("/after")[-1].form["RecordingDuration"] == "3"
    assert kept(carrier, recorded) == tone(2.5)


def test_it_can_be_said_from_another_process(carrier: Running, recorded: Product) -> None:
    list(dial(carrier.url, LINE, keys=["#"], says=tone(1)))
    assert kept(carrier, recorded) == tone(1)


def test_who_hangs_up_in_the_middle_has_said_its_beginning(carrier: Running, recorded: Product, tmp_path: Path) -> None:
    path = tmp_path / "hello.wav"
    path.write_bytes(tone(4))
    carrier.simulator.dial(PHONE, LINE, hang_up_after=2.5, says=path)
    with wave.open(io.BytesIO(kept(carrier, recorded))) as sound:
        assert sound.getnframes() / sound.getframerate() == 2.0


@pytest.mark.parametrize("sound", [b"", b"RIFF", MU_LAW])
def test_what_is_no_wav_of_plain_samples_is_refused(simulator: Simulator, tmp_path: Path, sound: bytes) -> None:
    path = tmp_path / "hello.wav"
    path.write_bytes(sound)
    with pytest.raises(WrongSound):
        simulator.dial(PHONE, LINE, says=path)


@pytest.mark.parametrize("says", ["?", b64encode(b"no sound").decode()])
def test_a_wrong_order_to_say_something_is_refused(carrier: Running, says: str) -> None:
    answer = requests.post(f"{carrier.url}/simulator/dial", json={"to": LINE, "says": says}, timeout=10)
    assert answer.status_code == 400
    with pytest.raises(SimulatorRefused):
        list(dial(carrier.url, LINE, says=b"no sound"))
