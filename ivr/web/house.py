"""The house behind the doors, for whoever answers a request."""

from typing import cast

from flask import current_app

from ivr.house import House


def house() -> House:
    """The parts of this process, as `create_app` joined them."""
    return cast(House, current_app.extensions["house"])
