"""Pictures and files of messages, fetched from the carrier's hosts and from nowhere else.

An address comes with a webhook, and leads on by redirects. So each address on the way is checked before it is asked:
https, a host of the carrier's, a public address; and our credentials go to the API's own host alone (OWASP, "Server
Side Request Forgery Prevention"). The API host of the settings is trusted as it is: it may be a simulator.
"""

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests

from ivr.carrier.inbound import media_refusal
from ivr.carrier.rest import TIMEOUT_SECONDS, Account
from ivr.errors import CarrierBusy, CarrierRefused

LARGEST = 16 * 1024 * 1024
MOST_REDIRECTS = 2
SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp", "audio/", "video/mp4", "video/3gpp")
PASSED_ON = (*SHOWN, "text/vcard", "application/pdf")


@dataclass(frozen=True)
class Media:
    """What was fetched: its kind, and its content piece by piece."""

    content_type: str
    pieces: Iterator[bytes]


def fetch_media(account: Account, url: str, timeout: float = TIMEOUT_SECONDS) -> Media:
    """Begin to fetch what is at `url`. Raises `CarrierRefused`, or `CarrierBusy` when trying again may help."""
    try:
        answer = _asked(account, url, timeout)
    except requests.RequestException as error:
        raise CarrierBusy(f"media: {type(error).__name__}") from error
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not content_type.startswith(PASSED_ON):
        answer.close()
        raise CarrierRefused(f"media: {content_type[:40] or 'no kind'} is not shown")
    if int(answer.headers.get("Content-Length") or 0) > LARGEST:
        answer.close()
        raise CarrierRefused(f"media: larger than {LARGEST} bytes")
    return Media(content_type, _pieces(answer))


def _asked(account: Account, url: str, timeout: float) -> requests.Response:
    """The answer at the end of the redirects; each address is checked first."""
    credentials = (account.key_sid, account.key_secret) if account.key_sid else (account.sid, account.token)
    for _ in range(MOST_REDIRECTS + 1):
        _check(account, url)
        is_api = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" == account.api_url
        with requests.Session() as session:
            session.trust_env = False  # neither a .netrc nor a proxy gets what is meant for the carrier
            answer = session.get(
                url, auth=credentials if is_api else None, timeout=timeout, stream=True, allow_redirects=False
            )
        if answer.status_code in (301, 302, 303, 307, 308):
            url = urljoin(url, answer.headers.get("Location", ""))
            answer.close()
            continue
        if answer.status_code != 200:
            answer.close()
            kind = CarrierRefused if answer.status_code in (400, 404, 410) else CarrierBusy
            raise kind(f"media: HTTP {answer.status_code}", answer.status_code)
        return answer
    raise CarrierRefused("media: too many redirects")


def _check(account: Account, url: str) -> None:
    if refusal := media_refusal(url, account.api_url):
        raise CarrierRefused(refusal)
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" == account.api_url:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, 443, proto=socket.IPPROTO_TCP)
    except OSError as error:
        raise CarrierBusy("media: its host is not known") from error
    if not all(ipaddress.ip_address(address[4][0]).is_global for address in found):
        raise CarrierRefused("media_address_not_public")


def _pieces(answer: requests.Response) -> Iterator[bytes]:
    """The content, cut off where it gets too large."""
    size = 0
    with answer:
        for piece in answer.iter_content(65536):
            size += len(piece)
            if size > LARGEST:
                return
            yield piece
