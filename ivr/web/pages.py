"""For everybody: the recordings that the carrier plays, the personal link, and whose lines these are."""

from flask import Blueprint, Response, abort, request
from werkzeug.http import http_date

from ivr import cards
from ivr.phone_numbers import international
from ivr.store import photos
from ivr.web.house import house, lines_here
from ivr.web.rendering import language_for, page
from ivr.wording import name_of

blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
A_YEAR = 31_536_000


@blueprint.get("/audio/<digest>.wav")
def audio(digest: str) -> Response:
    """A recording, by its digest: what is under an address never changes."""
    clip = house().recording(digest)
    if clip is None:
        abort(404)
    response = Response(clip.content, content_type="audio/wav")
    response.set_etag(clip.digest)
    response.headers["Last-Modified"] = http_date(clip.modified)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response.make_conditional(request, accept_ranges=True, complete_length=len(clip.content))
    return response


@blueprint.get("/card/<number>.vcf")
def card(number: str) -> Response:
    """A line's contact card, for a phone to save."""
    line = next((line for line in lines_here() if line.number == number), None)
    if line is None:
        abort(404)
    photo = house().store.read(lambda db: photos.of(db, line))
    text = cards.card(line, language_for(request.args.get("language", "")), photo)
    response = Response(text, content_type="text/vcard; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{line.number}.vcf")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/")
def whose_lines() -> Response:
    """Whose lines these are, and how to sign up: with a text."""
    return _page("lines.html", language_for(request.args.get("language", "")), lines=lines_here())


def _page(template: str, language: str, status: int = 200, **values: object) -> Response:
    return page(template, language, status, international=international, name_of=name_of, **values)
