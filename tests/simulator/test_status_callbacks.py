"""What the carrier tells afterwards about messages."""

from threading import Event

import pytest
from twilio.rest import Client

from ivr.simulator import Running

from .a_product import ACCOUNT, LINE, PHONE, Answer, Product


def test_a_message_tells_that_it_is_sent_and_delivered(client: Client, carrier: Running, product: Product) -> None:
    made = client.messages.create(
        to=PHONE, from_=LINE, body="Hello", status_callback=f"{product.url}/sms/status?message=7#rc=2&rp=all"
    )
    assert carrier.simulator.quiet()
    told = product.asked("/sms/status?message=7")
    assert [one.form["MessageStatus"] for one in told] == ["sent", "delivered"]
    assert all(one.is_signed for one in told)
    form = told[0].form
    assert form["MessageSid"] == form["SmsSid"] == made.sid
    assert (form["From"], form["To"], form["AccountSid"]) == (LINE, PHONE, ACCOUNT.sid)
    assert (form["ApiVersion"], form["SmsStatus"]) == ("2010-04-01", "sent")
    assert "ErrorCode" not in form


def test_with_a_messaging_service_queued_is_told_too(client: Client, carrier: Running, product: Product) -> None:
    service = "MG" + "d" * 32
    made = client.messages.create(
        to=PHONE, messaging_service_sid=service, body="Hello", status_callback=f"{product.url}/sms/status"
    )
    assert made.status == "accepted"
    assert carrier.simulator.quiet()
    told = product.asked("/sms/status")
    assert [one.form["MessageStatus"] for one in told] == ["queued", "sent", "delivered"]
    assert told[0].form["MessagingServiceSid"] == service


def test_with_a_messaging_service_an_opt_out_fails_later(client: Client, carrier: Running, product: Product) -> None:
    carrier.simulator.text(PHONE, LINE, "STOP")
    made = client.messages.create(
        to=PHONE,
        messaging_service_sid="MG" + "d" * 32,
        from_=LINE,
        body="Hello",
        status_callback=f"{product.url}/sms/status",
    )
    assert carrier.simulator.quiet()
    assert client.messages(made.sid).fetch().error_code == 21610
    last = product.asked("/sms/status")[-1].form
    assert (last["MessageStatus"], last["ErrorCode"]) == ("failed", "21610")


@pytest.mark.parametrize(("ending", "code"), [("0003", 30003), ("0007", 30007)])
def test_numbers_with_a_fate_are_never_reached(
    client: Client, carrier: Running, product: Product, ending: str, code: int
) -> None:
    phone = f"+1202555{ending}"
    made = client.messages.create(to=phone, from_=LINE, body="Hello", status_callback=f"{product.url}/sms/status")
    assert carrier.simulator.quiet()
    assert [one.form["MessageStatus"] for one in product.asked("/sms/status")] == ["sent", "undelivered"]
    assert product.asked("/sms/status")[-1].form["ErrorCode"] == str(code)
    assert client.messages(made.sid).fetch().error_code == code
    assert carrier.simulator.received(phone) == []


def test_a_callback_is_retried_only_as_its_fragment_says(client: Client, carrier: Running, product: Product) -> None:
    product.says("/flaky", Answer(b"", 503), Answer(b"", 503), Answer(b"", 204))
    client.messages.create(to=PHONE, from_=LINE, body="x", status_callback=f"{product.url}/flaky#rc=3&rp=5xx")
    assert carrier.simulator.quiet()
    told = product.asked("/flaky")
    assert [one.form["MessageStatus"] for one in told] == ["sent", "sent", "sent", "delivered"]
    tokens = [one.headers["I-Twilio-Idempotency-Token"] for one in told]
    assert tokens[0] == tokens[1] == tokens[2] != tokens[3]
    product.says("/broken", Answer(b"", 503))
    client.messages.create(to=PHONE, from_=LINE, body="x", status_callback=f"{product.url}/broken")
    assert carrier.simulator.quiet()
    assert len(product.asked("/broken")) == 2


def test_a_late_callback_is_waited_for(client: Client, carrier: Running, product: Product) -> None:
    carrier.simulator.misbehave({"callbacks": {"delay": 0.02}})
    client.messages.create(to=PHONE, from_=LINE, body="x", status_callback=f"{product.url}/sms/status")
    assert carrier.simulator.quiet()
    assert [one.form["MessageStatus"] for one in product.asked("/sms/status")] == ["sent", "delivered"]


def test_a_product_that_hangs_holds_up_no_answer_and_no_phone(
    client: Client, carrier: Running, product: Product
) -> None:
    wakes = Event()
    product.says("/hangs", Answer(b"", 204, gate=wakes))
    for n in range(12):
        client.messages.create(to=f"+120255501{n:02}", from_=LINE, body="x", status_callback=f"{product.url}/hangs")
    assert carrier.simulator._network._lives.quiet()
    assert len(carrier.simulator.log.since(0, "phone.received")) == 12
    assert not carrier.simulator.quiet(0)
    wakes.set()
    assert carrier.simulator.quiet()
    assert len(product.asked("/hangs")) == 24


def test_callbacks_come_twice_shuffled_or_not_at_all_on_command(
    client: Client, carrier: Running, product: Product
) -> None:
    callback = f"{product.url}/sms/status"
    carrier.simulator.misbehave({"callbacks": {"duplicates": 2, "shuffle": True}})
    client.messages.create(to=PHONE, from_=LINE, body="x", status_callback=callback)
    assert carrier.simulator.quiet()
    told = [one.form["MessageStatus"] for one in product.asked("/sms/status")]
    assert sorted(told) == ["delivered"] * 3 + ["sent"] * 3
    assert told != sorted(told, reverse=True)
    carrier.simulator.misbehave({"callbacks": {"drop": 1.0}})
    client.messages.create(to=PHONE, from_=LINE, body="x", status_callback=callback)
    assert carrier.simulator.quiet()
    assert len(product.asked("/sms/status")) == 6
    assert len(carrier.simulator.log.since(0, "callback.dropped")) == 2
