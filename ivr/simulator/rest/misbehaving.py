"""What the REST API does wrong when told to: a layer around the application, below HTTP where it must be."""

import json
import socket
from collections.abc import Iterable
from contextlib import suppress
from time import sleep
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_input_stream

from ivr.simulator.misbehaviour import Act
from ivr.simulator.network import Network
from ivr.simulator.wire import Refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_SILENCE_S = 60.0
"""Seconds after which even a caller that waits for ever is dropped."""


class Misbehaving:
    """The application as it is, except for the requests that an order says to spoil."""

    def __init__(self, app: "WSGIApplication", url_map: Map, network: Network) -> None:
        self._app = app
        self._url_map = url_map
        self._network = network

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        operation = self._operation(environ)
        act = self._network.misbehaviour.next_act(operation) if operation else None
        if act is None:
            return self._app(environ, start_response)
        self._network.log.append(
            "misbehaved", operation=operation, kind=act.kind, after=act.after, status=act.status or None
        )
        if act.kind == "slow":
            sleep(act.seconds)
            return self._app(environ, start_response)
        return self._spoil(act, environ)(environ, start_response)

    def _spoil(self, act: Act, environ: "WSGIEnvironment") -> Response:
        """Carries the request out, if it shall be, and answers wrongly.

        Raises ConnectionResetError to give no answer at all.
        """
        if not act.after:
            get_input_stream(environ).read()
        else:
            run_wsgi_app(self._app, environ, buffered=True)
        if act.kind == "silence":
            _wait_for_the_other_side(environ)
        if act.kind in ("reset", "silence"):
            _break(environ)
            raise ConnectionResetError("the simulator was told to give no answer")
        if act.kind == "bad-json":
            return Response('{"sid": "SM', 201, mimetype="application/json")
        words = "Too Many Requests" if act.status == 429 else "The simulator was told to fail"
        refused = Refused(act.status, 20000 + act.status, words)
        return Response(json.dumps(refused.as_json()), act.status, mimetype="application/json")

    def _operation(self, environ: "WSGIEnvironment") -> str | None:
        with suppress(HTTPException):
            endpoint, _ = self._url_map.bind_to_environ(environ).match()
            return str(endpoint)
        return None


def _wait_for_the_other_side(environ: "WSGIEnvironment") -> None:
    """Says nothing until the other side has had enough and closes."""
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is not None:
        connection.settimeout(LONGEST_SILENCE_S)
        with suppress(OSError):
            connection.recv(1, socket.MSG_PEEK)


def _break(environ: "WSGIEnvironment") -> None:
    """Breaks the connection off, without an answer."""
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is not None:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            connection.shutdown(socket.SHUT_RDWR)
