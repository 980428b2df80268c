"""The outbox against a carrier that misbehaves: whatever happens, the carrier's own log has each text once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from inside import (
    let_minutes_pass,
    opt_outs_of,
    person_of,
    queue_text,
    received,
    row_of,
    rows,
    texts_in_the_carriers_log,
)
from running import NUMBER, PHONE

from ivr import clock, outbox
from ivr.carrier.inbound import IncomingText
from ivr.carrier.rest import Carrier
from ivr.house import House
from ivr.simulator import Simulator
from ivr.store import queue

Pair = tuple[House, Simulator]
BEFORE = ["429", "500-before", "502-before", "503-before", "reset-before", "silence"]
AFTER = ["500-after", "503-after", "reset-after", "silence-after", "bad-json"]


def test_a_text_is_sent_once_with_the_persons_link_and_its_sid_is_kept(both: Pair, now: datetime) -> None:
    house, carrier = both
    text = queue_text(house, PHONE, now)
    assert outbox.send_due(house, now) == 1
    assert outbox.send_due(house, now) == 0
    (entry,) = carrier.log.since(0, "message.created")
    row = row_of(house.store, text)
    assert (row["status"], row["sid"], row["attempts"]) == ("sent", entry["sid"], 1)
    assert entry["body"].startswith("Ada: your link http") and "{link}" in row["body"]


def test_what_is_not_due_yet_waits(both: Pair, now: datetime) -> None:
    house, _ = both
    queue_text(house, PHONE, now + timedelta(seconds=1))
    assert outbox.send_due(house, now) == 0
    assert outbox.send_due(house, now + timedelta(seconds=2)) == 1


def test_many_at_once_are_sent_once_each_even_by_several_senders(both: Pair, now: datetime) -> None:
    house, carrier = both
    house.carrier.check_account()  # alone: the client's first request must not be several at once
    numbers = [f"+1202555{n:04d}" for n in range(1000, 1050)]
    for number in numbers:
        queue_text(house, number, now)
    with ThreadPoolExecutor(6) as senders:
        list(senders.map(lambda _: outbox.send_due(house, now, most=10), range(12)))
    assert texts_in_the_carriers_log(carrier) == dict.fromkeys(numbers, 1)


@pytest.mark.parametrize("act", BEFORE + AFTER)
def test_whatever_the_carrier_does_it_has_the_text_once_in_the_end(both: Pair, now: datetime, act: str) -> None:
    house, carrier = both
    carrier.misbehave({"messages.create": [act]})
    text = queue_text(house, PHONE, now)
    outbox.send_due(house, now)
    assert row_of(house.store, text)["status"] == ("queued" if act == "429" else "doubt")
    assert row_of(house.store, text)["why"]
    let_minutes_pass(house, now)
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}
    assert row_of(house.store, text)["status"] == "sent"


def test_a_burst_through_a_carrier_that_fails_in_every_way_reaches_each_number_once(both: Pair, now: datetime) -> None:
    house, carrier = both
    house.carrier.check_account()
    numbers = [f"+1202555{n:04d}" for n in range(2000, 2044)]
    carrier.misbehave({"messages.create": [act for act in BEFORE + AFTER if "silence" not in act] * 3})
    for number in numbers:
        queue_text(house, number, now)
    let_minutes_pass(house, now, 45)
    assert texts_in_the_carriers_log(carrier) == dict.fromkeys(numbers, 1)
    assert rows(house.store, "SELECT DISTINCT status FROM messages") == [("sent",)]


def test_being_told_to_wait_does_not_use_up_the_tries_of_a_text_in_doubt(both: Pair, now: datetime) -> None:
    house, carrier = both
    carrier.misbehave({"messages.create": ["429", "429", "429", "500-before"]})
    text = queue_text(house, PHONE, now)
    let_minutes_pass(house, now, 30)
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}
    assert row_of(house.store, text)["status"] == "sent"


def test_a_text_that_goes_into_doubt_a_second_time_and_is_never_found_is_left_to_a_person(
    both: Pair, now: datetime
) -> None:
    house, carrier = both
    carrier.misbehave({"messages.create": ["500-before"] * 5})
    text = queue_text(house, PHONE, now)
    let_minutes_pass(house, now, 90)
    row = row_of(house.store, text)
    assert (row["status"], row["attempts"]) == ("doubt", 2)
    assert texts_in_the_carriers_log(carrier) == {}


@pytest.mark.parametrize("act", ["401", "403"])
def test_wrong_credentials_burn_no_text(both: Pair, now: datetime, act: str) -> None:
    house, carrier = both
    carrier.misbehave({"messages.create": [act] * 3})
    text = queue_text(house, PHONE, now)
    outbox.send_due(house, now)
    assert row_of(house.store, text)["status"] == "queued"
    let_minutes_pass(house, now)
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}


def test_a_carrier_that_cannot_be_reached_is_asked_again_later_and_later(house: House, now: datetime) -> None:
    text = queue_text(house, PHONE, now)
    waits = []
    for _ in range(12):
        assert outbox.send_due(house, now) == 1
        row = row_of(house.store, text)
        assert row["status"] == "queued"
        due = clock.read(row["due_at"])
        waits.append((due - now).total_seconds())
        now = due
    assert waits[0] <= 1.2 < waits[1] < waits[3] < waits[6]
    assert max(waits) <= 300 * 1.2


def test_who_has_texted_stop_to_the_carrier_is_opted_out_with_us_too(both: Pair, now: datetime) -> None:
    house, carrier = both
    carrier.text(PHONE, NUMBER, "STOP")  # it never reached us: no webhooks are set
    text = queue_text(house, PHONE, now)
    outbox.send_due(house, now)
    row = row_of(house.store, text)
    assert (row["status"], row["error_code"]) == ("failed", outbox.OPTED_OUT_CODE)
    assert person_of(house.store, PHONE).opted_out_at == clock.written(now)
    (entry,) = opt_outs_of(house.store, PHONE)
    assert (entry.action, entry.source, entry.wording) == ("out", "carrier", "error 21610")


def test_a_number_that_the_carrier_refuses_fails_for_good(both: Pair, now: datetime) -> None:
    house, carrier = both
    carrier.misbehave({"messages.create": ["400"]})
    text = queue_text(house, PHONE, now)
    let_minutes_pass(house, now, 3)
    assert row_of(house.store, text)["status"] == "failed"
    assert texts_in_the_carriers_log(carrier) == {}


def test_a_stop_that_is_committed_first_wins(both: Pair, now: datetime) -> None:
    house, carrier = both
    text = queue_text(house, PHONE, now)
    stop = IncomingText("SM" + "0" * 32, PHONE, NUMBER, "please stop")
    received(house, stop, now)
    assert outbox.send_due(house, now) == 0
    row = row_of(house.store, text)
    assert (row["status"], row["why"]) == ("skipped", "opted out")
    let_minutes_pass(house, now)
    assert texts_in_the_carriers_log(carrier) == {}


def test_a_stop_between_doubt_and_the_second_try_wins(both: Pair, now: datetime) -> None:
    house, carrier = both
    carrier.misbehave({"messages.create": ["500-before"]})
    text = queue_text(house, PHONE, now)
    outbox.send_due(house, now)
    stop = IncomingText("SM" + "0" * 32, PHONE, NUMBER, "STOP")
    received(house, stop, now)
    let_minutes_pass(house, now)
    assert texts_in_the_carriers_log(carrier) == {}
    assert row_of(house.store, text)["status"] == "skipped"


def test_the_claim_is_on_the_disk_before_the_carrier_is_asked(
    both: Pair, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, _ = both
    text = queue_text(house, PHONE, now)
    seen = []

    def look(*_: object) -> str:
        seen.append(row_of(house.store, text)["status"])
        return "SM" + "1" * 32

    monkeypatch.setattr(Carrier, "send", look)
    outbox.send_due(house, now)
    assert seen == ["sending"]


def test_a_claim_counts_its_attempts_and_takes_the_oldest_first(house: House, now: datetime) -> None:
    late = queue_text(house, PHONE, now)
    early = queue_text(house, PHONE, now - timedelta(seconds=5))
    (claimed,) = house.store.write(lambda db: queue.claim(db, clock.written(now), 1))
    assert (claimed.id, claimed.attempts, claimed.status) == (early, 1, "sending")
    assert row_of(house.store, late)["status"] == "queued"
