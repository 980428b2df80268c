"""A crowd's webhooks, as signed bytes.

Most of a webhook is the same for everybody, so a request is a template with gaps, and so is the text that its
signature is made of. Before a template is used, what it makes is held against twilio's own validator.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote_plus, urldefrag, urlencode, urlsplit

from twilio.request_validator import RequestValidator

from ivr.message_segments import segments
from ivr.simulator.crowd.people import COUNTRIES, Person
from ivr.simulator.crowd.plan import Target
from ivr.simulator.places import place_fields
from ivr.simulator.wire import API_VERSION

_GAP = "-begin-{}-end-"
_HEAD = (
    "POST {path} HTTP/1.1\r\n"
    "Host: {host}\r\n"
    "User-Agent: TwilioProxy/1.1\r\n"
    "Accept: */*\r\n"
    "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
    "I-Twilio-Idempotency-Token: {token}\r\n"
    "Content-Length: {length}\r\n"
    "X-Twilio-Signature: {signature}\r\n"
    "\r\n{body}"
)


@dataclass(frozen=True)
class Address:
    """Where a webhook goes: `url` is what is signed, without a fragment; `host` and `path` are what is asked for."""

    url: str
    host: str
    path: str

    @classmethod
    def of(cls, url: str) -> "Address":
        """Reads an address. As Twilio signs it, one with https loses its port."""
        parts = urlsplit(urldefrag(url).url)
        host = parts.netloc.rpartition("@")[2]
        signed = host.removesuffix(f":{parts.port}") if parts.scheme == "https" else host
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(f"{parts.scheme}://{signed}{path}", host, path)


class Template:
    """A form with gaps: `fixed` are its fields, `gaps` the names of those that each request has of its own."""

    def __init__(self, key: str, fixed: Mapping[str, str], gaps: tuple[str, ...]) -> None:
        self._key = key.encode()
        form = {**fixed, **{name: _GAP.format(name) for name in gaps}}
        self._signed = _opened("".join(name + form[name] for name in sorted(form)), gaps)
        self._body = _opened(urlencode(form), gaps)
        sample = tuple(f"+1 &{{é}} {name}" for name in gaps)
        self._check(key, {**fixed, **dict(zip(gaps, sample, strict=True))}, sample)

    def filled(self, address: Address, token: str, *values: str) -> bytes:
        """The whole request: `values` fill the gaps, in their order."""
        body = self._body.format(*map(_quoted, values))
        return _HEAD.format(
            path=address.path,
            host=address.host,
            token=token,
            length=len(body),
            signature=self._signature(address.url, values),
            body=body,
        ).encode()

    def _signature(self, url: str, values: tuple[str, ...]) -> str:
        signed = url + self._signed.format(*values)
        return b64encode(hmac.digest(self._key, signed.encode(), "sha1")).decode()

    def _check(self, key: str, form: Mapping[str, str], values: tuple[str, ...]) -> None:
        url = "http://127.0.0.1:8000/webhooks?a=b"
        if self._signature(url, values) != RequestValidator(key).compute_signature(url, form):
            raise AssertionError("the signature is not twilio's")
        if not self.filled(Address.of(url), "", *values).endswith(urlencode(form).encode()):
            raise AssertionError("the body is not the form")


def _quoted(value: str) -> str:
    """A value of a form; most are SIDs and words, with nothing to quote."""
    return value if value.isascii() and value.isalnum() else quote_plus(value)


def _opened(text: str, gaps: tuple[str, ...]) -> str:
    """`text` as a format string, open where the gaps are."""
    text = text.replace("{", "{{").replace("}", "}}")
    for place, name in enumerate(gaps):
        text = text.replace(_GAP.format(name), f"{{{place}}}")
    return text


class Forms:
    """The webhooks of one line's crowd."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._text = cache(self._make_text)
        self._call = cache(self._make_call)
        self._sms, self._voice = Address.of(target.sms_url), Address.of(target.voice_url)
        self._status = Address.of(target.status_url or target.voice_url)
        message = {"AccountSid": target.account_sid, "ApiVersion": API_VERSION, "From": target.line}
        gaps = ("To", "MessageSid", "SmsSid", "MessageStatus", "SmsStatus")
        self._delivered = Template(target.token, message, gaps)
        self._failed = Template(target.token, message, (*gaps, "ErrorCode"))

    def text(self, person: Person) -> bytes:
        """Somebody texts."""
        sid, number, body = person.sid, person.number, person.body
        filled = self._text(_where(person)).filled
        return filled(self._sms, _token(sid), sid, sid, sid, number, body, str(segments(body)))

    def call(self, person: Person) -> bytes:
        """Somebody calls."""
        sid, number = person.sid, person.number
        return self._call(_where(person), ()).filled(self._voice, _token(sid), sid, number, number, "ringing")

    def key(self, person: Person, url: str, key: str) -> bytes:
        """A caller presses a key that the product asked for, at `url`."""
        sid, number = person.sid, person.number
        template = self._call(_where(person), ("Digits", "FinishedOnKey"))
        return template.filled(Address.of(url), _token(sid[::-1]), sid, number, number, "in-progress", key, "")

    def ended(self, person: Person, status: str, seconds: int) -> bytes:
        """A call is over."""
        sid, number = person.sid, person.number
        template = self._call(_where(person), ("CallDuration", "Duration", "SequenceNumber", "CallbackSource"))
        after = (str(seconds), str(-(-seconds // 60)), "0", "call-progress-events")
        return template.filled(self._status, _token(sid[::-1]), sid, number, number, status, *after)

    def delivery(self, person: Person, url: str, sid: str, status: str, error: int | None = None) -> bytes:
        """What became of the answer to a text."""
        values = (person.number, sid, sid, status, status)
        if error is None:
            return self._delivered.filled(Address.of(url), _token(sid), *values)
        return self._failed.filled(Address.of(url), _token(sid), *values, str(error))

    def _make_text(self, where: str) -> Template:
        fixed = self._both(where, "From", "To") | {"SmsStatus": "received", "NumMedia": "0", "To": self._target.line}
        gaps = ("MessageSid", "SmsSid", "SmsMessageSid", "From", "Body", "NumSegments")
        return Template(self._target.token, fixed, gaps)

    def _make_call(self, where: str, more: tuple[str, ...]) -> Template:
        places = self._both(where, "From", "To") | self._both(where, "Caller", "Called")
        fixed = places | {"Direction": "inbound", "To": self._target.line, "Called": self._target.line}
        return Template(self._target.token, fixed, ("CallSid", "From", "Caller", "CallStatus", *more))

    def _both(self, where: str, side: str, other: str) -> dict[str, str]:
        """What every webhook says, with where both sides are; `where` is a number of the place."""
        account = {"AccountSid": self._target.account_sid, "ApiVersion": API_VERSION}
        return account | place_fields(side, where) | place_fields(other, self._target.line)


def _where(person: Person) -> str:
    """One number for all that are from the same place, as far as the carrier tells places apart."""
    begins = COUNTRIES[person.country].begins[0]
    if begins.startswith("+1"):
        return f"{person.number[:5]}2000000"
    return begins + "1" * COUNTRIES[person.country].digits


def _token(sid: str) -> str:
    """The token of one webhook, the same when it is tried again."""
    return f"{sid[2:10]}-{sid[10:14]}-{sid[14:18]}-{sid[18:22]}-{sid[22:34]}"
