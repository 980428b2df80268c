"""What the crowd's page asks for: one crowd at a time, orders as JSON, switches that order misbehaviour together."""

from collections.abc import Iterator

import pytest
import requests

from ivr.simulator import Number, Running, WrongMisbehaviour
from ivr.simulator.crowd.crowds import Crowds
from ivr.simulator.crowd.faults import SENDING, SWITCHES, orders_of, read_order
from ivr.simulator.crowd.proof import Kept
from ivr.simulator.crowd_page import CROWDS
from ivr.simulator.misbehaviour import Misbehaviour

from .a_product import ACCOUNT, LINE, SECOND_LINE, Product, connected

FEW = {"line": LINE, "texts": 12, "calls": 0, "over": 0.3, "countries": "us"}


@pytest.fixture
def crowds(carrier: Running, product: Product) -> Iterator[Crowds]:
    product.says("/sms", "")
    product.says("/voice", "")
    yield carrier.simulator.crowds
    carrier.simulator.crowds.stop()
    assert carrier.simulator.crowds.wait(20)


def post(carrier: Running, path: str, body: object) -> requests.Response:
    return requests.post(f"{carrier.url}/simulator/crowd/{path}", json=body, timeout=10)


def test_a_crowd_is_told_to_its_end_and_without_a_log_nothing_is_proved(carrier: Running, crowds: Crowds) -> None:
    assert requests.get(f"{carrier.url}/simulator/crowd", timeout=10).json() == {"state": "none", "seconds": []}
    assert post(carrier, "start", FEW).status_code == 200
    assert crowds.wait(20)
    told = requests.get(f"{carrier.url}/simulator/crowd", params={"since": 0}, timeout=10).json()
    assert told["state"] == "over"
    assert told["counted"]["sent"] == told["counted"]["answered"] == sum(one["came"] for one in told["seconds"]) == 12
    assert not told["proof"]["proved"]
    assert "log was not looked at" in told["proof"]["verdict"]
    assert "token" not in str(told).lower()
    since = requests.get(f"{carrier.url}/simulator/crowd", params={"since": 1}, timeout=10).json()
    assert since["seconds"] == told["seconds"][1:]


def test_there_is_one_crowd_at_a_time(carrier: Running, crowds: Crowds) -> None:
    assert post(carrier, "start", {**FEW, "over": 60}).status_code == 200
    again = post(carrier, "start", FEW)
    assert again.status_code == 400
    assert "under way" in again.json()["error"]
    assert post(carrier, "stop", {}).status_code == 200
    assert crowds.wait(20)
    assert post(carrier, "start", FEW).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "status", "words"),
    [
        ({"line": SECOND_LINE}, 400, "no webhooks"),
        ({"line": "+12025550000"}, 404, "not a number of this carrier"),
        ({"texts": "many"}, 400, "texts must be a number"),
        ({"texts": None}, 400, "texts must be a number"),
        ({"texts": True}, 400, "texts must be a number"),
        ({"texts": 2_000_000}, 400, "1 to 1,000,000"),
        ({"over": 0}, 400, "within"),
        ({"countries": ""}, 400, "no country"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    carrier: Running, crowds: Crowds, wanted: dict[str, object], status: int, words: str
) -> None:
    refused = post(carrier, "start", {**FEW, **wanted})
    assert refused.status_code == status
    assert words in refused.json()["error"]
    assert crowds.told()["state"] == "none"


@pytest.mark.parametrize("url", ["http://192.0.2.1/sms", "https://example.org/sms"])
def test_a_line_whose_product_is_elsewhere_gets_no_crowd(carrier: Running, crowds: Crowds, url: str) -> None:
    carrier.simulator.set_number(Number(LINE, sms_url=url, voice_url=url))
    assert post(carrier, "start", FEW).status_code == 400
    assert crowds.told()["state"] == "none"


@pytest.mark.parametrize("path", ["start", "stop", "faults"])
def test_orders_must_be_json_and_ask_this_machine_by_its_name(carrier: Running, crowds: Crowds, path: str) -> None:
    address = f"{carrier.url}/simulator/crowd/{path}"
    assert requests.post(address, data={"line": LINE}, timeout=10).status_code == 415
    assert requests.post(address, json={}, headers={"Host": "evil.example"}, timeout=10).status_code == 403


def test_a_proof_that_breaks_is_told_as_broken(carrier: Running, crowds: Crowds) -> None:
    def unreadable(*_: object) -> None:
        raise WrongMisbehaviour("the log cannot be read")

    broken = carrier.simulator.app.extensions[CROWDS] = Crowds(
        carrier.simulator._network.switchboard.messages, unreadable
    )  # type: ignore[arg-type]
    assert post(carrier, "start", FEW).status_code == 200
    assert broken.wait(20)
    told = broken.told()
    assert (told["state"], told["error"]) == ("broken", "the log cannot be read")
    assert "proof" not in told


def test_a_text_that_the_product_sends_twice_is_found(carrier: Running, crowds: Crowds, product: Product) -> None:
    client = connected(carrier.url, ACCOUNT.sid, ACCOUNT.auth_token)
    whole = Kept(contacts=12, twice=0, answers=12, answered_twice=0, arrived=12)

    def look(*_: object) -> Kept:
        somebody = product.asked("/sms")[0].form["From"]
        for _ in range(2):
            client.messages.create(to=somebody, from_=LINE, body="Your link")
        return whole

    messages = carrier.simulator._network.switchboard.messages
    sending = carrier.simulator.app.extensions[CROWDS] = Crowds(messages, look)
    assert post(carrier, "start", FEW).status_code == 200
    assert sending.wait(20)
    told = sending.told()
    assert "told to send twice" in told["proof"]["verdict"]  # type: ignore[index]


def test_the_page_may_run_nothing_that_is_not_its_own(carrier: Running) -> None:
    page = requests.get(f"{carrier.url}/crowd", timeout=10)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert " style=" not in page.text
    assert "<script>" not in page.text


def test_switches_order_misbehaviour_together_and_an_empty_list_ends_it(carrier: Running) -> None:
    ill = carrier.simulator._network.misbehaviour
    assert post(carrier, "faults", {"on": ["twice", "again", "lost", "taken"]}).json()["on"][0] == "twice"
    assert (ill.webhooks.duplicates, ill.callbacks.duplicates, ill.callbacks.drop) == (1, 2, 0.33)
    assert any(ill.next_act("messages.create") for _ in range(50))
    assert post(carrier, "faults", {"on": ["shuffle"]}).status_code == 200
    assert (ill.webhooks.duplicates, ill.callbacks.duplicates, ill.callbacks.shuffle) == (0, 0, True)
    assert requests.get(f"{carrier.url}/simulator/crowd/faults", timeout=10).json()["on"] == ["shuffle"]
    refused = post(carrier, "faults", {"on": ["everything"]})
    assert refused.status_code == 400
    assert ill.callbacks.shuffle
    assert post(carrier, "faults", {"on": []}).json()["on"] == []
    assert not ill.callbacks.shuffle
    assert ill.next_act("messages.create") is None


@pytest.mark.parametrize("fault", [*SWITCHES, *SENDING], ids=lambda fault: fault.name)
def test_the_carrier_understands_every_switch(fault) -> None:  # type: ignore[no-untyped-def]
    Misbehaviour().order(orders_of([fault.name]))


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("callbacks=duplicates:2,shuffle", ("callbacks", {"duplicates": "2", "shuffle": True})),
        ("webhooks=duplicates:1", ("webhooks", {"duplicates": "1"})),
        ("messages.create=429, 500-after", ("messages.create", ["429", "500-after"])),
        ("messages.create=slow:2@0.5", ("messages.create", {"act": "slow:2", "probability": "0.5"})),
        ("messages.list=503*4", ("messages.list", {"act": "503", "count": "4"})),
    ],
)
def test_orders_are_read_as_they_are_typed(typed: str, order: tuple[str, object]) -> None:
    assert read_order(typed) == order


@pytest.mark.parametrize("typed", ["", "callbacks", "callbacks=", "webhooks=drop:1", "messages.create=417x", "a=429"])
def test_an_order_that_nobody_understands_is_refused(typed: str) -> None:
    with pytest.raises(WrongMisbehaviour):
        read_order(typed)
