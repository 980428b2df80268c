"""Webhooks out: a signed form to the product, as Twilio sends it, and what came back.

Signature: twilio.com/docs/usage/security#validating-requests. Time-outs and retries:
twilio.com/docs/usage/webhooks/webhooks-connection-overrides; by default one retry, and only when no
connection could be made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit, urlunsplit
from uuid import uuid4

import requests
from twilio.request_validator import RequestValidator

from ivr.simulator.account import Account
from ivr.simulator.exchanges import LONGEST_ANSWER, Exchanges
from ivr.simulator.log import Log
from ivr.simulator.wire import iso, now

MAX_ANSWER_BYTES = 65536
"""A longer TwiML document is error 11750 (twilio.com/docs/api/errors/11750)."""
MAX_HTTP_REDIRECTS = 10
"""More is error 11215 (twilio.com/docs/api/errors/11215)."""


class WebhookFailed(Exception):
    """The product could not be asked, or what it said cannot be obeyed; `code` is Twilio's."""

    def __init__(self, code: int, url: str, reason: str) -> None:
        self.code = code
        self.url = url
        self.reason = reason
        super().__init__(f"{code} {reason} ({url})")


@dataclass(frozen=True)
class Answer:
    """What the product said, and the address it said it at (without the fragment)."""

    url: str
    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Overrides:
    """The connection overrides in a URL's fragment, such as `#rc=3&rp=all`; times in seconds."""

    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})
    connect_s: float = 5.0
    read_s: float = 15.0
    total_s: float = 15.0

    @classmethod
    def of(cls, url: str) -> "Overrides":
        """Reads the fragment. What is missing or no number has Twilio's default; ranges are kept."""
        words = {name: values[-1] for name, values in parse_qs(urlsplit(url).fragment).items()}

        def number(name: str, default: int, low: int, high: int) -> int:
            word = words.get(name, "")
            return min(max(int(word), low), high) if word.isdecimal() else default

        return cls(
            number("rc", 1, 0, 5),
            frozenset(words.get("rp", "ct").split(",")),
            number("ct", 5000, 100, 10000) / 1000,
            number("rt", 15000, 100, 15000) / 1000,
            number("tt", 15000, 100, 15000) / 1000,
        )

    def allow_retry(self, failure: str) -> bool:
        """Whether this kind of failure (`ct`, `rt`, `4xx`, `5xx`) is to be tried again."""
        return bool({failure, "all"} & self.retry_on)


class Webhooks:
    """Sends forms in the name of one account, signs them, and logs each attempt with its milliseconds."""

    def __init__(self, account: Account, log: Log) -> None:
        self._log = log
        self.exchanges = Exchanges()
        self._validator = RequestValidator(account.auth_token)

    def send(self, url: str, form: Mapping[str, str], *, kind: str, method: str = "POST") -> Answer:
        """Sends the form to `url` and returns the answer, whose status is below 400.

        `kind` names the webhook in the log: `voice`, `sms`, `message.status`, … Raises WebhookFailed.
        """
        overrides = Overrides.of(url)
        address = urldefrag(url).url
        token = str(uuid4())
        deadline = monotonic() + overrides.total_s
        for attempt in range(overrides.retries + 1):
            answer, failure, reason = self._attempt(address, form, kind, method, overrides, deadline, token)
            if answer is not None:
                return answer
            last = attempt == overrides.retries or monotonic() >= deadline
            if last or not overrides.allow_retry(failure):
                break
        raise WebhookFailed(11205 if failure == "ct" else 11200, address, reason)

    def fetch(self, url: str, *, kind: str) -> Answer:
        """Asks for a file, unsigned and without fields, as `<Play>` does. Raises WebhookFailed."""
        address = urldefrag(url).url
        try:
            with _session() as session, session.get(address, timeout=(5, 15)) as response:
                answer = Answer(address, response.status_code, _bare_type(response), response.content)
        except (requests.RequestException, ValueError) as error:
            raise WebhookFailed(11200, address, f"the file cannot be fetched: {error}") from None
        self._log.append("webhook", kind=kind, method="GET", url=address, status=answer.status)
        if answer.status != 200:
            raise WebhookFailed(11200, address, f"the file is answered with {answer.status}")
        return answer

    def _attempt(
        self,
        url: str,
        form: Mapping[str, str],
        kind: str,
        method: str,
        overrides: Overrides,
        deadline: float,
        token: str,
    ) -> tuple[Answer | None, str, str]:
        """One attempt: the answer, or None, the kind of failure and the reason."""
        began = monotonic()
        left = max(deadline - began, 0.05)
        answer, failure, reason = None, "", ""
        try:
            timeout = (overrides.connect_s, min(overrides.read_s, left))
            answer = self._exchange(url, form, method, timeout, token)
            if answer.status >= 400:
                failure, reason = f"{answer.status // 100}xx", f"answered with {answer.status}"
        except WebhookFailed as refusal:
            reason = refusal.reason
            raise
        except requests.ConnectionError as error:
            failure, reason = "ct" if _never_connected(error) else "rt", f"no answer: {error}"
        except (requests.RequestException, ValueError) as error:
            failure, reason = "rt", f"no answer: {error}"
        finally:
            self._note(url, form, kind, method, answer, reason, began)
        return None if failure else answer, failure, reason

    def _note(
        self,
        url: str,
        form: Mapping[str, str],
        kind: str,
        method: str,
        answer: Answer | None,
        reason: str,
        began: float,
    ) -> None:
        self._log.append(
            "webhook",
            kind=kind,
            method=method,
            url=url,
            sid=form.get("MessageSid") or form.get("CallSid"),
            state=form.get("MessageStatus") or form.get("CallStatus"),
            status=answer.status if answer else None,
            ms=round((monotonic() - began) * 1000, 1),
            error=reason or None,
        )
        self.exchanges.append(
            at=iso(now()),
            kind=kind,
            method=method,
            url=url,
            form=form,
            status=answer.status if answer else None,
            answer=answer.body[:LONGEST_ANSWER].decode(errors="replace") if answer else "",
            ms=round((monotonic() - began) * 1000, 1),
            error=reason,
        )

    def _exchange(
        self, url: str, form: Mapping[str, str], method: str, timeout: tuple[float, float], token: str
    ) -> Answer:
        """One request, and those its HTTP redirects lead to, which lose the form as with any 302."""
        for _ in range(MAX_HTTP_REDIRECTS + 1):
            answer = self._request(url, form, method, timeout, token)
            if isinstance(answer, Answer):
                return answer
            url, method, form = answer, "GET", {}
        raise WebhookFailed(11215, url, f"more than {MAX_HTTP_REDIRECTS} HTTP redirects")

    def _request(
        self, url: str, form: Mapping[str, str], method: str, timeout: tuple[float, float], token: str
    ) -> Answer | str:
        """One request: its answer, or the address it redirects to."""
        sent, params = ({}, form) if method == "GET" else (form, {})
        with _session() as session:
            request = session.prepare_request(requests.Request(method, url, data=sent, params=params))
            request.headers["X-Twilio-Signature"] = self.sign(request.url or url, sent)
            request.headers["I-Twilio-Idempotency-Token"] = token
            with session.send(request, timeout=timeout, allow_redirects=False, stream=True) as response:
                if response.is_redirect:
                    return urljoin(url, response.headers["location"])
                return _answer(url, response)

    def sign(self, url: str, form: Mapping[str, str]) -> str:
        """Signs the URL without credentials; https loses its port (twilio.com/docs/usage/security)."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme == "https":
            host = host.removesuffix(f":{parts.port}")
        return str(self._validator.compute_signature(urlunsplit(parts._replace(netloc=host)), form))


def joined(url: str, word: str) -> str:
    """The address that `word` in a document at `url` means. Raises WebhookFailed 11100 when it can be none."""
    try:
        found = urljoin(url, word)
        urlsplit(found).port  # noqa: B018 - it is this that tells
    except ValueError:
        raise WebhookFailed(11100, word, "this is no address") from None
    return found


def _session() -> requests.Session:
    """A session of its own for every webhook: no proxy, no cookies, no connection that died meanwhile."""
    session = requests.Session()
    session.trust_env = False
    session.headers.update({"User-Agent": "TwilioProxy/1.1", "Accept": "*/*", "Connection": "close"})
    return session


def _answer(url: str, response: requests.Response) -> Answer:
    body = b""
    for chunk in response.iter_content(8192):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise WebhookFailed(11750, url, f"the answer is longer than {MAX_ANSWER_BYTES} bytes")
    return Answer(url, response.status_code, _bare_type(response), body)


def _bare_type(response: requests.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _never_connected(error: requests.ConnectionError) -> bool:
    """Whether the connection itself failed, rather than breaking later, when the product may have acted."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError) or (
        type(reason).__name__ in ("NewConnectionError", "NameResolutionError")
    )
