"""Pictures of texts: kept by the carrier, told of in the webhook, given out as Twilio does it."""

import struct
import zlib

import pytest
import requests

from ivr.simulator import Running, Simulator

from .a_product import ACCOUNT, LINE, PHONE, Product

CREDENTIALS = (ACCOUNT.sid, ACCOUNT.auth_token)


def sent(simulator: Simulator, product: Product) -> str:
    """Sends a text with a picture; the address that the product was told of."""
    simulator.text(PHONE, LINE, "look", ["picture"])
    form = product.asked("/sms")[-1].form
    assert (form["NumMedia"], form["MediaContentType0"]) == ("1", "image/png")
    return form["MediaUrl0"]


@pytest.fixture
def url(carrier: Running, product: Product) -> str:
    """The address of a picture."""
    product.says("/sms", "")
    return sent(carrier.simulator, product)


def test_a_picture_lies_behind_a_redirect_to_an_address_without_credentials(url: str, carrier: Running) -> None:
    sid = url.rpartition("/")[2]
    assert url.startswith(f"{carrier.url}/2010-04-01/Accounts/{ACCOUNT.sid}/Messages/MM") and sid.startswith("ME")
    first = requests.get(url, auth=CREDENTIALS, allow_redirects=False, timeout=5)
    assert (first.status_code, first.headers["Location"]) == (307, f"{carrier.url}/media/{sid}")
    second = requests.get(first.headers["Location"], timeout=5)
    assert (second.status_code, second.headers["Content-Type"]) == (200, "image/png")
    assert pixels_of(second.content) == 96 * 96


def pixels_of(png: bytes) -> int:
    """How many pixels a PNG really has; its sums are checked."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    position, packed, width, height = 8, b"", 0, 0
    while position < len(png):
        (size,) = struct.unpack(">I", png[position : position + 4])
        name, content = png[position + 4 : position + 8], png[position + 8 : position + 8 + size]
        (check,) = struct.unpack(">I", png[position + 8 + size : position + 12 + size])
        assert zlib.crc32(name + content) == check
        if name == b"IHDR":
            width, height = struct.unpack(">II", content[:8])
        packed += content if name == b"IDAT" else b""
        position += 12 + size
    rows = zlib.decompress(packed)
    assert len(rows) == height * (1 + 3 * width)
    return int(width * height)


@pytest.mark.parametrize("credentials", [None, (ACCOUNT.sid, "wrong")])
def test_where_it_lies_is_told_with_credentials_only(url: str, credentials: tuple[str, str] | None) -> None:
    assert requests.get(url, auth=credentials, allow_redirects=False, timeout=5).status_code == 401


def test_there_is_no_picture_of_another_sid_or_text(url: str, carrier: Running) -> None:
    other = url[:-32] + "0" * 32
    assert requests.get(other, auth=CREDENTIALS, allow_redirects=False, timeout=5).status_code == 404
    message = url.split("/")[7]
    elsewhere = url.replace(message, "MM" + "0" * 32)
    assert requests.get(elsewhere, auth=CREDENTIALS, allow_redirects=False, timeout=5).status_code == 404
    assert requests.get(f"{carrier.url}/media/ME{'0' * 32}", timeout=5).status_code == 404


def test_it_can_be_told_to_fail(url: str, carrier: Running) -> None:
    carrier.simulator.misbehave({"media.fetch": ["503"]})
    statuses = [requests.get(url, auth=CREDENTIALS, allow_redirects=False, timeout=5).status_code for _ in range(2)]
    assert statuses == [503, 307]
