"""Any recording in: whatever phones, browsers and studios make is decoded, or refused with what to do."""

import itertools
import zipfile
from pathlib import Path

import pytest
from sounds import RATE, can_code, coded, speech, times, write_wav

from audio import level
from audio.listening import BOTH, LEFT, MIXES
from audio.recording import HEADROOM_DB, WHY, NotSound, decode, kind_of

ENCODINGS = ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_mulaw", "pcm_alaw"]
RATES = [8000, 11025, 44100, 48000, 96000, 192000]
WAVS = [
    (encoding, rate, channels)
    for encoding, (rate, channels) in zip(itertools.cycle(ENCODINGS), itertools.product(RATES, [1, 2]), strict=False)
]
FILM = ("-f", "lavfi", "-i", "testsrc=s=64x48:r=5:d=1.7", "-map", "0:a", "-map", "1:v")
CODED = {
    "stereo.mp3": ("libmp3lame", "audio/mpeg", ("-ar", "44100", "-af", "pan=stereo|c0=c0|c1=c0")),
    "narrow.mp3": ("libmp3lame", "audio/mpeg", ("-ar", "22050", "-b:a", "32k", "-id3v2_version", "0")),
    "index-at-the-end.m4a": ("aac", "audio/mp4", ()),
    "index-in-front.m4a": ("aac", "audio/mp4", ("-movflags", "+faststart")),
    "apple.m4a": ("alac", "audio/mp4", ()),
    "stream.aac": ("aac", "audio/aac", ()),
    "phone.3gp": ("aac", "video/3gpp", ()),
    "old-phone.3gp": ("libopencore_amrnb", "video/3gpp", ("-ar", "8000", "-b:a", "12.2k")),
    "old-phone.amr": ("libopencore_amrnb", "audio/amr", ("-ar", "8000", "-b:a", "12.2k")),
    "messenger.ogg": ("libopus", "audio/ogg", ("-b:a", "24k")),
    "free.ogg": ("libvorbis", "audio/ogg", ()),
    "browser.webm": ("libopus", "audio/webm", ("-b:a", "48k")),
    "studio.flac": ("flac", "audio/flac", ("-ar", "96000", "-sample_fmt", "s32")),
    "studio.aiff": ("pcm_s24be", "audio/aiff", ()),
    "windows.wma": ("wmav2", "application/octet-stream", ()),
    "film.mp4": ("aac", "audio/mp4", (*FILM, "-c:v", "mpeg4")),
    "film.webm": ("libopus", "audio/webm", (*FILM, "-c:v", "libvpx", "-deadline", "realtime")),
    "film.avi": ("pcm_s16le", "application/octet-stream", (*FILM, "-c:v", "mpeg4")),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voice, in a WAV file."""
    return write_wav(tmp_path_factory.mktemp("source") / "voice.wav", times(0.4, speech()))


def loudness(path: Path) -> float:
    """The mean power of a decoded file, at the level that it had before."""
    return level.mean(path.read_bytes()[44:]) + HEADROOM_DB


@pytest.mark.parametrize(("encoding", "rate", "channels"), WAVS)
def test_wav_files_of_all_kinds_are_read(source: Path, tmp_path: Path, encoding: str, rate: int, channels: int) -> None:
    both = ("-af", "pan=stereo|c0=c0|c1=c0") if channels == 2 else ()
    path = coded(source, tmp_path / "it.wav", "-c:a", encoding, "-ar", str(rate), *both)
    decoded = decode(path, tmp_path)
    assert decoded.seconds == pytest.approx(1.76, abs=0.02)
    assert loudness(decoded.path) == pytest.approx(loudness(source) - HEADROOM_DB, abs=0.5)
    assert decoded.heard.mix == MIXES[BOTH if channels == 2 else LEFT]
    assert kind_of(path) == "audio/wav"


@pytest.mark.parametrize("name", CODED)
def test_what_phones_browsers_and_studios_make_is_read(source: Path, tmp_path: Path, name: str) -> None:
    encoder, kind, arguments = CODED[name]
    picture = arguments[arguments.index("-c:v") + 1] if "-c:v" in arguments else encoder
    if not (can_code(encoder) and can_code(picture)):
        pytest.skip(f"this ffmpeg lacks {encoder} or {picture}")
    path = coded(source, tmp_path / name, *arguments, "-c:a", encoder)
    decoded = decode(path, tmp_path)
    assert decoded.seconds == pytest.approx(1.76, abs=0.15)
    assert loudness(decoded.path) == pytest.approx(loudness(source) - HEADROOM_DB, abs=1.5)
    assert not decoded.heard.clipped
    assert kind_of(path) == kind


@pytest.mark.parametrize("name", ["six.wav", "six.m4a", "six.flac"])
def test_six_channels_become_two(tmp_path: Path, name: str) -> None:
    voice, nothing = times(0.4, speech()), [0.0] * len(speech())
    six = write_wav(tmp_path / "it.wav", voice, voice, nothing, nothing, nothing, nothing)
    decoded = decode(coded(six, tmp_path / name, "-channel_layout", "5.1"), tmp_path)
    assert decoded.seconds == pytest.approx(1.76, abs=0.05)
    assert loudness(decoded.path) > -35


def test_what_a_float_file_has_above_full_scale_is_not_cut_off(source: Path, tmp_path: Path) -> None:
    louder = ("-af", "volume=2.5*1.41:precision=double", "-c:a", "pcm_f32le")  # 0.4 × 2.5 is full scale: 3 dB above it
    decoded = decode(coded(source, tmp_path / "it.wav", *louder), tmp_path)
    assert level.peak(decoded.path.read_bytes()[44:]) + HEADROOM_DB == pytest.approx(3, abs=0.2)
    assert not decoded.heard.clipped


def refused(path: Path, folder: Path) -> str:
    """Why a file is refused."""
    with pytest.raises(NotSound) as caught:
        decode(path, folder)
    assert str(caught.value) == WHY[caught.value.why]
    return caught.value.why


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "it.mp3").touch()
    assert refused(tmp_path / "it.mp3", tmp_path) == "empty"


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "it.mp3"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("voice.mp3", bytes(10_000))
    assert refused(path, tmp_path) == "not sound"
    for content in (b"\x89PNG\r\n\x1a\n" + bytes(5_000), b"Dear minister,\n" * 500, bytes(100_000), b"\x00"):
        path.write_bytes(content)
        assert refused(path, tmp_path) == "not sound"
        assert kind_of(path) == "application/octet-stream"


def test_a_film_without_a_sound_track_is_refused(tmp_path: Path) -> None:
    silent = tmp_path / "voice.wav"
    write_wav(silent, speech())
    film = coded(silent, tmp_path / "it.mp4", *FILM[:4], "-map", "1:v", "-c:v", "mpeg4")
    assert refused(film, tmp_path) == "not sound"


def test_a_recording_under_a_second_is_refused(tmp_path: Path) -> None:
    assert refused(write_wav(tmp_path / "it.wav", speech()[: RATE * 9 // 10]), tmp_path) == "too short"
    assert refused(write_wav(tmp_path / "it.wav", []), tmp_path) == "not sound"


def test_two_minutes_are_the_most(tmp_path: Path) -> None:
    assert refused(write_wav(tmp_path / "it.wav", [0.0] * 121 * 8000, rate=8000), tmp_path) == "too long"
    assert decode(write_wav(tmp_path / "it.wav", [0.0] * 120 * 8000, rate=8000), tmp_path).seconds == 120
