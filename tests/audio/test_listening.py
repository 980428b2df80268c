"""What is heard in a recording: the channel with the voice, and cut off tops, whatever coded them afterwards."""

from pathlib import Path

import pytest
from sounds import RATE, can_code, clipped, coded, mixed, pcm, room, speech, times, tone, write_wav

from audio import level
from audio.listening import BOTH, LEFT, MIXES, RIGHT, listen
from audio.recording import decode

VOICES = [100, 160, 230]
CODERS = {
    "mp3": ("mp3", "libmp3lame", ("-b:a", "96k")),
    "aac": ("m4a", "aac", ("-b:a", "96k")),
    "opus": ("webm", "libopus", ("-b:a", "48k")),
}


def heard_after(coder: str, samples: list[float], folder: Path, *rate: str) -> bool:
    """Whether tops are found cut off in what a coder makes of the samples."""
    name, encoder, usual = CODERS[coder]
    arguments = rate or usual
    if not can_code(encoder):
        pytest.skip(f"this ffmpeg has no {encoder}")
    source = coded(write_wav(folder / "it.wav", samples), folder / f"it.{name}", "-c:a", encoder, *arguments)
    return decode(source, folder).heard.clipped


@pytest.mark.parametrize("pitch", VOICES)
@pytest.mark.parametrize(("gain", "later"), [(2.5, 1), (4, 0.05), (8, 1)])
def test_tops_that_are_cut_off_are_heard_even_when_made_softer_later(
    tmp_path: Path, pitch: int, gain: float, later: float
) -> None:
    assert listen(write_wav(tmp_path / "it.wav", times(later, clipped(gain, speech(pitch=pitch))))).clipped


@pytest.mark.parametrize("pitch", VOICES)
@pytest.mark.parametrize("gain", [0.02, 1])
def test_a_voice_up_to_full_scale_is_not_said_to_be_cut_off(tmp_path: Path, pitch: int, gain: float) -> None:
    assert not listen(write_wav(tmp_path / "it.wav", times(gain, speech(pitch=pitch)))).clipped


@pytest.mark.parametrize("pitch", VOICES)
def test_a_voice_that_a_limiter_held_is_not_said_to_be_cut_off(tmp_path: Path, pitch: int) -> None:
    limited = level.raised(pcm(speech(pitch=pitch)), 9, -1, RATE)
    samples = [sample / 32768 for sample in memoryview(limited).cast("h")]
    assert not listen(write_wav(tmp_path / "it.wav", samples)).clipped


@pytest.mark.parametrize("gain", [4, 8])
@pytest.mark.parametrize("coder", CODERS)
def test_tops_that_are_cut_off_are_heard_through_a_coder(tmp_path: Path, coder: str, gain: float) -> None:
    assert heard_after(coder, times(0.9, clipped(gain, speech(pitch=160))), tmp_path)


@pytest.mark.parametrize(("coder", "gain", "rate"), [("mp3", 50, "48k"), ("opus", 20, "24k")])
def test_waves_that_are_all_flat_are_heard_under_a_coders_ripple(
    tmp_path: Path, coder: str, gain: float, rate: str
) -> None:
    assert heard_after(coder, times(0.5, clipped(gain, speech(pitch=160))), tmp_path, "-b:a", rate)


@pytest.mark.parametrize("coder", CODERS)
def test_a_good_voice_is_not_said_to_be_cut_off_after_a_coder(tmp_path: Path, coder: str) -> None:
    assert not heard_after(coder, times(0.99, speech(pitch=160)), tmp_path)


def test_long_silence_beside_the_speech_does_not_hide_it(tmp_path: Path) -> None:
    samples = [*[0.0] * RATE * 8, *clipped(4, speech())]
    assert listen(write_wav(tmp_path / "it.wav", mixed(samples, room(9, 0.001, RATE)))).clipped


def test_tops_cut_off_in_one_channel_are_heard(tmp_path: Path) -> None:
    good, bad = times(0.3, speech()), clipped(4, speech())
    assert listen(write_wav(tmp_path / "it.wav", good, bad)).clipped


@pytest.mark.parametrize(
    ("left", "right", "wanted"), [(0.5, 0, LEFT), (0, 0.5, RIGHT), (0.5, 0.5, BOTH), (0.5, 0.3, BOTH)]
)
def test_the_channels_with_the_voice_are_taken(tmp_path: Path, left: float, right: float, wanted: int) -> None:
    voice = speech()
    assert listen(write_wav(tmp_path / "it.wav", times(left, voice), times(right, voice))).mix == MIXES[wanted]


def test_of_channels_that_cancel_each_other_the_louder_one_is_taken(tmp_path: Path) -> None:
    voice = speech()
    assert listen(write_wav(tmp_path / "it.wav", times(0.4, voice), times(-0.5, voice))).mix == MIXES[RIGHT]


@pytest.mark.parametrize("samples", [[0.0] * RATE, tone(1, 1000, 1 / 32768)], ids=["silence", "the last bit"])
def test_next_to_nothing_is_not_cut_off(tmp_path: Path, samples: list[float]) -> None:
    assert not listen(write_wav(tmp_path / "it.wav", samples)).clipped
