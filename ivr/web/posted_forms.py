"""Forms of our own pages: whence they come, that they are small, and what they say."""

from ipaddress import ip_address
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import abort, request

from ivr.carrier.forms import Form, read_form
from ivr.errors import BadWebhook
from ivr.house import House
from ivr.web.bodies import read_body
from ivr.web.guards import FORM

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LARGEST_FORM = 16 * 1024
LARGEST_TEXTS = 256 * 1024
"""Bytes: eight texts of 1600 characters take 150 kB where each is sent as twelve."""
POSTED = "ivr.posted"
READING = ("GET", "HEAD", "OPTIONS")


def same_site(environ: "WSGIEnvironment", house: House) -> None:
    """What changes something is asked for by our own pages alone: `Sec-Fetch-Site` says so, else `Origin`.

    Every browser of this decade sends one of them with a form (developer.mozilla.org, "Sec-Fetch-Site").
    """
    if environ["REQUEST_METHOD"] in READING:
        return
    site = environ.get("HTTP_SEC_FETCH_SITE")
    origin = urlsplit(environ.get("HTTP_ORIGIN", "")).netloc.lower()
    ours = site in ("same-origin", "none") if site else origin in house.settings.hosts
    if not ours:
        abort(403, "another site")


def small_form(environ: "WSGIEnvironment", house: House) -> None:
    """Reads a posted form, which must be small, and leaves it in the environment."""
    _read(environ, LARGEST_FORM)


def form_of_texts(environ: "WSGIEnvironment", house: House) -> None:
    """Reads a posted form that has room for all texts of a line, in any script, and leaves it in the environment."""
    _read(environ, LARGEST_TEXTS)


def posted() -> Form:
    """The form that was posted."""
    return cast(Form, request.environ[POSTED])


def address_of(environ: "WSGIEnvironment", hops: int) -> str:
    """The visitor's address: what the outermost of our `hops` proxies says, else who connects."""
    told = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if hops and len(told) >= hops:
        try:
            return str(ip_address(told[-hops]))
        except ValueError:
            pass
    return str(environ.get("REMOTE_ADDR", ""))


def _read(environ: "WSGIEnvironment", largest: int) -> None:
    if environ["REQUEST_METHOD"] in READING:
        return
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM:
        raise BadWebhook(415, "A form was expected.")
    posted = read_form(read_body(environ, largest))
    if posted.repeated:
        raise BadWebhook(400, f"{next(iter(posted.repeated))[:40]} was sent twice.")
    environ[POSTED] = posted
