"""What to compare with: the plain way, as a tutorial writes it. Twilio's validator; one insert and commit a request.

Kinder than most: WAL instead of SQLite's default journal (`contestants` makes the table), and a connection that
each thread keeps.
"""

import os
import threading

from flask import Flask, Response, abort, request
from sqlite_utils import Database
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

app = Flask(__name__)
PUBLIC_URL = os.environ["PUBLIC_URL"]
PATH = os.environ["BENCHMARK_DATABASE"]
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
threads = threading.local()


@app.post("/webhooks/sms")
def sms() -> Response:
    """Keep a text and answer it."""
    _check()
    _keep("text", request.form["MessageSid"], request.form["Body"])
    response = MessagingResponse()
    response.message(f"Thank you! Sign up here: {PUBLIC_URL}/join")
    return Response(str(response), content_type="text/xml")


@app.post("/webhooks/voice")
def voice() -> Response:
    """Keep a call and answer it."""
    _check()
    _keep("call", request.form["CallSid"], None)
    response = VoiceResponse()
    response.pause(length=15)
    response.play(f"{PUBLIC_URL}/greeting.wav")
    return Response(str(response), content_type="text/xml")


def _check() -> None:
    signature = request.headers.get("X-Twilio-Signature", "")
    if not validator.validate(PUBLIC_URL + request.path, request.form, signature):
        abort(403)


def _keep(kind: str, sid: str, body: str | None) -> None:
    if not hasattr(threads, "database"):
        threads.database = Database(PATH)
    row = {"sid": sid, "kind": kind, "number": request.form["From"], "body": body, "city": request.form["FromCity"]}
    threads.database["contacts"].insert(row)
