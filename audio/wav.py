"""WAV files: reading their header without trusting it, and writing the one kind that the telephone speaks.

Only the standard library is used. A file is a RIFF container: twelve bytes of title, then chunks, each with a
name, a length and so many bytes, padded to an even number. Source: Multimedia Programming Interface and Data
Specifications 1.0 (IBM and Microsoft, 1991), chapter 3, and its new-formats supplement of 1994 for A-law,
mu-law and `fact`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

TELEPHONE_RATE = 8000
"""Samples a second on a telephone line (ITU-T G.711)."""

ENCODINGS = {1: "pcm", 6: "a-law", 7: "mu-law"}
"""The format codes that are read, by the name used here (RFC 2361, appendix A)."""

WIDTHS = {"pcm": (8, 16, 24, 32), "a-law": (8,), "mu-law": (8,)}
"""Bits a sample may have, by encoding."""

MOST_CHUNKS = 64
"""A real recording has two to six chunks; a file with more than this is not read on."""

RATES = range(1_000, 384_001)
"""Sample rates taken for real, in Hz."""

CHANNELS = range(1, 9)
"""Numbers of channels taken for real."""


class BadSound(ValueError):
    """The bytes are no WAV file, a damaged one, or of a kind that is not read here. The message says
    which."""


@dataclass(frozen=True)
class Sound:
    """What the header of a WAV file promises, after it was found to be true of the file.

    `rate` is in Hz, `encoding` one of the values of `ENCODINGS`, `bits` those of one sample of one channel;
    `start` and `size` say where the samples are, in bytes from the start of the file.
    """

    rate: int
    channels: int
    encoding: str
    bits: int
    start: int
    size: int

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return self.size / (self.rate * self.channels * self.bits // 8)

    @property
    def fits_telephone(self) -> bool:
        """Whether a telephone network takes it as it is: mu-law, mono, 8000 Hz."""
        return (self.encoding, self.channels, self.rate) == ("mu-law", 1, TELEPHONE_RATE)


def read(content: bytes) -> Sound:
    """Read the header of a WAV file of format 1, 6 or 7, given whole.

    The work does not grow with what the header claims: at most `MOST_CHUNKS` chunks are looked at.
    Raises `BadSound`.
    """
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise BadSound("this is not a WAV file: it does not begin with RIFF and WAVE")
    layout: tuple[int, int, str, int] | None = None
    position = 12
    for _ in range(MOST_CHUNKS):
        if position + 8 > len(content):
            raise BadSound("the WAV file ends before its sound begins")
        name, size = struct.unpack_from("<4sI", content, position)
        position += 8
        if position + size > len(content):
            raise BadSound(f"the WAV file is cut off: a part of {size} bytes has {len(content) - position}")
        if name == b"fmt " and layout is None:
            layout = _layout(content[position : position + size])
        if name == b"data":
            return _sound(layout, position, size)
        position += size + size % 2
    raise BadSound(f"the WAV file has more than {MOST_CHUNKS} parts before its sound")


def _layout(chunk: bytes) -> tuple[int, int, str, int]:
    """Rate, channels, encoding and bits from a `fmt ` chunk, each within reason."""
    if len(chunk) < 16:
        raise BadSound("the WAV header is too short")
    code, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", chunk)
    if code not in ENCODINGS:
        raise BadSound(f"WAV format {code:#x} is not read here, only PCM, A-law and mu-law")
    encoding = ENCODINGS[code]
    if bits not in WIDTHS[encoding]:
        raise BadSound(f"a WAV sample of {encoding} cannot have {bits} bits")
    if channels not in CHANNELS or rate not in RATES:
        raise BadSound(f"the WAV header claims {channels} channels at {rate} Hz")
    if block != channels * bits // 8:
        raise BadSound(f"the WAV header contradicts itself: {channels} channels of {bits} bits in {block} bytes")
    return rate, channels, encoding, bits


def _sound(layout: tuple[int, int, str, int] | None, start: int, size: int) -> Sound:
    """The whole description, once the samples are found."""
    if layout is None:
        raise BadSound("the WAV file does not say how its sound is written")
    rate, channels, encoding, bits = layout
    if size == 0:
        raise BadSound("the WAV file holds no sound")
    if size % (channels * bits // 8):
        raise BadSound("the WAV file ends in the middle of a sample")
    return Sound(rate, channels, encoding, bits, start, size)


def telephone_file(codes: bytes) -> bytes:
    """A WAV file, whole, around mu-law codes (one byte a sample, mono, 8000 Hz), by a header of 58 bytes.

    The `fact` chunk, which compressed formats need, holds the number of samples.
    """
    pad = b"\0" * (len(codes) % 2)
    layout = struct.pack("<HHIIHHH", 7, 1, TELEPHONE_RATE, TELEPHONE_RATE, 1, 8, 0)
    chunks = (
        struct.pack("<4sI", b"fmt ", len(layout)) + layout,
        struct.pack("<4sII", b"fact", 4, len(codes)),
        struct.pack("<4sI", b"data", len(codes)) + codes + pad,
    )
    body = b"WAVE" + b"".join(chunks)
    return struct.pack("<4sI", b"RIFF", len(body)) + body
