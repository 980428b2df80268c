"""Requests as the carrier sends them: signed, each with a SID and a number of its own, ready as bytes.

They differ in their SID, their number and what a text says, so a request is a template with three gaps, and so is
the text that its signature is made of. A template is held against twilio's own validator before it is used. SIDs and
numbers come in no order, as in life: an index of the database must find each its place.
"""

import hmac
from base64 import b64encode
from functools import cache
from hashlib import md5
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

PUBLIC_URL = "https://bench.example"
ACCOUNT = "AC" + "b1" * 16
TOKEN = "a-token-of-the-benchmarks"
LINE = "+17735550100"

TEXTS, CALLS, MIX = "texts", "calls", "mix"
_SID, _NUMBER, _WORD = "~~sid~~", "~~number~~", "~~word~~"
_PLACE = {"City": "CHICAGO", "State": "IL", "Zip": "60614", "Country": "US"}
_AREAS = (202, 206, 212, 213, 215, 303, 305, 312, 313, 404, 415, 504, 512, 617, 713)
_NUMBERS = 7_000_000 * len(_AREAS)
_STRIDE = 64_890_919  # a prime: it goes once through all numbers, in leaps

_TEXT = {
    **{f"To{name}": value for name, value in _PLACE.items()},
    **{f"From{name}": value for name, value in _PLACE.items()},
    "MessageSid": f"SM{_SID}",
    "SmsSid": f"SM{_SID}",
    "SmsMessageSid": f"SM{_SID}",
    "SmsStatus": "received",
    "Body": f"Hello! How can I join? {_WORD}",
    "NumMedia": "0",
    "NumSegments": "1",
    "AccountSid": ACCOUNT,
    "From": _NUMBER,
    "To": LINE,
    "ApiVersion": "2010-04-01",
}
_CALL = {
    **{f"{side}{name}": value for side in ("To", "From", "Called", "Caller") for name, value in _PLACE.items()},
    "CallSid": f"CA{_SID}",
    "CallStatus": "ringing",
    "CallToken": "%7B%22parentCallInfoToken%22%3A%22eyJhbGciOiJFUzI1NiJ9%22%7D",
    "Direction": "inbound",
    "StirVerstat": "TN-Validation-Passed-A",
    "AccountSid": ACCOUNT,
    "From": _NUMBER,
    "Caller": _NUMBER,
    "To": LINE,
    "Called": LINE,
    "ApiVersion": "2010-04-01",
}
_HEAD = (
    "POST {path} HTTP/1.1\r\n"
    "Host: bench.example\r\n"
    "User-Agent: TwilioProxy/1.1\r\n"
    "Accept: */*\r\n"
    "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
    "I-Twilio-Idempotency-Token: 5e0b7a7e-9c34-4f0e-8d2b-0f6f3f6d2c11\r\n"
    "Content-Length: {length}\r\n"
    "X-Twilio-Signature: "
)


def sid_of(kind: str, index: int) -> str:
    """The SID of request `index`."""
    return f"{'SM' if _is_text(kind, index) else 'CA'}{_digits(index)}"


def number_of(index: int) -> str:
    """The number that request `index` comes from: another one for each."""
    area, rest = divmod(index * _STRIDE % _NUMBERS, _NUMBERS // len(_AREAS))
    return f"+1{_AREAS[area]}{2_000_000 + rest}"


def prepared(kind: str, first: int, count: int) -> list[bytes]:
    """`count` requests, ready to send. `kind` is texts, calls, mix (in turn), or the path of a GET."""
    if kind.startswith("/"):
        return [f"GET {kind} HTTP/1.1\r\nHost: bench.example\r\nAccept: */*\r\n\r\n".encode()] * count
    templates = {True: _template("/webhooks/sms", True), False: _template("/webhooks/voice", False)}
    return [
        templates[_is_text(kind, index)].filled(_digits(index), number_of(index))
        for index in range(first, first + count)
    ]


def _digits(index: int) -> str:
    return md5(index.to_bytes(8, "big"), usedforsecurity=False).hexdigest()


def _is_text(kind: str, index: int) -> bool:
    return index % 2 == 0 if kind == MIX else kind == TEXTS


class _Template:
    """A request with gaps for the SID and the number."""

    def __init__(self, path: str, form: dict[str, str]) -> None:
        url = PUBLIC_URL + path
        self._key = TOKEN.encode()
        self._body = _gaps(urlencode(form), "%2B")
        self._signed = _gaps(url + "".join(name + form[name] for name in sorted(form)), "+")
        self._head = _HEAD.format(path=path, length=len(self._body.format("0" * 32, "1" * 11, "2" * 8)))
        self._check(url, form)

    def filled(self, digits: str, number: str) -> bytes:
        """The request of one SID (its 32 digits) and one number."""
        body = self._body.format(digits, number[1:], digits[:8])
        return f"{self._head}{self._signature(digits, number)}\r\n\r\n{body}".encode()

    def _signature(self, digits: str, number: str) -> str:
        signed = self._signed.format(digits, number[1:], digits[:8]).encode()
        return b64encode(hmac.digest(self._key, signed, "sha1")).decode()

    def _check(self, url: str, form: dict[str, str]) -> None:
        digits, number = _digits(1), number_of(1)
        gaps = {_SID: digits, _NUMBER: number, _WORD: digits[:8]}
        whole = {name: _replaced(value, gaps) for name, value in form.items()}
        if self._signature(digits, number) != RequestValidator(TOKEN).compute_signature(url, whole):
            raise AssertionError("the prepared signature is not twilio's")
        if not self.filled(digits, number).endswith(("\r\n\r\n" + urlencode(whole)).encode()):
            raise AssertionError("the prepared form is not the form")


def _gaps(text: str, plus: str) -> str:
    """`text` as a format string; `plus` is how a number begins."""
    return _replaced(text, {"{": "{{", "}": "}}", _SID: "{0}", _NUMBER: plus + "{1}", _WORD: "{2}"})


def _replaced(text: str, pairs: dict[str, str]) -> str:
    for old, new in pairs.items():
        text = text.replace(old, new)
    return text


@cache
def _template(path: str, is_text: bool) -> _Template:
    return _Template(path, _TEXT if is_text else _CALL)
