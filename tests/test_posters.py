"""The QR code of a line's page: it says the address, in every form, with the white that scanners need."""

import re
import struct
import zlib

import pytest
import segno
from inside import the_line
from running import NUMBER

from ivr import posters
from ivr.house import House

ADDRESS = "https://text.example.com/join?line=17735550100"


def matrix(text: str) -> list[list[int]]:
    """What a scanner should see, with the quiet zone."""
    return [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]


def test_the_address_names_the_line(house: House) -> None:
    address = posters.address(house.settings, the_line(house.store))
    assert address == f"{house.settings.public_url}/join?line={NUMBER[1:]}"


@pytest.mark.parametrize("scale", [1, 8])
def test_the_png_has_the_codes_modules_and_its_quiet_zone(scale: int) -> None:
    content = posters.png(ADDRESS, scale)
    width, height, depth, colour = struct.unpack(">IIBB", content[16:26])
    modules = matrix(ADDRESS)
    assert (width, height) == (len(modules) * scale, len(modules) * scale)
    assert (depth, colour) == (1, 0), "one bit of grey"
    raw = zlib.decompress(b"".join(re.findall(rb"IDAT(.*?)....(?=....(?:IDAT|IEND))", content, re.DOTALL)))
    stride = (width + 7) // 8 + 1

    def is_dark(row: int, column: int) -> int:
        place = column * scale
        return 1 - (raw[row * scale * stride + 1 + place // 8] >> (7 - place % 8) & 1)

    side = range(len(modules))
    assert [[is_dark(row, column) for column in side] for row in side] == modules


def test_the_svg_is_of_its_size_and_says_nothing_that_runs() -> None:
    content = posters.svg(ADDRESS, 5).decode()
    side = len(matrix(ADDRESS)) * 5
    assert f'width="{side}" height="{side}"' in content
    assert "<script" not in content


def test_the_terminal_gets_blocks() -> None:
    assert len(posters.blocks(ADDRESS).splitlines()) >= len(matrix(ADDRESS)) // 2
