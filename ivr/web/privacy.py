"""What each line keeps of people, what for and how long, and what they can do about it: for everybody to read."""

from functools import partial

from babel.numbers import format_decimal
from flask import Blueprint, Response, request

from ivr import signup
from ivr.phone_numbers import international
from ivr.store.lines import Line
from ivr.web.house import lines_here
from ivr.web.rendering import language_for, page
from ivr.wording import name_of

blueprint = Blueprint("privacy", __name__)
CARRIERS_OWN = "https://www.twilio.com/legal/privacy"


@blueprint.get("/privacy")
def everyones() -> Response:
    """The lines, to choose one."""
    return _list(200)


@blueprint.get("/privacy/<number>")
def of_line(number: str) -> Response:
    """What one line keeps; the lines when it is none."""
    line = next((line for line in lines_here() if line.number == number), None)
    return _page(line) if line else _list(404)


def _list(status: int) -> Response:
    return page("privacy-lines.html", _language(), status, lines=lines_here(), name_of=name_of)


def _page(line: Line) -> Response:
    language = _language()
    return page(
        "privacy.html",
        language,
        line=line,
        name=name_of(line, language),
        consent=signup.consent_of(line, language),
        shown=partial(format_decimal, locale=language),
        international=international,
        carriers_own=CARRIERS_OWN,
    )


def _language() -> str:
    return language_for(request.args.get("language", ""))
