"""A product for the simulator to talk to: a small Flask application on a real port, which says what a test wants."""

import io
import wave
from dataclasses import dataclass, field
from threading import Event, Lock

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import WSGIRequestHandler

from ivr.simulator import Account, Moment

ACCOUNT = Account("AC" + "a" * 32, "a-token-of-no-account", ("SK" + "b" * 32, "an-api-key-secret"))
LINE = "+17735550100"
SECOND_LINE = "+442079460123"
PHONE = "+12025550143"


@dataclass
class Asked:
    """One request the product got."""

    path: str
    form: dict[str, str]
    headers: dict[str, str]
    is_signed: bool
    method: str


@dataclass
class Answer:
    """One answer the product gives."""

    body: bytes
    status: int = 200
    content_type: str = "text/xml"
    headers: dict[str, str] = field(default_factory=dict)
    gate: Event | None = None
    """When given, the answer waits for it; 500 when it is not opened in ten seconds."""


class Product:
    """Says what it is told to, path by path, and remembers what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self._answers: dict[str, list[Answer]] = {}
        self._asked: list[Asked] = []
        self._lock = Lock()
        self.app = Flask("product", static_folder=None)
        self.app.add_url_rule("/", "any", self._answer, defaults={"path": ""}, methods=["GET", "POST"])
        self.app.add_url_rule("/<path:path>", "any", self._answer, methods=["GET", "POST"])

    def says(self, path: str, *bodies: str | Answer) -> None:
        """What `path` answers: each body once, the last for ever; text goes inside <Response>."""
        answers = [
            body if isinstance(body, Answer) else Answer(f"<Response>{body}</Response>".encode()) for body in bodies
        ]
        with self._lock:
            self._answers[path] = answers

    def asked(self, path: str | None = None) -> list[Asked]:
        """What was asked, oldest first."""
        with self._lock:
            return [one for one in self._asked if path is None or one.path == path]

    def _answer(self, path: str) -> Response:
        target = self.url + request.environ["RAW_URI"]
        form = request.form.to_dict() if request.method == "POST" else {}
        signed = RequestValidator(ACCOUNT.auth_token).validate(
            target, request.form if request.method == "POST" else {}, request.headers.get("X-Twilio-Signature", "")
        )
        asked = Asked(
            request.full_path.rstrip("?"), form or request.args.to_dict(), dict(request.headers), signed, request.method
        )
        with self._lock:
            self._asked.append(asked)
            answers = self._answers.get(request.path, [Answer(b"", 404)])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.gate is not None and not answer.gate.wait(10):
            return Response(status=500)
        return Response(answer.body, answer.status, answer.headers, content_type=answer.content_type)


class Quiet(WSGIRequestHandler):
    """Says nothing on the terminal."""

    def log(self, *_: object) -> None:
        pass


def tone(seconds: float) -> bytes:
    """A WAV of silence, 8 kHz, 8 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(b"\x80" * round(8000 * seconds))
    return file.getvalue()


def connected(url: str, user: str, password: str) -> Client:
    """Twilio's client with these credentials."""
    client = Client(user, password, ACCOUNT.sid)
    client.http_client.timeout = 10
    client.http_client.session.trust_env = False
    client.api.base_url = url
    return client


def line_of(moments: list[Moment], *leave_out: str) -> list[tuple[float, str]]:
    """A time line, shorter: `(second, word)`."""
    return [(moment.at, moment.what) for moment in moments if moment.what not in leave_out]
