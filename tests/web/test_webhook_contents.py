"""What correctly signed webhooks may hold: duplicates, odd senders, dirt, pictures, statuses in any order."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from running import PHONE, Product, sign

from .kept import counts, posted, rows

Maker = Callable[..., dict[str, str]]
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def stored(product: Product, sid: str) -> dict[str, Any]:
    """The text of this SID."""
    (row,) = rows(product, "SELECT * FROM messages WHERE sid = ?", sid)
    return row


def answer_id(text: str) -> int:
    """Our own id of an answer, from its callback's address."""
    found = re.search(r"message=(\d+)", text)
    assert found
    return int(found[1])


def test_a_text_that_comes_many_times_at_once_is_one_text_with_one_answer(
    product: Product, text_form: Maker, phone: str
) -> None:
    form = text_form(From=phone)
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda _: product.webhook("/webhooks/sms", form), range(40)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert "/j/" in answers[0].text
    of_the_phone = rows(product, "SELECT direction FROM messages WHERE number = ? ORDER BY direction", phone)
    assert [row["direction"] for row in of_the_phone] == ["in", "out"]


def test_a_call_that_comes_many_times_at_once_is_one_call(product: Product, call_form: Maker, phone: str) -> None:
    form = call_form(From=phone)
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda _: product.webhook("/webhooks/voice", form), range(40)))
    assert len({(answer.status, answer.text) for answer in answers}) == 1
    assert len(rows(product, "SELECT * FROM calls WHERE number = ?", phone)) == 1


@pytest.mark.parametrize(
    "sender", [None, "", "anonymous", "+266696687", "client:ada", "sip:a@b", "72345", "BANK", "+17735550100", "٢٢"]
)
def test_who_cannot_be_answered_is_kept_and_not_answered(
    product: Product, text_form: Maker, sender: str | None
) -> None:
    form = text_form(From=sender)
    answer = product.webhook("/webhooks/sms", form)
    assert (answer.status, answer.text) == (200, NOTHING)
    assert (stored(product, form["MessageSid"])["number"], stored(product, form["MessageSid"])["reply"]) == (
        sender or "",
        "none",
    )


@pytest.mark.parametrize("sender", [None, "", "anonymous", "+266696687", "sip:a@b", "72345"])
def test_whoever_calls_is_greeted_and_kept(product: Product, call_form: Maker, sender: str | None) -> None:
    form = call_form(From=sender)
    answer = product.webhook("/webhooks/voice", form)
    assert answer.status == 200
    assert "<Play>" in answer.text
    (call,) = rows(product, "SELECT number FROM calls WHERE sid = ?", form["CallSid"])
    assert call["number"] == (sender or "")


@pytest.mark.parametrize("body", [None, ""])
def test_an_empty_text_is_kept_as_empty(product: Product, text_form: Maker, phone: str, body: str | None) -> None:
    form = text_form(From=phone, Body=body)
    assert product.webhook("/webhooks/sms", form).status == 200
    assert stored(product, form["MessageSid"])["body"] == ""


def test_a_long_text_is_cut_with_a_mark(product: Product, text_form: Maker, phone: str) -> None:
    long, longer = text_form(From=phone, Body="é" * 1600), text_form(From=phone, Body="a" * 5000)
    assert {product.webhook("/webhooks/sms", form).status for form in (long, longer)} == {200}
    assert stored(product, long["MessageSid"])["body"] == "é" * 1600
    assert stored(product, longer["MessageSid"])["body"] == "a" * 3999 + "…"


def test_what_cannot_be_seen_is_not_kept_and_breaks_no_answer(product: Product, text_form: Maker, phone: str) -> None:
    form = text_form(From=phone, Body="\x00a\x1b[31m\u202eb\r\nc\ufffe", FromCity="\x00\x07Ulm\u200f")
    answer = product.webhook("/webhooks/sms", form)
    assert ElementTree.fromstring(answer.text).tag == "Response"
    kept = stored(product, form["MessageSid"])
    assert (kept["body"], kept["city"]) == ("a[31mb\nc", "Ulm")


def test_a_lone_surrogate_is_kept_as_a_mark(product: Product, text_form: Maker, phone: str) -> None:
    form = text_form(From=phone, Body="���")
    url = product.settings.public_url + "/webhooks/sms"
    body = urlencode(form).replace("%EF%BF%BD%EF%BF%BD%EF%BF%BD", "%ED%A0%80").encode()
    assert posted(product, "/webhooks/sms", body, **{"X-Twilio-Signature": sign(url, form)}).status == 200
    assert stored(product, form["MessageSid"])["body"] == "���"


@pytest.mark.parametrize("count", ["-1", "99", "abc"])
def test_a_count_of_pictures_that_cannot_be_is_refused(product: Product, text_form: Maker, count: str) -> None:
    form = text_form(NumMedia=count)
    answer = product.webhook("/webhooks/sms", form)
    assert (answer.status, answer.text) == (400, "NumMedia invalid\n")
    assert not rows(product, "SELECT * FROM messages WHERE sid = ?", form["MessageSid"])


def test_pictures_that_lie_elsewhere_are_kept_as_refused(product: Product, text_form: Maker, phone: str) -> None:
    urls = ["https://evil.example/a", "http://api.twilio.com/a", "https://10.0.0.1/a", "https://api.twilio.com/a"]
    media = {f"MediaUrl{n}": url for n, url in enumerate(urls)} | {
        f"MediaContentType{n}": "image/png" for n in range(4)
    }
    form = text_form(From=phone, NumMedia="4", **media)
    assert product.webhook("/webhooks/sms", form).status == 200
    kept = rows(
        product,
        "SELECT url, refused FROM media WHERE message_id = ? ORDER BY position",
        stored(product, form["MessageSid"])["id"],
    )
    refusals = ["media_host_not_allowed", "media_address_not_allowed", "media_host_not_allowed", None]
    assert [(row["url"], row["refused"]) for row in kept] == list(zip(urls, refusals, strict=True))


@pytest.mark.parametrize(
    ("body", "answered"), [("STOP", False), (" stop. ", None), ("please stop", True), ("توقف", True)]
)
def test_stop_is_obeyed_and_answered_once_at_most(
    product: Product, text_form: Maker, phone: str, body: str, answered: bool | None
) -> None:
    form = text_form(From=phone, Body=body)
    answer = product.webhook("/webhooks/sms", form)
    assert answer.status == 200
    assert answered is None or (answer.text != NOTHING) is answered
    (person,) = rows(product, "SELECT opted_out_at FROM people WHERE number = ?", phone)
    assert person["opted_out_at"]
    assert product.webhook("/webhooks/sms", text_form(From=phone)).text == NOTHING


def test_a_city_of_markup_or_of_ten_thousand_letters_is_only_text(
    product: Product, text_form: Maker, phone: str
) -> None:
    markup, long = text_form(From=phone, FromCity="<script>"), text_form(From=phone, FromCity="b" * 10_000)
    assert {product.webhook("/webhooks/sms", form).status for form in (markup, long)} == {200}
    assert stored(product, markup["MessageSid"])["city"] == "<script>"
    assert len(stored(product, long["MessageSid"])["city"]) == 100


def test_a_status_that_we_do_not_know_changes_nothing(product: Product, text_form: Maker) -> None:
    before = counts(product)
    assert product.webhook("/webhooks/sms/status", text_form(MessageStatus="perhaps")).status == 200
    assert counts(product) == before


def test_the_first_final_status_stands_whatever_comes_after(product: Product, text_form: Maker, phone: str) -> None:
    ours = answer_id(product.webhook("/webhooks/sms", text_form(From=phone)).text)
    sid = text_form()["MessageSid"]
    for status, becomes in (
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("failed", "delivered"),
    ):
        answer = product.webhook(
            f"/webhooks/sms/status?message={ours}", text_form(MessageSid=sid, MessageStatus=status)
        )
        assert (answer.status, answer.text) == (200, NOTHING)
        assert stored(product, sid)["status"] == becomes
    applied = rows(product, "SELECT applied FROM message_events WHERE sid = ? ORDER BY id", sid)
    assert [row["applied"] for row in applied] == [1, 1, 0, 0]


@pytest.mark.parametrize("query", ["", "?message=999999999", "?message=abc", "?message=-1", "?message=%00", "?x=1"])
def test_a_status_of_a_text_that_nobody_knows_is_parked(product: Product, text_form: Maker, query: str) -> None:
    form = text_form(MessageStatus="delivered")
    answer = product.webhook("/webhooks/sms/status" + query, form)
    assert (answer.status, answer.text) == (200, NOTHING)
    (event,) = rows(product, "SELECT * FROM message_events WHERE sid = ?", form["MessageSid"])
    assert (event["message_id"], event["applied"]) == (None, 0)


@pytest.mark.parametrize(
    ("seconds", "kept"), [("0", 0), ("99999", 86_400), ("-1", None), ("abc", None), ("", None), ("7", 7)]
)
def test_a_voice_message_of_any_length_is_kept(
    product: Product, call_form: Maker, sid: Callable[[str], str], seconds: str, kept: int | None
) -> None:
    url = product.settings.api_url + "/Recordings/RE1"
    form = call_form(RecordingSid=sid("RE"), RecordingStatus="completed", RecordingUrl=url, RecordingDuration=seconds)
    for _ in range(2):
        answer = product.webhook("/webhooks/voice/recorded", form)
        assert (answer.status, answer.text) == (200, NOTHING)
    (message,) = rows(product, "SELECT * FROM voice_messages WHERE sid = ?", form["RecordingSid"])
    assert message["seconds"] == kept


def test_a_voice_message_that_lies_elsewhere_is_refused(
    product: Product, call_form: Maker, sid: Callable[[str], str]
) -> None:
    form = call_form(RecordingSid=sid("RE"), RecordingStatus="completed", RecordingUrl="https://evil.example/a")
    assert product.webhook("/webhooks/voice/recorded", form).status == 200
    (message,) = rows(product, "SELECT * FROM voice_messages WHERE sid = ?", form["RecordingSid"])
    assert (message["status"], message["why"]) == ("refused", "media_host_not_allowed")


@pytest.mark.parametrize("key", ["0", "1", "2", "9", "#", "*", "", "hangup", "\x00", "11"])
def test_every_key_gets_an_answer_that_the_carrier_can_read(
    product: Product, call_form: Maker, phone: str, key: str
) -> None:
    for query in ("?offer=1", "", "?offer=abc", "?offer=" + "9" * 40):
        answer = product.webhook("/webhooks/voice/menu" + query, call_form(From=phone, Digits=key))
        assert answer.status == 200
        assert ElementTree.fromstring(answer.text).tag == "Response"


@pytest.mark.parametrize("extra", [{"ErrorCode": "11200", "ErrorUrl": "https://a.example/"}, {"NewThing": "مرحبا"}])
def test_a_fallback_and_fields_that_are_new_are_answered_as_ever(
    product: Product, call_form: Maker, text_form: Maker, extra: dict[str, str]
) -> None:
    assert "<Play>" in product.webhook("/webhooks/voice", call_form(From=PHONE, **extra)).text
    assert product.webhook("/webhooks/sms", text_form(**extra)).status == 200
