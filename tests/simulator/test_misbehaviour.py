"""Misbehaviour on command, as Twilio's own client meets it."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import Running, WrongMisbehaviour

from .a_product import LINE, PHONE


def send(client: Client) -> str:
    return str(client.messages.create(to=PHONE, from_=LINE, body="Hello").sid)


def messages(carrier: Running) -> int:
    return len(carrier.simulator.log.since(0, "message.created"))


@pytest.mark.parametrize(
    ("act", "status", "taken"),
    [("429", 429, 0), ("500-before", 500, 0), ("500-after", 500, 1), ("503", 503, 0), ("404-after", 404, 1)],
)
def test_an_error_may_come_before_or_after_the_message_is_taken(
    client: Client, carrier: Running, act: str, status: int, taken: int
) -> None:
    carrier.simulator.misbehave({"messages.create": [act]})
    with pytest.raises(TwilioRestException) as caught:
        send(client)
    assert (caught.value.status, caught.value.code) == (status, 20000 + status)
    assert messages(carrier) == taken
    send(client)
    assert messages(carrier) == taken + 1


@pytest.mark.parametrize(("act", "taken"), [("reset-before", 0), ("reset-after", 1)])
def test_a_connection_may_be_reset_before_or_after(client: Client, carrier: Running, act: str, taken: int) -> None:
    carrier.simulator.misbehave({"messages.create": [act]})
    with pytest.raises(requests.ConnectionError):
        send(client)
    assert messages(carrier) == taken


@pytest.mark.parametrize(("act", "taken"), [("silence", 0), ("silence-after", 1)])
def test_silence_lasts_until_the_client_gives_up(client: Client, carrier: Running, act: str, taken: int) -> None:
    client.http_client.timeout = 0.2
    carrier.simulator.misbehave({"messages.create": [act]})
    with pytest.raises(requests.ReadTimeout):
        send(client)
    assert messages(carrier) == taken


def test_an_answer_may_be_cut_short_or_slow(client: Client, carrier: Running) -> None:
    carrier.simulator.misbehave({"messages.create": ["bad-json", "slow:0.01"]})
    with pytest.raises(ValueError):
        send(client)
    assert messages(carrier) == 1
    send(client)
    assert messages(carrier) == 2


def test_an_act_can_have_a_count_or_a_probability_and_be_called_off(client: Client, carrier: Running) -> None:
    carrier.simulator.misbehave({"messages.create": {"act": "429", "count": 2}})
    for _ in range(2):
        with pytest.raises(TwilioRestException):
            send(client)
    send(client)
    carrier.simulator.misbehave({"messages.create": {"act": "500-before", "probability": 1}})
    with pytest.raises(TwilioRestException):
        send(client)
    carrier.simulator.misbehave()
    send(client)


def test_only_the_named_operation_is_spoilt(client: Client, carrier: Running) -> None:
    carrier.simulator.misbehave({"messages.create": ["429"], "messages.list": ["503"]})
    assert len(client.calls.list()) == 0
    with pytest.raises(TwilioRestException):
        send(client)
    log = carrier.simulator.log.since(0, "misbehaved")
    assert [(entry["operation"], entry["status"]) for entry in log] == [("messages.create", 429)]


@pytest.mark.parametrize(
    "order",
    [
        {"messages.create": ["explode"]},
        {"nonsense": ["429"]},
        {"callbacks": {"speed": 3}},
        {"callbacks": {"drop": "often"}},
        {"webhooks": {"drop": 1}},
        {"messages.create": {"act": "429", "count": "many"}},
        {"messages.create": {"count": 1}},
    ],
)
def test_an_order_that_is_not_understood_changes_nothing(carrier: Running, order: dict[str, object]) -> None:
    with pytest.raises(WrongMisbehaviour):
        carrier.simulator.misbehave({"messages.list": ["429"], **order})
    assert carrier.simulator.log.since(0, "misbehaved") == []
