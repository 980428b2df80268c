"""What callers, texters and operators live through, told end to end: gunicorn, SQLite and a carrier with phones."""

import re
from typing import Any

import pytest
from running import NUMBER, Product, until

from ivr import clock, lines
from ivr.simulator import Moment, Number, Simulator
from ivr.store import contacts, opt_outs
from ivr.store import lines as line_table
from ivr.store.contacts import Filter

Pair = tuple[Product, Simulator]


def log_of(product: Product, number: str) -> list[dict[str, Any]]:
    """The contacts of one number, newest first."""
    return product.store.read(lambda db: list(contacts.newest(db, Filter(number=number))))


def first(moments: list[Moment], what: str) -> Moment:
    """The first moment of a kind."""
    return next(moment for moment in moments if moment.what == what)


def test_a_caller_hears_the_greeting_after_the_third_ring_and_is_in_the_log(pair: Pair, phone: str) -> None:
    product, carrier = pair
    moments = carrier.dial(phone, NUMBER)
    assert [moment.at for moment in moments if moment.what == "ring-ends"] == [2.0, 8.0, 14.0]
    assert first(moments, "answered").at == 15.0
    assert moments[-1].what == "ended"
    carrier.quiet()
    (call,) = log_of(product, phone)
    assert (call["kind"], call["line"], call["status"], call["reply"]) == ("call", NUMBER, "completed", "greeting")
    assert call["seconds"] >= 19


def test_who_hangs_up_while_it_rings_is_kept_too(pair: Pair, phone: str) -> None:
    product, carrier = pair
    carrier.dial(phone, NUMBER, hang_up_after=9)
    carrier.quiet()
    (call,) = log_of(product, phone)
    assert (call["status"], call["seconds"]) == ("no-answer", 0)


def test_a_text_is_answered_at_once_with_a_link_that_opens(pair: Pair, phone: str) -> None:
    product, carrier = pair
    (answer,) = carrier.text(phone, NUMBER, "What will you do about the schools?").messages
    link = re.search(r"http\S+/j/\S+", answer.body)
    assert link and "STOP" in answer.body and "HELP" in answer.body
    page = product.request("GET", link[0].removeprefix(product.settings.public_url))
    assert page.status == 200
    assert product.settings.line_name in page.text
    (text,) = log_of(product, phone)
    assert (text["body"], text["reply"]) == ("What will you do about the schools?", "sign-up link")


def test_the_second_text_of_a_day_is_kept_and_not_answered_but_link_brings_the_same_link_again(
    pair: Pair, phone: str
) -> None:
    product, carrier = pair
    links = [re.findall(r"/j/\S+", message.body) for message in carrier.text(phone, NUMBER, "hello").messages]
    assert not carrier.text(phone, NUMBER, "are you there?").messages
    links += [re.findall(r"/j/\S+", message.body) for message in carrier.text(phone, NUMBER, "link").messages]
    assert links[0] == links[1] != []
    assert [row["reply"] for row in log_of(product, phone)] == ["sign-up link", "none", "sign-up link"]


def test_an_arabic_text_gets_an_arabic_answer_and_page(pair: Pair, phone: str) -> None:
    product, carrier = pair
    (answer,) = carrier.text(phone, NUMBER, "ماذا ستفعل للمدارس؟").messages
    assert "افتح هذا الرابط" in answer.body
    page = product.request("GET", re.findall(r"/j/\S+", answer.body)[0])
    assert '<html lang="ar" dir="rtl">' in page.text


def test_key_1_texts_the_link_once(pair: Pair, phone: str) -> None:
    product, carrier = pair
    moments = carrier.dial(phone, NUMBER, keys=["1"])
    assert first(moments, "key").at < moments[-1].at
    (text,) = until(lambda: carrier.received(phone))
    assert "/j/" in text.body
    query = "SELECT status FROM messages WHERE number = ? AND status = 'delivered'"
    assert len(until(lambda: product.store.read(lambda db: db.execute(query, (phone,)).fetchall()))) == 1


def test_key_2_leaves_a_message_that_is_fetched_and_kept(pair: Pair, phone: str) -> None:
    product, carrier = pair
    moments = carrier.dial(phone, NUMBER, keys=["2"], speak=3.0)
    assert first(moments, "recorded")
    query = (
        "SELECT voice_messages.sid FROM voice_messages JOIN calls ON calls.sid = call_sid"
        " WHERE number = ? AND voice_messages.status = 'kept'"
    )
    ((sid,),) = until(lambda: product.store.read(lambda db: db.execute(query, (phone,)).fetchall()))
    kept = product.settings.instance_path / "voice-messages" / f"{sid}.wav"
    assert kept.read_bytes().startswith(b"RIFF")


def test_key_0_repeats_the_greeting(pair: Pair, phone: str) -> None:
    moments = pair[1].dial(phone, NUMBER, keys=["0"])
    played = [moment.text for moment in moments if moment.what == "play"]
    assert len([text for text in played if text == played[0]]) == 2


def test_stop_is_obeyed_from_that_moment_and_the_carrier_alone_answers_it(pair: Pair, phone: str) -> None:
    product, carrier = pair
    carrier.text(phone, NUMBER, "hello")
    (answer,) = carrier.text(phone, NUMBER, "STOP").messages
    assert "/j/" not in answer.body and product.settings.line_name not in answer.body
    assert not carrier.text(phone, NUMBER, "LINK").messages
    carrier.dial(phone, NUMBER, keys=["1"])
    line = product.store.read(lambda db: line_table.find(db, NUMBER))
    assert line is not None
    ledger = product.store.read(lambda db: opt_outs.of(db, line, phone))
    assert [(entry.action, entry.source, entry.wording) for entry in ledger] == [("out", "text", "STOP")]
    carrier.text(phone, NUMBER, "START")
    assert carrier.text(phone, NUMBER, "LINK").messages


@pytest.mark.parametrize("words", ["please stop texting me", "take me off this list", "توقف"])
def test_stop_in_a_persons_own_words_is_answered_once_by_us(pair: Pair, phone: str, words: str) -> None:
    _, carrier = pair
    carrier.text(phone, NUMBER, "hello")
    assert len(carrier.text(phone, NUMBER, words).messages) == 1
    assert not carrier.text(phone, NUMBER, words).messages
    assert not carrier.text(phone, NUMBER, "hello again").messages


def test_a_second_line_has_a_name_a_ring_and_people_of_its_own(pair: Pair, phone: str) -> None:
    product, carrier = pair
    second = "+442071838750"
    lines.add(product.store, second, "Second Figure", clock.now(), takes_messages=False)
    url = product.settings.public_url
    carrier.set_number(Number(second, voice_url=f"{url}/webhooks/voice", sms_url=f"{url}/webhooks/sms"))
    moments = carrier.dial(phone, second)
    assert first(moments, "answered").at == 7.0
    (answer,) = carrier.text(phone, second, "hello").messages
    assert "Second Figure" in answer.body
    assert {row["line"] for row in log_of(product, phone)} == {second}
