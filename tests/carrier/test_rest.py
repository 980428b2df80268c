"""The carrier's REST, asked by the real client over HTTP: every misbehaviour comes out as one of three faults."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import requests
import urllib3
from running import free_port

from ivr.carrier.rest import Account, Carrier, Webhooks
from ivr.errors import CarrierBusy, CarrierError, CarrierInDoubt, CarrierRefused
from ivr.simulator import Account as SimulatedAccount
from ivr.simulator import Number, Running, Simulator, serve

SID = "AC" + "b2" * 16
TOKEN = "a-token"
LINE = "+17735550100"
PHONE = "+12025550143"
CALLBACK = "http://127.0.0.1:9/webhooks/sms/status?message=1"


@pytest.fixture(scope="module")
def desk() -> Iterator[Running]:
    """A carrier on a free port."""
    with serve(Simulator(SimulatedAccount(SID, TOKEN, ("SK" + "c3" * 16, "a-secret")), [LINE], seed=1)) as running:
        yield running


@pytest.fixture
def sent(desk: Running) -> Callable[[], int]:
    """How many texts the carrier took since the test began. Its misbehaviour ends with the test."""
    before = len(desk.simulator.log.since(0, "message.created"))
    desk.simulator.misbehave()
    return lambda: len(desk.simulator.log.since(0, "message.created")) - before


def carrier_at(url: str, timeout: float = 5.0, **account: str) -> Carrier:
    """The product's side."""
    return Carrier(Account(**{"sid": SID, "token": TOKEN, "api_url": url, **account}), timeout)


def send(carrier: Carrier, number: str = PHONE) -> str:
    """Send a text."""
    return carrier.send(LINE, number, "hello", CALLBACK)


def test_a_text_is_taken_and_found_again(desk: Running, sent: Callable[[], int]) -> None:
    carrier = carrier_at(desk.url)
    before = datetime.now(UTC).replace(microsecond=0)
    sid = carrier.send(LINE, "+12025550199", "مرحبا & <hello>", CALLBACK)
    assert sid.startswith("SM")
    assert sent() == 1
    (found,) = carrier.find_sent(LINE, "+12025550199")
    assert (found.sid, found.body) == (sid, "مرحبا & <hello>")
    assert found.created_at is not None
    assert found.created_at >= before


def test_an_api_key_is_as_good_as_the_token(desk: Running, sent: Callable[[], int]) -> None:
    assert send(carrier_at(desk.url, token="", key_sid="SK" + "c3" * 16, key_secret="a-secret"))
    assert sent() == 1


@pytest.mark.parametrize(
    ("act", "fault", "taken"),
    [
        ("429", CarrierBusy, 0),
        ("401", CarrierBusy, 0),
        ("403", CarrierBusy, 0),
        ("400", CarrierRefused, 0),
        ("404", CarrierRefused, 0),
        ("500-before", CarrierInDoubt, 0),
        ("500-after", CarrierInDoubt, 1),
        ("502-before", CarrierInDoubt, 0),
        ("503-after", CarrierInDoubt, 1),
        ("504", CarrierInDoubt, 0),
        ("reset-before", CarrierInDoubt, 0),
        ("reset-after", CarrierInDoubt, 1),
        ("bad-json", CarrierInDoubt, 1),
        ("silence", CarrierInDoubt, 0),
        ("silence-after", CarrierInDoubt, 1),
    ],
)
def test_each_misbehaviour_comes_out_as_what_it_means_and_is_asked_once(
    desk: Running, sent: Callable[[], int], act: str, fault: type[CarrierError], taken: int
) -> None:
    carrier = carrier_at(desk.url, timeout=0.2 if "silence" in act else 5.0)
    desk.simulator.misbehave({"messages.create": [act]})
    with pytest.raises(CarrierError) as raised:
        send(carrier)
    assert type(raised.value) is fault
    assert sent() == taken


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        *((act, CarrierBusy) for act in ("429", "401", "403")),
        *((act, CarrierInDoubt) for act in ("500", "bad-json", "reset")),
        ("404", CarrierRefused),
    ],
)
def test_a_list_that_fails_is_told_as_well_as_a_text(
    desk: Running, sent: Callable[[], int], act: str, fault: type[CarrierError]
) -> None:
    desk.simulator.misbehave({"messages.list": [act]})
    with pytest.raises(CarrierError) as raised:
        carrier_at(desk.url).find_sent(LINE, PHONE)
    assert type(raised.value) is fault


def test_a_wrong_token_is_our_own_fault_and_burns_no_text(desk: Running, sent: Callable[[], int]) -> None:
    with pytest.raises(CarrierBusy, match="401") as raised:
        send(carrier_at(desk.url, token="wrong"))
    assert raised.value.code == 20003
    assert sent() == 0


def test_a_refused_connection_means_that_nothing_was_sent() -> None:
    with pytest.raises(CarrierBusy):
        send(carrier_at(f"http://127.0.0.1:{free_port()}"))


def test_an_unknown_host_means_that_nothing_was_sent() -> None:
    with pytest.raises(CarrierBusy):
        send(carrier_at("http://carrier.invalid"))


def test_an_opted_out_recipient_and_a_number_that_is_none_are_refused_with_their_codes(desk: Running) -> None:
    desk.simulator.text("+12025550177", LINE, "STOP")
    with pytest.raises(CarrierRefused) as raised:
        send(carrier_at(desk.url), "+12025550177")
    assert raised.value.code == 21610
    with pytest.raises(CarrierRefused) as raised:
        send(carrier_at(desk.url), "+1555")
    assert raised.value.code == 21211


def test_what_the_carrier_says_of_a_number_is_kept_without_the_number(desk: Running) -> None:
    with pytest.raises(CarrierRefused, match="Invalid 'To' Phone Number: •••••89") as raised:
        send(carrier_at(desk.url), "+0123456789")
    assert raised.value.code == 21211


@pytest.mark.parametrize(
    ("cause", "fault"),
    [
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), CarrierInDoubt),
        (ssl.SSLZeroReturnError(6, "TLS/SSL connection has been closed"), CarrierInDoubt),
        (ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] unable to get issuer"), CarrierBusy),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), CarrierBusy),
        (ssl.SSLError(1, "[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] handshake failure"), CarrierBusy),
    ],
)
def test_a_broken_tls_connection_is_in_doubt_unless_it_broke_in_the_handshake(
    monkeypatch: pytest.MonkeyPatch, cause: ssl.SSLError, fault: type[CarrierError]
) -> None:
    def broken(*_: object, **__: object) -> None:
        reason = urllib3.exceptions.MaxRetryError(None, "/", urllib3.exceptions.SSLError(cause))  # type: ignore[arg-type]
        raise requests.exceptions.SSLError(reason)

    monkeypatch.setattr(requests.Session, "send", broken)
    with pytest.raises(CarrierError) as raised:
        send(carrier_at("https://carrier.example"))
    assert type(raised.value) is fault


def test_a_connection_that_takes_too_long_to_make_means_that_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> None:
        raise requests.ConnectTimeout("too late")

    monkeypatch.setattr(requests.Session, "send", late)
    with pytest.raises(CarrierBusy):
        send(carrier_at("https://carrier.example"))


@pytest.mark.parametrize("body", ["null", "[]", "{}", '{"sid": null}', '"SM1"', "17", "", "<html>", '{"sid": ""}'])
def test_an_answer_that_says_nothing_is_in_doubt(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    def answer(*_: object, **__: object) -> requests.Response:
        response = requests.Response()
        response.status_code, response._content = 201, body.encode()
        return response

    monkeypatch.setattr(requests.Session, "send", answer)
    with pytest.raises(CarrierInDoubt):
        send(carrier_at("https://carrier.example"))


def test_an_edge_or_a_region_in_the_environment_does_not_send_us_elsewhere(
    desk: Running, sent: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "another")
    assert send(carrier_at(desk.url))
    assert sent() == 1


def test_the_webhooks_of_a_number_are_set_and_read_again(desk: Running) -> None:
    carrier = carrier_at(desk.url)
    origin = "https://line.example.org"
    wanted = Webhooks(
        carrier.webhooks(LINE).sid, f"{origin}/v", f"{origin}/vf", f"{origin}/s", f"{origin}/m", f"{origin}/mf"
    )
    carrier.set_webhooks(wanted)
    assert carrier.webhooks(LINE) == wanted


def test_a_number_that_the_account_does_not_have_is_refused(desk: Running) -> None:
    with pytest.raises(CarrierRefused, match="has no number"):
        carrier_at(desk.url).webhooks("+442079460000")


def test_applications_that_would_override_the_webhooks_are_seen_and_taken_away(desk: Running) -> None:
    desk.simulator.set_number(Number("+17735550177", voice_application_sid="AP" + "1" * 32))
    carrier = carrier_at(desk.url)
    seen = carrier.webhooks("+17735550177")
    assert (seen.voice_application, seen.sms_application) == ("AP" + "1" * 32, "")
    carrier.set_webhooks(Webhooks(seen.sid, "", "", "", "", ""))
    assert carrier.webhooks("+17735550177").voice_application == ""


def test_the_account_is_asked_whether_it_lives(desk: Running) -> None:
    assert carrier_at(desk.url).check_account() == "active"
    with pytest.raises(CarrierBusy, match="401"):
        carrier_at(desk.url, token="wrong").check_account()
