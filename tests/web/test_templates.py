"""What keeps texts of strangers from becoming part of a page: laws that every template keeps."""

import re
from pathlib import Path

import pytest

from ivr.web.console.words import words

WEB = Path(__file__).parents[2] / "ivr" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SOURCES = [
    *TEMPLATES,
    *sorted((WEB / "console").glob("*.py")),
    WEB / "faults.py",
    WEB / "posted_forms.py",
    *(WEB / "static").glob("*.js"),
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_is_let_through_unescaped(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|\bMarkup\b", text)
    assert not re.search(r"\s[\w-]+=\{\{", text), "an attribute without quotes"
    assert not re.search(r"\s(on\w+|style)\s*=", text), "a script or a style within the page"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"(src|href|action)=\"(https?:)?//", text), "something of another host"


@pytest.mark.parametrize("path", sorted((WEB / "static").glob("*.css")), ids=lambda path: path.name)
def test_the_stylesheets_mirror_by_themselves(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"(margin|padding|border)-(left|right)|\b(left|right)\s*:|text-align:\s*(left|right)|url\(", text
    )


def test_every_word_of_the_console_is_said_somewhere() -> None:
    everything = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    everything += "".join(path.read_text(encoding="utf-8") for path in (WEB.parent).glob("*.py"))
    made = (
        "state ",
        "by ",
        "greeting heard ",
        "purpose ",
        "refused ",
        "refusal ",
        "did ",
        "role ",
        "key ",
        "opted ",
        "has asked ",
        "clip ",
        "door ",
        "person ",
        "gender ",
        "withdrew",
        "section ",
        "about ",
        "field ",
        "hint ",
        "without ",
        "cadence ",
        "keywords ",
        "webhook ",
        "done ",
    )  # put together from a status, an action …
    unsaid = [key for key in words("en") if not key.startswith(made) and f'"{key}"' not in everything]
    unsaid = [key for key in unsaid if f"'{key}'" not in everything and not key.endswith(".")]
    assert not unsaid
