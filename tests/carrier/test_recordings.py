"""Fetching a voice message: from the carrier's own address, whole, and never more than fits."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from running import free_port

from ivr.carrier.rest import LARGEST_RECORDING, Account, Carrier
from ivr.errors import CarrierBusy, CarrierError, CarrierRefused
from ivr.simulator import Account as SimulatedAccount
from ivr.simulator import Running, Simulator, serve
from ivr.simulator.switchboard import Recording

SID = "AC" + "b2" * 16
TOKEN = "a-token"
RECORDING = "RE" + "4" * 32
SOUND = b"RIFF" + bytes(range(256)) * 500


@pytest.fixture
def desk() -> Iterator[Running]:
    """A carrier that has one recording."""
    simulator = Simulator(SimulatedAccount(SID, TOKEN), ["+17735550100"], seed=1)
    simulator._network.switchboard.recordings.put(
        Recording(sid=RECORDING, call_sid="CA" + "1" * 32, seconds=7, audio=SOUND, started=datetime.now(UTC))
    )
    with serve(simulator) as running:
        yield running


def carrier_at(url: str, timeout: float = 5.0, token: str = TOKEN) -> Carrier:
    """The product's side."""
    return Carrier(Account(SID, token, url), timeout)


def test_a_recording_comes_whole(desk: Running) -> None:
    assert carrier_at(desk.url).fetch_recording(RECORDING) == SOUND


@pytest.mark.parametrize("act", ["429", "401", "404", "500", "503", "reset", "silence"])
def test_what_cannot_be_fetched_now_is_fetched_later(desk: Running, act: str) -> None:
    carrier = carrier_at(desk.url, timeout=0.2 if act == "silence" else 5.0)
    desk.simulator.misbehave({"recordings.media": [act]})
    with pytest.raises(CarrierBusy):
        carrier.fetch_recording(RECORDING)
    assert carrier.fetch_recording(RECORDING) == SOUND


def test_a_recording_that_is_not_there_yet_may_come(desk: Running) -> None:
    with pytest.raises(CarrierBusy, match="404"):
        carrier_at(desk.url).fetch_recording("RE" + "5" * 32)


def test_a_recording_asks_for_credentials(desk: Running) -> None:
    with pytest.raises(CarrierBusy, match="401"):
        carrier_at(desk.url, token="wrong").fetch_recording(RECORDING)


def test_without_a_connection_it_is_fetched_later() -> None:
    with pytest.raises(CarrierBusy):
        carrier_at(f"http://127.0.0.1:{free_port()}").fetch_recording(RECORDING)


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    """Starts a server that answers everything with one status, some headers and a body; returns its origin."""
    servers: list[ThreadingHTTPServer] = []

    def start(status: int, headers: dict[str, str], *pieces: bytes) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in pieces:
                    try:
                        self.wfile.write(piece)
                    except OSError:
                        return

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_redirect_is_not_followed_and_gets_no_credentials(answering: Callable[..., str]) -> None:
    elsewhere = answering(200, {}, b"secret")
    with pytest.raises(CarrierRefused, match="302"):
        carrier_at(answering(302, {"Location": elsewhere})).fetch_recording(RECORDING)


def test_a_recording_that_never_ends_is_given_up(answering: Callable[..., str]) -> None:
    piece = bytes(1024 * 1024)
    endless = answering(200, {}, *[piece] * (LARGEST_RECORDING // len(piece) + 2))
    with pytest.raises(CarrierRefused, match="larger than"):
        carrier_at(endless).fetch_recording(RECORDING)


def test_a_recording_that_breaks_off_is_not_kept(answering: Callable[..., str]) -> None:
    broken = answering(200, {"Content-Length": "100"}, b"RIFF")
    with pytest.raises(CarrierError) as raised:
        carrier_at(broken).fetch_recording(RECORDING)
    assert type(raised.value) is CarrierBusy
