"""Malformed requests against the real server: no fault of ours, no hanging, nothing kept that should not be."""

import itertools
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from running import ACCOUNT, NUMBER, Product

from ivr.plain_text import clean

from .kept import counts, rows, signed
from .malformed import requests

ROUTES = ("sms", "sms/status", "voice", "voice/menu", "voice/status", "voice/recording", "voice/recorded")
FAULTS = {500, 502, 503, 504}  # not 501: RFC 9112 6.1 asks for it where a transfer coding is unknown
STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3}) ")
_counter = itertools.count(1)


def statuses(product: Product, content: bytes) -> set[int]:
    """Every status in the answers to these bytes; it must end within the socket's patience."""
    try:
        return {int(status) for status in STATUS.findall(product.raw(content))}
    except TimeoutError:
        raise
    except OSError:  # closed while we were still sending; a fault would be in the log all the same
        return set()


def traced(product: Product) -> int:
    """How many faults of ours stand in the log."""
    return product.log.read_bytes().count(b"Traceback")


def survives(product: Product, seed: int, many: int) -> None:
    """Send malformed requests, a few at a time; the server answers none with 500, keeps nothing and lives on."""
    before, workers, traces = counts(product), product.workers(), traced(product)
    batch = list(itertools.islice(requests(seed, product.settings.port), many))
    with ThreadPoolExecutor(8) as senders:
        for content, found in zip(batch, senders.map(lambda one: statuses(product, one), batch), strict=True):
            assert not found & FAULTS, content
    assert counts(product) == before
    assert product.request("GET", "/readyz").status == 200
    assert set(workers) <= set(product.workers())
    assert traced(product) == traces


def test_three_hundred_malformed_requests_leave_no_trace(product: Product) -> None:
    survives(product, seed=1, many=300)


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(2, 12))
def test_ten_thousand_malformed_requests_leave_no_trace(product: Product, seed: int) -> None:
    survives(product, seed, many=1000)


TEXT = st.text(max_size=300) | st.text(max_size=40).map(lambda text: text * 50)
ODD = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "1e999",
        "99999999999999999999",
        "٣",
        "NaN",
        "\x00",
        "\u202e\u200f\u2066",
        "STOP",
        "LINK",
        "{link}{name}",
        "%s",
        "{}",
        "<Say>x</Say>",
        "]]>",
        "&#0;",
        "' OR 1=1 --",
        "\r\nX: y",
        "\ufffe\uffff",
        "🏴" * 30,
    ]
)
VALUE = TEXT | ODD | st.from_regex(r"\+[1-9][0-9]{6,15}", fullmatch=True)
NAMES = ("Body", "From", "To", "NumMedia", "MediaUrl0", "MediaContentType0", "FromCity", "FromState", "FromCountry")
NAMES += ("Digits", "CallStatus", "CallDuration", "MessageStatus", "ErrorCode", "OptOutType", "ForwardedFrom")
NAMES += ("RecordingUrl", "RecordingStatus", "RecordingDuration", "StirVerstat", "SmsStatus", "MessageSid", "CallSid")
FIELDS = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=20), VALUE, max_size=12)
QUERIES = st.sampled_from(
    ["", "?", "?message=1", "?offer=-1", "?offer=" + "9" * 30, "?message=%00&message=2", "?%ff=%D9"]
)


def encodable(text: str) -> str:
    """What is left of a text on its way through UTF-8, as every sender does it."""
    return text.encode("utf-8", "replace").decode()


def form_of(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """The fields over those that let a form in, with SIDs of its own."""
    number = next(_counter)
    usual = {"MessageSid": f"SM{number:016x}{'f' * 16}", "CallSid": f"CA{number:016x}{'f' * 16}"}
    usual |= {"RecordingSid": f"RE{number:016x}{'f' * 16}", "AccountSid": ACCOUNT, "To": NUMBER, "From": "+12025550143"}
    odd = {encodable(name): encodable(value) for name, value in fields.items()}
    return list({**usual, **odd, "AccountSid": ACCOUNT}.items())


def is_answered(product: Product, route: str, query: str, fields: Mapping[str, str]) -> None:
    """A correctly signed form is answered: 200 with TwiML that can be read, or refused in a line of words."""
    answer = signed(product, f"/webhooks/{route}{query}", form_of(fields))
    assert answer.status in ({200, 400, 403} if query == "?" else {200, 400}), answer
    if answer.status == 200:
        assert ElementTree.fromstring(answer.text.encode()).tag == "Response"
    else:
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert len(answer.text) < 100


def stored_texts(product: Product) -> list[str]:
    """Every text that came from outside and was kept."""
    columns = {
        "messages": ("number", "body", "city", "state", "country"),
        "calls": ("number", "status", "forwarded_from", "verification", "city", "state", "country"),
        "voice_messages": ("url", "status"),
        "media": ("url", "content_type"),
        "strays": ("dialled", "number"),
        "people": ("number",),
        "opt_outs": ("number", "wording"),
    }
    found = (rows(product, f"SELECT {', '.join(names)} FROM {table}") for table, names in columns.items())
    return [value for table in found for row in table for value in row.values() if value is not None]


def swallows(product: Product, many: int) -> None:
    """Send signed forms of any content; afterwards everything that was kept is clean."""

    @settings(
        max_examples=many,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(route=st.sampled_from(ROUTES), query=QUERIES, fields=FIELDS)
    def answered(route: str, query: str, fields: dict[str, str]) -> None:
        is_answered(product, route, query, fields)

    traces = traced(product)
    answered()
    texts = stored_texts(product)
    assert texts
    assert [text for text in texts if text != clean(text, 10_000)] == []
    assert max(map(len, texts)) <= 4000
    assert product.request("GET", "/readyz").status == 200
    assert traced(product) == traces


def test_signed_forms_of_any_content_are_answered_and_kept_clean(product: Product) -> None:
    swallows(product, 300)


@pytest.mark.drill
def test_ten_thousand_signed_forms_of_any_content_are_answered_and_kept_clean(product: Product) -> None:
    swallows(product, 10_000)


@pytest.mark.parametrize(
    "value", ["%00", "%ED%A0%80", "%F4%90%80%80", "%C0%80", "%E2%80%AE%E2%80%8F", "%FF%FE", "%", "%u0000", "+" * 9]
)
def test_percent_encoded_dirt_is_no_reason_to_fail(
    product: Product, text_form: Callable[..., dict[str, str]], value: str
) -> None:
    for path in ("/webhooks/sms?a=" + value, "/j/" + value.replace("+", "%2B"), "/join?" + value):
        answer = product.request("GET", path)
        assert answer.status in {200, 404, 405}
