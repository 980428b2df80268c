"""One person of a line: what they told, what was noted, everything that happened; and the forms to do something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import dates
from flask import Blueprint, Response, abort, request

from ivr import auditing, clock, lifting, message_segments, tokens, wording, writing
from ivr.message_segments import Counted
from ivr.phone_numbers import international, is_e164, national, zones_of
from ivr.plain_text import clean
from ivr.roles import Role
from ivr.store import Connection, messages, profiles, tags
from ivr.store.lines import Line
from ivr.store.log import story
from ivr.store.log.story import Moment, Place
from ivr.store.profiles import Profile
from ivr.web.console.asking import read_id
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, page, reader, told
from ivr.web.console.showing import number_of
from ivr.web.house import house

blueprint = Blueprint("person", __name__)
PERSON = "/people/<int:line_id>/<number>"
DONE = (
    *("written", "taken back", "noted", "note gone", "tagged", "untagged", "blocked", "unblocked"),
    *("opted out", "lifted", "link sent"),
)
"""What may have been done, as an address says it to the page that follows."""


@dataclass(frozen=True)
class _Seen:
    """What the page shows: `undoable` is the id of a text that may still be taken back."""

    moments: list[Moment]
    profile: Profile | None
    tags: list[str]
    carrier_refuses: bool
    refused: str
    undoable: int


@blueprint.get(PERSON)
def person(line_id: int, number: str) -> Response:
    """Everything between a number and a line."""
    return person_page(line_of(str(line_id), Role.VIEWER), number)


def person_page(
    line: Line,
    number: str,
    status: int = 200,
    given: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    moved: tuple[str, str] | None = None,
) -> Response:
    """The page of one person; `given` is what was typed into its forms, `faults` what is wrong, by field.

    `moved`: that somebody else was quicker, and what was typed.

    Answers 404 when nothing was ever between the number and the line.
    """
    before = Place.read(request.args["before"]) if request.args.get("before") else story.NEWEST
    seen = house().store.read(lambda db: _look(db, line, number, before))
    if not seen.moments:
        abort(404)
    now, known = clock.now(), seen.profile is not None and is_e164(number)
    asked = {"line": line.number, "number": number}
    auditing.look(house(), signed_in().actor, "person looked at", asked, len(seen.moments), now)
    return page(
        "person.html",
        status,
        line=line,
        number=number,
        shown=number_of(number, reader()) if is_e164(number) else number,
        international=international,
        national=national,
        seen=seen,
        onward=seen.moments[-1].place.written() if len(seen.moments) == story.MOST else None,
        done=request.args.get("done") if request.args.get("done") in DONE else None,
        given={**(given or {}), "once": tokens.new()},
        faults=faults or {},
        moved=moved,
        counted=counted((given or {}).get("text", "")),
        their_time=their_time(number, now) if known else "",
        writes=known and signed_in().may(Role.WRITER, line.id),
        erases=known and signed_in().may(Role.ADMIN, line.id),
        said_at=lifting.said_at,
        refused=seen.refused,
    )


def counted(text: str) -> Counted | None:
    """How a text of an operator's goes over the air; None for one that says nothing."""
    cleaned = clean(text.strip(), wording.LONGEST).strip()
    return message_segments.counted(cleaned) if cleaned else None


def their_time(number: str, now: datetime) -> str:
    """What time it is where a number is from; from the earliest to the latest where there are several; may be empty."""
    local = sorted({now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in zones_of(number)})
    written = [str(dates.format_datetime(one, "EEEE HH:mm", locale=reader().locale)) for one in local]
    return " – ".join(dict.fromkeys((written[0], written[-1]))) if written else ""


def _look(db: Connection, line: Line, number: str, before: Place) -> _Seen:
    profile = profiles.of(db, line, number)
    text = messages.find(db, read_id(request.args.get("text", "")))
    mine = text is not None and (text.line_id, text.number, text.purpose) == (line.id, number, writing.PURPOSE)
    return _Seen(
        story.story(db, line.id, number, before),
        profile,
        tags.of_line(db, line.id),
        lifting.carrier_refuses(db, line, number),
        _refused(db, line, profile),
        text.id if text is not None and mine and text.status == "queued" else 0,
    )


def _refused(db: Connection, line: Line, profile: Profile | None) -> str:
    """Why they cannot be written to, in the reader's words; empty when they can."""
    reason = writing.reason_against(db, line, profile.person) if profile else None
    return told(ValueError(writing.REFUSED[reason])) if reason else ""
