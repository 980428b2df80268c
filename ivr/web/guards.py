"""Who may enter: each guard looks at the request and aborts it, or lets it pass."""

from urllib.parse import urlsplit

from flask import abort, current_app, g, request
from werkzeug.http import parse_date

from ivr.carrier.forms import read_form, read_query
from ivr.errors import BadWebhook
from ivr.phone_numbers import masked
from ivr.plain_text import for_terminal
from ivr.web.bodies import read_body
from ivr.web.house import house

LARGEST_WEBHOOK = 64 * 1024
FORM = "application/x-www-form-urlencoded"
NO_QUERY = read_query("")
CONDITIONS = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE")


def anybody() -> None:
    """Everybody may enter."""


def known_host() -> None:
    """Only requests for a host name of ours: PUBLIC_URL's, or this machine's own."""
    if request.environ.get("HTTP_HOST", "").lower() not in _our_hosts():
        abort(400, "This address is not configured.")


def plain_conditions() -> None:
    """Conditions and ranges that we do not follow are not seen (RFC 9110 13.1.3 and 14.2 ask for that).

    The framework falls over a date that no calendar has, and refuses several ranges or another unit than bytes.
    """
    environ = request.environ
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


def carrier_only() -> None:
    """Only the carrier, by its signature, and only for our account. The form is then in `g.form`.

    Nothing is read of a request before its size and kind are known to be right, and nothing is believed before the
    signature is. A repeated field is refused: the signature does not tell which of its values came first.
    """
    environ, here = request.environ, house()
    signature = environ.get("HTTP_X_TWILIO_SIGNATURE", "")
    if not signature:
        raise BadWebhook(403, "missing X-Twilio-Signature")
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM:
        raise BadWebhook(415, "form body expected")
    form = read_form(read_body(LARGEST_WEBHOOK))
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    if not here.signatures.valid(target, form, signature):
        current_app.logger.warning(
            "A webhook with a bad signature for %s%s, from %s",
            here.settings.public_url,
            request.path,
            for_terminal(masked(form.get("From", ""))),
        )
        raise BadWebhook(403, "bad signature")
    if form.repeated:
        raise BadWebhook(400, f"{next(iter(form.repeated))[:40]} was sent twice")
    if form.get("AccountSid") != here.settings.account_sid:
        raise BadWebhook(403, "wrong account")
    query = environ.get("QUERY_STRING", "")
    g.form, g.query = form, read_query(query) if query else NO_QUERY


def _our_hosts() -> frozenset[str]:
    hosts: frozenset[str] | None = current_app.extensions.get("our_hosts")
    if hosts is None:
        settings = house().settings
        parts = urlsplit(settings.public_url)
        local = {f"{name}:{settings.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        hosts = frozenset({parts.netloc, parts.hostname or "", f"{parts.hostname}:{_port(parts.scheme)}", *local})
        current_app.extensions["our_hosts"] = hosts
    return hosts


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
