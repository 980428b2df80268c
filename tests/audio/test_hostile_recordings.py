"""Files made to harm: each is answered or refused, with nothing left behind and nothing of other files let out."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from leaving_nothing import nothing_left
from sounds import can_code, coded, speech, syllables, times, tone, write_wav

from audio.fitting import Fitted, fit
from audio.recording import NotSound, decode

SECRET_HERTZ = 1234


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After each test nothing is left."""
    with nothing_left(tmp_path / "temporary", monkeypatch):
        yield


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A short recording in the formats that are given most."""
    folder = tmp_path_factory.mktemp("kinds")
    voice = write_wav(folder / "voice.wav", times(0.4, speech(5, rate=16000)), rate=16000)
    made = [voice, coded(voice, folder / "voice.m4a"), coded(voice, folder / "voice.flac")]
    made += [
        coded(voice, folder / name, "-c:a", encoder)
        for name, encoder in (("voice.mp3", "libmp3lame"), ("voice.webm", "libopus"))
        if can_code(encoder)
    ]
    return {path.suffix: path.read_bytes() for path in made}


def outcome(path: Path) -> Fitted | NotSound:
    """A greeting or a refusal; whatever else happens is a fault."""
    try:
        return fit(path)
    except NotSound as refusal:
        return refusal


def written(folder: Path, content: bytes, name: str = "it.mp3") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def forged(rate: int = 8000, channels: int = 1, bits: int = 16, code: int = 1, size: int = 0) -> bytes:
    """The 44 bytes of a WAV file's header that say anything."""
    block = channels * bits // 8 & 0xFFFF
    layout = struct.pack("<HHIIHH", code, channels, rate, rate * block & 0xFFFFFFFF, block, bits)
    return struct.pack("<4sI8sI", b"RIFF", 0xFFFFFFFF, b"WAVEfmt ", 16) + layout + struct.pack("<4sI", b"data", size)


@pytest.mark.parametrize(
    "header",
    [
        forged(rate=100_000_000),
        forged(rate=100_000_000, size=0xFFFFFFFF) + bytes(100_000),
        forged(channels=65_535),
        forged(channels=65_535, size=0xFFFFFFFF) + bytes(1_000_000),
        forged(channels=0, size=1000) + bytes(1000),
        forged(rate=0, size=1000) + bytes(1000),
        forged(rate=1, size=1000) + bytes(1000),
        forged(bits=0, size=1000) + bytes(1000),
        forged(bits=65_535, size=1000) + bytes(1000),
        forged(code=0xFFFE, size=1000) + bytes(1000),
        forged(size=0xFFFFFFFF),
        struct.pack("<4sI4s4sI", b"RIFF", 36, b"WAVE", b"LIST", 2**32 - 8) + bytes(24),
    ],
    ids=str,
)
def test_a_header_that_lies_is_refused(tmp_path: Path, header: bytes) -> None:
    assert isinstance(outcome(written(tmp_path, header, "it.wav")), NotSound)


LISTS = {
    "m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n",
    "m3u8, relative": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{name}\n#EXT-X-ENDLIST\n",
    "m3u8, any file": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "ffconcat": "ffconcat version 1.0\nfile {name}\n",
    "ffconcat, absolute": "ffconcat version 1.0\nfile '{secret}'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    "dash": '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    'mediaPresentationDuration="PT2S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet '
    'mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>{name}</BaseURL></Representation>'
    "</AdaptationSet></Period></MPD>\n",
    "xspf": '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>'
    "<location>file://{secret}</location></track></trackList></playlist>",
    "pls": "[playlist]\nFile1=file://{secret}\nNumberOfEntries=1\n",
    "rtsp": "RTSPtext\nRTSP://127.0.0.1:1/x\n",
}


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("suffix", ["mp3", "m3u8"])
def test_a_list_of_other_files_is_refused(tmp_path: Path, kind: str, suffix: str) -> None:
    voice = write_wav(tmp_path / "secret.wav", tone(2, SECRET_HERTZ, 0.5, 8000), rate=8000)
    secret = coded(voice, tmp_path / "secret.mp3") if can_code("libmp3lame") else voice
    path = written(tmp_path, LISTS[kind].format(secret=secret, name=secret.name).encode(), f"it.{suffix}")
    assert isinstance(outcome(path), NotSound)


@pytest.mark.parametrize("encoder", ["tta", "wavpack"])
def test_a_decoder_that_hardly_anybody_uses_is_never_run(tmp_path: Path, encoder: str) -> None:
    if not can_code(encoder):
        pytest.skip(f"this ffmpeg has no {encoder}")
    voice = write_wav(tmp_path / "voice.wav", tone(2, 300, 0.5, 44100), rate=44100)
    assert isinstance(outcome(coded(voice, tmp_path / "it.mkv", "-c:a", encoder)), NotSound)


def with_sound_elsewhere(m4a: bytes, elsewhere: Path) -> bytes:
    """The same M4A, its index at the end, with an alias in it: its samples are said to be in another file."""
    path = str(elsewhere).encode()
    record = bytes(10) + b"\x04disk".ljust(28, b"\0") + bytes(12) + b"\x04name".ljust(64, b"\0")
    record += bytes(16) + struct.pack(">HH", 1, 1) + bytes(16)
    record += struct.pack(">HH", 2, len(path)) + path + bytes(len(path) % 2) + struct.pack(">HH", 0xFFFF, 0)
    alias = struct.pack(">I4sI", 12 + len(record), b"alis", 0) + record
    at = m4a.index(b"url \0\0\0\1") - 4
    changed = bytearray(m4a[:at] + alias + m4a[at + 12 :])
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        start = m4a.index(box, m4a.rindex(b"moov")) - 4
        (size,) = struct.unpack_from(">I", m4a, start)
        struct.pack_into(">I", changed, start, size + len(alias) - 12)
    return bytes(changed)


def test_an_m4a_whose_sound_is_in_another_file_lets_nothing_of_it_out(tmp_path: Path) -> None:
    voice = coded(write_wav(tmp_path / "voice.wav", tone(2, 300, 0.5, 8000), rate=8000), tmp_path / "voice.m4a")
    secret = coded(write_wav(tmp_path / "it.wav", tone(2, SECRET_HERTZ, 0.5, 8000), rate=8000), tmp_path / "secret.m4a")
    content = bytearray(with_sound_elsewhere(voice.read_bytes(), secret))
    sound = slice(content.index(b"mdat") + 4, content.rindex(b"moov") - 4)
    content[sound] = bytes(sound.stop - sound.start)  # of its own it has none
    assert isinstance(outcome(written(tmp_path, bytes(content), "it.m4a")), NotSound)


NAMES = [
    "-i",
    "--help",
    "x; rm -rf .",
    "$(touch was-run)",
    "file:a",
    "concat:a|b",
    "data:,x",
    "pipe:0",
    "%d",
    "two\nlines",
    "ü " + "x" * 240,
    "'\"",
]


def test_the_name_of_a_file_means_nothing(tmp_path: Path, kinds: dict[str, bytes]) -> None:
    for name in NAMES:
        assert decode(written(tmp_path, kinds[".wav"], name), tmp_path).seconds == pytest.approx(1.1, abs=0.01)
    assert not Path("/was-run").exists()


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".wav", ".webm"])
def test_a_file_cut_off_anywhere_is_answered_or_refused(tmp_path: Path, kinds: dict[str, bytes], suffix: str) -> None:
    content = kinds.get(suffix) or pytest.skip("this ffmpeg does not write it")
    for share in (0.02, 0.6, 0.97):
        outcome(written(tmp_path, content[: int(len(content) * share)]))


@pytest.mark.drill
@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".wav", ".webm", ".flac"])
def test_a_file_cut_off_at_every_per_cent_is_answered_or_refused(
    tmp_path: Path, kinds: dict[str, bytes], suffix: str
) -> None:
    content = kinds.get(suffix) or pytest.skip("this ffmpeg does not write it")
    for share in range(100):
        outcome(written(tmp_path, content[: len(content) * share // 100]))


def test_eight_hours_in_a_small_file_are_refused(tmp_path: Path) -> None:
    if not can_code("libopus"):
        pytest.skip("this ffmpeg has no libopus")
    silence = write_wav(tmp_path / "silence.wav", [0.0] * 30 * 8000, rate=8000)
    short = coded(silence, tmp_path / "short.ogg", "-c:a", "libopus", "-b:a", "6k", "-frame_duration", "120")
    long = coded(short, tmp_path / "long.ogg", "-c", "copy", again=959)
    assert long.stat().st_size < 10_000_000
    refusal = outcome(long)
    assert isinstance(refusal, NotSound)
    assert refusal.why == "too long"


def test_twenty_minutes_are_refused(tmp_path: Path) -> None:
    if not can_code("libmp3lame"):
        pytest.skip("this ffmpeg has no libmp3lame")
    voice = write_wav(tmp_path / "voice.wav", syllables(90, 0.5), rate=8000)
    short = coded(voice, tmp_path / "short.mp3", "-ar", "44100", "-ac", "2")
    refusal = outcome(coded(short, tmp_path / "long.mp3", "-c", "copy", again=60))
    assert isinstance(refusal, NotSound)
    assert refusal.why == "too long"


@pytest.mark.parametrize("frame", [b"APIC", b"\0\0\0\0"], ids=repr)
def test_a_tag_of_fifty_megabytes_before_the_sound_does_no_harm(
    tmp_path: Path, kinds: dict[str, bytes], frame: bytes
) -> None:
    sound = kinds.get(".mp3") or pytest.skip("this ffmpeg has no libmp3lame")
    size = 50_000_000
    spread = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    content = frame + struct.pack(">IH", size - 10, 0)
    tag = b"ID3\x03\0\0" + spread + content + b"\x03image/png\0\3".ljust(size - len(content), b"x")
    assert isinstance(outcome(written(tmp_path, tag + sound)), Fitted)


edits = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=8)
any_kind = st.sampled_from([".mp3", ".m4a", ".wav", ".webm", ".flac"])


def changed(content: bytes, changes: list[tuple[float, bytes]], front: bool) -> bytes:
    """The content with bytes written over some of it: anywhere, or in its first half kilobyte."""
    out = bytearray(content)
    for share, put in changes:
        at = int(share * (min(512, len(out)) if front else len(out)))
        out[at : at + len(put)] = put
    return bytes(out)


def damaged(examples: int) -> settings:
    """So many examples, each given the time that it takes."""
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, suppress_health_check=checks)


@damaged(5)
@given(any_kind, edits, st.booleans())
def test_a_damaged_file_is_answered_or_refused(
    tmp_path: Path, kinds: dict[str, bytes], suffix: str, changes: list[tuple[float, bytes]], front: bool
) -> None:
    outcome(written(tmp_path, changed(kinds.get(suffix, b"none"), changes, front), f"it{suffix}"))


@pytest.mark.drill
@damaged(500)
@given(any_kind, edits, st.booleans())
def test_five_hundred_damaged_files_are_answered_or_refused(
    tmp_path: Path, kinds: dict[str, bytes], suffix: str, changes: list[tuple[float, bytes]], front: bool
) -> None:
    outcome(written(tmp_path, changed(kinds.get(suffix, b"none"), changes, front), f"it{suffix}"))
