"""Making a page: its language, its direction, its words."""

from flask import Response, render_template, request

from ivr import languages
from ivr.web.page_words import words
from ivr.wording import LANGUAGES


def visitors_language() -> str:
    """Which of our languages the visitor's browser asks for first (`ar-EG` asks for `ar`), else English."""
    asked = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((language for language in asked if language in LANGUAGES), "en")


def page(template: str, language: str, status: int = 200, **values: object) -> Response:
    """The page `template` in `language`, never kept by a cache."""
    text = render_template(
        template, language=language, direction=languages.direction(language), words=words(language), **values
    )
    return Response(text, status, headers={"Cache-Control": "no-store", "Content-Language": language})
