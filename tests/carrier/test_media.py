"""Fetching pictures: from the carrier's hosts, by checked redirects, bounded, and our credentials to the API alone."""

import socket
from base64 import b64encode
from collections.abc import Iterator
from threading import Event

import pytest
from running import free_port

from ivr.carrier import media
from ivr.carrier.media import LARGEST, fetch_media
from ivr.carrier.rest import Account
from ivr.errors import CarrierBusy, CarrierError, CarrierRefused

from .a_host import Host

SID, TOKEN = "AC" + "b2" * 16, "a-token"
PICTURE = b"\x89PNG" + bytes(range(256)) * 600
PNG = {"Content-Type": "image/png"}


@pytest.fixture
def host() -> Iterator[Host]:
    """The carrier's API."""
    with Host() as made:
        yield made


@pytest.fixture
def stranger() -> Iterator[Host]:
    """Somebody else's server."""
    with Host() as made:
        yield made


def account(api: str, **more: str) -> Account:
    """Ours, at the API of this origin."""
    return Account(SID, TOKEN, api, **more)


def basic(name: str, secret: str) -> str:
    """The header of basic authentication."""
    return "Basic " + b64encode(f"{name}:{secret}".encode()).decode()


def fetched(us: Account, url: str) -> bytes:
    """All of it."""
    return b"".join(fetch_media(us, url, timeout=5))


def test_a_picture_comes_whole_and_the_api_gets_our_credentials(host: Host) -> None:
    url = host.says("/picture", 200, {**PNG, "Content-Length": str(len(PICTURE))}, PICTURE)
    found = fetch_media(account(host.url), url)
    assert found.content_type == "image/png"
    assert b"".join(found) == PICTURE
    assert host.asked == [("/picture", basic(SID, TOKEN))]


def test_with_an_api_key_it_is_asked_with_the_key(host: Host) -> None:
    url = host.says("/picture", 200, PNG, PICTURE)
    assert fetched(account(host.url, key_sid="SK1", key_secret="secret"), url) == PICTURE
    assert host.asked == [("/picture", basic("SK1", "secret"))]


def test_two_redirects_are_followed_and_no_third(host: Host) -> None:
    host.says("/picture", 200, PNG, PICTURE)
    host.says("/second", 307, {"Location": "/picture"})
    first = host.says("/first", 302, {"Location": f"{host.url}/second"})
    assert fetched(account(host.url), first) == PICTURE
    zeroth = host.says("/zeroth", 302, {"Location": "/first"})
    with pytest.raises(CarrierRefused, match="too many redirects"):
        fetch_media(account(host.url), zeroth)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://api.twilio.com@evil.example/",
        "https://api.twilio.com:8443/",
        "https://api.twilio.com.evil.example/",
        "https://127.0.0.1/",
        "http://api.twilio.com/",
        "ftp://api.twilio.com/",
        "file:///etc/passwd",
        "https://[::1",
        "//api.twilio.com/",
        "",
    ],
)
def test_an_address_that_is_not_the_carriers_is_never_asked(
    url: str, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket.socket, "connect", _nobody_connects)
    with pytest.raises(CarrierRefused):
        fetch_media(account("https://api.twilio.com"), url)


def _nobody_connects(*_: object) -> None:
    raise AssertionError("a connection was tried")


@pytest.mark.parametrize("found", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0"])
def test_a_host_of_the_carriers_that_leads_into_a_private_net_is_never_asked(
    found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _resolve(monkeypatch, socket.AF_INET, found)
    monkeypatch.setattr(socket.socket, "connect", _nobody_connects)
    with pytest.raises(CarrierRefused, match="not_public"):
        fetch_media(account("http://127.0.0.1:9"), "https://media.twiliocdn.com/picture")


@pytest.mark.parametrize("found", ["::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"])
def test_nor_by_the_longer_addresses(found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve(monkeypatch, socket.AF_INET6, found)
    with pytest.raises(CarrierRefused, match="not_public"):
        fetch_media(account("http://127.0.0.1:9"), "https://media.twiliocdn.com/picture")


def _resolve(monkeypatch: pytest.MonkeyPatch, family: int, found: str) -> None:
    """Let every name lead to a public address, and to this one."""
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("54.172.60.0", 443))
    answer = [public, (family, socket.SOCK_STREAM, 6, "", (found, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)


@pytest.mark.parametrize("name", ["api.no-such-region.twilio.com", f"api.{'a' * 70}.twilio.com"])
def test_a_host_without_an_address_is_a_fault_of_ours(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def unknown(host: str, *rest: object, **more: object) -> object:
        if len(host) > 70:
            return real(host, *rest, **more)  # type: ignore[arg-type]
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(CarrierError):
        fetch_media(account("http://127.0.0.1:9"), f"https://{name}/picture")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_stranger_is_not_followed(host: Host, stranger: Host, status: int) -> None:
    stolen = stranger.says("/picture", 200, PNG, PICTURE)
    url = host.says("/picture", status, {"Location": stolen})
    with pytest.raises(CarrierRefused, match="not_allowed"):
        fetch_media(account(host.url), url)
    assert stranger.asked == []


@pytest.mark.parametrize("location", ["http://[", "http://169.254.169.254/", "file:///etc/passwd", "//evil.example/"])
def test_a_redirect_to_nowhere_good_is_refused(host: Host, location: str) -> None:
    url = host.says("/picture", 302, {"Location": location})
    with pytest.raises(CarrierRefused):
        fetch_media(account(host.url), url)


def test_a_redirect_that_says_nothing_ends(host: Host) -> None:
    url = host.says("/picture", 302, {})
    with pytest.raises(CarrierRefused):
        fetch_media(account(host.url), url)


def test_even_an_allowed_second_host_gets_no_credentials(
    host: Host, stranger: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "_check", lambda *_: None)  # no local server can be one of the carrier's hosts
    url = host.says("/picture", 307, {"Location": stranger.says("/there", 200, PNG, PICTURE)})
    assert fetched(account(host.url), url) == PICTURE
    assert host.asked == [("/picture", basic(SID, TOKEN))]
    assert stranger.asked == [("/there", None)]


@pytest.mark.parametrize(
    "kind", ["text/html", "image/svg+xml", "image/pngx", "application/javascript", "", "text/plain"]
)
def test_what_a_browser_might_run_is_refused(host: Host, kind: str) -> None:
    url = host.says("/picture", 200, {"Content-Type": kind}, PICTURE)
    with pytest.raises(CarrierRefused, match="is not shown"):
        fetch_media(account(host.url), url)


@pytest.mark.parametrize(
    "kind",
    ["image/jpeg", "IMAGE/PNG; charset=x", "image/webp", "audio/amr", "video/mp4", "text/vcard", "application/pdf"],
)
def test_pictures_sounds_films_and_papers_are_passed_on(host: Host, kind: str) -> None:
    url = host.says("/picture", 200, {"Content-Type": kind}, PICTURE)
    assert fetched(account(host.url), url) == PICTURE


@pytest.mark.parametrize("length", [str(LARGEST + 1), "9" * 30, "many", "-1"])
def test_what_says_that_it_is_too_large_is_refused_at_once(host: Host, length: str) -> None:
    url = host.says("/picture", 200, {**PNG, "Content-Length": length})
    with pytest.raises(CarrierError):
        fetch_media(account(host.url), url)


def test_what_never_ends_is_broken_off(host: Host) -> None:
    piece = bytes(1024 * 1024)
    url = host.says("/picture", 200, PNG, *[piece] * 40)
    taken = 0
    with pytest.raises(CarrierRefused, match="larger than"):
        for got in fetch_media(account(host.url), url):
            taken += len(got)
    assert taken <= LARGEST


def test_what_comes_drop_by_drop_is_given_up(host: Host) -> None:
    ended = Event()

    def drops() -> Iterator[bytes]:
        while not ended.wait(0.005):
            yield b"x"

    host.answers["/picture"] = (200, PNG, drops)
    with pytest.raises(CarrierBusy, match="too long"):
        for _ in fetch_media(account(host.url), f"{host.url}/picture", longest=0.1):
            pass
    ended.set()


def test_what_breaks_off_is_not_taken_for_whole(host: Host) -> None:
    url = host.says("/picture", 200, {**PNG, "Content-Length": str(len(PICTURE))}, PICTURE[:1000])
    with pytest.raises(CarrierBusy):
        fetched(account(host.url), url)


def test_what_comes_packed_is_refused(host: Host) -> None:
    url = host.says("/picture", 200, {**PNG, "Content-Encoding": "gzip"}, PICTURE)
    with pytest.raises(CarrierRefused, match="packed"):
        fetch_media(account(host.url), url)


@pytest.mark.parametrize(("status", "kind"), [(404, CarrierRefused), (410, CarrierRefused), (401, CarrierBusy)])
def test_what_is_not_there_is_refused_and_the_rest_may_come(host: Host, status: int, kind: type[CarrierError]) -> None:
    url = host.says("/picture", status, {})
    with pytest.raises(CarrierError, match=str(status)) as raised:
        fetch_media(account(host.url), url)
    assert type(raised.value) is kind


def test_without_a_connection_trying_again_may_help() -> None:
    api = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(CarrierBusy):
        fetch_media(account(api), f"{api}/picture")


def test_who_says_nothing_is_not_waited_for(host: Host) -> None:
    ended = Event()

    def nothing() -> Iterator[bytes]:
        ended.wait(20)
        yield b""

    host.answers["/picture"] = (200, PNG, nothing)
    found = fetch_media(account(host.url), f"{host.url}/picture", timeout=0.1)
    with pytest.raises(CarrierBusy):
        list(found)
    ended.set()
