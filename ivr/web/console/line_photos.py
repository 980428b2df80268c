"""A picture comes in for a line's card."""

from flask import Blueprint, Response, abort, redirect, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from ivr import cards, clock
from ivr.cards import LARGEST_PHOTO, TOO_LARGE
from ivr.errors import LineChanged, WrongLine
from ivr.roles import Role
from ivr.store.lines import Line
from ivr.web.console import line_forms
from ivr.web.console.asking import read_id
from ivr.web.console.guards import signed_in
from ivr.web.console.line import overtaken, section_page
from ivr.web.console.line_forms import SECTIONS
from ivr.web.console.rendering import line_of, told
from ivr.web.house import house

blueprint = Blueprint("line_photos", __name__)
FORM_BYTES = 256 * 1024
"""What may come with a picture; Werkzeug counts its own buffer of 64 kB among it."""


@blueprint.post("/lines/<int:line_id>/photo")
def put(line_id: int) -> Response:
    """A picture stands on the card from now on."""
    line = line_of(str(line_id), Role.ADMIN)
    if request.mimetype != "multipart/form-data":
        abort(415, "A form with a file was expected.")
    request.max_content_length, request.max_form_memory_size = LARGEST_PHOTO + FORM_BYTES, FORM_BYTES
    status = 422
    try:
        given = request.files.get("photo")
        content = given.read(LARGEST_PHOTO + 1) if given else b""
        seen = read_id(request.form.get("seen", "")) or None
        cards.set_photo(house().store, line.number, content, clock.now(), signed_in().actor, seen)
    except RequestEntityTooLarge:
        status, wrong = 413, WrongLine(TOO_LARGE)
    except (ClientDisconnected, ParseException):
        abort(400, "The upload stopped early. Please try again.")
    except LineChanged as moved:
        return photo_page(line, 409, overtaken(moved, "photo changed meanwhile"))
    except WrongLine as fault:
        wrong = fault
    else:
        return redirect(f"/console/lines/{line.id}/card?saved", 303)  # type: ignore[return-value]
    return photo_page(line, status, told(wrong))


def photo_page(line: Line, status: int, fault: str) -> Response:
    """The card's page as it is now, with what is wrong beside the picture."""
    now, section = line_of(str(line.id), Role.ADMIN), SECTIONS["card"]
    return section_page(now, section, line_forms.filled(section, now), status, photo_fault=fault)
