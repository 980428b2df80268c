"""What many tests start from: an installation in a folder of its own, open in this process or served by gunicorn."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from inside import house_with_carrier
from running import ACCOUNT, NUMBER, PHONE, Product, environment, running, running_with_carrier, set_up

from ivr import clock
from ivr.house import House
from ivr.simulator import Simulator

_counter = itertools.count(1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An installation with one line, open in this process. Its carrier does not answer."""
    opened = House.open(set_up(environment(tmp_path)))
    yield opened
    opened.store.close()


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[House, Simulator]]:
    """An installation, open in this process, and its carrier."""
    with house_with_carrier(tmp_path) as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    """The present: the carrier notes real times, so tests of the outbox begin at the real one."""
    return clock.now()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A running server that many tests share: each uses SIDs and numbers of its own."""
    with running(environment(tmp_path_factory.mktemp("product")), takes_messages=True) as started:
        yield started


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Simulator]]:
    """A running server and its simulated carrier, shared: each test uses a phone of its own."""
    with running_with_carrier(tmp_path_factory.mktemp("pair"), {"takes_messages": True}) as started:
        yield started


@pytest.fixture
def phone() -> str:
    """A number that no other test calls from, and none of those at which the simulator's texts fail."""
    return f"+1202555{1100 + next(_counter):04d}"


@pytest.fixture
def sid() -> Callable[[str], str]:
    """Makes new SIDs: `sid("SM")`."""
    return lambda prefix: f"{prefix}{next(_counter):032x}"


@pytest.fixture
def text_form(sid: Callable[[str], str]) -> Callable[..., dict[str, str]]:
    """Makes the form of an inbound text; fields may be replaced, or left out with None."""

    def make(**fields: str | None) -> dict[str, str]:
        message = sid("SM")
        form: dict[str, str | None] = {
            "MessageSid": message,
            "SmsSid": message,
            "SmsMessageSid": message,
            "AccountSid": ACCOUNT,
            "From": PHONE,
            "To": NUMBER,
            "Body": "hello",
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            "FromCity": "WASHINGTON",
            "FromState": "DC",
            "FromCountry": "US",
            **fields,
        }
        return {name: value for name, value in form.items() if value is not None}

    return make


@pytest.fixture
def call_form(sid: Callable[[str], str]) -> Callable[..., dict[str, str]]:
    """Makes the form of an inbound call; fields may be replaced, or left out with None."""

    def make(**fields: str | None) -> dict[str, str]:
        form: dict[str, str | None] = {
            "CallSid": sid("CA"),
            "AccountSid": ACCOUNT,
            "From": PHONE,
            "To": NUMBER,
            "CallStatus": "ringing",
            "Direction": "inbound",
            "ApiVersion": "2010-04-01",
            "FromCity": "WASHINGTON",
            "FromState": "DC",
            "FromCountry": "US",
            **fields,
        }
        return {name: value for name, value in form.items() if value is not None}

    return make
