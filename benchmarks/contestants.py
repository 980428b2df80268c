"""The servers: ours and those it is compared with, all of them gunicorn with our own config, 2 workers.

Each runs in a folder of its own, with no setting of the machine's or of a `.env` file, on a free port of this
machine alone. What a server writes (its access log, as ours is) goes to a file there.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sqlite_utils import Database

from benchmarks.webhooks import ACCOUNT, LINE, PUBLIC_URL, TOKEN
from ivr import clock, lines
from ivr.settings import TABLE, Settings
from ivr.store import Store
from ivr.store.database import prepare

WORKERS = 2
OURS, CONSTANT, FIELDS, PLAIN = "ours", "constant", "constant that reads the fields", "plain"
APPLICATIONS = {
    OURS: "wsgi:app",
    CONSTANT: "benchmarks.constant:app",
    FIELDS: "benchmarks.constant:app",
    PLAIN: "benchmarks.plain:app",
}
_ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Contestant:
    """A running server."""

    name: str
    folder: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def database(self) -> Path:
        """Our database; only ours has one."""
        return self.folder / "third-ring.db"

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def cpu_seconds(self) -> dict[int, float]:
        """What each of its workers has used so far."""
        return {worker: _cpu_seconds(worker) for worker in self.workers()}

    def get(self, path: str, method: str = "GET", body: bytes | None = None) -> bytes:
        """One request over a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {"Host": PUBLIC_URL.partition("://")[2]})
            return connection.getresponse().read()
        finally:
            connection.close()


@contextmanager
def started(name: str, folder: Path, **more: str) -> Iterator[Contestant]:
    """Start a server in `folder`, which is made; wait until it answers; stop it in the end."""
    folder.mkdir()
    port = free_port()
    variables = _environment(name, folder, port) | more
    _set_up(name, folder, variables)
    with (folder / "server.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:ivr.serving", APPLICATIONS[name]],
            env=variables,
            stdout=output,
            stderr=output,
            cwd=folder,
        )
    contestant = Contestant(name, folder, port, process)
    try:
        _wait(contestant)
        yield contestant
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(name: str, folder: Path, port: int) -> dict[str, str]:
    ours = {setting.name for setting in TABLE} | {"GUNICORN_CMD_ARGS", "ACCESS_LOG"}
    return {
        **{key: value for key, value in os.environ.items() if key not in ours},
        "PYTHONPATH": str(_ROOT),
        "INSTANCE_PATH": str(folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": PUBLIC_URL,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:9",  # nobody listens there: nothing leaves this machine
        "PHONE_NUMBER": LINE,
        "LINE_NAME": "Ada Example",
        "WEB_CONCURRENCY": str(WORKERS),
        "WORK_IN_SERVE": "yes" if name == OURS else "no",  # the others have no background work
        "BENCHMARK_READS": "fields" if name == FIELDS else "bytes",
        "BENCHMARK_DATABASE": str(folder / "plain.db"),
    }


def _set_up(name: str, folder: Path, variables: dict[str, str]) -> None:
    if name == OURS:
        settings = Settings.load(variables, env_file=None)
        prepare(settings.database_path)
        store = Store(settings.database_path, settings.instance_path / "spool")
        lines.begin(store, settings, clock.now())
        store.close()
    elif name == PLAIN:
        database = Database(variables["BENCHMARK_DATABASE"])
        database.enable_wal()
        database["contacts"].create({"sid": str, "kind": str, "number": str, "body": str, "city": str}, pk="sid")
        database.conn.close()


def _wait(contestant: Contestant) -> None:
    for _ in range(600):
        if contestant.process.poll() is not None:
            break
        try:
            contestant.get("/healthz")
            if len(contestant.workers()) == WORKERS:
                return
        except (OSError, HTTPException):
            pass
        time.sleep(0.05)
    log = (contestant.folder / "server.log").read_text(errors="replace")
    raise RuntimeError(f"{contestant.name} did not start:\n{log[-4000:]}")


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS
