"""The Flask application of the simulator: its REST API, its control pages, and who may speak to it.

Nothing but this machine may: the peer must be this machine and no proxy that forwards, the Host a loopback name (so
that no web page reaches it by DNS rebinding), and orders must be `application/json` (which a web page cannot send to
another origin unasked).
"""

from flask import Flask, Response, jsonify, request

from ivr.simulator.control import control
from ivr.simulator.crowd_page import crowd_page
from ivr.simulator.loopback import is_loopback
from ivr.simulator.network import Network
from ivr.simulator.phone_page import phone_page
from ivr.simulator.rest import BLUEPRINTS
from ivr.simulator.rest.access import EXTENSION
from ivr.simulator.rest.misbehaving import Misbehaving

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""What a proxy or a tunnel adds: somebody else's request."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def create_app(network: Network) -> Flask:
    """The application that speaks for one network."""
    app = Flask("ivr.simulator", static_folder=None)
    app.extensions[EXTENSION] = network
    app.before_request(_refuse_strangers)
    app.after_request(_harden)
    for blueprint in (*BLUEPRINTS, control, phone_page, crowd_page):
        app.register_blueprint(blueprint)
    app.wsgi_app = Misbehaving(app.wsgi_app, app.url_map, network)  # type: ignore[method-assign]
    return app


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _refuse_strangers() -> tuple[Response, int] | None:
    host = request.headers.get("Host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() and not host.endswith("]") else host
    if not is_loopback(name.lower()):
        return jsonify(error="The simulator answers to loopback names only."), 403
    if not is_loopback(request.remote_addr or "") or any(header in request.headers for header in FORWARDED):
        return jsonify(error="The simulator answers this machine only, and nobody through a proxy."), 403
    return None
