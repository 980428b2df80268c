"""Asking the carrier to do things: send a text, look for one, fetch a recording, point a number at us.

Every fault comes out as one of three: refused (no, for good), busy (surely nothing was done) or in doubt (it may
have been done). The `twilio` client has four unrelated families of exceptions and no time-out by default; both end
here.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from ivr.errors import CarrierBusy, CarrierInDoubt, CarrierRefused
from ivr.phone_numbers import masked

T = TypeVar("T")

logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # at INFO it logs numbers and texts

TIMEOUT_SECONDS = 10.0
WAITING_STATUS = frozenset({429, 401, 403})  # 401 and 403 are our own credentials: the text can wait
QUEUE_FULL_CODE = 21611  # docs api/errors/21611: the sender's queue holds ten hours of texts, so slow down
LARGEST_RECORDING = 16 * 1024 * 1024
MOST_FOUND = 50
NEVER_CONNECTED = (
    "NewConnectionError",
    "NameResolutionError",
    "CERTIFICATE_VERIFY_FAILED",
    "WRONG_VERSION_NUMBER",
    "HANDSHAKE_FAILURE",
)
_NUMBER = re.compile(r"\+?[0-9]{7,}")


@dataclass(frozen=True)
class Account:
    """Whom we ask as: the account, its token or an API key, and the host that speaks Twilio's REST."""

    sid: str
    token: str
    api_url: str
    key_sid: str = ""
    key_secret: str = ""
    messaging_service_sid: str = ""


@dataclass(frozen=True)
class Sent:
    """A text as the carrier's list shows it."""

    sid: str
    body: str
    created_at: datetime | None


@dataclass(frozen=True)
class Webhooks:
    """What the carrier asks for one number: addresses, empty when unset; `sid` is the number's own.

    An application set for a number silently overrides its addresses, so both must be empty.
    """

    sid: str
    voice: str
    voice_fallback: str
    call_status: str
    sms: str
    sms_fallback: str
    voice_application: str = ""
    sms_application: str = ""


_WEBHOOK_FIELDS = {
    "voice": "voice_url",
    "voice_fallback": "voice_fallback_url",
    "call_status": "status_callback",
    "sms": "sms_url",
    "sms_fallback": "sms_fallback_url",
    "voice_application": "voice_application_sid",
    "sms_application": "sms_application_sid",
}


class Carrier:
    """Twilio's REST, or who speaks it. Safe to use from several threads."""

    def __init__(self, account: Account, timeout: float = TIMEOUT_SECONDS) -> None:
        self._account = account
        self._credentials = (account.key_sid, account.key_secret) if account.key_sid else (account.sid, account.token)
        self._timeout = timeout
        self._client = _client(account, self._credentials, timeout)

    def send(self, line: str, number: str, body: str, status_callback: str, media_url: str | None = None) -> str:
        """Send a text from `line` to `number` (both E.164), as an MMS with what lies at `media_url`; returns its SID.

        Raises `CarrierRefused`, `CarrierBusy` or `CarrierInDoubt`.
        """
        service = self._account.messaging_service_sid
        message = self._ask(
            lambda client: client.messages.create(
                to=number,
                from_=line,
                body=body,
                status_callback=status_callback,
                **({"messaging_service_sid": service} if service else {}),
                **({"media_url": [media_url]} if media_url else {}),
            )
        )
        if not message.sid:
            raise CarrierInDoubt("answer: no SID")
        return str(message.sid)

    def find_sent(self, line: str, number: str) -> list[Sent]:
        """The newest texts from `line` to `number` in the carrier's list."""
        found = self._ask(lambda client: client.messages.list(to=number, from_=line, limit=MOST_FOUND))
        return [Sent(str(message.sid), message.body or "", message.date_created) for message in found]

    def fetch_recording(self, recording_sid: str) -> bytes:
        """A voice message as WAV. Its address is made from our own API host, never taken from a webhook."""
        url = f"{self._account.api_url}/2010-04-01/Accounts/{self._account.sid}/Recordings/{recording_sid}.wav"
        try:
            with requests.get(
                url, auth=self._credentials, timeout=self._timeout, stream=True, allow_redirects=False
            ) as answer:
                if answer.status_code != 200:
                    kind = CarrierRefused if 300 <= answer.status_code < 400 else CarrierBusy
                    raise kind(f"recording: HTTP {answer.status_code}", answer.status_code)
                return _at_most(answer, LARGEST_RECORDING)
        except requests.RequestException as error:
            raise CarrierBusy(f"recording: {type(error).__name__}") from error

    def webhooks(self, number: str) -> Webhooks:
        """What is set for a number of the account. Raises `CarrierRefused` when the account has no such number."""
        found = self._ask(lambda client: client.incoming_phone_numbers.list(phone_number=number, limit=1))
        if not found:
            raise CarrierRefused(f"The account {self._account.sid} has no number {number}.")
        return Webhooks(
            sid=found[0].sid,
            **{ours: getattr(found[0], theirs) or "" for ours, theirs in _WEBHOOK_FIELDS.items()},
        )

    def set_webhooks(self, wanted: Webhooks) -> None:
        """Set a number's addresses, all asked for by POST."""
        fields: dict[str, Any] = {theirs: getattr(wanted, ours) for ours, theirs in _WEBHOOK_FIELDS.items()}
        methods = dict.fromkeys(
            ("voice_method", "voice_fallback_method", "status_callback_method", "sms_method", "sms_fallback_method"),
            "POST",
        )
        self._ask(lambda client: client.incoming_phone_numbers(wanted.sid).update(**fields, **methods))

    def check_account(self) -> str:
        """The account's status (`active`). Raises as `send` does: it is how `doctor` tries the credentials."""
        return str(self._ask(lambda client: client.api.accounts(self._account.sid).fetch()).status)

    def _ask(self, question: Callable[[Client], T]) -> T:
        try:
            return question(self._client)
        except TwilioException as error:
            raise _fault(error) from error
        except requests.ConnectionError as error:
            kind = CarrierBusy if _never_connected(error) else CarrierInDoubt
            raise kind(f"connection: {type(error).__name__}") from error
        except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CarrierInDoubt(f"answer: {type(error).__name__}: {error}"[:200]) from error


def _client(account: Account, credentials: tuple[str, str], timeout: float) -> Client:
    """Twilio's client, whole before any thread can use it: it makes its parts when they are first asked for.

    A TWILIO_EDGE or TWILIO_REGION in the environment would send us to another host.
    """
    user, secret = credentials
    client = Client(
        user or "nobody",  # `ivr doctor` opens the house without an account, too
        secret or "nothing",
        account_sid=account.sid,
        http_client=TwilioHttpClient(timeout=timeout, max_retries=0),
        environment={"TWILIO_EDGE": ""},
    )
    client.api.base_url = account.api_url
    return client


def _fault(error: TwilioException) -> Exception:
    """What the client raised, as one of ours. A list that fails brings no status of its own but the whole answer.

    The carrier's words go into logs and into the row of a text; the number in them goes to neither.
    """
    answer = error.args[1] if len(error.args) > 1 else None
    status: int = getattr(error, "status", getattr(answer, "status_code", 0))
    message = _NUMBER.sub(lambda found: masked(found[0]), getattr(error, "msg", "") or str(error.args[0]))
    code: int | None = getattr(error, "code", None)
    if status in WAITING_STATUS or code == QUEUE_FULL_CODE:
        return CarrierBusy(f"HTTP {status}: {message}", code or status)
    if 400 <= status < 500:
        return CarrierRefused(message, code or status)
    return CarrierInDoubt(f"HTTP {status}: {message}", code or status)


def _never_connected(error: requests.ConnectionError) -> bool:
    """Whether the connection was never made, so that nothing can have been sent.

    A fault of TLS tells only by its reason: it may as well have come after the request.
    """
    return isinstance(error, requests.ConnectTimeout) or any(sign in repr(error) for sign in NEVER_CONNECTED)


def _at_most(answer: requests.Response, largest: int) -> bytes:
    content = bytearray()
    for piece in answer.iter_content(65536):
        content += piece
        if len(content) > largest:
            raise CarrierRefused(f"recording: larger than {largest} bytes")
    return bytes(content)
