"""The application in this process, for what a running server cannot be made to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from running import environment, set_up

from ivr import create_app
from ivr.house import House


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application of an installation with one line."""
    made = create_app(set_up(environment(tmp_path)))
    yield made
    house: House = made.extensions["house"]
    house.store.close()


@pytest.fixture
def house(app: Flask) -> House:
    """The house behind the application's doors."""
    found: House = app.extensions["house"]
    return found
