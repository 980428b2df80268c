"""The product as it really runs: gunicorn on a free port, the simulator as its carrier, a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from databases import prepared
from twilio.request_validator import RequestValidator

from ivr import clock, lines, provisioning
from ivr.carrier.rest import Carrier
from ivr.house import account_of
from ivr.settings import TABLE, Settings
from ivr.simulator import Account, Simulator, serve
from ivr.store import Store
from ivr.store import lines as line_table

T = TypeVar("T")
NUMBER = "+17735550100"
NAME = "Ada Example"
ACCOUNT = "AC" + "a1" * 16
TOKEN = "a-token-of-the-tests"
PHONE = "+12025550143"
IVR = [sys.executable, "-c", "from ivr.cli import main; main()"]


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Settings of an installation in `folder`, as environment variables."""
    port = free_port()
    return {
        "INSTANCE_PATH": str(folder),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "PHONE_NUMBER": NUMBER,
        "LINE_NAME": NAME,
        "WEB_CONCURRENCY": "2",
        **more,
    }


def set_up(variables: Mapping[str, str], **line: object) -> Settings:
    """Make the database and the line of these settings."""
    settings = Settings.load(variables, env_file=None)
    prepared(settings.database_path)
    store = Store(settings.database_path, settings.instance_path / "spool")
    lines.begin(store, settings, clock.now(), **line)
    store.close()
    return settings


def ivr(*words: str, variables: Mapping[str, str], cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run the ivr command to its end, with these settings and no others."""
    return subprocess.run(
        [*IVR, *words], env={**unset(), **variables}, cwd=cwd, text=True, capture_output=True, timeout=60, check=False
    )


def until(found: Callable[[], T], seconds: float = 20) -> T:
    """What `found` finds as soon as it finds something, asked again and again."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        if time.monotonic() > deadline:
            raise AssertionError("it never came")
        time.sleep(0.02)
    return result


def unset() -> dict[str, str]:
    """The environment without any setting of ours."""
    names = {setting.name for setting in TABLE}
    return {name: value for name, value in os.environ.items() if name not in names}


def sign(url: str, form: Mapping[str, str] | list[tuple[str, str]], token: str = TOKEN) -> str:
    """The carrier's signature of a POST."""
    return str(RequestValidator(token).compute_signature(url, dict(form)))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Product:
    """A running server. `log` is the file that it writes its log to."""

    settings: Settings
    server: "subprocess.Popen[bytes]"
    log: Path

    @property
    def store(self) -> Store:
        """The installation's store, opened by the test itself."""
        return Store(self.settings.database_path, self.settings.instance_path / "spool")

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Any request, over a new connection."""
        connection = HTTPConnection("127.0.0.1", self.settings.port, timeout=20)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, text)
        finally:
            connection.close()

    def webhook(self, path: str, form: Mapping[str, str], signature: str | None = None, **headers: str) -> Answer:
        """A webhook as the carrier sends it, correctly signed unless `signature` is given."""
        url = self.settings.public_url + path
        signed = sign(url, form) if signature is None else signature
        sent = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signed, **headers}
        return self.request("POST", path, urlencode(form).encode(), sent)

    def raw(self, content: bytes, shut: bool = True) -> bytes:
        """Send bytes as they are and read until the server closes; `shut`: say that no more will come."""
        with socket.create_connection(("127.0.0.1", self.settings.port), timeout=15) as connection:
            connection.sendall(content)
            if shut:
                connection.shutdown(socket.SHUT_WR)
            pieces = []
            while piece := connection.recv(65536):
                pieces.append(piece)
            return b"".join(pieces)

    def workers(self) -> list[int]:
        """Process ids of the web workers."""
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        return [int(pid) for pid in children.split()]


@contextmanager
def running(variables: Mapping[str, str], **line: object) -> Iterator[Product]:
    """Start the server of these settings, wait until it answers, stop it in the end."""
    settings = set_up(variables, **line)
    log = settings.instance_path / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:ivr.serving", "wsgi:app"],
            env={**os.environ, **variables},
            stdout=output,
            stderr=output,
            cwd=Path(__file__).parent.parent,
        )
    product = Product(settings, server, log)
    try:
        _wait(product)
        yield product
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(25)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def running_with_carrier(
    folder: Path, line: Mapping[str, object] | None = None, **more: str
) -> Iterator[tuple[Product, Simulator]]:
    """The server with a simulator as its carrier, each pointed at the other."""
    with serve(Simulator(Account(ACCOUNT, TOKEN), [NUMBER], seed=1)) as carrier:
        variables = environment(folder, TWILIO_API_URL=carrier.url, **more)
        with running(variables, **(line or {})) as product:
            provisioning.provision(Carrier(account_of(product.settings)), product.settings, NUMBER, dry_run=False)
            yield product, carrier.simulator


def _wait(product: Product) -> None:
    for _ in range(600):
        if product.server.poll() is not None:
            raise RuntimeError(f"the server did not start:\n{product.log.read_text()}")
        try:
            product.request("GET", "/healthz")
            return
        except OSError:
            try:
                product.server.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
    raise RuntimeError(f"the server does not answer:\n{product.log.read_text()}")


def with_line(settings: Settings, **values: object) -> line_table.Line:
    """The line of the settings, for rules that need one: not stored."""
    return replace(line_table.Line(settings.phone_number, settings.line_name), **values)
