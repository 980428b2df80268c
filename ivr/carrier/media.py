"""Pictures and files of messages, fetched from the carrier's hosts and from nowhere else.

An address comes with a webhook, and leads on by redirects. So each address on the way is checked before it is asked:
https, a host of the carrier's, a public address; and our credentials go to the API's own host alone (OWASP, "Server
Side Request Forgery Prevention"). The API host of the settings is trusted as it is: it may be a simulator.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from ivr.carrier.inbound import media_refusal
from ivr.carrier.rest import TIMEOUT_SECONDS, Account
from ivr.errors import CarrierBusy, CarrierRefused

LARGEST = 16 * 1024 * 1024
LONGEST_SECONDS = 60.0
MOST_REDIRECTS = 2
KINDS = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/3gpp"})
PASSED_ON = KINDS | {"text/vcard", "application/pdf"}
SOUND = "audio/"
PIECE = 65536


@dataclass(frozen=True)
class Media:
    """What is fetched: its kind, and its content piece by piece, which can be read once. Close it in the end."""

    content_type: str
    _answer: requests.Response
    _ends_at: float = field(repr=False)

    def __iter__(self) -> Iterator[bytes]:
        """The pieces.

        Raises `CarrierRefused` when they are too many, `CarrierBusy` when they break off or take too long: whoever
        passes them on must break off, too, or half a picture would pass for a whole one.
        """
        size = 0
        try:
            while piece := self._answer.raw.read1(PIECE, decode_content=False):  # `read` would wait for a whole one
                size += len(piece)
                if size > LARGEST:
                    raise CarrierRefused(f"media: larger than {LARGEST} bytes")
                if time.monotonic() > self._ends_at:
                    raise CarrierBusy("media: it took too long")
                yield piece
        except (HTTPError, OSError) as error:
            raise CarrierBusy(f"media: {type(error).__name__}") from error
        finally:
            self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._answer.close()


def fetch_media(
    account: Account, url: str, timeout: float = TIMEOUT_SECONDS, longest: float = LONGEST_SECONDS
) -> Media:
    """Begin to fetch what is at `url`. Raises `CarrierRefused`, or `CarrierBusy` when trying again may help."""
    ends_at = time.monotonic() + longest
    try:
        answer = _asked(account, url, timeout)
    except requests.RequestException as error:
        raise CarrierBusy(f"media: {type(error).__name__}") from error
    except ValueError as error:  # an address, or where a redirect leads, that cannot be read
        raise CarrierRefused("media_address_unreadable") from error
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if refusal := _refusal(answer, content_type):
        answer.close()
        raise CarrierRefused(f"media: {refusal}")
    return Media(content_type, answer, ends_at)


def _refusal(answer: requests.Response, content_type: str) -> str | None:
    """Why what was answered is not passed on."""
    if content_type not in PASSED_ON and not content_type.startswith(SOUND):
        return f"{content_type[:40] or 'no kind'} is not shown"
    if answer.headers.get("Content-Encoding", "identity") != "identity":  # a few bytes could become very many
        return "it is packed, which was not asked for"
    length = answer.headers.get("Content-Length", "0")
    if not length.isascii() or not length.isdigit() or len(length) > 12 or int(length) > LARGEST:
        return f"larger than {LARGEST} bytes"
    return None


def _asked(account: Account, url: str, timeout: float) -> requests.Response:
    """The answer at the end of the redirects; each address is checked first."""
    for _ in range(MOST_REDIRECTS + 1):
        _check(account, url)
        answer = _got(account, url, timeout)
        if answer.status_code == 200:
            return answer
        answer.close()
        if answer.status_code not in (301, 302, 303, 307, 308):
            kind = CarrierRefused if answer.status_code in (400, 404, 410) else CarrierBusy
            raise kind(f"media: HTTP {answer.status_code}", answer.status_code)
        url = urljoin(url, answer.headers.get("Location", ""))
    raise CarrierRefused("media: too many redirects")


def _got(account: Account, url: str, timeout: float) -> requests.Response:
    """The answer at one address, its content unread; our credentials go to the API's host only."""
    credentials = (account.key_sid, account.key_secret) if account.key_sid else (account.sid, account.token)
    with requests.Session() as session:
        session.trust_env = False  # neither a .netrc nor a proxy gets what is meant for the carrier
        return session.get(
            url,
            auth=credentials if _is_api(account, url) else None,
            headers={"Accept-Encoding": "identity"},
            timeout=timeout,
            stream=True,
            allow_redirects=False,
        )


def _check(account: Account, url: str) -> None:
    if refusal := media_refusal(url, account.api_url):
        raise CarrierRefused(refusal)
    if _is_api(account, url):
        return
    try:
        found = socket.getaddrinfo(urlsplit(url).hostname, 443, proto=socket.IPPROTO_TCP)
    except OSError as error:
        raise CarrierBusy("media: its host is not known") from error
    if not all(ipaddress.ip_address(address[4][0]).is_global for address in found):
        raise CarrierRefused("media_address_not_public")


def _is_api(account: Account, url: str) -> bool:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" == account.api_url
