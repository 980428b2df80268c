"""Who is let in at the carrier's door: nothing is read before it is signed, nothing believed that only looks right."""

from collections.abc import Callable
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from running import ACCOUNT, NUMBER, TOKEN, Product, sign

from .kept import FORM, counts, head, posted, rows, signed

Form = dict[str, str]
Maker = Callable[..., Form]
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
REJECT = '<?xml version="1.0" encoding="UTF-8"?><Response><Reject/></Response>'
ROUTES = (
    "/webhooks/voice",
    "/webhooks/voice/menu?offer=1",
    "/webhooks/voice/recording",
    "/webhooks/voice/recorded",
    "/webhooks/voice/status",
    "/webhooks/sms",
    "/webhooks/sms/status?message=1",
)


@pytest.mark.parametrize("path", ROUTES)
def test_without_a_signature_nobody_enters(product: Product, path: str, text_form: Maker, call_form: Maker) -> None:
    before = counts(product)
    answer = posted(product, path, urlencode({**call_form(), **text_form()}).encode())
    assert (answer.status, answer.text) == (403, "missing X-Twilio-Signature\n")
    assert posted(product, path, b"", **{"X-Twilio-Signature": ""}).status == 403
    assert counts(product) == before


@pytest.mark.parametrize("path", ROUTES)
def test_with_a_wrong_signature_nobody_enters(product: Product, path: str, text_form: Maker, call_form: Maker) -> None:
    before = counts(product)
    form = {**call_form(), **text_form()}
    answer = product.webhook(path, form, signature="c2lnbmF0dXJl")
    assert (answer.status, answer.text) == (403, "bad signature\n")
    assert counts(product) == before


@pytest.mark.parametrize("odd", ["\xe9", "=" * 4000, "AAAA AAAA", "null"])
def test_an_odd_signature_is_a_wrong_one(product: Product, odd: str, text_form: Maker) -> None:
    assert product.webhook("/webhooks/sms", text_form(), signature=odd).status == 403


def test_a_signature_of_another_token_address_or_form_is_wrong(product: Product, text_form: Maker) -> None:
    form, url = text_form(), product.settings.public_url + "/webhooks/sms"
    wrong = (
        sign(url, form, "another-token"),
        sign(url.replace("http://", "https://"), form),
        sign(url.replace("127.0.0.1", "evil.example"), form),
        sign(url + "/status", form),
        sign(url + "?a=1", form),
        sign(url, {**form, "Body": "hello!"}),
        sign(url, {}),
    )
    assert {product.webhook("/webhooks/sms", form, signature=one).status for one in wrong} == {403}
    assert not rows(product, "SELECT * FROM messages WHERE sid = ?", form["MessageSid"])


def test_another_account_is_not_ours(product: Product, text_form: Maker, call_form: Maker) -> None:
    for account in ("AC" + "f" * 32, "", None, ACCOUNT.upper()):
        answer = product.webhook("/webhooks/sms", text_form(AccountSid=account))
        assert (answer.status, answer.text) == (403, "wrong account\n")
        assert product.webhook("/webhooks/voice", call_form(AccountSid=account)).status == 403


def test_a_text_to_a_number_that_is_none_of_our_lines_is_noted_and_not_answered(
    product: Product, text_form: Maker
) -> None:
    form = text_form(To="+442079460123")
    answer = product.webhook("/webhooks/sms", form)
    assert (answer.status, answer.text) == (200, NOTHING)
    (stray,) = rows(product, "SELECT * FROM strays WHERE sid = ?", form["MessageSid"])
    assert (stray["kind"], stray["dialled"], stray["number"]) == ("text", "+442079460123", form["From"])
    assert not rows(product, "SELECT * FROM messages WHERE sid = ?", form["MessageSid"])


def test_a_call_to_a_number_that_is_none_of_our_lines_is_noted_and_rejected(product: Product, call_form: Maker) -> None:
    form = call_form(To="+442079460123")
    answer = product.webhook("/webhooks/voice", form)
    assert (answer.status, answer.text) == (200, REJECT)
    (stray,) = rows(product, "SELECT * FROM strays WHERE sid = ?", form["CallSid"])
    assert (stray["kind"], stray["dialled"]) == ("call", "+442079460123")
    assert not rows(product, "SELECT * FROM calls WHERE sid = ?", form["CallSid"])


@pytest.mark.parametrize("wrong", [None, "", "SM1", "CA" + "1" * 32, "SM" + "z" * 32, "SM" + "1" * 32 + "\n"])
def test_a_text_without_a_right_sid_is_refused(product: Product, text_form: Maker, wrong: str | None) -> None:
    before = counts(product)
    for path in ("/webhooks/sms", "/webhooks/sms/status"):
        answer = product.webhook(path, text_form(MessageSid=wrong))
        assert (answer.status, answer.text) == (400, f"MessageSid {'invalid' if wrong else 'missing'}\n")
    assert counts(product) == before


@pytest.mark.parametrize("path", [path for path in ROUTES if "voice" in path])
def test_a_call_without_a_right_sid_is_refused(product: Product, call_form: Maker, path: str) -> None:
    before = counts(product)
    answer = product.webhook(path, call_form(CallSid="CA1", RecordingSid="RE" + "1" * 32))
    assert (answer.status, answer.text) == (400, "CallSid invalid\n")
    assert counts(product) == before


def test_a_captured_request_that_is_cut_anew_has_no_effect(product: Product, text_form: Maker) -> None:
    form = text_form()
    url = product.settings.public_url + "/webhooks/sms"
    assert product.webhook("/webhooks/sms", form).status == 200
    before = counts(product)
    recut = {name: value for name, value in form.items() if name != "To"}
    recut |= {"SmsStatus": form["SmsStatus"] + "To" + NUMBER}
    assert sign(url, recut) == sign(url, form)  # this is what makes it a danger
    assert product.webhook("/webhooks/sms", recut).status == 400
    moved = {**form, "Body": "hello" + "From" + form["From"]}
    del moved["From"]
    assert product.webhook("/webhooks/sms", moved, signature=sign(url, moved)).status == 200
    assert counts(product) == before


def test_the_sid_of_another_senders_text_is_refused(product: Product, text_form: Maker) -> None:
    form = text_form(From="+4915112345678")
    assert product.webhook("/webhooks/sms", form).status == 200
    before = counts(product)
    answer = product.webhook("/webhooks/sms", {**form, "From": "+491511234567"})
    assert (answer.status, answer.text) == (400, "MessageSid belongs to another text\n")
    assert counts(product) == before


def test_a_repeated_field_is_refused_though_its_signature_is_right(product: Product, text_form: Maker) -> None:
    before = counts(product)
    for name, value in (("Body", "STOP"), ("MessageSid", "SM" + "9" * 32), ("Body", "hello"), ("Extra", "")):
        pairs = [*text_form(Extra="").items(), (name, value)]
        answer = signed(product, "/webhooks/sms", pairs)
        assert (answer.status, answer.text) == (400, f"{name} was sent twice\n")
    assert counts(product) == before


@pytest.mark.parametrize(
    "kind",
    ["application/json", "multipart/form-data; boundary=x", "text/plain", "", "application/x-www-form", "\xff;;"],
)
def test_what_is_no_form_is_not_taken(product: Product, text_form: Maker, kind: str) -> None:
    answer = product.webhook("/webhooks/sms", text_form(), **{"Content-Type": kind})
    assert (answer.status, answer.text) == (415, "form body expected\n")


def test_a_form_may_name_its_letters(product: Product, text_form: Maker) -> None:
    for kind in (FORM + "; charset=UTF-8", FORM.upper()):
        assert product.webhook("/webhooks/sms", text_form(), **{"Content-Type": kind}).status == 200


def test_a_body_is_at_most_64_kb(product: Product, text_form: Maker) -> None:
    form = text_form(Body="")
    form["Body"] = "a" * (64 * 1024 - len(urlencode(form)))
    assert product.webhook("/webhooks/sms", form).status == 200
    answer = product.webhook("/webhooks/sms", text_form(Body=form["Body"] + "a" * 10))
    assert (answer.status, answer.text) == (413, "at most 64 kB here\n")


def test_too_many_fields_are_refused(product: Product, text_form: Maker) -> None:
    answer = product.webhook("/webhooks/sms", text_form(**{f"f{n}": "" for n in range(200)}))
    assert (answer.status, answer.text) == (413, "too many fields\n")


def test_the_signature_is_asked_for_before_the_body_is_waited_for(product: Product) -> None:
    start = f"POST /webhooks/sms HTTP/1.1\r\nHost: 127.0.0.1:{product.settings.port}\r\nConnection: close\r\n"
    answer = product.raw(f"{start}Content-Type: {FORM}\r\nContent-Length: 500\r\n\r\n".encode(), shut=False)
    assert head(answer)[0] == 403


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "BREW"])
def test_a_webhook_is_posted(product: Product, path: str, method: str) -> None:
    answer = product.request(method, path, headers={"X-Twilio-Signature": sign(product.settings.public_url + path, {})})
    assert answer.status == 405
    assert "POST" in answer.headers["allow"]
    assert answer.text == ("" if method == "HEAD" else "Use POST.\n")


@pytest.mark.parametrize(
    "path",
    ["/webhooks/sms?a=%2F%3A%27%7B%C3%A9%D9%85&b=c+d", "/webhooks/%73ms", "/webhooks/sms?%D9%85=%00", "//webhooks/sms"],
)
def test_an_encoded_address_is_checked_as_it_came(product: Product, text_form: Maker, path: str) -> None:
    answer = product.webhook(path, text_form())
    assert answer.status == 200
    assert ElementTree.fromstring(answer.text).tag == "Response"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"},
        {"Forwarded": "host=evil.example;proto=https", "X-Forwarded-Prefix": "/evil", "X-Real-IP": "::"},
        {"X-Original-URL": "/webhooks/voice", "X-Rewrite-URL": "/", "X-HTTP-Method-Override": "GET"},
        {"X-Forwarded-Ssl": "on", "X-Forwarded-Protocol": "ssl", "SCRIPT_NAME": "/evil", "X-Forwarded-For": "evil"},
    ],
)
def test_what_a_proxy_says_of_the_address_never_matters(
    product: Product, text_form: Maker, headers: dict[str, str]
) -> None:
    form, url = text_form(), product.settings.public_url + "/webhooks/sms"
    evil = sign(url.replace("http://127.0.0.1", "https://evil.example"), form)
    assert product.webhook("/webhooks/sms", form, signature=evil, **headers).status == 403
    assert product.webhook("/webhooks/sms", form, **headers).status == 200


def test_a_host_that_is_not_ours_is_refused_though_its_signature_is_right(product: Product, text_form: Maker) -> None:
    for host in ("evil.example", "127.0.0.1:1", "127.0.0.1.evil.example", ""):
        assert product.webhook("/webhooks/sms", text_form(), Host=host).status == 400


def test_the_token_stands_in_no_answer(product: Product, text_form: Maker) -> None:
    answers = [product.webhook("/webhooks/sms", text_form(), signature=one) for one in ("", "x", TOKEN)]
    assert TOKEN not in "".join(answer.text + str(answer.headers) for answer in answers)


def test_twiml_goes_without_the_headers_that_are_for_browsers_and_a_refusal_has_them(
    product: Product, text_form: Maker
) -> None:
    twiml = product.webhook("/webhooks/sms", text_form())
    assert (twiml.status, twiml.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert twiml.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in twiml.headers
    refused = product.webhook("/webhooks/sms", text_form(), signature="wrong")
    assert refused.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in refused.headers["content-security-policy"]
