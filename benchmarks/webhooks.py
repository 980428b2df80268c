"""Requests as the carrier sends them: signed, each with a SID and a number of its own, ready as bytes.

They differ in nothing but their SID and their number, so a request is a template with two gaps, and so is the text
that its signature is made of. The first of every batch is held against twilio's own validator.
"""

import hmac
from base64 import b64encode
from functools import cache
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

PUBLIC_URL = "https://bench.example"
ACCOUNT = "AC" + "b1" * 16
TOKEN = "a-token-of-the-benchmarks"
LINE = "+17735550100"

TEXTS, CALLS, MIX = "texts", "calls", "mix"
_SID, _NUMBER = "~~sid~~", "~~number~~"
_PLACE = {"City": "CHICAGO", "State": "IL", "Zip": "60614", "Country": "US"}
_AREAS = (202, 206, 212, 213, 215, 303, 305, 312, 313, 404, 415, 504, 512, 617, 713)
_NUMBERS_IN_AN_AREA = 7_000_000

_TEXT = {
    **{f"To{name}": value for name, value in _PLACE.items()},
    **{f"From{name}": value for name, value in _PLACE.items()},
    "MessageSid": f"SM{_SID}",
    "SmsSid": f"SM{_SID}",
    "SmsMessageSid": f"SM{_SID}",
    "SmsStatus": "received",
    "Body": "Hello! How can I join?",
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
    return f"{'SM' if _is_text(kind, index) else 'CA'}{index:032x}"


def number_of(index: int) -> str:
    """The number that request `index` comes from: another one for each."""
    area, rest = divmod(index, _NUMBERS_IN_AN_AREA)
    return f"+1{_AREAS[area]}{2_000_001 + rest}"


def prepared(kind: str, first: int, count: int) -> list[bytes]:
    """`count` requests, ready to send. `kind` is texts, calls, mix (in turn), or the path of a GET."""
    if kind.startswith("/"):
        return [f"GET {kind} HTTP/1.1\r\nHost: bench.example\r\nAccept: */*\r\n\r\n".encode()] * count
    templates = {True: _template("/webhooks/sms", True), False: _template("/webhooks/voice", False)}
    return [
        templates[_is_text(kind, index)].filled(f"{index:032x}", number_of(index))
        for index in range(first, first + count)
    ]


def _is_text(kind: str, index: int) -> bool:
    return index % 2 == 0 if kind == MIX else kind == TEXTS


class _Template:
    """A request with gaps for the SID and the number."""

    def __init__(self, path: str, form: dict[str, str]) -> None:
        body = urlencode(form).replace("{", "{{").replace("}", "}}")
        self._body = body.replace(_SID, "{0}").replace(_NUMBER, "%2B{1}")
        url = PUBLIC_URL + path
        signed = url + "".join(name + form[name] for name in sorted(form))
        self._signed = signed.replace("{", "{{").replace("}", "}}").replace(_SID, "{0}").replace(_NUMBER, "+{1}")
        self._key = TOKEN.encode()
        self._head = _HEAD.format(path=path, length=len(self._body.format("0" * 32, "1" * 11)))
        self._check(url, form)

    def filled(self, digits: str, number: str) -> bytes:
        """The request of one SID (its 32 digits) and one number."""
        body = self._body.format(digits, number[1:])
        return f"{self._head}{self._signature(digits, number)}\r\n\r\n{body}".encode()

    def _signature(self, digits: str, number: str) -> str:
        signed = self._signed.format(digits, number[1:]).encode()
        return b64encode(hmac.digest(self._key, signed, "sha1")).decode()

    def _check(self, url: str, form: dict[str, str]) -> None:
        digits, number = f"{1:032x}", number_of(1)
        whole = {name: value.replace(_SID, digits).replace(_NUMBER, number) for name, value in form.items()}
        if self._signature(digits, number) != RequestValidator(TOKEN).compute_signature(url, whole):
            raise AssertionError("the prepared signature is not twilio's")
        if not self.filled(digits, number).endswith(("\r\n\r\n" + urlencode(whole)).encode()):
            raise AssertionError("the prepared form is not the form")


@cache
def _template(path: str, is_text: bool) -> _Template:
    return _Template(path, _TEXT if is_text else _CALL)
