"""Reading a WAV header that may lie, and writing one that does not."""

from __future__ import annotations

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import wav

CODES = bytes(range(256)) * 10


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def layout(code: int = 7, channels: int = 1, rate: int = 8000, bits: int = 8, block: int | None = None) -> bytes:
    width = channels * bits // 8 if block is None else block
    return chunk(b"fmt ", struct.pack("<HHIIHH", code, channels, rate, rate * width % 2**32, width, bits))


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def test_a_telephone_file_says_what_it_is() -> None:
    sound = wav.read(wav.telephone_file(CODES))
    assert (sound.rate, sound.channels, sound.encoding, sound.bits) == (8000, 1, "mu-law", 8)
    assert sound.seconds == len(CODES) / 8000
    assert sound.fits_telephone


def test_a_telephone_file_has_a_header_of_58_bytes_and_its_codes_unchanged() -> None:
    content = wav.telephone_file(CODES)
    sound = wav.read(content)
    assert sound.start == 58
    assert content[sound.start : sound.start + sound.size] == CODES


def test_a_telephone_file_of_an_odd_length_is_padded() -> None:
    content = wav.telephone_file(b"\xff" * 7)
    assert len(content) % 2 == 0
    assert struct.unpack_from("<I", content, 4)[0] == len(content) - 8
    assert wav.read(content).size == 7


def test_a_file_of_the_standard_library_is_read() -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(2)
        writer.setsampwidth(2)
        writer.setframerate(44100)
        writer.writeframes(b"\0" * 4 * 44100)
    sound = wav.read(file.getvalue())
    assert (sound.rate, sound.channels, sound.encoding, sound.bits) == (44100, 2, "pcm", 16)
    assert sound.seconds == 1
    assert not sound.fits_telephone


def test_a_law_is_read() -> None:
    assert wav.read(riff(layout(code=6), chunk(b"data", CODES))).encoding == "a-law"


def test_parts_that_mean_nothing_to_us_are_passed_over() -> None:
    before = chunk(b"LIST", b"odd"), layout(), chunk(b"fact", b"\0\0\0\0")
    content = riff(*before, chunk(b"data", CODES), chunk(b"id3 ", b"x"))
    assert wav.read(content).size == len(CODES)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a WAV file"),
        (b"ID3\x04 an mp3 under a false name", "not a WAV file"),
        (b"RIFF\0\0\0\0WAVE", "ends before"),
        (riff(layout()), "ends before"),
        (riff(layout()) + b"data\xff", "ends before"),
        (riff(chunk(b"data", CODES)), "does not say how"),
        (riff(chunk(b"fmt ", b"\x07\0"), chunk(b"data", CODES)), "too short"),
        (riff(layout(), chunk(b"data", b"")), "no sound"),
        (riff(layout(code=1, bits=16), chunk(b"data", b"odd")), "middle of a sample"),
        (riff(layout(code=0x55), chunk(b"data", CODES)), "0x55 is not read"),
        (riff(layout(code=0xFFFE), chunk(b"data", CODES)), "0xfffe is not read"),
        (riff(layout(rate=0), chunk(b"data", CODES)), "at 0 Hz"),
        (riff(layout(rate=2**32 - 1), chunk(b"data", CODES)), "at 4294967295 Hz"),
        (riff(layout(channels=0), chunk(b"data", CODES)), "0 channels"),
        (riff(layout(channels=60000), chunk(b"data", CODES)), "60000 channels"),
        (riff(layout(bits=16), chunk(b"data", CODES)), "cannot have 16 bits"),
        (riff(layout(code=1, bits=0), chunk(b"data", CODES)), "cannot have 0 bits"),
        (riff(layout(block=0), chunk(b"data", CODES)), "contradicts itself"),
    ],
)
def test_what_is_no_sound_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(wav.BadSound, match=reason):
        wav.read(content)


def test_a_refusal_is_a_value_error() -> None:
    assert issubclass(wav.BadSound, ValueError)


def test_a_file_cut_off_is_refused() -> None:
    content = wav.telephone_file(CODES)
    with pytest.raises(wav.BadSound, match="cut off"):
        wav.read(content[:-1000])


def test_a_forged_header_is_refused_quickly() -> None:
    forged = riff(layout(), struct.pack("<4sI", b"LIST", 2**32 - 1))
    with pytest.raises(wav.BadSound, match="cut off: a part of 4294967295 bytes has 0"):
        wav.read(forged)


def test_a_file_of_nothing_but_empty_parts_is_not_read_to_its_end() -> None:
    with pytest.raises(wav.BadSound, match="more than 64 parts"):
        wav.read(riff(layout(), chunk(b"junk", b"") * 100_000))


@given(st.binary(max_size=200))
def test_any_bytes_after_the_title_are_a_sound_or_refused(rest: bytes) -> None:
    content = b"RIFF\0\0\0\0WAVE" + rest
    try:
        sound = wav.read(content)
    except wav.BadSound:
        return
    assert sound.start + sound.size <= len(content)


@given(st.integers(0, 57), st.integers(0, 255))
def test_a_header_with_any_byte_changed_is_a_sound_or_refused(position: int, value: int) -> None:
    content = bytearray(wav.telephone_file(CODES))
    content[position] = value
    try:
        sound = wav.read(bytes(content))
    except wav.BadSound:
        return
    assert sound.seconds > 0
    assert sound.start + sound.size <= len(content)
