"""Pictures of texts (twilio.com/docs/messaging/api/media-resource): with credentials, an address where one lies.

As with Twilio the content itself is elsewhere, at an address that asks for none. Here that is on the same host.
"""

from flask import Blueprint, Response, redirect

from ivr.simulator.rest.access import network, not_found, resource
from ivr.simulator.switchboard import Picture
from ivr.simulator.wire import Refused

media = resource("media")
store = Blueprint("media_store", __name__, url_prefix="/media")


@media.get("/Messages/<message_sid>/Media/<sid>")
def fetch(account_sid: str, message_sid: str, sid: str) -> Response:
    """Where the picture lies."""
    picture = _found(sid)
    if picture.message_sid != message_sid:
        raise not_found()
    return redirect(f"{network().url}/media/{sid}", 307)  # type: ignore[return-value]


@store.get("/<sid>")
def content(sid: str) -> Response:
    """The picture."""
    try:
        picture = _found(sid)
    except Refused:
        return Response("gone\n", 404, mimetype="text/plain")
    return Response(picture.content, mimetype=picture.content_type)


def _found(sid: str) -> Picture:
    found = network().switchboard.pictures.get(sid)
    if found is None:
        raise not_found()
    return found
