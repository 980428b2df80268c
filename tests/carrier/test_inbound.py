"""What a webhook says: payloads of every kind, and everything that no carrier sends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ivr.carrier import inbound
from ivr.carrier.forms import Form
from ivr.carrier.inbound import Attachment, Place, media_refusal
from ivr.errors import BadWebhook

PAYLOADS = json.loads(Path(__file__).with_name("payloads.json").read_text(encoding="utf-8"))["payloads"]
FORMS = {payload["name"]: payload["form"] for payload in PAYLOADS}
NO_QUERY = Form([])
READERS: dict[str, Callable[[Form], Any]] = {
    "call": inbound.incoming_call,
    "key": lambda form: inbound.key_pressed(form, NO_QUERY),
    "voice message": inbound.voice_message_made,
    "end": inbound.call_ended,
    "text": inbound.incoming_text,
    "status": lambda form: inbound.message_status(form, NO_QUERY),
}
API = "https://api.twilio.com"
SIDS = {"call": "CallSid", "key": "CallSid", "voice message": "RecordingSid", "end": "CallSid"}


def form_of(name: str, **fields: str | None) -> Form:
    """A payload with fields replaced, or left out with None."""
    return Form([(name, value) for name, value in {**FORMS[name], **fields}.items() if value is not None])


@pytest.mark.parametrize("payload", PAYLOADS, ids=[payload["name"] for payload in PAYLOADS])
def test_every_payload_of_the_carrier_is_read(payload: dict[str, Any]) -> None:
    read = READERS[payload["kind"]](Form(list(payload["form"].items())))
    assert read.sid == payload["form"][SIDS.get(payload["kind"], "MessageSid")]


def test_a_call_tells_who_calls_whom_from_where() -> None:
    call = inbound.incoming_call(form_of("voice-inbound-forwarded"))
    assert (call.number, call.dialled, call.status) == ("+15551230001", "+15557654321", "ringing")
    assert call.place == Place("SAN FRANCISCO", "CA", "US")
    assert (call.forwarded_from, call.verification) == ("+15550009999", "TN-Validation-Passed-A")


def test_a_text_tells_its_words_and_who_answered_it_already() -> None:
    assert inbound.incoming_text(form_of("sms-inbound-arabic")).body == "مرحبا، أريد معلومات"
    assert inbound.incoming_text(form_of("sms-inbound")).opt_out_type is None
    assert inbound.incoming_text(form_of("sms-inbound-start-advanced")).opt_out_type == "START"


def test_pictures_come_in_their_order() -> None:
    text = inbound.incoming_text(form_of("mms-inbound"))
    assert [item.content_type for item in text.attachments] == ["image/jpeg", "image/png"]
    assert [item.url[-32:] for item in text.attachments] == ["5" * 32, "6" * 32]


def test_a_voice_message_tells_its_call_and_length() -> None:
    made = inbound.voice_message_made(form_of("recording-status-completed"))
    assert (made.call_sid, made.status, made.seconds) == ("CA" + "1" * 32, "completed", 7)
    assert inbound.voice_message_made(form_of("recording-status-absent")).seconds is None


def test_the_end_of_a_call_counts_seconds_and_not_the_minutes_of_the_bill() -> None:
    assert inbound.call_ended(form_of("call-ended")).seconds == 42
    assert inbound.call_ended(form_of("call-not-answered")).status == "no-answer"


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        *[(word, "sent") for word in ("queued", "accepted", "scheduled", "sending", "sent")],
        *[(word, "delivered") for word in ("delivered", "read", "partially_delivered")],
        ("undelivered", "undelivered"),
        ("failed", "failed"),
        ("canceled", "cancelled"),
        ("perhaps", None),
        ("DELIVERED", None),
        ("", None),
    ],
)
def test_a_status_is_told_in_our_words_and_an_unknown_one_is_none(word: str, ours: str | None) -> None:
    assert inbound.message_status(form_of("message-status-sent-docs", MessageStatus=word), NO_QUERY).status == ours


@pytest.mark.parametrize(
    ("typed", "number"),
    [("17", 17), ("0", None), ("-1", None), ("1e3", None), ("٣", None), ("9" * 16, None), ("", None), ("1 ", None)],
)
def test_our_own_id_is_a_whole_number_above_zero_or_none(typed: str, number: int | None) -> None:
    status = inbound.message_status(form_of("message-status-sent-docs"), Form([("message", typed)]))
    assert status.message_id == number


def test_a_refusal_keeps_its_code() -> None:
    assert inbound.message_status(form_of("message-status-failed-optout"), NO_QUERY).error_code == 21610


@pytest.mark.parametrize(
    ("digits", "key"), [("1", "1"), ("", ""), ("12", "1"), ("hangup", "h"), ("\x00", ""), (None, "")]
)
def test_one_key_is_one_key(digits: str | None, key: str) -> None:
    assert inbound.key_pressed(form_of("gather-action", Digits=digits), Form([("offer", "3")])).key == key


@pytest.mark.parametrize("name", ["voice-inbound", "gather-action", "recording-status-completed", "call-ended"])
@pytest.mark.parametrize(
    "wrong",
    ["", None, "CA1", "XX" + "1" * 32, "CA" + "g" * 32, "CA" + "1" * 33, "CA" + "1" * 32 + "\n", "CA" + "١" * 32],
)
def test_a_wrong_sid_is_refused(name: str, wrong: str | None) -> None:
    reader = next(READERS[payload["kind"]] for payload in PAYLOADS if payload["name"] == name)
    with pytest.raises(BadWebhook, match=r"CallSid (missing|invalid)") as refused:
        reader(form_of(name, CallSid=wrong))
    assert refused.value.status == 400


@pytest.mark.parametrize("name", ["sms-inbound", "message-status-sent-docs"])
@pytest.mark.parametrize("wrong", ["", "CA" + "1" * 32, "sm" + "1" * 32, "SM" + "1" * 31, "SM" + "1" * 32 + " "])
def test_a_wrong_sid_of_a_text_is_refused(name: str, wrong: str) -> None:
    reader = READERS["text" if name == "sms-inbound" else "status"]
    with pytest.raises(BadWebhook, match=r"MessageSid (missing|invalid)"):
        reader(form_of(name, MessageSid=wrong))


@pytest.mark.parametrize("kind", ["voice-inbound", "sms-inbound"])
@pytest.mark.parametrize("to", [None, "", "  ", "\x00"])
def test_a_contact_without_a_number_dialled_is_refused(kind: str, to: str | None) -> None:
    with pytest.raises(BadWebhook, match="To missing"):
        READERS["call" if kind == "voice-inbound" else "text"](form_of(kind, To=to))


@pytest.mark.parametrize("sender", [None, "", "anonymous", "+266696687", "client:ada", "sip:a@b", "72345", "BANK"])
def test_whoever_it_comes_from_it_is_read(sender: str | None) -> None:
    assert inbound.incoming_text(form_of("sms-inbound", From=sender)).number == (sender or "")
    assert inbound.incoming_call(form_of("voice-inbound", From=sender)).number == (sender or "")


@pytest.mark.parametrize("count", ["-1", "99", "abc", "11", "1.0", " 1", "+1", "1e1", "١", "\x00", "100"])
def test_a_count_of_pictures_that_cannot_be_is_refused(count: str) -> None:
    with pytest.raises(BadWebhook, match="NumMedia invalid") as refused:
        inbound.incoming_text(form_of("sms-inbound", NumMedia=count))
    assert refused.value.status == 400


@pytest.mark.parametrize("count", ["0", "00", "", None])
def test_no_pictures_are_no_pictures(count: str | None) -> None:
    assert inbound.incoming_text(form_of("mms-inbound", NumMedia=count)).attachments == ()


def test_a_picture_that_is_announced_and_missing_has_no_address() -> None:
    assert inbound.incoming_text(form_of("sms-inbound", NumMedia="1")).attachments == (Attachment("", ""),)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        *(("0", 0), ("42", 42), ("99999", 86_400), ("-1", None), ("4.2", None)),
        *((odd, None) for odd in ("", "9" * 10, "٤", "1e3", "0x10")),
    ],
)
def test_seconds_are_whole_and_at_most_a_day(typed: str, seconds: int | None) -> None:
    assert inbound.call_ended(form_of("call-ended", CallDuration=typed)).seconds == seconds
    assert inbound.voice_message_made(form_of("recording-status-completed", RecordingDuration=typed)).seconds == seconds


def test_a_long_body_is_cut_with_a_mark_and_every_other_field_too() -> None:
    text = inbound.incoming_text(form_of("sms-inbound", Body="a" * 64_000, FromCity="b" * 10_000, From="c" * 10_000))
    assert (len(text.body), text.body[-1]) == (4000, "…")
    assert (len(text.place.city or ""), len(text.number)) == (100, 100)


def test_nothing_that_cannot_be_seen_comes_in() -> None:
    dirt = "a\x00b\x1b[31mc\u202ed\ud800e\ufffef\u200fg"
    text = inbound.incoming_text(form_of("mms-inbound", **dict.fromkeys(("Body", "FromCity", "From", "To"), dirt)))
    assert {text.body, text.place.city, text.number, text.dialled} == {"ab[31mcdefg"}
    call = inbound.incoming_call(form_of("voice-inbound", CallStatus=dirt, ForwardedFrom=dirt, StirVerstat=dirt))
    assert {call.status, call.forwarded_from, call.verification} == {"ab[31mcdefg"}
    made = inbound.voice_message_made(form_of("recording-status-completed", RecordingUrl=dirt, RecordingStatus=dirt))
    assert {made.url, made.status} == {"ab[31mcdefg"}


@pytest.mark.parametrize(
    "url",
    [
        f"{API}/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
        "https://mms.twiliocdn.com/a?b=c",
        "https://media.twiliocdn.com/a",
        "https://api.ie1.twilio.com/a",
        "https://api.dublin.ie1.twilio.com/a",
    ],
)
def test_the_carriers_own_hosts_may_be_asked_for_media(url: str) -> None:
    assert media_refusal(url, API) is None


def test_another_host_that_speaks_the_carriers_api_may_be_asked_exactly_as_it_is_set() -> None:
    assert media_refusal("http://127.0.0.1:8001/Media/ME1", "http://127.0.0.1:8001") is None
    assert media_refusal("http://127.0.0.1:8002/Media/ME1", "http://127.0.0.1:8001")
    assert media_refusal("https://127.0.0.1:8001/Media/ME1", "http://127.0.0.1:8001")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.twilio.com/a",
        "https://ada@api.twilio.com/a",
        "https://api.twilio.com:8443/a",
        "ftp://api.twilio.com/",
        "https://api.twilio.com@evil.example/",
        "https://api.twilio.com:99999/",
        "//api.twilio.com/a",
        "file:///etc/passwd",
        "",
        "javascript:alert(1)",
        "https://",
        r"https://api.twilio.com\@evil.example/",
        "https://api.twilio.com:443/a",
    ],
)
def test_media_at_another_kind_of_address_is_refused(url: str) -> None:
    assert media_refusal(url, API) == "media_address_not_allowed"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "10.0.0.1",
        "169.254.169.254",
        "127.0.0.1",
        "localhost",
        "[fe80::1]",
        "api.twilio.com.evil.example",
        "twilio.com",
        "xapi.twilio.com",
        "api.twilio.com.",
        "2130706433",
        "api%2etwilio.com",
        "аpi.twilio.com",
    ],
)
def test_media_on_any_other_host_is_refused(host: str) -> None:
    assert media_refusal(f"https://{host}/a", API) in {"media_host_not_allowed", "media_address_not_allowed"}


def test_an_address_of_media_that_cannot_be_read_is_refused() -> None:
    assert media_refusal("https://[::1", API) == "media_address_unreadable"
