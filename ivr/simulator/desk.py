"""The Flask application of the simulator: its REST API, its control pages, and who may speak to it.

Nothing but this machine may: the Host must be a loopback name (so that no web page reaches it by DNS
rebinding), and orders must be `application/json` (which a web page cannot send to another origin unasked).
"""

import ipaddress

from flask import Flask, Response, jsonify, request

from ivr.simulator.control import control
from ivr.simulator.network import Network
from ivr.simulator.rest import BLUEPRINTS
from ivr.simulator.rest.access import EXTENSION
from ivr.simulator.rest.misbehaving import Misbehaving


def create_app(network: Network) -> Flask:
    """The application that speaks for one network."""
    app = Flask("ivr.simulator", static_folder=None)
    app.extensions[EXTENSION] = network
    app.before_request(_refuse_strangers)
    for blueprint in (*BLUEPRINTS, control):
        app.register_blueprint(blueprint)
    app.wsgi_app = Misbehaving(app.wsgi_app, app.url_map, network)  # type: ignore[method-assign]
    return app


def is_loopback(host: str) -> bool:
    """Whether a host name or address, without port, is this machine and nothing else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _refuse_strangers() -> tuple[Response, int] | None:
    host = request.headers.get("Host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() and not host.endswith("]") else host
    if not is_loopback(name.lower()):
        return jsonify(error="The simulator answers to loopback names only."), 403
    return None
