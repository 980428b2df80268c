"""Incoming phone numbers: get, list, fetch, update, release.

Source: twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from urllib.parse import urlsplit

from flask import Response, jsonify, request

from ivr.simulator.account import Number
from ivr.simulator.getting import NotToBeHad, get
from ivr.simulator.rest.access import network, not_found, resource
from ivr.simulator.rest.paging import page
from ivr.simulator.wire import API_VERSION, Refused, rfc2822

numbers = resource("numbers")

_FIELDS = {
    "FriendlyName": "friendly_name",
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "VoiceApplicationSid": "voice_application_sid",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "SmsApplicationSid": "sms_application_sid",
}


@numbers.get("/IncomingPhoneNumbers.json")
def list(account_sid: str) -> Response:
    """The account's numbers; PhoneNumber filters by a part of it."""
    wanted = request.args.get("PhoneNumber", "")
    rows = [row for row in network().switchboard.numbers.newest_first() if wanted in row.phone_number]
    return jsonify(page(rows, "incoming_phone_numbers", lambda row: row.sid, _shown))


@numbers.post("/IncomingPhoneNumbers.json")
def create(account_sid: str) -> tuple[Response, int]:
    """The account gets the number PhoneNumber."""
    changes = _changes()
    try:
        number = get(network(), request.form.get("PhoneNumber", ""))
    except NotToBeHad as fault:
        raise Refused(400, fault.code, str(fault)) from fault
    return jsonify(_shown(network().switchboard.numbers.change(number.sid, **changes))), 201


@numbers.get("/IncomingPhoneNumbers/<sid>.json")
def fetch(account_sid: str, sid: str) -> Response:
    """One number."""
    return jsonify(_shown(_found(sid)))


@numbers.post("/IncomingPhoneNumbers/<sid>.json")
def update(account_sid: str, sid: str) -> Response:
    """Changes the webhooks of a number; fields that are not named stay as they are."""
    _found(sid)
    return jsonify(_shown(network().switchboard.numbers.change(sid, **_changes())))


@numbers.delete("/IncomingPhoneNumbers/<sid>.json")
def release(account_sid: str, sid: str) -> tuple[str, int]:
    """The account has the number no more."""
    network().switchboard.numbers.drop(_found(sid).sid)
    return "", 204


def _changes() -> dict[str, object]:
    return {name: _checked(field, request.form[field]) for field, name in _FIELDS.items() if field in request.form}


def _checked(name: str, word: str) -> str:
    is_address = name.endswith("Url") or name == "StatusCallback"
    if is_address and word and not _is_address(word):
        raise Refused(400, 21502, f"{name} is not valid: {word}")
    if name.endswith("Method") and word not in ("GET", "POST"):
        raise Refused(400, 20001, f"{name} must be GET or POST")
    return word


def _is_address(word: str) -> bool:
    parts = urlsplit(word)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _found(sid: str) -> Number:
    found = network().switchboard.numbers.get(sid)
    if found is None:
        raise not_found()
    return found


def _shown(number: Number) -> dict[str, object]:
    account_sid = network().account.sid
    fields: dict[str, object] = {attribute: getattr(number, attribute) for attribute in _FIELDS.values()}
    return {
        **fields,
        "account_sid": account_sid,
        "address_requirements": "none",
        "address_sid": None,
        "api_version": API_VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"fax": False, "mms": True, "sms": True, "voice": True},
        "date_created": rfc2822(network().began),
        "date_updated": rfc2822(network().began),
        "emergency_address_sid": None,
        "emergency_status": "Inactive",
        "friendly_name": number.friendly_name or number.phone_number,
        "identity_sid": None,
        "origin": "twilio",
        "phone_number": number.phone_number,
        "sid": number.sid,
        "status": "in-use",
        "trunk_sid": None,
        "uri": f"/{API_VERSION}/Accounts/{account_sid}/IncomingPhoneNumbers/{number.sid}.json",
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
    }
