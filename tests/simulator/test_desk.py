"""The control pages, the port, the client for other processes, and the log."""

import json
import socket
from pathlib import Path
from threading import Event

import pytest
import requests

from ivr.simulator import Log, Moment, NotLoopback, PortTaken, Running, Simulator, run, serve
from ivr.simulator.client import SimulatorNotRunning, SimulatorRefused, dial, text

from .a_product import ACCOUNT, LINE, PHONE, Answer, Product


def test_a_call_comes_as_one_line_of_json_a_moment(carrier: Running, product: Product) -> None:
    product.says("/voice", '<Pause length="15"/><Play>/greeting.wav</Play>')
    order = {"from": PHONE, "to": LINE, "hang_up_after": 16, "live": False, "cadence": "line"}
    answer = requests.post(f"{carrier.url}/simulator/dial", json=order, timeout=10)
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0] == {"at": 0.0, "what": "ring", "text": "ring 1 begins"}
    assert lines[-1]["what"] == "ended"


def test_a_moment_is_sent_when_it_happens(carrier: Running, product: Product) -> None:
    has_rung = Event()
    product.says("/voice", Answer(b"<Response><Hangup/></Response>", gate=has_rung))
    call = dial(carrier.url, LINE)
    assert next(call).what == "ring"
    has_rung.set()
    assert [moment.what for moment in call] == ["answered", "hangup", "ended"]


def test_the_client_dials_and_texts_from_another_process(carrier: Running, product: Product) -> None:
    product.says("/voice", '<Gather numDigits="1" action="/menu"><Play>/greeting.wav</Play></Gather>')
    product.says("/menu", "")
    product.says("/sms", "<Message>مرحبا</Message>" * 11)
    moments = list(dial(carrier.url, LINE, keys=["1"]))
    assert moments[0] == Moment(0.0, "ring", "ring 1 begins") and moments[-1].at == 5.0
    texted = text(carrier.url, LINE, "Hi", sender=PHONE)
    assert (texted.status, texted.messages[0].body, texted.messages[0].to) == ("received", "مرحبا", PHONE)
    assert texted.warnings[0][0] == 14109


def test_the_client_says_what_is_wrong(carrier: Running) -> None:
    with pytest.raises(SimulatorRefused, match="not a number of this carrier"):
        list(dial(carrier.url, "+17735550199"))
    with pytest.raises(SimulatorRefused, match="not a number of this carrier"):
        text(carrier.url, "+17735550199", "Hi")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(SimulatorNotRunning, match="make run"):
        list(dial(f"http://127.0.0.1:{port}", LINE))
    with pytest.raises(SimulatorNotRunning, match="make run"):
        text(f"http://127.0.0.1:{port}", LINE, "Hi")


@pytest.mark.parametrize(
    ("path", "order", "status"),
    [
        ("dial", {}, 400),
        ("dial", {"to": LINE, "keys": "1"}, 400),
        ("dial", {"to": LINE, "keys": ["x"]}, 400),
        ("dial", {"to": LINE, "live": "yes"}, 400),
        ("dial", {"to": LINE, "hang_up_after": "soon"}, 400),
        ("dial", {"to": LINE, "cadence": "loud"}, 400),
        ("dial", {"to": "+17735550199"}, 404),
        ("text", {"body": "Hi"}, 400),
        ("text", {"to": LINE, "media": "x"}, 400),
        ("text", [], 400),
        ("misbehave", {"x": 1}, 400),
    ],
)
def test_a_wrong_order_is_refused_in_a_sentence(carrier: Running, path: str, order: object, status: int) -> None:
    answer = requests.post(f"{carrier.url}/simulator/{path}", json=order, timeout=10)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_web_page_cannot_drive_it(carrier: Running) -> None:
    order = json.dumps({"to": LINE, "body": "Hi"})
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = requests.post(f"{carrier.url}/simulator/text", data=order, headers={"Content-Type": kind}, timeout=10)
        assert answer.status_code == 415
    assert carrier.simulator.log.since() == []


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:8001", 200),
        ("[::1]:8001", 200),
        ("[::1]", 200),
        ("LOCALHOST", 200),
        ("evil.example", 403),
        ("evil.example:8001", 403),
        ("127.0.0.1.evil.example", 403),
        ("10.0.0.1", 403),
        ("localhost.evil.example:80", 403),
    ],
)
def test_a_host_that_is_not_this_machine_is_refused(carrier: Running, host: str, status: int) -> None:
    answer = requests.get(f"{carrier.url}/simulator/log", headers={"Host": host}, timeout=10)
    assert answer.status_code == status
    api = requests.get(
        f"{carrier.url}/2010-04-01/Accounts/{ACCOUNT.sid}.json",
        headers={"Host": host},
        auth=(ACCOUNT.sid, ACCOUNT.auth_token),
        timeout=10,
    )
    assert api.status_code == status


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.1.5", "example.org"])
def test_it_listens_on_this_machine_only(simulator: Simulator, host: str) -> None:
    with pytest.raises(NotLoopback, match="this machine only"), serve(simulator, host):
        pass
    with pytest.raises(NotLoopback):
        run(simulator, host, 0)


def test_a_port_that_is_taken_is_said_so(carrier: Running, simulator: Simulator) -> None:
    port = int(carrier.url.rpartition(":")[2])
    with pytest.raises(PortTaken, match=str(port)), serve(Simulator(ACCOUNT), "127.0.0.1", port):
        pass


def test_misbehaviour_can_be_ordered_over_http(carrier: Running) -> None:
    order = {"messages.list": ["429"]}
    assert requests.post(f"{carrier.url}/simulator/misbehave", json=order, timeout=10).json() == {"ordered": order}
    address = f"{carrier.url}/2010-04-01/Accounts/{ACCOUNT.sid}/Messages.json"
    credentials = (ACCOUNT.sid, ACCOUNT.auth_token)
    assert [requests.get(address, auth=credentials, timeout=10).status_code for _ in range(2)] == [429, 200]
    requests.post(f"{carrier.url}/simulator/misbehave", json=order, timeout=10)
    requests.post(f"{carrier.url}/simulator/misbehave", json={}, timeout=10)
    assert requests.get(address, auth=credentials, timeout=10).status_code == 200


def test_idle_waits_for_quiet_and_the_log_tells_everything_since(carrier: Running, product: Product) -> None:
    product.says("/sms", '<Message action="/sms/status">Hello</Message>')
    requests.post(f"{carrier.url}/simulator/text", json={"to": LINE, "body": "Hi"}, timeout=10)
    assert requests.get(f"{carrier.url}/simulator/idle?timeout=10", timeout=20).json() == {"idle": True}
    entries = requests.get(f"{carrier.url}/simulator/log", timeout=10).json()["entries"]
    assert [entry["n"] for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry["event"] for entry in entries} == {
        "message.created",
        "webhook",
        "message.status",
        "phone.received",
    }
    (webhook, *_) = [entry for entry in entries if entry["event"] == "webhook"]
    assert (webhook["kind"], webhook["status"]) == ("sms", 200) and webhook["ms"] > 0
    later = requests.get(f"{carrier.url}/simulator/log?since=2&event=message.status", timeout=10).json()["entries"]
    assert [entry["status"] for entry in later] == ["sent", "delivered"]
    assert requests.get(f"{carrier.url}/simulator/log?since=x", timeout=10).status_code == 400


def test_what_a_phone_received_can_be_read(carrier: Running, product: Product) -> None:
    product.says("/sms", "<Message>Hello</Message>")
    carrier.simulator.text(PHONE, LINE, "\ud800 is half a letter")
    carrier.simulator.text(PHONE, LINE, "Hi")
    assert carrier.simulator.quiet()
    got = requests.get(f"{carrier.url}/simulator/received", params={"phone": PHONE}, timeout=10).json()["messages"]
    assert [(message["from"], message["body"]) for message in got] == [(LINE, "Hello")]
    assert requests.get(f"{carrier.url}/simulator/log", timeout=10).status_code == 200


def test_the_first_page_says_what_this_is_and_names_the_numbers(carrier: Running) -> None:
    page = requests.get(carrier.url, timeout=10)
    assert (
        page.status_code == 200
        and "+1 773-555-0100" in page.text
        and "Nothing here reaches a real telephone" in page.text
    )


def test_the_log_is_a_file_of_json_lines_that_a_restart_continues(tmp_path: Path) -> None:
    path = tmp_path / "carrier.jsonl"
    for _ in range(2):
        with serve(Simulator(ACCOUNT, [LINE], log_path=path)) as running:
            requests.get(
                f"{running.url}/2010-04-01/Accounts/{ACCOUNT.sid}.json", auth=(ACCOUNT.sid, "wrong"), timeout=10
            )
            running.simulator.close()
        with path.open("a") as file:
            file.write('{"n": 9, "cut sho')
    Log(path).close()
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert (first["n"], first["event"], first["status"], second["n"]) == (1, "rest", 401, 2)


def test_two_simulators_share_nothing(product: Product) -> None:
    one, two = Simulator(ACCOUNT, [LINE]), Simulator(ACCOUNT, [LINE])
    one.text(PHONE, LINE, "STOP")
    assert len(one.text(PHONE, LINE, "STOP").messages) == 0
    assert len(two.text(PHONE, LINE, "STOP").messages) == 1
    assert one.quiet() and two.quiet()
