"""The picture that a phone sends when none is named: a small PNG, made here."""

import struct
import zlib

OWN = "picture"
"""Among the media of a text: a picture that the carrier keeps itself, instead of an address."""
PNG = "image/png"
_SIDE = 96


def png() -> bytes:
    """A square that goes from red to blue in steps, with a frame."""
    rows = b"".join(b"\0" + b"".join(_colour(x, y) for x in range(_SIDE)) for y in range(_SIDE))
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)  # 8 bits each of red, green, blue
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _colour(x: int, y: int) -> bytes:
    if min(x, y, _SIDE - 1 - x, _SIDE - 1 - y) < 4:
        return bytes((40, 40, 40))
    return bytes((255 - x // 8 * 16, 120, 55 + y // 8 * 16))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
