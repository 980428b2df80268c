"""The account itself: fetch (twilio.com/docs/iam/api/account); so a product checks its credentials."""

from flask import Blueprint, Response, jsonify

from ivr.simulator.rest.access import guarded, network
from ivr.simulator.wire import API_VERSION, rfc2822

account = guarded(Blueprint("account", __name__))


@account.get(f"/{API_VERSION}/Accounts/<account_sid>.json")
def fetch(account_sid: str) -> Response:
    """The account; its token is not shown."""
    began = rfc2822(network().began)
    uri = f"/{API_VERSION}/Accounts/{account_sid}"
    return jsonify(
        auth_token=None,
        date_created=began,
        date_updated=began,
        friendly_name=network().account.friendly_name,
        owner_account_sid=account_sid,
        sid=account_sid,
        status="active",
        subresource_uris={
            "calls": f"{uri}/Calls.json",
            "incoming_phone_numbers": f"{uri}/IncomingPhoneNumbers.json",
            "messages": f"{uri}/Messages.json",
        },
        type="Full",
        uri=f"{uri}.json",
    )
