"""Who may enter the console: same-site requests, operators in a session, each with their roles."""

from ipaddress import ip_address
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import abort, request
from werkzeug.http import parse_cookie

from ivr import clock, sessions
from ivr.carrier.forms import Form, read_form
from ivr.errors import BadWebhook, NotSignedIn
from ivr.house import House
from ivr.roles import Role
from ivr.sessions import SignedIn
from ivr.signing_in import Visit
from ivr.web.bodies import read_body
from ivr.web.guards import FORM, Guard

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LARGEST_FORM = 16 * 1024
SIGNED_IN, POSTED = "ivr.signed_in", "ivr.posted"
ASKED_BY_ITSELF = "/console/log/fresh"
"""A page that lies open asks for this every other second: that is no sign of a person."""
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
    if environ["REQUEST_METHOD"] in READING:
        return
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM:
        raise BadWebhook(415, "A form was expected.")
    posted = read_form(read_body(environ, LARGEST_FORM))
    if posted.repeated:
        raise BadWebhook(400, f"{next(iter(posted.repeated))[:40]} was sent twice.")
    environ[POSTED] = posted


def in_session(environ: "WSGIEnvironment", house: House) -> None:
    """Only operators who have signed in; without the second factor that is required, only their account page."""
    signed_in = _resume(environ, house)
    if house.settings.require_second_factor and not signed_in.operator.factor_since:
        raise NotSignedIn("factor")


def on_the_way_in(environ: "WSGIEnvironment", house: House) -> None:
    """Only operators who have signed in, whether or not they have the second factor that is required."""
    _resume(environ, house)


def needs(role: Role) -> Guard:
    """A guard: only operators who have this role, or a higher one, on some line."""

    def guard(environ: "WSGIEnvironment", house: House) -> None:
        if not cast(SignedIn, environ[SIGNED_IN]).may_somewhere(role):
            abort(403, "role too low")

    return guard


def needs_everywhere(role: Role) -> Guard:
    """A guard: only operators who have this role on every line."""

    def guard(environ: "WSGIEnvironment", house: House) -> None:
        if not cast(SignedIn, environ[SIGNED_IN]).may(role):
            abort(403, "role too low")

    return guard


def cookie_name(house: House, kind: str = "session") -> str:
    """The name of a cookie of ours. With TLS it is bound to this host (RFC 6265bis, section 4.1.3.2)."""
    return f"__Host-third-ring-{kind}" if house.settings.public_url.startswith("https:") else f"third-ring-{kind}"


def session_token(environ: "WSGIEnvironment", house: House) -> str:
    """The token of the session's cookie, or nothing."""
    return parse_cookie(environ).get(cookie_name(house), "")[:100]


def visit(environ: "WSGIEnvironment", house: House) -> Visit:
    """From where this request comes."""
    browser = environ.get("HTTP_USER_AGENT", "")
    known_as = parse_cookie(environ).get(cookie_name(house, "browser"), "")[:100]
    return Visit(address_of(environ, house.settings.proxy_hops), browser, known_as)


def address_of(environ: "WSGIEnvironment", hops: int) -> str:
    """The visitor's address: what the outermost of our `hops` proxies says, else who connects."""
    told = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if hops and len(told) >= hops:
        try:
            return str(ip_address(told[-hops]))
        except ValueError:
            pass
    return str(environ.get("REMOTE_ADDR", ""))


def signed_in() -> SignedIn:
    """The operator who asks."""
    return cast(SignedIn, request.environ[SIGNED_IN])


def posted() -> Form:
    """The form that was posted."""
    return cast(Form, request.environ[POSTED])


def _resume(environ: "WSGIEnvironment", house: House) -> SignedIn:
    token = session_token(environ, house)
    address = address_of(environ, house.settings.proxy_hops)
    in_use = environ["PATH_INFO"] != ASKED_BY_ITSELF
    found = sessions.resume(house, token, address, clock.now(), in_use)
    if found is None:
        raise NotSignedIn("session")
    environ[SIGNED_IN] = found
    return found
