"""Commands that run: serve, demo, work, simulator."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click
import requests
from dotenv import dotenv_values

from ivr import clock, lines, operators
from ivr.carrier.rest import Carrier
from ivr.cli.proving import log_of
from ivr.errors import ThirdRingError, WrongSettings
from ivr.house import House, account_of, open_store
from ivr.provisioning import provision
from ivr.setting_values import make_private_file
from ivr.settings import DEMO_FILE, Settings
from ivr.simulator import Account, Number, Simulator
from ivr.simulator import run as run_simulator
from ivr.simulator import serve as serve_simulator
from ivr.store import lines as line_table
from ivr.store.database import prepare
from ivr.working import Work

DEMO_NUMBER = "+17735550100"
DEMO_NAME = "Third Ring demo"
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "python:ivr.serving", "wsgi:app"]
LONGEST_START_SECONDS = 30


@click.command()
def serve() -> None:
    """Answer calls and texts (gunicorn, until stopped)."""
    settings = Settings.load(needs_carrier=True)
    make_ready(settings)
    click.echo(f"Third Ring at {settings.public_url}, listening on {settings.host}:{settings.port}", err=True)
    sys.stderr.flush()
    os.execv(sys.executable, GUNICORN)  # noqa: S606


@click.command()
def work() -> None:
    """Send queued texts and fetch voice messages, apart from `ivr serve`."""
    settings = Settings.load(needs_carrier=True)
    make_ready(settings)
    job = Work(House.open(settings))
    if not job.tick():
        click.echo(f"Process {job.holder or '?'} does this work already; waiting to take over.", err=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: job.stop())
    job.run()


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
def simulator(port: int) -> None:
    """Run the carrier on your desk, on this machine only. `ivr demo` does it for you."""
    settings = Settings.load(needs_carrier=True, or_demo=True)
    numbers = [line.number for line in open_store(settings).read(line_table.everyone)]
    run_simulator(
        Simulator(_simulated(settings), numbers, settings.instance_path / "simulator.jsonl", in_log=log_of(settings)),
        port=port,
        ready=lambda url: click.echo(f"The simulator answers at {url}"),
    )


@click.command()
def demo() -> None:
    """The whole product on this machine, with a simulated carrier and no account."""
    settings = _demo_settings()
    make_ready(settings, takes_messages=True)
    known = open_store(settings).read(line_table.everyone)
    numbers = [Number(line.number, friendly_name=line.name) for line in known]
    simulated = Simulator(
        _simulated(settings), numbers, settings.instance_path / "simulator.jsonl", in_log=log_of(settings)
    )
    port = settings.port + 1
    with serve_simulator(simulated, port=port):
        for number in numbers:
            provision(Carrier(account_of(settings)), settings, number.phone_number, dry_run=False)
        server = subprocess.Popen(GUNICORN, env={**os.environ, **_environment(settings)})  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            _await(server, settings.public_url)
            click.echo(WELCOME.format(url=settings.public_url, port=port, number=DEMO_NUMBER, ivr=_ivr()))
            click.echo(_console(settings))
            server.wait()
        except KeyboardInterrupt:
            server.terminate()
        finally:
            server.terminate()
            server.wait()
            click.echo("Stopped.")


WELCOME = """
Third Ring is running: {url}
The phone is at http://127.0.0.1:{port}: call and text {number} in your browser.

Or, in a second terminal, try

  {ivr} dial                    call it: three rings, then the greeting
  {ivr} dial --keys 1           press 1 and get the sign-up link as a text
  {ivr} dial --keys 2           leave a message
  {ivr} text "hello"            text it: the answer with a personal link
  {ivr} crowd                   two thousand people at once, and the proof that each was answered
  {ivr} log                     every contact, kept
  {ivr} doctor                  is everything as it should be?

Ctrl-C stops it.
"""


DEMO_OPERATOR = "Operator"


def make_ready(settings: Settings, takes_messages: bool = False) -> None:
    """Bring the database up to date and make the line that the settings name. There must be a line then."""
    for step in prepare(settings.database_path):
        click.echo(f"Database: applied {step}", err=True)
    store = open_store(settings)
    try:
        made = lines.begin(store, settings, clock.now(), takes_messages=takes_messages)
        if made:
            click.echo(f"Line: added {made.number}, {made.name}", err=True)
        if not store.read(line_table.everyone):
            raise WrongSettings(
                ["PHONE_NUMBER and LINE_NAME are missing, and there is no line: add one with `ivr line add`."]
            )
    finally:
        store.close()


def _demo_settings() -> Settings:
    """Settings of the demo: an account and token of its own, made once, and where it runs this time.

    Both are kept in the instance folder, so that `ivr dial`, `ivr log` and `ivr doctor` find them.
    """
    plain = Settings.load()
    if plain.account_sid:
        raise WrongSettings(
            ["TWILIO_ACCOUNT_SID is set, but `ivr demo` has an account of its own: use `ivr serve`, or unset it."]
        )
    kept = plain.instance_path / DEMO_FILE
    made = {"TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16), "TWILIO_AUTH_TOKEN": secrets.token_hex(16)}
    values = {
        **made,
        **{name: value for name, value in dotenv_values(kept).items() if value},
        "PHONE_NUMBER": DEMO_NUMBER,
        "LINE_NAME": DEMO_NAME,
        "HOST": "127.0.0.1",
        "PORT": str(plain.port),
        "PUBLIC_URL": f"http://127.0.0.1:{plain.port}",
        "TWILIO_API_URL": f"http://127.0.0.1:{plain.port + 1}",
        "DATABASE_URL": f"sqlite:///{plain.instance_path / 'demo.db'}",
    }
    kept.unlink(missing_ok=True)
    make_private_file(kept, "\n".join(f"{name}={value}" for name, value in values.items()))
    return Settings.load({**os.environ, **values})


def _console(settings: Settings) -> str:
    """Where the console is, with the first operator's one-time link as long as nobody has begun."""
    link = operators.invite_first(House.open(settings), DEMO_OPERATOR, clock.now())
    if link is None:
        return f"The console: {settings.public_url}/console/  (forgotten the password? {_ivr()} operator reset NAME)"
    return f"The console opens with this link, once. Set a password for “{DEMO_OPERATOR}”:\n\n  {link}\n"


def _environment(settings: Settings) -> Mapping[str, str]:
    """The demo's settings for the server that it starts."""
    return {
        "INSTANCE_PATH": str(settings.instance_path),
        **{name: value for name, value in dotenv_values(settings.instance_path / DEMO_FILE).items() if value},
    }


def _simulated(settings: Settings) -> Account:
    return Account(settings.account_sid, settings.auth_tokens[0])


def _await(server: "subprocess.Popen[bytes]", url: str) -> None:
    """Wait until the server answers. Raises `ThirdRingError` when it ends or takes too long."""
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ThirdRingError(f"The server did not start (exit status {server.returncode}); see above why.")
        try:
            if requests.get(f"{url}/healthz", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.05)
    raise ThirdRingError(f"The server does not answer at {url}.")


def _ivr() -> str:
    """How to call this command from the folder that the person is in."""
    command = Path(sys.argv[0])
    try:
        return str(command.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(command)
