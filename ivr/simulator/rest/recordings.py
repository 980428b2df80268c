"""Recordings: what is known of one, and its audio (twilio.com/docs/voice/api/recording).

The audio, too, asks for credentials, as Twilio does for new accounts; without an ending it is WAV.
"""

from flask import Response, jsonify

from ivr.simulator.rest.access import network, not_found, resource
from ivr.simulator.switchboard import Recording
from ivr.simulator.wire import API_VERSION, rfc2822

recordings = resource("recordings")


@recordings.get("/Recordings/<sid>.json")
def fetch(account_sid: str, sid: str) -> Response:
    """What is known of one recording."""
    recording = _found(sid)
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Recordings/{sid}"
    return jsonify(
        account_sid=account_sid,
        api_version=API_VERSION,
        call_sid=recording.call_sid,
        channels=1,
        conference_sid=None,
        date_created=rfc2822(recording.started),
        date_updated=rfc2822(recording.started),
        duration=str(recording.seconds),
        encryption_details=None,
        error_code=None,
        media_url=f"{network().url}{uri}",
        price=None,
        price_unit="USD",
        sid=sid,
        source="RecordVerb",
        start_time=rfc2822(recording.started),
        status="completed",
        subresource_uris={},
        uri=f"{uri}.json",
    )


@recordings.get("/Recordings/<sid>.wav")
@recordings.get("/Recordings/<sid>")
def media(account_sid: str, sid: str) -> Response:
    """The audio: a WAV file."""
    return Response(_found(sid).audio, mimetype="audio/x-wav")


def _found(sid: str) -> Recording:
    found = network().switchboard.recordings.get(sid)
    if found is None:
        raise not_found()
    return found
