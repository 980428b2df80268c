"""The house behind the doors, for whoever answers a request."""

from typing import cast

from flask import current_app

from ivr.errors import StoreUnavailable
from ivr.house import House
from ivr.store import lines
from ivr.store.lines import Line


def house() -> House:
    """The parts of this process, as `create_app` joined them."""
    return cast(House, current_app.extensions["house"])


def lines_here() -> list[Line]:
    """The lines of this house, remembered ones when the database cannot be read."""
    try:
        return house().store.read(lines.everyone)
    except StoreUnavailable:
        return list(house().known_lines.values())
