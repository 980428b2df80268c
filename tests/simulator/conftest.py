"""A product, a carrier connected to it, and Twilio's own client."""

from collections.abc import Iterator
from threading import Thread

import pytest
from twilio.rest import Client
from werkzeug.serving import make_server

from ivr.simulator import Number, Running, Simulator, serve

from .a_product import ACCOUNT, LINE, SECOND_LINE, Answer, Product, Quiet, connected, tone


@pytest.fixture
def product() -> Iterator[Product]:
    """The product, on a free port, with a greeting of five seconds."""
    product = Product()
    server = make_server("127.0.0.1", 0, product.app, threaded=True, request_handler=Quiet)
    product.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    product.says("/greeting.wav", Answer(tone(5), content_type="audio/wav"))
    product.says("/prompt.wav", Answer(tone(3), content_type="audio/wav"))
    for path in ("/status", "/sms/status", "/recorded"):
        product.says(path, Answer(b"", 204))
    yield product
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def simulator(product: Product) -> Simulator:
    """A carrier with one American line that is connected to the product, and a British one that is not."""
    line = Number(
        LINE,
        friendly_name="The line",
        voice_url=f"{product.url}/voice",
        sms_url=f"{product.url}/sms",
        status_callback=f"{product.url}/status",
    )
    return Simulator(ACCOUNT, [line, SECOND_LINE], seed=1)


@pytest.fixture
def carrier(simulator: Simulator) -> Iterator[Running]:
    """The same carrier on a free port."""
    with serve(simulator) as running:
        yield running
        assert simulator.quiet()


@pytest.fixture
def client(carrier: Running) -> Iterator[Client]:
    """Twilio's own client, pointed at the carrier."""
    yield connected(carrier.url, ACCOUNT.sid, ACCOUNT.auth_token)
