"""What becomes of each contact of a crowd, as the product sees it."""

from collections import Counter, defaultdict
from dataclasses import replace
from threading import Event

import pytest

from ivr.simulator.account import Number
from ivr.simulator.crowd.counting import Counted
from ivr.simulator.crowd.people import people
from ivr.simulator.crowd.plan import Plan, Target
from ivr.simulator.crowd.running import RunningCrowd
from ivr.simulator.keywords import STOP
from ivr.simulator.misbehaviour import Deliveries

from .a_product import ACCOUNT, LINE, Answer, Asked, Product


def a_plan(product: Product, fragment: str = "", **more: object) -> Plan:
    number = Number(
        LINE,
        sms_url=f"{product.url}/sms{fragment}",
        voice_url=f"{product.url}/voice{fragment}",
        status_callback=f"{product.url}/status",
    )
    wanted = {"texts": 100, "calls": 0, "over": 0.5, "seed": 11, "countries": ("US", "EG"), **more}
    return Plan(Target.of(number, ACCOUNT), **wanted)  # type: ignore[arg-type]


def carried_out(plan: Plan) -> Counted:
    with RunningCrowd(plan) as crowd:
        *_, counted = crowd.heard()
    assert isinstance(counted, Counted)
    return counted


def by_sender(asked: list[Asked], name: str) -> dict[str, list[dict[str, str]]]:
    """Forms by the number in a field, in the order in which they came."""
    forms = defaultdict(list)
    for one in asked:
        assert one.is_signed, one.path
        forms[one.form[name]].append(one.form)
    return forms


def test_every_answer_is_told_of_sent_then_delivered_and_not_to_who_said_stop(product: Product) -> None:
    product.says("/sms", f'<Message action="{product.url}/sms/status">Hello</Message>')
    plan = a_plan(product, texts=250)
    counted = carried_out(plan)
    told = by_sender(product.asked("/sms/status"), "To")
    said = {one.number: one.body for one in people(plan)}
    assert set(told) == set(said)
    stopped = [number for number, body in said.items() if body.strip().upper() in STOP]
    assert 0 < len(stopped) < 30
    for number, forms in told.items():
        states = [(form["MessageStatus"], form.get("ErrorCode")) for form in forms]
        assert states == ([("failed", "21610")] if number in stopped else [("sent", None), ("delivered", None)])
        assert len({form["MessageSid"] for form in forms}) == 1
    assert counted.callbacks == sum(map(len, told.values()))
    assert not counted.errors


def test_callbacks_are_repeated_shuffled_and_dropped_when_that_is_ordered(product: Product) -> None:
    product.says("/sms", f'<Message action="{product.url}/sms/status">Hello</Message>')
    ill = Deliveries(duplicates=1, shuffle=True, drop=0.3)
    carried_out(a_plan(product, texts=150, callbacks=ill))
    told = by_sender(product.asked("/sms/status"), "To")
    states = Counter(tuple(form["MessageStatus"] for form in forms) for forms in told.values())
    assert all(states_of_one.count(state) == 2 for states_of_one in states for state in set(states_of_one))
    assert ("delivered", "delivered") in states
    assert any(one[0] == "delivered" and "sent" in one for one in states)


def test_a_call_is_asked_for_perhaps_a_key_and_its_end_is_told(product: Product) -> None:
    product.says("/voice", f'<Gather action="{product.url}/key" numDigits="1"><Say>Hello</Say></Gather><Hangup/>')
    product.says("/key", "<Hangup/>")
    plan = a_plan(product, texts=0, calls=60)
    counted = carried_out(plan)
    calls, keys, ends = (by_sender(product.asked(path), "CallSid") for path in ("/voice", "/key", "/status"))
    assert set(calls) == set(ends) == {one.sid for one in people(plan)}
    assert 0 < len(keys) < 60
    assert all(forms[0]["CallStatus"] == "ringing" for forms in calls.values())
    assert all(form["Digits"] in "1209" and form["CallStatus"] == "in-progress" for (form,) in keys.values())
    for (form,) in ends.values():
        assert (form["CallStatus"] == "completed") == (int(form["CallDuration"]) > 0)
    assert (counted.sent, counted.answered, counted.errors) == (60, 60, {})


def test_webhooks_come_twice_with_the_same_sid(product: Product) -> None:
    product.says("/sms", f'<Message action="{product.url}/sms/status">Hello</Message>')
    counted = carried_out(a_plan(product, texts=60, webhooks=Deliveries(duplicates=1)))
    came = by_sender(product.asked("/sms"), "MessageSid")
    assert len(came) == counted.sent == 60
    assert all(2 <= len(forms) <= 3 and forms[0] == forms[1] for forms in came.values())
    assert counted.differing == 0


def test_silence_for_a_text_that_comes_again_late_is_right_and_other_words_are_not(product: Product) -> None:
    words = f'<Message action="{product.url}/sms/status">Hello</Message>'
    product.says("/sms", words, "")
    counted = carried_out(replace(a_plan(product, texts=1, webhooks=Deliveries(duplicates=6)), connections=1))
    asked = [one.path for one in product.asked()]
    at_once = asked.index("/sms/status")
    assert 1 < at_once < asked.count("/sms")
    assert counted.differing == at_once - 1


def test_the_carrier_is_patient_for_so_long_and_then_gives_up(product: Product) -> None:
    gate = Event()
    product.says("/sms", Answer(b"<Response/>", gate=gate))
    counted = carried_out(a_plan(product, "#rt=300&tt=300&rc=0", texts=3))
    gate.set()
    assert (counted.sent, counted.answered) == (3, 0)
    assert counted.errors["text: it was not answered in time"] >= 3


@pytest.mark.parametrize(("fragment", "is_answered"), [("#rc=3&rp=all", True), ("#rc=3&rp=5xx", True), ("", False)])
def test_a_failure_is_tried_again_where_the_address_asks_for_it(
    product: Product, fragment: str, is_answered: bool
) -> None:
    product.says("/sms", Answer(b"", 503), Answer(b"", 503), "")
    counted = carried_out(replace(a_plan(product, fragment, texts=1), connections=1))
    assert counted.answered == is_answered
    assert (counted.retried > 0) == is_answered
