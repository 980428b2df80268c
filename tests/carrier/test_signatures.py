"""Is this webhook the carrier's? Twilio's own vectors, ports, several tokens, and what only looks like a signature."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from ivr.carrier.forms import Form
from ivr.carrier.signatures import Signatures

VECTORS = json.loads(Path(__file__).with_name("signature_vectors.json").read_text(encoding="utf-8"))["vectors"]
ORIGIN = "https://line.example.org"
FORM = Form([("MessageSid", "SM" + "1" * 32), ("From", "+12025550143"), ("Body", "hello")])


def signed(address: str, form: Form = FORM, token: str = "first") -> str:
    """The carrier's signature."""
    return str(RequestValidator(token).compute_signature(address, form))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_every_known_signature_is_told_right_from_wrong(vector: dict[str, object]) -> None:
    form = Form([(name, value) for name, value in vector["form"]])
    checked = Signatures((vector["token"],), vector["origin"])
    assert checked.valid(vector["target"], form, vector["signature"]) is vector["valid"]


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if vector["valid"]], ids=lambda vector: vector["name"])
def test_no_known_signature_is_right_with_another_token_or_for_another_address(vector: dict[str, object]) -> None:
    form = Form([(name, value) for name, value in vector["form"]])
    assert not Signatures(("another",), vector["origin"]).valid(vector["target"], form, vector["signature"])
    here = Signatures((vector["token"],), vector["origin"])
    assert not here.valid(vector["target"] + "&x=1", form, vector["signature"])
    assert not here.valid(vector["target"], Form([*vector["form"], ("Extra", "")]), vector["signature"])


@pytest.mark.parametrize("token", ["first", "second"])
def test_while_tokens_rotate_each_of_them_signs(token: str) -> None:
    both = Signatures(("first", "second"), ORIGIN)
    assert both.valid("/webhooks/sms", FORM, signed(ORIGIN + "/webhooks/sms", token=token))
    assert not both.valid("/webhooks/sms", FORM, signed(ORIGIN + "/webhooks/sms", token="third"))


def test_without_a_token_nothing_is_valid() -> None:
    assert not Signatures((), ORIGIN).valid("/", FORM, signed(ORIGIN + "/"))


@pytest.mark.parametrize(
    ("public", "signs"),
    [
        ("https://line.example.org", "https://line.example.org:443"),
        ("https://line.example.org:443", "https://line.example.org"),
        ("https://line.example.org:8443", "https://line.example.org:8443"),
        ("https://line.example.org:8443", "https://line.example.org"),
        ("http://line.example.org", "http://line.example.org:80"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_carrier_may_sign_with_or_without_the_port(public: str, signs: str) -> None:
    assert Signatures(("first",), public).valid("/webhooks/sms?a=1", FORM, signed(signs + "/webhooks/sms?a=1"))


@pytest.mark.parametrize(
    "target",
    [
        "/webhooks/sms?message=17%20",
        "/webhooks/sms?a=%2F%3A%27%7B%C3%A9%D9%85",
        "/webhooks/sms?a=b+c&a=%20",
        "/webhooks/%D9%85/%2F",
    ],
)
def test_an_encoded_address_is_compared_as_it_came(target: str) -> None:
    checked = Signatures(("first",), ORIGIN)
    assert checked.valid(target, FORM, signed(ORIGIN + target))
    assert not checked.valid(target.replace("%", "%25"), FORM, signed(ORIGIN + target))


@pytest.mark.parametrize(
    "signature",
    ["", " ", "=", "x", "é", "مرحبا", "\udcff", "\x00", "a" * 10_000, signed(ORIGIN + "/").lower(), signed(ORIGIN)],
)
def test_what_only_looks_like_a_signature_is_none(signature: str) -> None:
    assert Signatures(("first",), ORIGIN).valid("/", FORM, signature) is False


@pytest.mark.parametrize("origin", ["https://line.example.org:99999", "https://[::1", "https://line\udcff.org"])
def test_an_address_that_cannot_be_read_is_no_and_not_an_error(origin: str) -> None:
    assert Signatures(("first",), origin).valid("/", FORM, "x") is False


def test_a_text_that_cannot_be_encoded_is_no_and_not_an_error() -> None:
    assert Signatures(("first",), ORIGIN).valid("/", Form([("Body", "\ud800")]), "x") is False


@given(st.dictionaries(st.text(), st.text()), st.text())
def test_whatever_is_sent_the_carriers_signature_holds_and_no_other(form: dict[str, str], other: str) -> None:
    checked = Signatures(("first",), ORIGIN)
    whole = Form(list(form.items()))
    try:
        right = signed(ORIGIN + "/webhooks/sms", whole)
    except UnicodeEncodeError:
        right = "-"
        assert not checked.valid("/webhooks/sms", whole, right)
    else:
        assert checked.valid("/webhooks/sms", whole, right)
    assert other == right or not checked.valid("/webhooks/sms", whole, other)
