"""Making a page: its language, its direction, its words."""

from collections.abc import Callable
from functools import cache, partial
from urllib.parse import urlencode

from babel import Locale
from flask import Response, render_template, request

from ivr import languages
from ivr.translating import LANGUAGES, counted, said

SIGNS = {"day": "d", "month": "M", "year": "y"}
"""How CLDR's patterns name the parts of a date."""


def visitors_language() -> str:
    """Which of our languages the visitor's browser asks for first (`ar-EG` asks for `ar`), else English."""
    asked = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((language for language in asked if language in LANGUAGES), "en")


def language_for(asked: str) -> str:
    """The language that was asked for, if it is one of ours, else what the visitor's browser asks for."""
    return asked if asked in LANGUAGES else visitors_language()


def page(template: str, language: str, status: int = 200, **values: object) -> Response:
    """The page `template` in `language`, never kept by a cache.

    In it `_("…")` says a sentence in that language, and `ngettext` one about a number of things.
    """
    say: dict[str, Callable[..., str]] = {"_": partial(said, language), "ngettext": partial(counted, language)}
    text = render_template(
        template,
        language=language,
        direction=languages.direction(language),
        tongues=tongues(),
        here_in=_here_in,
        **say,
        **values,
    )
    return Response(text, status, headers={"Cache-Control": "no-store", "Content-Language": language})


def _here_in(language: str) -> str:
    """This page in another language, of the same line."""
    line = request.args.get("line", "") if request.method == "GET" else ""
    return "?" + urlencode({**({"line": line} if line else {}), "language": language})


@cache
def tongues() -> dict[str, str]:
    """Our languages, each by its own name (Unicode CLDR)."""
    return {code: str(Locale.parse(code).get_display_name()).capitalize() for code in LANGUAGES}


@cache
def date_order(language: str) -> tuple[str, ...]:
    """In which order a language writes day, month and year (Unicode CLDR)."""
    pattern = str(Locale.parse(language).date_formats["short"].pattern)
    return tuple(sorted(SIGNS, key=lambda part: pattern.index(SIGNS[part])))
