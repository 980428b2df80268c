"""The whole way: any recording becomes a good prompt, and what could be better is said."""

from pathlib import Path

import pytest
from sounds import RATE as WIDE
from sounds import clipped, mixed, pcm, room, speech, syllables, times, tone, write_wav

from audio import fitting, level, wav
from audio.fitting import Fitted, fit
from audio.level import audioop
from audio.recording import NotSound

RATE = 16_000
VOICE = times(0.4, speech(rate=RATE))
SPOKEN = len(VOICE) / RATE - 0.08  # it begins with a hiss too soft to count and ends in 30 ms of nothing
QUIET = [0.0] * RATE


def fitted(folder: Path, *channels: list[float], rate: int = RATE) -> Fitted:
    return fit(write_wav(folder / "it.wav", *channels, rate=rate))


def samples_of(content: bytes) -> bytes:
    """The samples that a file for the telephone, or of 16 bits, plays."""
    sound = wav.read(content)
    played = content[sound.start : sound.start + sound.size]
    return level.from_mu_law(played) if sound.encoding == "mu-law" else played


def power_at(hertz: float, pcm_bytes: bytes) -> float:
    """The level of one frequency in samples of the telephone's rate, dB below a full-scale sine."""
    seconds = len(pcm_bytes) / 2 / 8000
    waves = [tone(seconds, hertz, 1, 8000), tone(seconds + 0.25 / hertz, hertz, 1, 8000)[-(len(pcm_bytes) // 2) :]]
    sums = [audioop.findfactor(pcm_bytes, pcm(one)[: len(pcm_bytes)]) for one in waves]
    return level.decibels(sum(one**2 for one in sums) ** 0.5)


@pytest.mark.parametrize("gain", [0.03, 0.2, 1])
def test_soft_and_loud_recordings_come_out_as_a_good_prompt(tmp_path: Path, gain: float) -> None:
    made = fitted(tmp_path, times(gain, speech(rate=RATE)))
    sound = samples_of(made.content)
    assert wav.read(made.content).fits_telephone
    assert made.level == level.active(sound, 8000) == pytest.approx(-19, abs=0.5)
    assert made.peak == level.peak(sound) <= -2
    assert made.level_before == pytest.approx(level.active(pcm(times(gain, speech(rate=RATE))), RATE), abs=1)
    assert made.faults == (("quiet",) if gain < 0.1 else ())
    assert not made.noise_reduced


@pytest.mark.parametrize("rate", [8000, 44100])
def test_the_rate_of_the_recording_changes_nothing(tmp_path: Path, rate: int) -> None:
    made = fitted(tmp_path, times(0.4, speech(rate=rate)), rate=rate)
    assert made.level == pytest.approx(-19, abs=0.5)
    assert made.seconds == pytest.approx(0.25 + SPOKEN + 0.35, abs=0.1)


def test_silence_around_the_speech_is_cut_to_what_a_call_needs(tmp_path: Path) -> None:
    made = fitted(tmp_path, [*QUIET, *QUIET, *VOICE, *QUIET])
    assert made.original_seconds == pytest.approx(3 + len(VOICE) / RATE, abs=0.01)
    assert made.seconds == pytest.approx(0.25 + SPOKEN + 0.35, abs=0.1)
    assert made.kept == pytest.approx((2.05 - 0.25, 2.05 - 0.25 + made.seconds), abs=0.1)
    assert set(made.shape[:60]) == {0}
    assert made.shape[75] > 0
    sound = samples_of(made.content)
    assert level.peak(sound[: 2 * 8 * 180]) < -60
    assert level.peak(sound[-2 * 8 * 280 :]) < -60


def test_a_mains_hum_is_gone_and_is_not_taken_for_speech(tmp_path: Path) -> None:
    made = fitted(tmp_path, mixed([*QUIET, *VOICE, *QUIET], tone(2 + len(VOICE) / RATE, 50, 0.05, RATE)))
    assert made.seconds == pytest.approx(0.25 + SPOKEN + 0.35, abs=0.1)
    softer = (-26 - made.level_before) - (power_at(50, samples_of(made.content)) - made.level)
    assert softer > 19


def test_the_lowest_notes_of_a_voice_are_kept(tmp_path: Path) -> None:
    made = fitted(tmp_path, mixed(tone(2, 120, 0.2, RATE), tone(2, 1000, 0.2, RATE)))
    sound = samples_of(made.content)[2 * 8 * 300 : -2 * 8 * 400]  # without the fades
    assert power_at(1000, sound) - power_at(120, sound) < 1


def test_a_click_before_the_speech_is_not_taken_for_it(tmp_path: Path) -> None:
    made = fitted(tmp_path, [*QUIET, *[0.9] * 100, *QUIET, *VOICE])
    assert made.kept[0] == pytest.approx(2.05 - 0.25, abs=0.1)


@pytest.mark.parametrize(
    ("noise", "reduced", "faults"), [(0.0003, False, ()), (0.006, True, ()), (0.035, True, ("noisy",))]
)
def test_noise_is_reduced_where_it_needs_it(
    tmp_path: Path, noise: float, reduced: bool, faults: tuple[str, ...]
) -> None:
    made = fitted(tmp_path, mixed([*QUIET, *VOICE, *QUIET], room(2 + len(VOICE) / RATE, noise, RATE)))
    assert (made.noise_reduced, made.faults) == (reduced, faults)
    assert made.level == pytest.approx(-19, abs=0.5)


def test_a_reduced_noise_is_softer_beside_the_voice(tmp_path: Path) -> None:
    noisy = mixed([*QUIET, *VOICE, *QUIET], room(2 + len(VOICE) / RATE, 0.01, RATE))
    made = fitted(tmp_path, noisy)
    room_before = -40 - 3  # 0.01 of full scale, of which half lies below 4 kHz
    room_now = level.mean(samples_of(made.content)[2 * 8 * 20 : 2 * 8 * 200])
    assert (room_before - made.level_before) - (room_now - made.level) > 6


def test_reducing_noise_moves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noisy = mixed(VOICE, room(len(VOICE) / RATE, 0.01, RATE))[: -RATE // 10]  # ends within a vowel
    reduced = samples_of(fitted(tmp_path, noisy).content)
    monkeypatch.setattr(fitting, "NOISE_TO_REDUCE_DB", 0)
    as_it_was = samples_of(fitted(tmp_path, noisy).content)
    assert len(reduced) == len(as_it_was)
    assert audioop.findfactor(reduced, as_it_was) == pytest.approx(1, abs=0.05)
    end = slice(-2 * 8 * (350 + 25), -2 * 8 * (350 + 5))
    assert level.mean(reduced[end]) == pytest.approx(level.mean(as_it_was[end]), abs=1.5)


def test_a_recording_with_its_tops_cut_off_is_told(tmp_path: Path) -> None:
    made = fitted(tmp_path, clipped(4, speech(rate=RATE)))
    assert made.faults == ("clipped",)
    assert made.level == pytest.approx(-19, abs=0.5)


@pytest.mark.parametrize(("left", "right"), [(1, 0), (0, 1), (1, -1)])
def test_a_voice_in_one_channel_or_in_channels_that_cancel_is_kept(tmp_path: Path, left: int, right: int) -> None:
    made = fitted(tmp_path, times(left, VOICE), times(right, VOICE))
    assert made.level == pytest.approx(-19, abs=0.5)
    assert made.level_before == pytest.approx(level.active(pcm(VOICE), RATE), abs=1)
    assert made.seconds == pytest.approx(0.25 + SPOKEN + 0.35, abs=0.1)


def test_what_a_telephone_does_not_carry_does_not_come_back_as_something_else(tmp_path: Path) -> None:
    voice = times(0.4, syllables(8, 0.5, WIDE))
    made = fitted(tmp_path, mixed(voice, tone(len(voice) / WIDE, 6700, 0.3)), rate=WIDE)
    assert power_at(1300, samples_of(made.content)) < -50


def test_it_can_be_heard_as_through_a_telephone(tmp_path: Path) -> None:
    made = fitted(tmp_path, mixed(VOICE, tone(len(VOICE) / RATE, 150, 0.2, RATE)))
    sound = wav.read(made.heard)
    assert (sound.encoding, sound.bits, sound.channels) == ("pcm", 16, 1)
    assert sound.seconds == pytest.approx(made.seconds, abs=0.01)
    assert power_at(150, samples_of(made.heard)) < power_at(150, samples_of(made.content)) - 15


@pytest.mark.parametrize("samples", [QUIET * 2, tone(2, 1000, 1 / 32768, RATE)], ids=["silence", "the last bit"])
def test_a_recording_without_speech_is_refused(tmp_path: Path, samples: list[float]) -> None:
    with pytest.raises(NotSound) as caught:
        fitted(tmp_path, samples)
    assert caught.value.why == "no speech"


def test_the_same_recording_gives_the_same_greeting(tmp_path: Path) -> None:
    noisy = mixed(VOICE, room(1.8, 0.01, RATE))
    assert fitted(tmp_path, noisy).content == fitted(tmp_path, noisy).content
