"""Calls whose product is wrong, slow to find, or not there."""

import pytest
from twilio.request_validator import RequestValidator

from ivr.simulator import Log, Number, Simulator
from ivr.simulator.webhooks import Overrides, Webhooks

from .a_product import ACCOUNT, LINE, PHONE, Answer, Product, line_of


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(b"", 500), 11200),
        (Answer(b"<Response><Say>", 200), 12100),
        (Answer(b"<Response><Sing/></Response>"), 12200),
        (Answer(b"<Answer/>"), 12200),
        (Answer(b"<Response><Gather><Record/></Gather></Response>"), 12200),
        (Answer(b"{}", content_type="application/json"), 12300),
        (Answer(b"<Response><Say>" + b"x" * 70000 + b"</Say></Response>"), 11750),
        (Answer(b"<Response><Play>/none.wav</Play></Response>"), 11200),
        (Answer(b"<Response><Play>/page.wav</Play></Response>"), 12300),
        (Answer(b"<Response><Play>/hollow.wav</Play></Response>"), 12300),
    ],
)
def test_what_cannot_be_obeyed_is_an_application_error_with_twilios_code(
    simulator: Simulator, product: Product, answer: Answer, code: int
) -> None:
    product.says("/voice", answer)
    product.says("/page.wav", Answer(b"<html>", content_type="text/html"))
    product.says("/hollow.wav", Answer(b"no audio", content_type="audio/wav"))
    moments = simulator.dial(PHONE, LINE)
    assert any(moment.what == "error" and moment.text.startswith(f"{code}:") for moment in moments)
    assert any("application error has occurred" in moment.text for moment in moments)
    assert [entry["code"] for entry in simulator.log.since(0, "warning")] == [code]


def test_the_fallback_is_asked_and_told_why(simulator: Simulator, product: Product) -> None:
    simulator.set_number(Number(LINE, voice_url=f"{product.url}/voice", voice_fallback_url=f"{product.url}/fallback"))
    product.says("/voice", Answer(b"oops", 500))
    product.says("/fallback", '<Pause length="15"/><Play>/greeting.wav</Play>')
    moments = simulator.dial(PHONE, LINE)
    assert (15.0, "answered") in line_of(moments) and moments[-1].at == 20.0
    (asked,) = product.asked("/fallback")
    assert asked.is_signed
    assert (asked.form["ErrorCode"], asked.form["ErrorUrl"]) == ("11200", f"{product.url}/voice")


def test_nothing_goes_round_for_ever(simulator: Simulator, product: Product) -> None:
    product.says("/voice", "<Redirect>/voice</Redirect>")
    assert any("11215" in moment.text for moment in simulator.dial(PHONE, LINE))
    assert len(product.asked("/voice")) == 11
    product.says("/voice", "<Pause/>" * 150)
    assert any("more than 100 verbs" in moment.text for moment in simulator.dial(PHONE, LINE))


def test_a_product_that_is_not_there_costs_one_retry_and_an_error(simulator: Simulator) -> None:
    simulator.set_number(Number(LINE, voice_url="http://127.0.0.1:1/voice"))
    assert any("11205" in moment.text for moment in simulator.dial(PHONE, LINE))
    assert len(simulator.log.since(0, "webhook")) == 2


def test_a_redirect_of_http_is_followed_as_a_get_without_the_form(simulator: Simulator, product: Product) -> None:
    product.says("/voice", Answer(b"", 302, headers={"Location": "/elsewhere?x=1"}))
    product.says("/elsewhere", "<Hangup/>")
    simulator.dial(PHONE, LINE)
    (asked,) = product.asked("/elsewhere?x=1")
    assert (asked.method, asked.form, asked.is_signed) == ("GET", {"x": "1"}, True)


def test_a_webhook_by_get_is_signed_with_its_query(simulator: Simulator, product: Product) -> None:
    simulator.set_number(Number(LINE, voice_url=f"{product.url}/get?a=%2Fb", voice_method="GET"))
    product.says("/get", "<Hangup/>")
    simulator.dial(PHONE, LINE)
    (asked,) = product.asked()
    assert asked.method == "GET" and asked.is_signed and asked.form["From"] == PHONE


def test_credentials_in_an_address_are_sent_but_not_signed(simulator: Simulator, product: Product) -> None:
    address = product.url.replace("http://", "http://ada:secret@")
    simulator.set_number(Number(LINE, voice_url=f"{address}/voice?line=%D9%85#rc=0"))
    product.says("/voice", "<Hangup/>")
    simulator.dial(PHONE, LINE)
    (asked,) = product.asked()
    assert asked.is_signed and asked.headers["Authorization"].startswith("Basic ")


def test_the_port_of_https_is_not_signed() -> None:
    webhooks = Webhooks(ACCOUNT, Log())
    signed = webhooks.sign("https://ada:secret@example.org:8443/voice?x=1", {"A": "b"})
    assert signed == RequestValidator(ACCOUNT.auth_token).compute_signature("https://example.org/voice?x=1", {"A": "b"})


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", Overrides()),
        ("#rc=3&rp=all", Overrides(retries=3, retry_on=frozenset({"all"}))),
        ("#rc=9&ct=20&rt=2000&tt=99999", Overrides(5, frozenset({"ct"}), 0.1, 2.0, 15.0)),
        ("#rc=x&rp=4xx,5xx", Overrides(1, frozenset({"4xx", "5xx"}))),
    ],
)
def test_connection_overrides_are_read_from_the_fragment_within_their_ranges(
    fragment: str, expected: Overrides
) -> None:
    assert Overrides.of(f"https://example.org/voice?rc=7{fragment}") == expected
