"""HTTP itself: what is malformed is refused at once and in words, under every path, with the same headers."""

import re

import pytest
from flask import Flask
from running import Product

from .kept import FORM, head

SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
POST = f"POST /webhooks/sms HTTP/1.1\r\nHost: HOST\r\nX-Twilio-Signature: x\r\nContent-Type: {FORM}\r\n"
CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n"


def ask(product: Product, content: str, shut: bool = True) -> tuple[int, dict[str, str], bytes]:
    """Send letters as bytes, with our own host for HOST."""
    whole = content.replace("Host: HOST\r\n", f"Host: 127.0.0.1:{product.settings.port}\r\n")
    return head(product.raw(whole.encode("latin-1"), shut))


def get(path: str, *headers: str, host: str = "HOST") -> str:
    """A whole GET request."""
    return "\r\n".join((f"GET {path} HTTP/1.1", f"Host: {host}", *headers, "Connection: close", "", ""))


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(get("/" + "a" * 4094), 414, id="an address that is too long"),
        pytest.param(get("/healthz", "X: " + "a" * 8200), 431, id="a header that is too long"),
        pytest.param(get("/healthz", *["X: a"] * 101), 431, id="too many headers"),
        pytest.param("\x01\x02 garbage\r\n\r\n", 400, id="garbage"),
        pytest.param(get("/").replace("1.1", "9.9"), 400, id="a version that does not exist"),
        pytest.param(get("/", "X Y: a"), 400, id="a space in a header's name"),
        pytest.param(get("/", "X: a\x00b"), 400, id="a NUL in a header"),
        pytest.param(get("/", "X: a", " b"), 400, id="a folded header"),
        pytest.param(POST + "Content-Length: -1\r\n\r\n", 400, id="a negative length"),
        pytest.param(POST + "Content-Length: abc\r\n\r\n", 400, id="a length that is no number"),
        pytest.param(POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, id="two lengths"),
        pytest.param(
            POST + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, id="length and chunks"
        ),
        pytest.param(POST + "Transfer-Encoding: gzip\r\n\r\nabc", 400, id="another transfer encoding"),
        pytest.param(get("/", "Host: evil.example"), 400, id="two hosts"),
        pytest.param("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, id="another protocol"),
        pytest.param("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n" + get("/"), 400, id="a proxy's announcement"),
        pytest.param(get("/j/\xff\xfe"), 400, id="bytes in the path that are not encoded"),
    ],
)
def test_the_server_refuses_what_is_no_request(product: Product, request_: str, status: int) -> None:
    answered, headers, body = ask(product, request_, shut=False)
    assert answered == status
    assert headers["connection"] == "close"
    assert b"Traceback" not in body


@pytest.mark.parametrize(
    "request_",
    ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "a" * 500, "GET / HT", "GET /healthz HTTP/1.1\r\nHost: x"],
)
def test_what_never_becomes_a_request_is_closed_without_a_word(product: Product, request_: str) -> None:
    assert product.raw(request_.encode("latin-1")) == b""


@pytest.mark.parametrize(
    "body",
    [
        "zz\r\nabc\r\n0\r\n\r\n",
        "-1\r\nabc\r\n",
        "5\r\nab",
        "3\r\nabcde\r\n0\r\n\r\n",
        "",
        "\r\n",
        "ffffffffffffffffff\r\n",
    ],
)
def test_broken_chunks_are_refused_in_words(product: Product, body: str) -> None:
    status, headers, text = ask(product, CHUNKED + body)
    assert (status, text.partition(b"\n")[0]) in {(400, b"the body cannot be read"), (413, b"at most 64 kB here")}
    assert headers.items() >= SECURITY.items()


def test_whole_chunks_are_read(product: Product) -> None:
    assert ask(product, CHUNKED + "3\r\na=b\r\n0\r\n\r\n")[0] == 403  # the signature is wrong: it was read


def test_a_body_that_stops_early_is_refused_and_says_where(product: Product) -> None:
    status, _, body = ask(product, POST + "Content-Length: 500\r\n\r\nBody=ab")
    assert (status, body) == (400, b"the body stopped early (7 of 500 bytes)\n")


@pytest.mark.parametrize(
    "request_",
    [
        POST + "Content-Length: 65537\r\n\r\n" + "a" * 65_537,
        POST + "Content-Length: 99999999999\r\n\r\nBody=a",
        CHUNKED + "10001\r\n" + "a" * 65_537 + "\r\n0\r\n\r\n",
    ],
)
def test_a_body_that_is_too_large_is_refused_unread(product: Product, request_: str) -> None:
    status, headers, body = ask(product, request_)
    assert (status, body.partition(b"\n")[0]) == (413, b"at most 64 kB here")
    assert headers.items() >= SECURITY.items()


@pytest.mark.parametrize(
    "path", ["/", "/join", "/j/abc", "/audio/0.wav", "/static/third-ring.css", "/webhooks/sms", "/no"]
)
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost", "127.0.0.1:1", "[::1]", "a b", ""]
)
def test_a_host_that_is_not_ours_is_refused_everywhere(product: Product, path: str, host: str) -> None:
    status, headers, body = ask(product, get(path, host=host))
    assert status == 400
    assert b"This address is not configured." in body
    assert headers.items() >= SECURITY.items()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_without_a_host_nothing_is_answered(product: Product, version: str) -> None:
    assert ask(product, f"GET /join HTTP/{version}\r\nConnection: close\r\n\r\n")[0] == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_who_watches_us_may_call_us_by_any_name(product: Product, path: str) -> None:
    for host in ("HOST", "evil.example", "10.0.0.7:8000", "a b", ""):
        status, headers, body = ask(product, get(path, host=host))
        assert (status, body) == (200, b"ok\n")
        assert headers.items() >= SECURITY.items()
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["HOST", "127.0.0.1", "LOCALHOST:PORT", "localhost:PORT", "[::1]:PORT"])
def test_our_own_names_are_known(product: Product, host: str) -> None:
    assert ask(product, get("/join", host=host.replace("PORT", str(product.settings.port))))[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/%00", "/j/%00", "/j/%ff%fe", "/audio/%00.wav", "/static/%00", "/%ed%a0%80", "/j/%0d%0aSet-Cookie:x", "/j/%"],
)
def test_a_path_that_holds_what_no_path_holds_is_not_found(product: Product, path: str) -> None:
    status, headers, body = ask(product, get(path))
    assert status == 404
    assert "set-cookie" not in headers
    assert b"Traceback" not in body


@pytest.mark.parametrize(
    "path",
    [
        *("/no", "/J/abc", "/join/", "/audio", "/webhooks", "/webhooks/", "/static/"),
        "/static/../templates/page.html",
        "/static/..%2fpages.py",
        "/static/%2e%2e/pages.py",
        "/.env",
        "/../../etc/passwd",
        "/" + "a/" * 900,
    ],
)
def test_what_is_not_there_is_not_found_with_the_same_headers(product: Product, path: str) -> None:
    status, headers, _ = ask(product, get(path))
    assert status == 404
    assert headers.items() >= SECURITY.items()


@pytest.mark.parametrize("path", ["/static//etc/passwd", "//evil.example//a", "/j//evil.example", "/\\evil.example//a"])
def test_slashes_too_many_lead_nowhere_else(product: Product, path: str) -> None:
    status, headers, _ = ask(product, get(path))
    assert status in {308, 404}
    assert status == 404 or headers["location"].startswith(product.settings.public_url + "/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/privacy", "/audio/0.wav", "/healthz", "/readyz"])
def test_what_is_only_read_cannot_be_written_to(product: Product, path: str, method: str) -> None:
    answer = product.request(method, path)
    assert answer.status == 405
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))
    assert "Use GET." in answer.text
    assert answer.headers.items() >= SECURITY.items()


@pytest.mark.parametrize(
    "header",
    [
        "If-Modified-Since: Thu, 01 Jan 99999999999 00:00:00 GMT",
        "If-Unmodified-Since: Thu, 01 Jan 99999999999 00:00:00 GMT",
        "If-Range: Thu, 01 Jan 99999999999 00:00:00 GMT",
        "Range: bytes=" + "9" * 5000 + "-",
        "Accept-Language: ar;q=nan, en;q=1e999, *;q=-1, \xff",
        "Cookie: \xff=\xfe; a; =; " + "b=c; " * 500,
        "Authorization: Basic \xff",
        "Content-Type: a/b; charset=\xff",
        "Content-Length: 0",
        "Expect: 100-continue",
        "Upgrade: h2c",
    ],
)
def test_odd_headers_are_no_reason_to_fail(product: Product, header: str) -> None:
    extra = ["Range: bytes=0-1"] if header.startswith("If-Range") else []
    for path in ("/join", "/static/third-ring.css"):
        assert ask(product, get(path, header, *extra))[0] in {100, 200, 206, 416}


def test_our_own_fault_is_told_with_a_reference_and_without_a_trace(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("SELECT secret FROM people in /srv/third-ring/ivr/links.py")

    monkeypatch.setattr("ivr.links.owner", broken)
    public_url = app.extensions["house"].settings.public_url
    with app.test_client() as client:
        answers = [client.get("/j/abc", base_url=public_url).get_data(as_text=True) for _ in range(2)]
        answer = client.get("/j/abc", base_url=public_url)
    assert answer.status_code == 500
    assert {name.lower(): value for name, value in answer.headers}.items() >= SECURITY.items()
    references = [re.findall(r"Something went wrong. Reference ([0-9a-f]{8})\.", text) for text in answers]
    assert references[0] != references[1]
    assert len(references[0]) == 1
    assert not [word for word in ("Traceback", "RuntimeError", "SELECT", "/srv", ".py") if word in "".join(answers)]
