"""Operators for tests: invited, begun, signed in."""

from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from ivr import clock, operators, passwords
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.roles import Role
from ivr.signing_in import Opened, Visit, open_session
from ivr.store import Connection
from ivr.store import operators as table
from ivr.store.operators import Grant

PASSWORD = "violet harbour tractor monday"
VISIT = Visit("192.0.2.7", "Firefox on Linux")


def begun(
    house: House, name: str, role: Role = Role.ADMIN, line_id: int | None = None, at: datetime | None = None
) -> str:
    """An operator who has begun, with `PASSWORD`; returns the token of their session.

    As `operators.begin` does it, but that the password, which takes a quarter of a second, is hashed once.
    """
    moment = at or clock.now()
    operators.invite(house.store, name, [Grant(line_id, role)], "en", COMMAND_LINE, moment)

    def work(db: Connection) -> Opened:
        operator = table.find(db, name)
        assert operator is not None
        table.set_password(db, operator.id, _hashed())
        return open_session(db, operator, VISIT, moment, [])

    return house.store.write(work).token


@cache
def _hashed() -> str:
    return passwords.hashed(PASSWORD)


def browser(app: Flask, session: str = "") -> "Browser":
    """A browser of an operator, without JavaScript."""
    return Browser(app.test_client(), app.extensions["house"].settings.public_url, session)


class Browser:
    """Asks as a browser does: with its cookies, and with what it says of where a form comes from."""

    def __init__(self, client: FlaskClient, base: str, session: str) -> None:
        self._client, self._base = client, base
        if session:
            client.set_cookie("third-ring-session", session, domain="127.0.0.1")

    def get(self, path: str, **headers: str) -> Any:
        """A page."""
        return self._client.get(path, base_url=self._base, headers=headers, buffered=True)

    def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Any:
        """A form of our own page, unless `Sec-Fetch-Site` says otherwise."""
        sent = {"Sec-Fetch-Site": "same-origin", **headers}
        kind = "application/x-www-form-urlencoded"
        return self._client.post(path, data=urlencode(form or {}), content_type=kind, base_url=self._base, headers=sent)

    def send(
        self,
        path: str,
        form: dict[str, str],
        files: dict[str, tuple[BytesIO, str]],
        cut: int | None = None,
        site: str = "same-origin",
    ) -> Any:
        """A form with files. `cut`: only so much of it arrives, of what was announced."""
        whole = EnvironBuilder(path, base_url=self._base, method="POST", data={**form, **files}).get_environ()
        body = whole["wsgi.input"].read()
        return self._client.post(
            path,
            base_url=self._base,
            input_stream=BytesIO(body[:cut]),
            content_type=whole["CONTENT_TYPE"],
            headers={"Sec-Fetch-Site": site},
            environ_overrides={"CONTENT_LENGTH": str(len(body))},
        )

    def send_announced(self, path: str, length: int) -> Any:
        """A form with a file of which nothing has arrived yet but its length."""
        return self._client.post(
            path,
            base_url=self._base,
            input_stream=BytesIO(),
            content_type="multipart/form-data; boundary=b",
            headers={"Sec-Fetch-Site": "same-origin"},
            environ_overrides={"CONTENT_LENGTH": str(length)},
        )

    def cookie(self, name: str = "third-ring-session") -> str:
        """The value of a cookie."""
        found = self._client.get_cookie(name, domain="127.0.0.1")
        return found.value if found else ""
