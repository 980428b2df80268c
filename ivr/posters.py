"""What stands on a poster: the address at which one joins a line, and its QR code."""

import io

import segno

from ivr.settings import Settings
from ivr.store.lines import Line

QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004, 9.1)."""
SCALE = 8
LARGEST_SCALE = 100


def address(settings: Settings, line: Line) -> str:
    """Where one joins a line."""
    return f"{settings.public_url}/join?line={line.number.removeprefix('+')}"


def svg(text: str, scale: int = SCALE) -> bytes:
    """A QR code as SVG, black on white; `scale` is the width of a module in pixels."""
    return _drawn(text, "svg", scale)


def png(text: str, scale: int = SCALE) -> bytes:
    """A QR code as PNG."""
    return _drawn(text, "png", scale)


def blocks(text: str) -> str:
    """A QR code for a terminal."""
    picture = io.StringIO()
    _code(text).terminal(picture, border=QUIET_ZONE, compact=True)
    return picture.getvalue()


def _drawn(text: str, kind: str, scale: int) -> bytes:
    picture = io.BytesIO()
    _code(text).save(picture, kind=kind, scale=scale, border=QUIET_ZONE, light="white", dark="black")
    return picture.getvalue()


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
