"""The recordings that the carrier plays: kept by every cache on the way, fetched in pieces, never changed."""

import hashlib
from email.utils import formatdate, parsedate_to_datetime
from http.client import HTTPConnection

import pytest
from running import Product

from audio.library import Clip, Library

OLD, FUTURE = formatdate(0, usegmt=True), formatdate(4e9, usegmt=True)


@pytest.fixture(scope="module")
def clip() -> Clip:
    """The English greeting."""
    found = Library.open().clip("en", "greeting")
    assert found is not None
    return found


def fetch(product: Product, clip: Clip, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Fetch a recording; `If_None_Match` stands for If-None-Match."""
    connection = HTTPConnection("127.0.0.1", product.settings.port, timeout=20)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/audio/{clip.digest}.wav", headers=sent)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def test_a_recording_comes_whole_and_for_ever(product: Product, clip: Clip) -> None:
    status, headers, content = fetch(product, clip)
    assert (status, content) == (200, clip.content)
    assert hashlib.sha256(content).hexdigest().startswith(clip.digest)
    assert headers["content-type"] == "audio/wav"
    assert headers["content-length"] == str(len(content))
    assert headers["etag"] == f'"{clip.digest}"'
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["accept-ranges"] == "bytes"
    assert parsedate_to_datetime(headers["last-modified"]).timestamp() == int(clip.modified)
    assert headers["x-content-type-options"] == "nosniff"


def test_head_tells_the_same_without_the_sound(product: Product, clip: Clip) -> None:
    _, whole, _ = fetch(product, clip)
    status, headers, content = fetch(product, clip, "HEAD")
    assert (status, content) == (200, b"")
    assert {**headers, "date": ""} == {**whole, "date": ""}


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("0-0", 0, 0), ("0-99", 0, 99), ("100-199", 100, 199), ("10-", 10, -1), ("-10", -10, -1), ("0-999999999", 0, -1)],
)
def test_a_piece_is_given(product: Product, clip: Clip, wanted: str, first: int, last: int) -> None:
    first, last = first % len(clip.content), last % len(clip.content)
    status, headers, content = fetch(product, clip, Range=f"bytes={wanted}")
    assert (status, content) == (206, clip.content[first : last + 1])
    assert headers["content-range"] == f"bytes {first}-{last}/{len(clip.content)}"
    assert headers["content-length"] == str(last + 1 - first)


def test_a_piece_beyond_the_end_cannot_be_given_and_the_length_is_told(product: Product, clip: Clip) -> None:
    for wanted in (f"{len(clip.content)}-", "999999999-9999999999", "9" * 400 + "-"):
        status, headers, content = fetch(product, clip, Range=f"bytes={wanted}")
        assert status == 416
        assert headers["content-range"] == f"bytes */{len(clip.content)}"
        assert headers["content-type"].startswith("text/plain")
        assert b"Traceback" not in content


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,3-4", "bytes=0-,0-,0-", "items=0-1", "seconds=1-2", "bytes", "x", "=", "0-1"]
)
def test_several_pieces_or_another_unit_get_the_whole(product: Product, clip: Clip, wanted: str) -> None:
    status, _, content = fetch(product, clip, Range=wanted)
    assert (status, content) == (200, clip.content)


@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
def test_who_has_it_already_is_told_so(product: Product, clip: Clip, known: str) -> None:
    status, headers, content = fetch(product, clip, If_None_Match=known.format(clip.digest))
    assert (status, content) == (304, b"")
    assert headers["etag"] == f'"{clip.digest}"'
    assert "immutable" in headers["cache-control"]


def test_who_has_another_gets_this_one(product: Product, clip: Clip) -> None:
    assert fetch(product, clip, If_None_Match='"other"')[0] == 200
    assert fetch(product, clip, If_None_Match='"other"', If_Modified_Since=FUTURE)[0] == 200


def test_who_has_it_since_it_was_made_is_told_so(product: Product, clip: Clip) -> None:
    _, headers, _ = fetch(product, clip)
    assert fetch(product, clip, If_Modified_Since=headers["last-modified"])[0] == 304
    assert fetch(product, clip, If_Modified_Since=FUTURE)[0] == 304
    assert fetch(product, clip, If_Modified_Since=OLD)[0] == 200


@pytest.mark.parametrize(
    "odd", ["yesterday", "Thu, 01 Jan 99999999999 00:00:00 GMT", "Mon, 99 Foo 2026 99:99:99 GMT", "\xff"]
)
def test_a_date_that_no_calendar_has_is_no_condition(product: Product, clip: Clip, odd: str) -> None:
    assert fetch(product, clip, If_Modified_Since=odd)[0] == 200
    assert fetch(product, clip, If_Range=odd, Range="bytes=0-1")[0] in {200, 206}


def test_a_piece_of_another_recording_is_not_mixed_with_this_one(product: Product, clip: Clip) -> None:
    _, headers, _ = fetch(product, clip)
    assert fetch(product, clip, Range="bytes=0-9", If_Range=headers["etag"])[0] == 206
    assert fetch(product, clip, Range="bytes=0-9", If_Range=headers["last-modified"])[0] == 206
    for stale in ('"other"', OLD):
        assert fetch(product, clip, Range="bytes=0-9", If_Range=stale)[::2] == (200, clip.content)


@pytest.mark.parametrize("name", ["0" * 32, "greeting", "..%2f..%2fgreeting", "%00", "a" * 3000])
def test_a_recording_that_does_not_exist_is_not_found(product: Product, name: str) -> None:
    answer = product.request("GET", f"/audio/{name}.wav")
    assert answer.status == 404
    assert "cache-control" not in answer.headers
    assert answer.headers["content-type"].startswith("text/plain")


def test_every_recording_of_every_language_is_there(product: Product) -> None:
    library = Library.open()
    clips = [library.clip(language, name) for language in library.languages for name in ("greeting", "key-0", "thanks")]
    for clip in clips:
        assert clip is not None
        assert fetch(product, clip)[2] == clip.content
