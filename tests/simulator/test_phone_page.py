"""What the phone's page asks for: a call that goes on while keys are pressed, what was sent and answered, messages."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from ivr.simulator import Running, Simulator
from ivr.simulator.exchanges import MOST, Exchanges
from ivr.simulator.phones.live import MOST_SOUNDS, LiveCaller
from ivr.simulator.webhooks import Answer as Sound

from .a_product import LINE, PHONE, Answer, Product, tone

RECORD = '<Record action="/thanks" finishOnKey="#" playBeep="false"/>'


class Call:
    """A call from the page: its moments, one at a time, and what is done meanwhile."""

    def __init__(self, carrier: Running) -> None:
        self._url = f"{carrier.url}/phone/calls"
        self._answer = requests.post(self._url, json={"from": PHONE, "to": LINE}, stream=True, timeout=20)
        assert self._answer.status_code == 200, self._answer.text
        self._sid = self._answer.headers["X-Call-Sid"]
        self._moments = (json.loads(line) for line in self._answer.iter_lines(chunk_size=1))

    def until(self, what: str) -> dict[str, Any]:
        """The next moment of a kind."""
        return next(moment for moment in self._moments if moment["what"] == what)

    def rest(self) -> list[str]:
        """What still happens, to the end."""
        return [moment["what"] for moment in self._moments]

    def do(self, what: str, **order: object) -> requests.Response:
        """Press, say, hang up."""
        return requests.post(f"{self._url}/{self._sid}/{what}", json=order, timeout=10)

    def sound(self, number: str) -> requests.Response:
        """A sound that is played in the call."""
        return requests.get(f"{self._url}/{self._sid}/sounds/{number}", timeout=10)


@pytest.fixture
def call(carrier: Running, product: Product) -> Iterator[Call]:
    """A call that asks for a key at once."""
    product.says("/voice", '<Gather numDigits="1" action="/menu"><Play>/greeting.wav</Play></Gather>')
    product.says("/menu", RECORD)
    product.says("/thanks", "<Hangup/>")
    made = Call(carrier)
    yield made
    made.do("hang-up")
    made.rest()


def test_keys_and_words_reach_the_product_while_the_call_goes_on(
    call: Call, simulator: Simulator, carrier: Running
) -> None:
    played = call.until("play")
    assert call.sound(played["detail"]).content == tone(5)
    assert call.sound("9").status_code == 404
    assert call.do("keys", key="2").json() == {"pressed": "2"}
    assert call.until("key")["detail"] == "2"
    call.until("record")
    assert call.do("says", wav=b64encode(tone(2)).decode()).json() == {"seconds": 2.0}
    call.do("keys", key="#")
    assert call.rest()[-2:] == ["hangup", "ended"]
    forms = [one.form for one in simulator._network.webhooks.exchanges.since(0, PHONE) if one.kind == "voice"]
    assert [form.get("Digits") for form in forms] == [None, "2", "#"]
    sid = forms[-1]["RecordingSid"]
    kept = simulator._network.switchboard.recordings.get(sid)
    assert kept is not None
    assert kept.audio[44:] == tone(2)[44 : len(kept.audio)]


def test_of_many_sounds_each_has_its_number_and_the_last_are_kept() -> None:
    caller = LiveCaller()
    numbers = [caller.hears(Sound("", 200, "audio/wav", b"%d" % n)) for n in range(MOST_SOUNDS + 5)]
    assert numbers == [str(n) for n in range(MOST_SOUNDS + 5)]
    assert {n: sound.body for n, sound in caller.sounds.items()} == {n: b"%d" % n for n in range(5, MOST_SOUNDS + 5)}


def test_the_telephone_is_put_down_at_any_moment(carrier: Running, product: Product) -> None:
    product.says("/voice", '<Pause length="30"/><Play>/greeting.wav</Play>')
    made = Call(carrier)
    assert float(made.until("waits")["detail"]) == pytest.approx(30, abs=5)  # the webhook's own time counts
    assert made.do("hang-up").status_code == 200
    assert made.rest()[-2:] == ["caller-hangs-up", "ended"]
    assert made.do("keys", key="1").status_code == 404


def test_a_page_that_is_closed_hangs_up(carrier: Running, product: Product, simulator: Simulator) -> None:
    product.says("/voice", '<Gather timeout="1"/>' * 20)
    made = Call(carrier)
    made.until("gather")
    made._answer.close()
    assert simulator.quiet()
    entries = iter(lambda: simulator.log.since(0, "call.ended"), None)
    assert next(found for found in entries if found)[0]["status"] == "completed"


@pytest.mark.parametrize(
    ("path", "order", "status"),
    [
        ("calls", {"from": PHONE}, 400),
        ("calls", {"from": "me", "to": LINE}, 400),
        ("calls", {"from": PHONE, "to": "+17735550199"}, 404),
        ("calls", {"from": PHONE, "to": LINE, "cadence": "loud"}, 400),
        ("calls/CA1/keys", {"key": "1"}, 404),
        ("calls/CA1/keys", {"key": "12"}, 400),
        ("calls/CA1/hang-up", {}, 404),
        ("calls/CA1/says", {"wav": "?"}, 400),
        ("calls/CA1/says", {"wav": b64encode(b"RIFF no sound").decode()}, 400),
        ("segments", [], 400),
    ],
)
def test_a_wrong_order_is_refused_in_a_sentence(carrier: Running, path: str, order: object, status: int) -> None:
    answer = requests.post(f"{carrier.url}/phone/{path}", json=order, timeout=10)
    assert answer.status_code == status


def test_a_web_page_of_another_site_cannot_dial(carrier: Running, simulator: Simulator) -> None:
    order = json.dumps({"from": PHONE, "to": LINE})
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": kind}
        assert requests.post(f"{carrier.url}/phone/calls", data=order, headers=headers, timeout=10).status_code == 415
    hosts = requests.get(carrier.url, headers={"Host": "evil.example"}, timeout=10)
    assert hosts.status_code == 403
    assert simulator.log.since() == []


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"])
def test_nobody_comes_through_a_proxy_or_a_tunnel(carrier: Running, header: str) -> None:
    for path in ("/", "/phone/exchanges", "/crowd"):
        assert requests.get(carrier.url + path, headers={header: "203.0.113.7"}, timeout=10).status_code == 403


def test_another_machine_is_refused_even_where_it_reaches_the_port(simulator: Simulator) -> None:
    for peer, status in (("203.0.113.7", 403), ("10.0.0.2", 403), ("", 403), ("127.0.0.1", 200), ("::1", 200)):
        answer = simulator.app.test_client().get("/", base_url="http://127.0.0.1", environ_base={"REMOTE_ADDR": peer})
        assert answer.status_code == status, peer


def test_what_was_sent_is_shown_with_its_signature_and_what_is_wrong_with_the_answer(
    carrier: Running, product: Product, simulator: Simulator
) -> None:
    product.says("/sms", "<Message><Body>Hi</Body></Message><Nonsense/>")
    simulator.text(PHONE, LINE, "مرحبا")
    assert simulator.quiet()
    shown = requests.get(f"{carrier.url}/phone/exchanges", params={"phone": PHONE}, timeout=10).json()["exchanges"]
    first = shown[0]
    assert (first["kind"], first["status"], first["form"]["Body"]) == ("sms", 200, "مرحبا")
    assert "<Nonsense/>" in first["answer"]
    assert first["warnings"][0].startswith("12200: ")
    assert first["console"].endswith(f"/console/contacts/{first['sid']}")
    assert first["signature"] == product.asked("/sms")[0].headers["X-Twilio-Signature"]
    later = requests.get(f"{carrier.url}/phone/exchanges", params={"since": shown[-1]["n"]}, timeout=10).json()
    assert later == {"exchanges": []}
    assert requests.get(f"{carrier.url}/phone/exchanges?phone=+1", timeout=10).json() == {"exchanges": []}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(b"<Response><Play>"), "12100"),
        (Answer(b"<html></html>"), "12200"),
        (Answer(b"<Response><Sing/></Response>"), "12200"),
        (Answer(b"oh", status=500), "11200"),
        (Answer(b"<Response><Play>/none.wav</Play></Response>"), "11200"),
    ],
)
def test_what_the_carrier_would_refuse_is_shown_with_its_code(
    carrier: Running, product: Product, simulator: Simulator, answer: Answer, code: str
) -> None:
    product.says("/voice", answer)
    simulator.dial(PHONE, LINE)
    shown = requests.get(f"{carrier.url}/phone/exchanges", params={"phone": PHONE}, timeout=10).json()["exchanges"]
    assert any(warning.startswith(f"{code}: ") for warning in shown[0]["warnings"]), shown[0]["warnings"]


@pytest.mark.parametrize("address", ["http://[", "https://h:abc/", "//[x", "javascript://%0aalert(1)"])
def test_what_is_no_address_is_a_fault_of_the_document_and_not_of_the_page(
    carrier: Running, product: Product, simulator: Simulator, address: str
) -> None:
    product.says("/voice", f"<Redirect>{address}</Redirect>")
    product.says("/sms", f"<Message><Body>Hi</Body><Media>{address}</Media></Message>")
    assert simulator.dial(PHONE, LINE)[-1].what == "ended"
    simulator.text(PHONE, LINE, "hello")
    shown = requests.get(f"{carrier.url}/phone/exchanges", params={"phone": PHONE}, timeout=10)
    assert shown.status_code == 200
    assert "javascript" not in "".join(one["console"] for one in shown.json()["exchanges"])
    for path in ("phone/exchanges", "simulator/log", "simulator/crowd"):
        assert requests.get(f"{carrier.url}/{path}?since={'9' * 5000}", timeout=10).status_code == 400


def test_a_streamed_recording_is_as_long_as_what_there_is(call: Call, simulator: Simulator) -> None:
    call.do("keys", key="2")
    call.until("record")
    streamed = bytearray(tone(1))
    streamed[40:44] = b"\xff\xff\xff\xff"
    assert call.do("says", wav=b64encode(streamed).decode()).json() == {"seconds": 1.0}
    call.do("keys", key="#")
    assert "recorded" in call.rest()


def test_messages_have_their_states_and_pictures(carrier: Running, product: Product, simulator: Simulator) -> None:
    product.says("/sms", "<Message>Hello</Message>")
    simulator.text(PHONE, LINE, "Look", media=["picture"])
    assert simulator.quiet()
    found = requests.get(f"{carrier.url}/phone/messages", params={"phone": PHONE, "line": LINE}, timeout=10).json()
    mine, theirs = found["messages"]
    assert mine["files"] == []
    assert (mine["body"], mine["from"], theirs["body"], theirs["status"]) == ("Look", PHONE, "Hello", "delivered")
    assert requests.get(f"{carrier.url}/phone/pictures/{mine['pictures'][0]}", timeout=10).content[:4] == b"\x89PNG"
    assert requests.get(f"{carrier.url}/phone/pictures/ME0", timeout=10).status_code == 404


def test_rings_and_segments_are_told_by_the_same_tables_as_calls_and_texts(carrier: Running) -> None:
    query = {"from": "+447400123456", "to": LINE}
    line = requests.get(f"{carrier.url}/phone/cadence", params=query, timeout=10).json()
    assert (line["pattern_ms"], line["tone"]["frequencies_hz"]) == ([2000, 4000], [440.0, 480.0])
    caller = requests.get(f"{carrier.url}/phone/cadence", params={**query, "cadence": "caller"}, timeout=10).json()
    assert caller["pattern_ms"] == [400, 200, 400, 2000]
    for body, count in (("a" * 160, 1), ("a" * 161, 2), ("م" * 71, 2)):
        answer = requests.post(f"{carrier.url}/phone/segments", json={"body": body}, timeout=10)
        assert answer.json() == {"segments": count}


def test_only_the_last_exchanges_are_kept() -> None:
    kept = Exchanges()
    for _ in range(MOST + 5):
        kept.append(at="", kind="sms", method="POST", url="", form={}, status=200, answer="", ms=1.0, error="")
    assert [one.n for one in kept.since(0)] == list(range(6, MOST + 6))


def test_the_page_has_no_script_within_and_asks_nobody_else(carrier: Running) -> None:
    page = requests.get(carrier.url, timeout=10)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text
    assert "The line" in page.text


def test_another_number_is_the_carriers_at_once_and_can_be_called(carrier: Running, product: Product) -> None:
    got = requests.post(f"{carrier.url}/phone/numbers", json={"number": "+1 (773) 555-0177"}, timeout=10)
    assert got.json() == {"number": "+17735550177", "shown": "+1 773-555-0177"}
    assert "+17735550177" in requests.get(carrier.url, timeout=10).text
    for number, words in (("+17735550177", "already"), ("hello", "not a phone number"), ("", "not a phone number")):
        refused = requests.post(f"{carrier.url}/phone/numbers", json={"number": number}, timeout=10)
        assert (refused.status_code, words in refused.json()["error"]) == (400, True), refused.text
