"""Malformed requests, made from a seed: whole ones, broken in one or several places."""

import random
from collections.abc import Iterator

METHODS = (b"GET", b"POST", b"HEAD", b"PUT", b"OPTIONS", b"get", b"", b"G\x00T", b"PRI", b"A" * 300, b"POST\x0b")
PATHS = (
    *(
        b"/",
        b"/join",
        b"/j/abc",
        b"/j/" + b"A" * 22,
        b"/audio/0.wav",
        b"/static/third-ring.css",
        b"/healthz",
        b"/readyz",
    ),
    *(b"/webhooks/sms", b"/webhooks/voice", b"/webhooks/voice/menu?offer=1", b"/webhooks/sms/status?message=1"),
    *(
        b"",
        b"*",
        b"//",
        b"/%",
        b"/%00",
        b"/%ff",
        b"/\xff",
        b"/../..",
        b"http://evil/",
        b"?",
        b"/#",
        b"/;x",
        b"/" + b"a" * 5000,
    ),
    *(
        b"/j/%0a%0d",
        b"/static/%2e%2e%2f",
        b"/webhooks//sms",
        b"/webhooks/sms?%00=%ff&&==",
        b"/" + b"%25" * 400,
        b"/\xe2\x80\xae",
    ),
)
VERSIONS = (
    b"HTTP/1.1",
    b"HTTP/1.0",
    b"HTTP/2.0",
    b"HTTP/9.9",
    b"http/1.1",
    b"HTTP/1.1 ",
    b"",
    b"HTTP/01.1",
    b"HTTP/1.\xb1",
)
HEADERS = (
    *(b"Content-Type: application/x-www-form-urlencoded", b"Content-Type: application/json", b"Content-Type: ;;\xff"),
    *(
        b"X-Twilio-Signature: x",
        b"X-Twilio-Signature: " + b"=" * 3000,
        b"X-Twilio-Signature:",
        b"x_twilio_signature: x",
    ),
    *(
        b"Content-Length: 3",
        b"Content-Length: -3",
        b"Content-Length: 3, 3",
        b"Content-Length: +3",
        b"Content-Length: 99999999999",
    ),
    *(b"Content-Length: \xb2", b"Content-Length: 0x3", b"Content-Length:", b"Content-Length: " + b"9" * 5000),
    *(
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: xchunked",
        b"TE: trailers",
    ),
    *(b"Host: evil.example", b"Host:", b"Host: [", b"Host: a@b", b"host: 127.0.0.1", b"Host: \xff", b"Host: a, b"),
    *(
        b"Range: bytes=-",
        b"Range: bytes=1-0",
        b"Range: bytes=" + b"9" * 4400 + b"-",
        b"Range: bytes=0-0,1-1",
        b"Range: \xff",
    ),
    *(
        b"If-Modified-Since: Thu, 01 Jan 99999999999 00:00:00 GMT",
        b'If-None-Match: "',
        b"If-None-Match: W/*",
        b"If-Range: \xff",
    ),
    *(
        b"If-Unmodified-Since: Mon, 32 Foo -1 99:99:99 +9999",
        b'If-Match: "\xff',
        b"If-Modified-Since: 0",
        b"Date: \xff",
    ),
    *(
        b"Accept-Language: ;q=,*;q=1e999,ar;q=nan",
        b"Accept: \xff/\xff;q=x",
        b"Cookie: =;\xff;" + b"a" * 3000,
        b"Accept-Encoding: *",
    ),
    *(
        b"Expect: 100-continue",
        b"Expect: \xff",
        b"Upgrade: h2c",
        b"Connection: Upgrade, HTTP2-Settings",
        b"HTTP2-Settings: AAMA",
    ),
    *(
        b"X-Forwarded-Proto: https",
        b"X-Forwarded-For: \xff",
        b"Forwarded: host=evil",
        b"SCRIPT_NAME: /a",
        b"Proxy: http://evil",
    ),
    *(
        b"X Y: a",
        b"X\x00: a",
        b": a",
        b"X",
        b" folded",
        b"X: " + b"a" * 9000,
        b"X: \x00",
        b"\xff\xff: \xff",
        b"X: a\rY: b",
    ),
    *(b"Authorization: Basic \xff", b"Sec-WebSocket-Key: x", b"Trailer: Host", b"Via: \xff", b"Content-Encoding: gzip"),
)
BODIES = (
    b"",
    b"a=b",
    b"a=b&a=c",
    b"%",
    b"%ff=%00",
    b"&" * 300,
    b'{"a":1}',
    b"a" * 70_000,
    b"\x00" * 100,
    b"\xff" * 100,
    b"a=b" * 20,
)
CHUNKS = (
    b"3\r\na=b\r\n0\r\n\r\n",
    b"zz\r\n",
    b"-1\r\n",
    b'3;x="\r\n',
    b"3\r\nab",
    b"F" * 40 + b"\r\n",
    b"0\r\nX: \xff\r\n\r\n",
    b"3 \r\na=b\r\n0",
)


def requests(seed: int, port: int) -> Iterator[bytes]:
    """Malformed requests without end, the same for the same seed."""
    chance = random.Random(seed)
    while True:
        yield _torn(chance, _request(chance, port))


def _request(chance: random.Random, port: int) -> bytes:
    first = b" ".join((_one(chance, METHODS, 2), chance.choice(PATHS), _one(chance, VERSIONS, 1)))
    headers = [b"Host: 127.0.0.1:%d" % port] * chance.choice((1, 1, 1, 1, 1, 1, 0, 2))
    headers += chance.sample(HEADERS, chance.randrange(5)) * chance.choice((1, 1, 1, 1, 1, 2, 60))
    if chance.random() < 0.3:
        headers += [b"Content-Type: application/x-www-form-urlencoded", b"X-Twilio-Signature: x"]
    chance.shuffle(headers)
    body = chance.choice(CHUNKS if b"Transfer-Encoding: chunked" in headers else BODIES)
    if chance.random() < 0.3:
        headers.append(b"Content-Length: %d" % (len(body) + chance.choice((0, 0, 0, 7, -1))))
    end = b"\n" if chance.random() < 0.03 else b"\r\n"
    return end.join((first, *headers, b"", body))


def _one(chance: random.Random, choices: tuple[bytes, ...], usual: int) -> bytes:
    """Mostly one of the first `usual`, sometimes any."""
    return chance.choice(choices[:usual] if chance.random() < 0.85 else choices)


def _torn(chance: random.Random, content: bytes) -> bytes:
    """Sometimes cut short, changed in one byte, or followed by more."""
    fate, place = chance.random(), chance.randrange(len(content) + 1)
    if fate < 0.1:
        return content[:place]
    if fate < 0.2:
        return content[:place] + bytes((chance.randrange(256),)) + content[place + 1 :]
    if fate < 0.25:
        return content + content
    return content
