"""Joining: the address and the QR code with which people find a line's page, to be printed."""

from flask import Blueprint, Response

from ivr import posters
from ivr.roles import Role
from ivr.web.console.rendering import line_of, page
from ivr.web.house import house

blueprint = Blueprint("posters", __name__)
PAGE = "/lines/<int:line_id>/joining"


@blueprint.get(PAGE)
def poster(line_id: int) -> Response:
    """The address, and its QR code to look at and to take along."""
    line = line_of(str(line_id), Role.VIEWER)
    return page("joining.html", line=line, address=posters.address(house().settings, line))


@blueprint.get(f"{PAGE}/qr.svg")
def svg(line_id: int) -> Response:
    """The QR code as SVG."""
    return _picture(posters.svg(posters.address(house().settings, line_of(str(line_id), Role.VIEWER))), "image/svg+xml")


@blueprint.get(f"{PAGE}/qr.png")
def png(line_id: int) -> Response:
    """The QR code as PNG."""
    return _picture(posters.png(posters.address(house().settings, line_of(str(line_id), Role.VIEWER))), "image/png")


def _picture(content: bytes, kind: str) -> Response:
    return Response(content, content_type=kind, headers={"Cache-Control": "no-store"})
