"""Who may use the REST API, how it refuses, and the entry each request leaves in the log.

Credentials: HTTP basic authentication with account SID and auth token, or an API key's SID and secret
(twilio.com/docs/usage/requests-to-twilio).
"""

from hmac import compare_digest

from flask import Blueprint, Response, current_app, jsonify, request

from ivr.simulator.network import Network
from ivr.simulator.wire import API_VERSION, Refused

EXTENSION = "third_ring_simulator"
"""Where the application keeps its network."""


def network() -> Network:
    """The network that the current application speaks for."""
    found: Network = current_app.extensions[EXTENSION]
    return found


def resource(name: str) -> Blueprint:
    """A blueprint for one resource below `/2010-04-01/Accounts/<account_sid>`, with credentials asked for."""
    blueprint = Blueprint(name, __name__, url_prefix=f"/{API_VERSION}/Accounts/<account_sid>")
    return guarded(blueprint)


def guarded(blueprint: Blueprint) -> Blueprint:
    """Asks every request for credentials, answers refusals as Twilio does, logs what was asked."""
    blueprint.before_request(_check_credentials)
    blueprint.register_error_handler(Refused, _refuse)
    blueprint.after_request(_note)
    return blueprint


def not_found() -> Refused:
    """The refusal for a SID that nobody has."""
    return Refused(404, 20404, f"The requested resource {request.path} was not found")


def _check_credentials() -> None:
    account = network().account
    given = request.authorization
    is_basic = given is not None and given.type == "basic"
    name, secret = (given.username or "", given.password or "") if given and is_basic else ("", "")
    accepted = [(account.sid, account.auth_token)]
    if account.api_key is not None:
        accepted.append(account.api_key)
    if not any(_same(name, sid) and _same(secret, password) for sid, password in accepted):
        raise Refused(401, 20003, "Authenticate")
    if (request.view_args or {}).get("account_sid") != account.sid:
        raise Refused(401, 20003, "Authenticate")


def _same(given: str, expected: str) -> bool:
    return compare_digest(given.encode(), expected.encode())


def _refuse(refused: Refused) -> tuple[Response, int]:
    answer = jsonify(refused.as_json())
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return answer, refused.status


def _note(answer: Response) -> Response:
    said = answer.get_json(silent=True) if answer.is_json else None
    said = said if isinstance(said, dict) else {}
    network().log.append(
        "rest",
        operation=request.endpoint,
        method=request.method,
        path=request.path,
        status=answer.status_code,
        sid=said.get("sid"),
        code=said.get("code"),
    )
    return answer
