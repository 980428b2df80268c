"""Who may enter: each guard looks at the request and aborts it, or lets it pass.

A guard gets the request's WSGI environment as it is: under load each look at Flask's `request` has its price.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import abort, current_app
from werkzeug.http import parse_date

from ivr import clock
from ivr.carrier.forms import read_form, read_query
from ivr.errors import BadWebhook
from ivr.house import House
from ivr.phone_numbers import masked
from ivr.plain_text import for_terminal
from ivr.web.bodies import read_body

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Guard = Callable[["WSGIEnvironment", House], None]

LARGEST_WEBHOOK = 64 * 1024
FORM = "application/x-www-form-urlencoded"
READ_FORM, READ_QUERY = "ivr.form", "ivr.query"
"""Where in the environment the views find what `carrier_only` has read."""
NO_QUERY = read_query("")
COUNTED = ("missing X-Twilio-Signature", "bad signature", "wrong account")
CONDITIONS = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE")


def anybody(environ: "WSGIEnvironment", house: House) -> None:
    """Everybody may enter."""


def nobody(environ: "WSGIEnvironment", house: House) -> None:
    """Nobody may enter, and it looks as if nothing were there."""
    abort(404)


def known_host(environ: "WSGIEnvironment", house: House) -> None:
    """Only requests for a host name of ours: PUBLIC_URL's, or this machine's own."""
    if environ.get("HTTP_HOST", "").lower() not in house.settings.hosts:
        abort(400, "This address is not configured.")


def plain_conditions(environ: "WSGIEnvironment", house: House) -> None:
    """Conditions and ranges that we do not follow are not seen (RFC 9110 13.1.3 and 14.2 ask for that).

    The framework falls over a date that no calendar has, and refuses several ranges or another unit than bytes.
    """
    if environ.keys().isdisjoint(CONDITIONS):
        return
    for name in CONDITIONS[:3]:
        try:
            parse_date(environ.get(name))
        except OverflowError:
            del environ[name]
    wanted = environ.get("HTTP_RANGE", "bytes=")
    if "," in wanted or not wanted.startswith("bytes="):
        del environ["HTTP_RANGE"]


def carrier_only(environ: "WSGIEnvironment", house: House) -> None:
    """Only the carrier; who is refused is counted. See `_from_carrier`."""
    try:
        _from_carrier(environ, house)
    except BadWebhook as refused:
        known = refused.reason if refused.reason in COUNTED else "malformed"
        house.refusals.count(known, environ["PATH_INFO"], environ.get("REMOTE_ADDR", ""), clock.now())
        raise


def _from_carrier(environ: "WSGIEnvironment", house: House) -> None:
    """Only the carrier, by its signature, and only for our account. Leaves the form and the query in the environment.

    Nothing is read of a request before its size and kind are known to be right, and nothing is believed before the
    signature is. A repeated field is refused: the signature does not tell which of its values came first.
    """
    signature = environ.get("HTTP_X_TWILIO_SIGNATURE", "")
    if not signature:
        raise BadWebhook(403, "missing X-Twilio-Signature")
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM:
        raise BadWebhook(415, "form body expected")
    form = read_form(read_body(environ, LARGEST_WEBHOOK))
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI", "")
    if not house.signatures.valid(target, form, signature):
        current_app.logger.warning(
            "A webhook with a bad signature for %s%s, from %s",
            house.settings.public_url,
            environ["PATH_INFO"],
            for_terminal(masked(form.get("From", ""))),
        )
        raise BadWebhook(403, "bad signature")
    if form.repeated:
        raise BadWebhook(400, f"{next(iter(form.repeated))[:40]} was sent twice")
    if form.get("AccountSid") != house.settings.account_sid:
        raise BadWebhook(403, "wrong account")
    query = environ.get("QUERY_STRING", "")
    environ[READ_FORM], environ[READ_QUERY] = form, read_query(query) if query else NO_QUERY
