"""A recording comes in, from a file or from the browser's microphone. Large, so it goes to a file."""

import tempfile
from pathlib import Path
from threading import BoundedSemaphore

from flask import Blueprint, Response, abort, redirect, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from ivr import clock, greetings
from ivr.errors import CannotFit, WrongGreeting
from ivr.greetings import LARGEST, TOO_LARGE, Making
from ivr.roles import Role
from ivr.store.greetings import Greeting, Place
from ivr.store.lines import Line
from ivr.voices import GREETING
from ivr.web.console.greetings import line_page
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, told
from ivr.web.house import house

blueprint = Blueprint("uploading", __name__)
FORM_BYTES = 256 * 1024
"""All fields but the file. Werkzeug counts its own buffer of 64 kB among them."""
MOST_FIELDS = 10
MULTIPART = "multipart/form-data"
LARGE_FORM = "The form is larger than expected. Send one recording, and short notes."
MOST_AT_ONCE = 2
_places = BoundedSemaphore(MOST_AT_ONCE)
"""Uploads that a process reads at once: a slow one holds a thread, and calls need threads, too."""


@blueprint.post("/greetings/new")
def upload() -> Response:
    """A recording becomes a new version; the page of it lets it be heard before it is made live."""
    if request.mimetype != MULTIPART:
        abort(415, "A form with a file was expected.")
    request.max_content_length = LARGEST + FORM_BYTES
    request.max_form_memory_size = FORM_BYTES
    request.max_form_parts = MOST_FIELDS
    if not _places.acquire(blocking=False):
        return line_page(503, fault=told(WrongGreeting(greetings.BUSY)))
    try:
        return _uploaded()
    finally:
        _places.release()


def _uploaded() -> Response:
    line = None
    try:
        line = line_of(request.form.get("line", ""), Role.ADMIN)
        added = _added(line)
    except RequestEntityTooLarge:
        return line_page(413, fault=told(WrongGreeting(TOO_LARGE if _is_large() else LARGE_FORM)))
    except (ClientDisconnected, ParseException):
        abort(400, "The upload stopped early. Please try again.")
    except WrongGreeting as wrong:
        status = wrong.status if isinstance(wrong, CannotFit) else 422
        return line_page(status, line, fault=told(wrong), given=request.form)
    except OSError as fault:
        wrong_now = greetings.not_kept(fault)
        return line_page(wrong_now.status, line, fault=told(wrong_now))
    return redirect(f"/console/greetings/{added.id}", 303)  # type: ignore[return-value]


def _is_large() -> bool:
    """Whether it was the file that was too large, or all of the form, as far as its length was announced."""
    return (request.content_length or LARGEST) >= LARGEST


def _added(line: Line) -> Greeting:
    given = request.files.get("recording")
    if given is None or not given.filename:
        raise WrongGreeting("Choose a recording first.")
    place = Place(line.id, request.form.get("language", line.language), request.form.get("clip", GREETING))
    making = Making(signed_in().actor, "console", given.filename, request.form.get("notes", ""))
    with tempfile.TemporaryDirectory(prefix="third-ring-") as folder:
        path = Path(folder, "upload")
        given.save(path)
        return greetings.add(house().store, house().own, place, path, making, clock.now())
