"""An operator's browser: a connection that is kept, a session's cookie, and how long each answer takes."""

import time
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from benchmarks.webhooks import PUBLIC_URL
from ivr import operators
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.roles import Role
from ivr.settings import Settings
from ivr.signing_in import Visit
from ivr.store.operators import Grant

_PASSWORD = "violet harbour tractor monday"


@dataclass(frozen=True)
class Seen:
    """An answer, and the milliseconds from asking until all of it was there."""

    milliseconds: float
    status: int
    text: str


class Browser:
    """Asks the server at `port`, one thing at a time, in a session."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Host": PUBLIC_URL.partition("://")[2], "Cookie": f"__Host-third-ring-session={session}"}

    def look(self, path: str) -> Seen:
        """Ask for a page."""
        began = time.perf_counter()
        answer = self.ask(path)
        content = answer.read()
        return Seen((time.perf_counter() - began) * 1000, answer.status, content.decode())

    def ask(self, path: str) -> HTTPResponse:
        """Ask for something that is read piece by piece."""
        self._connection.request("GET", path, headers=self._headers)
        return self._connection.getresponse()

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()


def session_of(folder: Path, database: Path, at: datetime) -> str:
    """The token of a session of an operator who is admin on all lines."""
    variables = {"INSTANCE_PATH": str(folder), "DATABASE_URL": f"sqlite:///{database}", "PUBLIC_URL": PUBLIC_URL}
    house = House.open(Settings.load(variables, env_file=None))
    name = f"Bench {at:%Y-%m-%d %H:%M:%S.%f}"
    token = operators.invite(house.store, name, [Grant(None, Role.ADMIN)], "en", COMMAND_LINE, at)
    opened = operators.begin(house, token, _PASSWORD, ("en", "UTC"), Visit("127.0.0.1", "bench"), at)
    house.store.close()
    return opened.token
