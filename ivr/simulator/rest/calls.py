"""Calls: list, fetch (twilio.com/docs/voice/api/call-resource)."""

from flask import Response, jsonify, request

from ivr.simulator.rest.access import network, not_found, resource
from ivr.simulator.rest.paging import on_day, page
from ivr.simulator.switchboard import Call
from ivr.simulator.wire import API_VERSION, rfc2822

calls = resource("calls")


@calls.get("/Calls.json")
def list(account_sid: str) -> Response:
    """Calls, newest first, by To, From, Status and StartTime."""
    rows = [row for row in network().switchboard.calls.newest_first() if _is_wanted(row)]
    return jsonify(page(rows, "calls", lambda row: row.sid, _shown))


@calls.get("/Calls/<sid>.json")
def fetch(account_sid: str, sid: str) -> Response:
    """One call."""
    found = network().switchboard.calls.get(sid)
    if found is None:
        raise not_found()
    return jsonify(_shown(found))


def _is_wanted(call: Call) -> bool:
    return (
        request.args.get("To", call.to) == call.to
        and request.args.get("From", call.caller) == call.caller
        and request.args.get("Status", call.status) == call.status
        and on_day("StartTime", call.started)
        and on_day("EndTime", call.ended)
    )


def _shown(call: Call) -> dict[str, object]:
    account_sid = network().account.sid
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Calls/{call.sid}"
    return {
        "account_sid": account_sid,
        "answered_by": None,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": rfc2822(call.started),
        "date_updated": rfc2822(call.ended or call.started),
        "direction": "inbound",
        "duration": str(call.seconds) if call.ended else None,
        "end_time": rfc2822(call.ended),
        "forwarded_from": None,
        "from": call.caller,
        "from_formatted": call.caller,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": call.number_sid,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": rfc2822(call.started),
        "status": call.status,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }
