"""A whole crowd, through gunicorn: what is lost or done twice is found, and nothing is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from running import NUMBER, Product, free_port, running_with_carrier

from ivr import clock
from ivr.simulator import Simulator
from ivr.simulator.account import Number
from ivr.simulator.crowd.counting import Counted, Second
from ivr.simulator.crowd.people import people, sids
from ivr.simulator.crowd.plan import Plan, Target, WrongCrowd
from ivr.simulator.crowd.proof import Kept, Proof, prove
from ivr.simulator.crowd.running import CrowdFailed, RunningCrowd
from ivr.simulator.misbehaviour import Deliveries
from ivr.store import crowd as table

from .a_product import ACCOUNT as NOBODY
from .a_product import LINE, Answer
from .a_product import Product as Stub


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Simulator]]:
    with running_with_carrier(tmp_path_factory.mktemp("crowd")) as (product, carrier):
        yield product, carrier


def target(product: Product, carrier: Simulator) -> Target:
    url = f"{product.settings.public_url}/webhooks"
    number = Number(
        NUMBER, sms_url=f"{url}/sms#rc=3&rp=all", voice_url=f"{url}/voice", status_callback=f"{url}/voice/status"
    )
    return Target.of(number, carrier.account)


def carried_out(plan: Plan) -> tuple[list[Second], Counted]:
    with RunningCrowd(plan) as crowd:
        *seconds, counted = crowd.heard()
    assert isinstance(counted, Counted)
    return [one for one in seconds if isinstance(one, Second)], counted


def proof_of(product: Product, plan: Plan, counted: Counted, since: str) -> tuple[Proof, Kept]:
    found = product.store.read(lambda db: table.counted(db, sids(plan, counted.sent), since))
    return prove(counted, Kept(*found)), Kept(*found)


def test_three_hundred_come_while_the_carrier_misbehaves_and_each_is_answered_once(
    house: tuple[Product, Simulator],
) -> None:
    plan = Plan(
        target(*house),
        *(270, 30, 2.0),
        webhooks=Deliveries(duplicates=2),
        callbacks=Deliveries(duplicates=1, shuffle=True, drop=0.2),
    )
    since = clock.written(clock.now())
    seconds, counted = carried_out(plan)
    proof, kept = proof_of(house[0], plan, counted, since)
    assert proof.is_proved, (proof.verdict, counted)
    assert sum(one.came for one in seconds) == sum(one.answered for one in seconds) == counted.sent == 300
    assert counted.repeated >= 600
    assert not counted.errors
    assert 0 < kept.arrived < kept.answers <= 300


def test_without_misbehaviour_every_answer_to_a_text_has_arrived(house: tuple[Product, Simulator]) -> None:
    product, _ = house
    plan = Plan(target(*house), *(100, 0, 1.0))
    since = clock.written(clock.now())
    _, counted = carried_out(plan)
    proof, kept = proof_of(product, plan, counted, since)
    assert proof.is_proved, proof.verdict
    assert kept.arrived == kept.answers > 50
    assert counted.callbacks >= 2 * kept.answers


def test_a_contact_that_is_taken_away_and_an_answer_too_many_are_found(house: tuple[Product, Simulator]) -> None:
    product, _ = house
    plan = Plan(target(*house), *(40, 5, 0.5))
    since = clock.written(clock.now())
    _, counted = carried_out(plan)
    assert proof_of(product, plan, counted, since)[0].is_proved
    texts = [one for one in people(plan) if one.sid.startswith("SM")]
    answered = product.store.read(
        lambda db: db.execute("SELECT id, number FROM messages WHERE direction = 'out' AND at >= ?", [since]).fetchone()
    )
    product.store.write(
        lambda db: db.execute(
            "INSERT INTO messages (direction, line_id, number, at, body, status, purpose, way)"
            " SELECT direction, line_id, number, at, body, 'delivered', purpose, way FROM messages WHERE id = ?",
            [answered[0]],
        )
    )
    twice, kept = proof_of(product, plan, counted, since)
    assert (twice.is_proved, kept.answered_twice) == (False, 1)
    assert "people who were answered twice" in twice.verdict
    gone = next(one.sid for one in texts if one.number != answered[1])
    product.store.write(lambda db: db.execute("DELETE FROM messages WHERE sid = ?", [gone]))
    lost, kept = proof_of(product, plan, counted, since)
    assert (lost.is_proved, kept.contacts) == (False, 44)
    assert "in the log, of those that were sent" in lost.verdict


def test_who_stops_a_crowd_hears_of_those_who_came(house: tuple[Product, Simulator]) -> None:
    plan = Plan(target(*house), *(400, 0, 30.0))
    since = clock.written(clock.now())
    with RunningCrowd(plan) as crowd:
        heard = crowd.heard()
        next(one for one in heard if isinstance(one, Second) and one.came)
        crowd.stop()
        *_, counted = heard
    assert isinstance(counted, Counted)
    assert 0 < counted.sent < 400
    assert proof_of(house[0], plan, counted, since)[0].is_proved


def stub_plan(product: Stub, **more: object) -> Plan:
    number = Number(LINE, sms_url=f"{product.url}/sms", voice_url=f"{product.url}/voice")
    return Plan(Target.of(number, NOBODY), **{"texts": 20, "calls": 0, "over": 0.5, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b"<Response/>", 503), "text: answered with 503"),
        (Answer(b"<Response>"), "text: the answer is no TwiML (12100)"),
        (Answer(b"<Response/>", content_type="image/png"), "text: the answer is no TwiML (12300)"),
    ],
)
def test_an_answer_that_is_none_is_an_error_in_words(product: Stub, answer: Answer, words: str) -> None:
    product.says("/sms", answer)
    _, counted = carried_out(stub_plan(product))
    assert (counted.sent, counted.answered) == (20, 0)
    assert set(counted.errors) == {words}
    assert counted.errors[words] >= 20
    assert not prove(counted, Kept(20, 0, 0, 0, 0)).is_proved


def test_a_repeated_webhook_that_is_answered_otherwise_is_found(product: Stub) -> None:
    product.says("/sms", *(f"<Message>{number}</Message>" for number in range(100)))
    _, counted = carried_out(stub_plan(product, webhooks=Deliveries(duplicates=1)))
    assert counted.answered == 20
    assert counted.differing == counted.repeated >= 20


def test_the_crowd_follows_no_answer_to_another_host(product: Stub) -> None:
    product.says("/sms", '<Message action="http://192.0.2.1/status">Hello</Message>')
    _, counted = carried_out(stub_plan(product))
    assert counted.answered == 20
    assert counted.errors == {"an answer leads to another host": 20}
    assert counted.callbacks == 0


def test_nobody_listens_and_that_is_tried_again_as_the_carrier_does(product: Stub) -> None:
    plan = stub_plan(product, texts=5, over=0.2)
    _, counted = carried_out(replace(plan, target=replace(plan.target, port=free_port())))
    assert (counted.sent, counted.answered) == (5, 0)
    assert counted.errors == {"text: no connection could be made": counted.retried}


def test_a_number_that_leads_elsewhere_gets_no_crowd() -> None:
    for url in ("https://127.0.0.1/sms", "http://example.org/sms", ""):
        with pytest.raises(WrongCrowd):
            Target.of(Number(LINE, sms_url=url, voice_url=url), NOBODY)


def test_a_crowd_whose_program_breaks_off_is_no_success(product: Stub) -> None:
    crowd = RunningCrowd(stub_plan(product, texts=500, over=60.0))
    with crowd, pytest.raises(CrowdFailed):
        for _ in crowd.heard():
            crowd._program.kill()
