"""The texts of a line in one language: what each says and is for, how it goes over the air, how a phone shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import category

from flask import Blueprint, Response, request

from ivr import languages, replies, wording
from ivr.message_segments import ROOM, named
from ivr.replies import Preview
from ivr.roles import Role
from ivr.store.lines import Line
from ivr.translating import LANGUAGES
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, page, reader, rendered
from ivr.web.house import house

blueprint = Blueprint("replies", __name__)
MOST_NAMED = 3
"""So many of the characters that make a text dear are called by name."""
LETTER_WITHOUT_CASE = "Lo"
"""What Unicode calls the letters of Arabic, of Chinese … (Unicode Standard Annex 44, General_Category)."""
THOUSAND = 1000


@dataclass(frozen=True)
class Text:
    """One text on the page: its name, the words in its field, those in force, and whether these are the line's own.

    `seen` is how it would go out; `fault` says what is wrong with it, `stands` what somebody else made of it meanwhile.
    """

    name: str
    words: str
    present: str
    is_own: bool
    seen: Preview
    fault: str = ""
    stands: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something was typed that is not in force."""
        return replies.cleaned(self.words) not in (self.present, "" if not self.is_own else self.present)

    @property
    def dear(self) -> tuple[tuple[str, str], ...]:
        """The first characters that make it dear, each with its name; none where the script itself does."""
        forcing = self.seen.counted.forcing
        if any(category(char) == LETTER_WITHOUT_CASE for char in forcing):
            return ()
        return tuple((char, named(char)) for char in forcing[:MOST_NAMED])


@blueprint.get("/lines/<int:line_id>/replies")
def show(line_id: int) -> Response:
    """The texts of a line, with their form."""
    found = line_of(str(line_id), Role.VIEWER)
    tongue = tongue_of(found, request.args.get("language", ""))
    return replies_page(found, tongue, filled(found, tongue))


def replies_page(
    line: Line,
    tongue: str,
    given: Mapping[str, str],
    status: int = 200,
    faults: Mapping[str, str] | None = None,
    stands: Mapping[str, str] | None = None,
    **values: object,
) -> Response:
    """The page of a line's texts in a language, the fields filled with what is given."""
    texts = [text_of(line, tongue, name, given[name], faults, stands) for name in wording.NAMES]
    return page(
        "replies.html",
        status,
        **always(line, tongue),
        tongues=LANGUAGES,
        texts=texts,
        faults=faults,
        is_open=any(text.is_open for text in texts),
        changes=signed_in().may(Role.ADMIN, line.id),
        **values,
    )


def fragment(line: Line, tongue: str, text: Text) -> Response:
    """What stands beside one text, for the page's script."""
    return Response(rendered("reply-seen.html", **always(line, tongue), text=text, changes=True))


def text_of(
    line: Line,
    tongue: str,
    name: str,
    words: str,
    faults: Mapping[str, str] | None = None,
    stands: Mapping[str, str] | None = None,
) -> Text:
    """One text of a line with these words in its field."""
    own = line.wordings.get(f"{name}.{tongue}")
    return Text(
        name=name,
        words=words,
        present=own or wording.ours(tongue, name),
        is_own=own is not None,
        seen=replies.preview(house(), line, tongue, name, words),
        fault=(faults or {}).get(name, ""),
        stands=(stands or {}).get(name, ""),
    )


def filled(line: Line, tongue: str) -> dict[str, str]:
    """The form's texts, as they are in force."""
    return {name: line.wordings.get(f"{name}.{tongue}") or wording.ours(tongue, name) for name in wording.NAMES}


def tongue_of(line: Line, asked: str) -> str:
    """The language that was asked for, if it is one of ours, else the line's."""
    return asked if asked in LANGUAGES else line.language


def always(line: Line, tongue: str) -> dict[str, object]:
    """What every part of the page knows."""
    return {
        "line": line,
        "tongue": tongue,
        "tongue_direction": languages.direction(tongue),
        "figure": wording.name_of(line, tongue),
        "room": ROOM,
        "money": lambda cost, times=1: reader().money(cost * times, line.currency),
        "price": Decimal(line.segment_price) if line.segment_price else None,
        "thousand": THOUSAND,
    }
