"""Who may enter the console: operators in a session, each with their roles."""

from typing import TYPE_CHECKING, cast

from flask import abort, request
from werkzeug.http import parse_cookie

from ivr import clock, sessions
from ivr.errors import NotSignedIn
from ivr.house import House
from ivr.roles import Role
from ivr.sessions import SignedIn
from ivr.signing_in import Visit
from ivr.web.guards import Guard
from ivr.web.posted_forms import address_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SIGNED_IN = "ivr.signed_in"
ASKED_BY_ITSELF = frozenset({"/console/log/fresh", "/console/today/fresh"})
"""A page that lies open asks for these every few seconds: that is no sign of a person."""


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


def signed_in() -> SignedIn:
    """The operator who asks."""
    return cast(SignedIn, request.environ[SIGNED_IN])


def _resume(environ: "WSGIEnvironment", house: House) -> SignedIn:
    token = session_token(environ, house)
    address = address_of(environ, house.settings.proxy_hops)
    in_use = environ["PATH_INFO"] not in ASKED_BY_ITSELF
    found = sessions.resume(house, token, address, clock.now(), in_use)
    if found is None:
        raise NotSignedIn("session")
    environ[SIGNED_IN] = found
    return found
