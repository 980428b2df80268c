"""Messages: create, list, fetch (twilio.com/docs/messaging/api/message-resource)."""

from flask import Response, jsonify, request

from ivr.simulator.delivery import Order
from ivr.simulator.rest.access import network, not_found, resource
from ivr.simulator.rest.paging import on_day, page
from ivr.simulator.switchboard import Message
from ivr.simulator.wire import API_VERSION, ERROR_WORDS, rfc2822

messages = resource("messages")


@messages.post("/Messages.json")
def create(account_sid: str) -> tuple[Response, int]:
    """Takes a message; 201 and the message, still queued."""
    form = request.form
    order = Order(
        to=form.get("To", ""),
        sender=form.get("From", ""),
        body=form.get("Body", ""),
        service_sid=form.get("MessagingServiceSid", ""),
        callback=form.get("StatusCallback", ""),
        validity=form.get("ValidityPeriod", ""),
        media=tuple(form.getlist("MediaUrl")),
    )
    return jsonify(_shown(network().delivery.accept(order))), 201


@messages.get("/Messages.json")
def list(account_sid: str) -> Response:
    """Messages of both directions, newest first, by To, From and DateSent."""
    rows = [row for row in network().switchboard.messages.newest_first() if _is_wanted(row)]
    return jsonify(page(rows, "messages", lambda row: row.sid, _shown))


@messages.get("/Messages/<sid>.json")
def fetch(account_sid: str, sid: str) -> Response:
    """One message."""
    found = network().switchboard.messages.get(sid)
    if found is None:
        raise not_found()
    return jsonify(_shown(found))


def _is_wanted(message: Message) -> bool:
    return (
        request.args.get("To", message.to) == message.to
        and request.args.get("From", message.sender) == message.sender
        and on_day("DateSent", message.sent)
    )


def _shown(message: Message) -> dict[str, object]:
    account_sid = network().account.sid
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}"
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created),
        "date_sent": rfc2822(message.sent),
        "date_updated": rfc2822(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": ERROR_WORDS.get(message.error_code) if message.error_code else None,
        "from": message.sender,
        "messaging_service_sid": message.service_sid,
        "num_media": str(len(message.media)),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }
