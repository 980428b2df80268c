"""Reading a request's body whole: not more than is allowed, not less than was announced."""

from typing import TYPE_CHECKING

from gunicorn.http.errors import ParseException
from werkzeug.wsgi import get_content_length

from ivr.errors import BadWebhook

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def read_body(environ: "WSGIEnvironment", largest: int) -> bytes:
    """The body, at most `largest` bytes. Raises `BadWebhook` 413, or 400 when it is broken or stops early."""
    announced = get_content_length(environ)
    if announced is not None and announced > largest:
        raise BadWebhook(413, f"at most {largest // 1024} kB here")
    stream = environ["wsgi.input"]
    try:
        body: bytes = stream.read(largest + 1 if announced is None else announced)
    except (OSError, ParseException) as error:
        raise BadWebhook(400, "the body cannot be read") from error
    if len(body) > largest:
        raise BadWebhook(413, f"at most {largest // 1024} kB here")
    if announced is not None and len(body) < announced:
        raise BadWebhook(400, f"the body stopped early ({len(body)} of {announced} bytes)")
    return body
