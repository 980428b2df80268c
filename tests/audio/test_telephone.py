"""A recording becomes fit for the telephone: as loud, as long and as soft at its ends as it should be."""

from __future__ import annotations

import math
import struct
import subprocess
import sys
from array import array
from pathlib import Path

import pytest
from pydub import AudioSegment
from sounds import TELEPHONE as RATE
from sounds import pcm, room, syllables, write_wav

from audio import level, telephone, wav


def segment(samples: list[float]) -> AudioSegment:
    return AudioSegment(pcm(samples), sample_width=2, frame_rate=RATE, channels=1)


def heard(content: bytes) -> bytes:
    """What the caller's telephone makes of a file, as 16-bit samples."""
    sound = wav.read(content)
    assert sound.fits_telephone
    return level.from_mu_law(content[sound.start : sound.start + sound.size])


@pytest.mark.parametrize("amplitude", [0.002, 0.05, 0.3, 0.9])
def test_faint_and_loud_recordings_come_out_equally_loud(amplitude: float) -> None:
    sound = heard(telephone.for_telephone(segment(syllables(20, amplitude))))
    assert level.active(sound, RATE) == pytest.approx(-19, abs=0.5)
    assert level.peak(sound) <= -2


def test_a_recording_with_one_shout_in_it_is_not_clipped() -> None:
    sound = heard(telephone.for_telephone(segment(syllables(20, 0.05) + syllables(1, 0.9) + syllables(20, 0.05))))
    assert level.peak(sound) <= -2
    assert level.active(sound, RATE) == pytest.approx(-19, abs=1)


def test_long_silence_is_trimmed_to_what_a_call_needs() -> None:
    speech = syllables(10, 0.3)
    content = telephone.for_telephone(segment([0.0] * RATE * 3 + speech + [0.0] * RATE * 4))
    assert wav.read(content).seconds == pytest.approx(0.25 + len(speech) / RATE + 0.35, abs=0.08)


@pytest.mark.parametrize("noise", [0.0, 0.003])
def test_two_seconds_of_speech_are_found_in_a_minute_of_nothing(noise: float) -> None:
    quiet, speech = room(40, noise, seed=1), syllables(9, 0.3)
    content = telephone.for_telephone(segment([*quiet, *speech, *quiet[: 20 * RATE]]))
    assert wav.read(content).seconds == pytest.approx(0.25 + len(speech) / RATE + 0.35, abs=0.1)


def test_silence_is_added_where_the_recording_begins_at_once() -> None:
    speech = syllables(10, 0.3)
    content = telephone.for_telephone(segment(speech))
    assert wav.read(content).seconds == pytest.approx(0.25 + len(speech) / RATE + 0.35, abs=0.08)
    assert level.peak(heard(content)[: 2 * RATE // 5]) == -math.inf


def test_the_noise_of_a_room_is_not_taken_for_speech() -> None:
    speech = [a + b for a, b in zip(syllables(15, 0.3), room(15 * 0.22, 0.003), strict=False)]
    content = telephone.for_telephone(segment(room(2, 0.003, seed=1) + speech + room(3, 0.003, seed=2)))
    assert wav.read(content).seconds == pytest.approx(0.25 + 15 * 0.22 + 0.35, abs=0.1)


def test_a_click_before_the_speech_is_not_taken_for_speech() -> None:
    content = telephone.for_telephone(segment([0.8] * 40 + [0.0] * RATE * 2 + syllables(10, 0.3)))
    assert wav.read(content).seconds == pytest.approx(0.25 + 2.2 + 0.35, abs=0.1)


def test_it_begins_and_ends_in_silence_even_in_a_noisy_room() -> None:
    samples = array("h", heard(telephone.for_telephone(segment(room(1, 0.01) + syllables(15, 0.3) + room(1, 0.01)))))
    assert abs(samples[0]) <= 32
    assert abs(samples[-1]) <= 32


def test_an_offset_is_taken_away() -> None:
    samples = array("h", heard(telephone.for_telephone(segment([s + 0.05 for s in syllables(20, 0.3)]))))
    assert abs(sum(samples) / len(samples)) < 0.001 * 32768


@pytest.mark.parametrize("seconds", [0, 0.001, 3])
def test_silence_is_refused(seconds: float) -> None:
    with pytest.raises(telephone.Unfit, match="no speech"):
        telephone.for_telephone(segment([0.0] * int(seconds * RATE)))


def test_the_noise_of_the_last_bit_is_silence() -> None:
    with pytest.raises(telephone.Unfit, match="no speech"):
        telephone.for_telephone(segment(room(2, 1.2 / 32768)))


@pytest.mark.parametrize(("rate", "channels", "width"), [(44100, 1, 2), (8000, 2, 2), (8000, 1, 1)])
def test_a_recording_in_another_form_is_refused(rate: int, channels: int, width: int) -> None:
    wrong = AudioSegment(bytes(channels * width * rate), sample_width=width, frame_rate=rate, channels=channels)
    with pytest.raises(telephone.Unfit, match="16-bit, mono, at 8000 Hz"):
        telephone.for_telephone(wrong)


def test_a_wav_file_gives_the_same_as_a_segment(tmp_path: Path) -> None:
    speech = syllables(10, 0.3)
    path = write_wav(tmp_path / "speech.wav", speech, rate=RATE)
    assert telephone.for_telephone(path) == telephone.for_telephone(segment(speech))


def test_a_wav_file_that_is_coded_already_is_refused(tmp_path: Path) -> None:
    (tmp_path / "coded.wav").write_bytes(wav.telephone_file(b"\xff" * 8000))
    with pytest.raises(telephone.Unfit, match="8-bit mu-law"):
        telephone.for_telephone(tmp_path / "coded.wav")


def test_a_forged_file_on_which_pydub_would_hang_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "forged.wav"
    path.write_bytes(struct.pack("<4sI4s4sI", b"RIFF", 36, b"WAVE", b"LIST", 2**32 - 8) + bytes(24))
    with pytest.raises(wav.BadSound, match="cut off"):
        telephone.for_telephone(path)


def test_it_loads_with_every_warning_an_error_and_with_nothing_compiled_before(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-W",
        "error",
        "-X",
        f"pycache_prefix={tmp_path}",
        "-c",
        "import audio.telephone",
    ]
    subprocess.run(command, check=True, cwd=Path(telephone.__file__).parents[1])
