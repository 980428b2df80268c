"""Texts in doubt: our death at every step, and the ways in which doubt is settled. Never by sending blindly."""

from datetime import datetime, timedelta

import pytest
from inside import let_minutes_pass, queue_text, received, row_of, texts_in_the_carriers_log, the_line
from running import NUMBER, PHONE, until
from the_people import Crowd
from writers import send_until_killed, start

from ivr import clock, outbox, writing
from ivr.auto_reply import SILENCE
from ivr.carrier.inbound import IncomingText, MessageStatus
from ivr.house import House
from ivr.simulator import Simulator
from ivr.store import queue
from ivr.store.audit import COMMAND_LINE

Pair = tuple[House, Simulator]


def claim(house: House, now: datetime) -> None:
    """Claim what is due, and die."""
    assert house.store.write(lambda db: queue.claim(db, clock.written(now), 10))


def send(house: House, text: int) -> str:
    """Ask the carrier for a claimed text, and die before its answer is noted."""
    body = row_of(house.store, text)["body"].replace("{link}", "https://example.com/j/x")
    return house.carrier.send(NUMBER, PHONE, body, house.url(f"/webhooks/sms/status?message={text}"))


def test_a_death_between_the_claim_and_the_sending_sends_it_once_later(both: Pair, now: datetime) -> None:
    house, carrier = both
    text = queue_text(house, PHONE, now)
    claim(house, now)
    let_minutes_pass(house, now)
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}
    assert row_of(house.store, text)["status"] == "sent"


def test_a_death_between_the_sending_and_the_mark_is_settled_by_the_carriers_list(both: Pair, now: datetime) -> None:
    house, carrier = both
    text = queue_text(house, PHONE, now)
    claim(house, now)
    sid = send(house, text)
    let_minutes_pass(house, now)
    row = row_of(house.store, text)
    assert (row["status"], row["sid"], row["attempts"]) == ("sent", sid, 1)
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}


def test_a_death_between_the_sending_and_the_mark_is_settled_by_the_callback(both: Pair, now: datetime) -> None:
    house, carrier = both
    text = queue_text(house, PHONE, now)
    claim(house, now)
    sid = send(house, text)
    assert outbox.hear(house, MessageStatus(sid, "delivered", None, text), now)
    row = row_of(house.store, text)
    assert (row["status"], row["sid"]) == ("delivered", sid)
    let_minutes_pass(house, now)
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}


def test_it_is_sent_again_only_after_three_looks_into_the_list(both: Pair, now: datetime) -> None:
    house, carrier = both
    carrier.misbehave({"messages.create": ["500-before"]})
    text = queue_text(house, PHONE, now)
    outbox.send_due(house, now)
    seen = []
    for minute in (0.5, 1, 3, 6, 10, 15):
        outbox.settle_doubt(house, now + timedelta(minutes=minute))
        row = row_of(house.store, text)
        seen.append((row["looks"], row["status"]))
    assert seen == [(0, "doubt"), (1, "doubt"), (1, "doubt"), (2, "doubt"), (2, "doubt"), (3, "queued")]


def test_a_list_that_cannot_be_read_is_no_look(both: Pair, now: datetime) -> None:
    house, carrier = both
    carrier.misbehave({"messages.create": ["500-after"], "messages.list": ["503", "reset-before", "bad-json"]})
    text = queue_text(house, PHONE, now)
    outbox.send_due(house, now)
    for minute in (20, 21, 22):
        assert outbox.settle_doubt(house, now + timedelta(minutes=minute)) == 0
        assert (row_of(house.store, text)["looks"], row_of(house.store, text)["status"]) == (0, "doubt")
    assert outbox.settle_doubt(house, now + timedelta(minutes=23)) == 1
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}


def test_another_text_in_the_list_is_not_taken_for_ours(both: Pair, now: datetime) -> None:
    house, carrier = both
    known = queue_text(house, PHONE, now)
    outbox.send_due(house, now)
    carrier.misbehave({"messages.create": ["500-before"]})
    text = queue_text(house, PHONE, now)  # the same words, to the same person
    outbox.send_due(house, now)
    house.carrier.send(NUMBER, PHONE, "Ada: something else", house.url("/"))
    outbox.settle_doubt(house, now + timedelta(minutes=2))
    assert row_of(house.store, text)["status"] == "doubt"
    assert row_of(house.store, known)["status"] == "sent"


def test_many_in_doubt_do_not_keep_a_newer_one_from_being_looked_for(both: Pair, now: datetime) -> None:
    house, carrier = both
    carrier.misbehave({"messages.create": {"act": "500-before", "count": 4}})
    for n in range(4):
        queue_text(house, f"+1202555{3000 + n}", now)
    outbox.send_due(house, now)
    outbox.settle_doubt(house, now + timedelta(minutes=2), most=4)
    carrier.misbehave({"messages.create": ["500-after"]})
    later = queue_text(house, PHONE, now + timedelta(minutes=2))
    outbox.send_due(house, now + timedelta(minutes=2))
    house.store.write(
        lambda db: db.execute("UPDATE messages SET claimed_at = ? WHERE id = ?", (clock.written(now), later))
    )
    assert outbox.settle_doubt(house, now + timedelta(minutes=4), most=4) == 1


def test_an_answer_without_a_callback_is_in_doubt_after_15_minutes_and_never_sent_by_us(
    both: Pair, now: datetime
) -> None:
    house, carrier = both
    text = IncomingText("SM" + "0" * 32, PHONE, NUMBER, "hello")
    answer = received(house, text, now).message_id
    let_minutes_pass(house, now, 15)
    assert row_of(house.store, answer)["status"] == "sending"
    let_minutes_pass(house, now, 60)
    assert row_of(house.store, answer)["status"] == "doubt"
    assert texts_in_the_carriers_log(carrier) == {}


def test_an_answer_gets_its_sid_and_its_fate_from_the_callback(house: House, now: datetime) -> None:
    text = IncomingText("SM" + "0" * 32, PHONE, NUMBER, "hello")
    answer = received(house, text, now).message_id
    sid = "SM" + "a" * 32
    for status in ("sent", "delivered"):
        outbox.hear(house, MessageStatus(sid, status, None, answer), now)
    row = row_of(house.store, answer)
    assert (row["sid"], row["status"]) == (sid, "delivered")


def test_a_late_callback_of_an_opt_out_opts_out(house: House, now: datetime) -> None:
    text = IncomingText("SM" + "0" * 32, PHONE, NUMBER, "hello")
    answer = received(house, text, now).message_id
    sid = "SM" + "a" * 32
    outbox.hear(house, MessageStatus(sid, "failed", outbox.OPTED_OUT_CODE, answer), now)
    again = IncomingText("SM" + "1" * 32, PHONE, NUMBER, "LINK")
    assert received(house, again, now) == SILENCE


def test_a_word_of_the_carriers_that_we_do_not_know_changes_nothing(house: House, now: datetime) -> None:
    text = queue_text(house, PHONE, now)
    assert not outbox.hear(house, MessageStatus("SM" + "a" * 32, None, None, text), now)
    assert row_of(house.store, text)["status"] == "queued"


def kill_senders(both: Pair, now: datetime, texts: int, kills: int) -> None:
    """Send a burst with a process that is killed again and again; then let another one finish."""
    house, carrier = both
    house.carrier.check_account()  # alone: the client's first request must not be several at once
    numbers = [f"+1202556{n:04d}" for n in range(texts)]
    for number in numbers:
        queue_text(house, number, now)
    for kill in range(kills):
        sender = start(send_until_killed, house.settings)
        wanted = (kill + 1) * texts // (kills + 2)
        until(lambda wanted=wanted: texts_in_the_carriers_log(carrier).total() >= wanted)
        sender.kill()
        sender.join()
    let_minutes_pass(house, clock.now(), 25)
    assert texts_in_the_carriers_log(carrier) == dict.fromkeys(numbers, 1)
    assert house.store.read(lambda db: db.execute("SELECT DISTINCT status FROM messages").fetchall()) == [("sent",)]


def test_killed_senders_lose_no_text_and_send_none_twice(both: Pair, now: datetime) -> None:
    kill_senders(both, now, texts=60, kills=3)


@pytest.mark.drill
def test_senders_killed_forty_times_lose_no_text_and_send_none_twice(both: Pair, now: datetime) -> None:
    kill_senders(both, now, texts=2000, kills=40)


def test_what_a_trial_account_puts_before_a_text_does_not_hide_it() -> None:
    theirs = "Sent from your Twilio trial account - Ada: your link https://x/j/abc"
    assert outbox._same("Ada: your link {link}", theirs)
    assert not outbox._same("Ada: your link {link}", "Ada: something else https://x/j/abc")


def test_a_short_text_by_hand_is_not_taken_for_another_that_it_stands_in(both: Pair, now: datetime) -> None:
    house, carrier = both
    line, short, long = the_line(house.store), "ok", "ok, see you tomorrow"
    Crowd(house, now).stranger(PHONE)
    for body in (short, long):
        writing.write(house.store, line, PHONE, body, f"{body:-<40}", COMMAND_LINE, now)
    claim(house, now + writing.UNDO)
    house.carrier.send(NUMBER, PHONE, long, house.url("/webhooks/sms/status"))  # and die before it is noted
    let_minutes_pass(house, now + writing.UNDO, 40)
    assert sorted(entry["body"] for entry in carrier.log.since(0, "message.created")) == [short, long]
