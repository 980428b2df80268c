"""Reading a request's body whole: not more than is allowed, not less than was announced."""

from flask import request
from gunicorn.http.errors import ParseException

from ivr.errors import BadWebhook


def read_body(largest: int) -> bytes:
    """The body, at most `largest` bytes. Raises `BadWebhook` 413, or 400 when it is broken or stops early."""
    announced = request.content_length
    if announced is not None and announced > largest:
        raise BadWebhook(413, f"at most {largest // 1024} kB here")
    stream = request.environ["wsgi.input"]
    try:
        body: bytes = stream.read(largest + 1 if announced is None else announced)
    except (OSError, ParseException) as error:
        raise BadWebhook(400, "the body cannot be read") from error
    if len(body) > largest:
        raise BadWebhook(413, f"at most {largest // 1024} kB here")
    if announced is not None and len(body) < announced:
        raise BadWebhook(400, f"the body stopped early ({len(body)} of {announced} bytes)")
    return body
