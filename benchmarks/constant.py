"""What to compare with: a Flask application that reads what it is sent and always answers the same."""

import os

from flask import Flask, Response, request

app = Flask(__name__)
XML = "text/xml; charset=utf-8"
ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
READS_FIELDS = os.environ.get("BENCHMARK_READS") == "fields"
MANY = b"\x00" * int(os.environ.get("BENCHMARK_BYTES", "0"))


@app.post("/webhooks/sms")
@app.post("/webhooks/voice")
def webhook() -> Response:
    """Read the form's bytes, and no more; or, where that is asked for, its fields, as a view that uses them does."""
    if READS_FIELDS:
        request.form.get("From")
    else:
        request.get_data()
    return Response(ANSWER, content_type=XML)


@app.get("/few")
def few() -> Response:
    """A few bytes."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@app.get("/many")
def many() -> Response:
    """As many bytes as the greeting has."""
    return Response(MANY, content_type="audio/wav")
