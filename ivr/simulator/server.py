"""The simulator on a port of this machine: in a thread for tests and the demo, or blocking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ivr.errors import ThirdRingError
from ivr.simulator.loopback import is_loopback
from ivr.simulator.simulator import Simulator


class NotLoopback(ThirdRingError, ValueError):
    """The simulator was told to listen where others could reach it."""


class PortTaken(ThirdRingError, OSError):
    """Another program listens there already."""


@dataclass(frozen=True)
class Running:
    """A simulator that answers: `url` is its origin, such as `http://127.0.0.1:8001`."""

    url: str
    simulator: Simulator


class _Quiet(WSGIRequestHandler):
    """The simulator has a log of its own."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Says nothing on the terminal."""


@contextmanager
def serve(simulator: Simulator, host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """Serves in a thread as long as the context lasts; port 0 takes any that is free.

    Raises NotLoopback and PortTaken.
    """
    server = _server(simulator, host, port)
    thread = Thread(target=server.serve_forever, args=(0.05,), name="simulator", daemon=True)
    thread.start()
    try:
        yield Running(simulator.url, simulator)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(
    simulator: Simulator,
    host: str = "127.0.0.1",
    port: int = 8001,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serves until KeyboardInterrupt. `ready` is called with the origin once it listens.

    Raises NotLoopback and PortTaken.
    """
    server = _server(simulator, host, port)
    if ready is not None:
        ready(simulator.url)
    try:
        server.serve_forever()
    finally:
        server.server_close()


def _server(simulator: Simulator, host: str, port: int) -> BaseWSGIServer:
    if not is_loopback(host):
        raise NotLoopback(
            f"The simulator listens on this machine only (127.0.0.1, ::1 or localhost), not on {host!r}: "
            "whoever reaches it can call and text in anybody's name."
        )
    try:
        server = make_server(host, port, simulator.app, threaded=True, request_handler=_Quiet)
    except (OSError, SystemExit) as error:
        raise PortTaken(f"The simulator cannot listen on {host}, port {port}: {error}") from None
    shown = f"[{host}]" if ":" in host else host
    simulator.url = f"http://{shown}:{server.server_port}"
    return server
