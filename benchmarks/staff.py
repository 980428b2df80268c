"""What the staff of a line looks at beside the log: its people, who waits, and its own pages."""

import random
from urllib.parse import quote, urlencode

from benchmarks.places import LINES
from benchmarks.questions import Asked, Sample
from ivr.web.console.line_forms import SECTIONS

PAGE = 100.0
"""Milliseconds, p99."""
_CHOICES = (
    {"gender": "female", "age_from": "30"},
    {"city": "Town 7"},
    {"country": "EG,SA", "language": "ar"},
    {"age_from": "20", "age_to": "29", "gender": "male"},
    {"joined_since": "2026-06-01", "country": "US"},
)


def staff(sample: Sample) -> list[Asked]:
    """Every page."""
    return [
        Asked("members", PAGE, lambda chance: _people(chance)),
        Asked("members, chosen", PAGE, lambda chance: _people(chance, **chance.choice(_CHOICES))),
        Asked("members, going on", PAGE, lambda chance: _people(chance, before=str(chance.randint(9, 6_000_000)))),
        Asked("people by number", PAGE, lambda chance: _people(chance, q=chance.choice(sample.contacts)[4])),
        Asked("people by last four digits", PAGE, lambda chance: _people(chance, q=f"{chance.randint(0, 9999):04}")),
        Asked("people by name", PAGE, lambda chance: _people(chance, q=f"given{chance.randint(0, 4999)}")),
        Asked("people by a common name", PAGE, lambda chance: _people(chance, q="family")),
        Asked("people by two words", PAGE, lambda chance: _people(chance, q=f"fam given{chance.randint(0, 4999)}")),
        Asked("people by e-mail", PAGE, lambda chance: _people(chance, q=f"x{_member(chance)}@example.org")),
        Asked("the waiting room", PAGE, lambda chance: f"/console/waiting?line={_line(chance)}"),
        Asked("the waiting room, only called", PAGE, lambda chance: f"/console/waiting?line={_line(chance)}&wrote=no"),
        Asked("erasing somebody, asked", PAGE, lambda chance: _erasing(sample, chance)),
        Asked("the lines", PAGE, lambda chance: "/console/lines"),
        Asked("a line", PAGE, lambda chance: f"/console/lines/{_line(chance)}"),
        Asked("a line's forms", PAGE, lambda chance: f"/console/lines/{_line(chance)}/{chance.choice([*SECTIONS])}"),
        Asked("a line's replies", PAGE, lambda chance: f"/console/lines/{_line(chance)}/replies?language=ar"),
        Asked("a line's history", PAGE, lambda chance: f"/console/lines/{_line(chance)}/history"),
        Asked("a line's operators", PAGE, lambda chance: f"/console/lines/{_line(chance)}/operators"),
    ]  # fmt: skip


def _line(chance: random.Random) -> int:
    return chance.randint(1, len(LINES))


def _member(chance: random.Random) -> int:
    return chance.randint(0, 999_999) * 6 + 1


def _people(chance: random.Random, **query: str) -> str:
    return "/console/people?" + urlencode({"line": _line(chance), **query})


def _erasing(sample: Sample, chance: random.Random) -> str:
    _, _, _, line_id, number, _ = chance.choice(sample.contacts)
    return f"/console/people/{line_id}/{quote(number)}/erase"
