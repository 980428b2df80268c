"""What is said when something is wrong, and the headers that stand on every answer, faults included."""

import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, redirect, request
from werkzeug.exceptions import HTTPException

from ivr import clock
from ivr.errors import BadWebhook, LinkEnded, NotSignedIn, StoreUnavailable, WrongQuestion
from ivr.phone_numbers import international
from ivr.store import lines
from ivr.translating import N_
from ivr.web.console.rendering import page as console_page
from ivr.web.console.rendering import reader
from ivr.web.console.words import said
from ivr.web.house import house
from ivr.web.posted_forms import address_of
from ivr.web.rendering import language_for, page
from ivr.wording import name_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

RETRY_SECONDS = "5"
BUSY = N_("Busy, please try again in a moment.")
NOT_FOUND = N_("Page not found.")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
TO_OPERATORS = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self';"
    " script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
}
"""The console's pages have scripts of ours, and play voice messages."""
TO_THE_CARRIER = [("X-Content-Type-Options", "nosniff")]
HSTS = ("Strict-Transport-Security", "max-age=31536000")


def answer_faults(app: Flask) -> None:
    """Answer every fault in words: plain text to the carrier, a page to people. No trace leaves the house."""
    app.register_error_handler(BadWebhook, lambda fault: _said(str(fault), fault.status))
    app.register_error_handler(NotSignedIn, _not_signed_in)
    app.register_error_handler(LinkEnded, _link_ended)
    app.register_error_handler(WrongQuestion, lambda fault: _said(str(fault), 400))
    app.register_error_handler(StoreUnavailable, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def harden(app: Flask, https: bool) -> None:
    """Put the headers on every answer of `app`, whatever made it: around the application, past all its hooks.

    TwiML, which only the holder of the carrier's token gets, goes without those that are for browsers: under load
    the server spends as much on a header as the database on a row.
    """
    always = [HSTS] if https else []
    to_people, to_operators = [*HEADERS.items(), *always], [*TO_OPERATORS.items(), *always]
    inner = app.wsgi_app

    def hardened(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # in quotes, since a function within a function has its annotations worked out each time that it is made
        def start(status: str, given: "list[tuple[str, str]]", exc_info: Any = None) -> "Callable[[bytes], object]":
            path = environ["PATH_INFO"]
            if status == "200 OK" and path.startswith("/webhooks/"):
                return start_response(status, given + TO_THE_CARRIER, exc_info)
            return start_response(status, given + (to_operators if is_console(path) else to_people), exc_info)

        return inner(environ, start)

    app.wsgi_app = hardened  # type: ignore[method-assign]


def is_console(path: str) -> bool:
    """Whether a path is the console's."""
    return path == "/console" or path.startswith("/console/")


def _not_signed_in(fault: NotSignedIn) -> Response:
    """To the way in, and back here afterwards; a script gets 401, since it could not follow."""
    if request.headers.get("Sec-Fetch-Dest") not in (None, "document"):
        return _plain("Please sign in again.", 401)
    if str(fault) == "factor":
        return redirect("/console/account", 303)  # type: ignore[return-value]
    then = urlencode({"next": request.full_path.rstrip("?")}) if request.method == "GET" else ""
    return redirect("/console/sign-in" + (f"?{then}" if then else ""), 303)  # type: ignore[return-value]


def _link_ended(fault: LinkEnded) -> Response:
    """One page, whatever the reason: how to get a link that lives. Too many from one address are told to wait."""
    address = address_of(request.environ, house().settings.proxy_hops)
    wait = house().guesses.wait(address, clock.now())
    known = house().store.read(lines.everyone)
    shown = {"lines": known, "international": international, "name_of": name_of, "too_many": wait > 0}
    answer = page("link-ended.html", _language(), 429 if wait else 404, **shown)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _busy(fault: StoreUnavailable) -> Response:
    current_app.logger.warning("Answered as busy: %s", fault)
    response = _said(BUSY, 503)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _http(fault: HTTPException) -> Response:
    status = fault.code or 500
    words = {404: NOT_FOUND, 405: "Use POST." if request.path.startswith("/webhooks/") else "Use GET."}
    response = _said(words.get(status, fault.description or fault.name), status)
    for name, value in fault.get_headers():
        if name in {"Allow", "Content-Range"}:
            response.headers[name] = value
    return response


def _unexpected(fault: Exception) -> Response:
    reference = secrets.token_hex(4)
    current_app.logger.error("Unexpected, reference %s", reference, exc_info=fault)
    return _said(f"Something went wrong. Reference {reference}.", 500)


def _said(words: str, status: int) -> Response:
    if request.path.startswith(("/webhooks/", "/audio/", "/healthz", "/readyz")):
        return _plain(words, status)
    if is_console(request.path):
        return console_page(
            "fault.html", status, fault=said("not found" if status == 404 else words, reader().language)
        )
    return page("fault.html", _language(), status, fault=words)


def _language() -> str:
    return language_for(request.args.get("language", ""))


def _plain(words: str, status: int) -> Response:
    return Response(words + "\n", status, content_type="text/plain; charset=utf-8")
