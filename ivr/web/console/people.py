"""People: who a line knows, by plain choices or a saved segment, with exact counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from ivr import auditing, clock, looking_up, saved_segments, segments
from ivr.errors import WrongQuestion, WrongSegment
from ivr.personal_details import age
from ivr.phone_numbers import national
from ivr.roles import Role
from ivr.store import saved_segments as table
from ivr.store import segments as found_in
from ivr.store import tags, waiting
from ivr.store.lines import Line
from ivr.store.listed import Listed
from ivr.store.members import GENDERS
from ivr.store.segments import Segment
from ivr.store.states import STATES
from ivr.translating import LANGUAGES
from ivr.web.console.asking import read_id
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, lines_for, page, reader, say, told
from ivr.web.house import house

blueprint = Blueprint("people", __name__)
MOST = 50
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """What a page asks for: choices as they were made, or a saved segment by its name; `segment` is what they mean."""

    given: dict[str, str]
    name: str
    segment: Segment

    def query(self, line: Line, **more: object) -> str:
        """The address's query for this."""
        named = {"segment": self.name} if self.name else self.given
        return urlencode({"line": line.id, **named, **more})


@blueprint.get("/people")
def people() -> Response:
    """A line's people, members unless something else is chosen; who came last first."""
    if not lines_for(Role.VIEWER):
        return page("people.html", line=None)
    line = line_of(request.args.get("line", ""), Role.VIEWER)
    if request.args.get("q", "").strip():
        return looked_up(line, request.args["q"].strip())
    try:
        return listing(line, read_asked(line, request.args))
    except WrongSegment as wrong:
        given = {name: request.args[name][:LONGEST] for name in segments.CHOICES if name in request.args}
        return listing(line, Asked(given, "", Segment()), 422, fault=told(wrong))


def read_asked(line: Line, arguments: Mapping[str, str]) -> Asked:
    """What is asked for. Raises `WrongSegment`."""
    if name := arguments.get("segment", ""):
        return Asked({}, name, saved_segments.of_name(house().store, line, name))
    given = {one: arguments[one].strip() for one in segments.CHOICES if arguments.get(one, "").strip()}
    return Asked(given, "", segments.of_choices(given))


def listing(line: Line, asked: Asked, status: int = 200, **values: object) -> Response:
    """The page of those who are asked for."""
    now, before = clock.now(), read_id(request.args.get("before", "")) or None
    counted, listed = house().store.read(
        lambda db: (
            found_in.count(db, line.id, asked.segment, now),
            found_in.page(db, line.id, asked.segment, now, before, MOST),
        )
    )
    noted = {"line": line.number, **({"segment": asked.name} if asked.name else asked.given)}
    auditing.look(house(), signed_in().actor, "people listed", noted, len(listed), now)
    return _page(
        line,
        asked,
        listed,
        status,
        expression=segments.written(asked.segment),
        counted=counted,
        onward=asked.query(line, before=listed[-1].id) if len(listed) == MOST else "",
        may_save=signed_in().may(Role.WRITER, line.id),
        **values,
    )


def looked_up(line: Line, text: str) -> Response:
    """The page of those whom a search finds."""
    try:
        found = looking_up.find(house(), line, text)
    except WrongQuestion as wrong:
        return _page(line, Asked({}, "", Segment()), [], 422, q=text[:LONGEST], search_fault=told(wrong))
    noted = {"line": line.number, **looking_up.noted(line, text)}
    auditing.look(house(), signed_in().actor, "people looked up", noted, len(found.people), clock.now())
    return _page(line, Asked({}, "", Segment()), found.people, q=text, more=found.more)


def _page(line: Line, asked: Asked, listed: list[Listed], status: int = 200, **values: object) -> Response:
    """The page of people, whoever they are."""
    saved, known, tagged, waits = house().store.read(
        lambda db: (
            table.of_line(db, line.id),
            tags.of_line(db, line.id),
            tags.of_people(db, [one.id for one in listed]),
            waiting.count(db, line.id),
        )
    )
    today = clock.now().date()
    return page(
        "people.html",
        status,
        line=line,
        lines=lines_for(Role.VIEWER),
        asked=asked,
        listed=listed,
        saved=saved,
        tags=known,
        tagged=tagged,
        waits=waits,
        choices=_choices(),
        national=national,
        years=lambda born: age(date.fromisoformat(born), today),
        erased="erased" in request.args,
        **values,
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What the form offers: values and their words."""
    return {
        "genders": [("", say("any")), *((one, say(f"gender {one}")) for one in GENDERS)],
        "languages": [("", say("any")), *((one, reader().tongue(one)) for one in LANGUAGES)],
        "states": [("", say("person member")), *((one, say(f"person {one}")) for one in STATES if one != "member")],
    }
