"""Making a page of the console: in the operator's language and time zone, with what they may see in its menu."""

from collections.abc import Sequence

from flask import Flask, Response, abort, render_template, request

from ivr import languages
from ivr.phone_numbers import national
from ivr.roles import Role
from ivr.sessions import SignedIn
from ivr.store import lines
from ivr.store.lines import Line
from ivr.store.operators import Grant
from ivr.web.console.formats import Reader
from ivr.web.console.guards import SIGNED_IN, signed_in
from ivr.web.console.words import said, words
from ivr.web.house import house
from ivr.web.rendering import visitors_language


def reader() -> Reader:
    """Who reads this page: the operator, else a visitor with a browser's language."""
    found: SignedIn | None = request.environ.get(SIGNED_IN)
    if found is None:
        return Reader(visitors_language(), "UTC")
    return Reader(found.operator.language, found.operator.zone)


def say(key: str) -> str:
    """Words of ours in the reader's language."""
    return words(reader().language)[key]


def told(fault: Exception) -> str:
    """What a fault says, in the reader's language where we have it."""
    return said(str(fault), reader().language)


def page(template: str, status: int = 200, **values: object) -> Response:
    """The page `template` of the console, never kept by a cache."""
    text = rendered(template, **values)
    return Response(text, status, headers={"Cache-Control": "no-store", "Content-Language": reader().language})


def rendered(template: str, **values: object) -> str:
    """A template of the console, filled in."""
    reading = reader()
    return render_template(
        f"console/{template}",
        language=reading.language,
        direction=languages.direction(reading.language),
        words=words(reading.language),
        reader=reading,
        me=request.environ.get(SIGNED_IN),
        Role=Role,
        **values,
    )


def lines_for(role: Role) -> list[Line]:
    """The lines on which the operator has this role, in the order in which they were added."""
    me = signed_in()
    return [line for line in house().store.read(lines.everyone) if me.may(role, line.id)]


def line_of(text: str, role: Role) -> Line:
    """The line of this id, on which the operator has the role; with nothing, the first of them. Answers 404."""
    found = next((line for line in lines_for(role) if text in (str(line.id), "")), None)
    if found is None:
        abort(404)
    return found


def roles_held(grants: Sequence[Grant], known: Sequence[Line]) -> list[tuple[str, str]]:
    """Roles in the reader's words, each with the name of its line."""
    names = {line.id: line.name for line in known}
    return [
        (say(f"role {grant.role.word}"), names[grant.line_id] if grant.line_id is not None else say("all lines"))
        for grant in grants
    ]


def add_filters(app: Flask) -> None:
    """What the console's templates may ask for: `browser` shortens how a browser calls itself, `national` a number."""
    app.add_template_filter(_browser, "browser")
    app.add_template_filter(national, "national")


def _browser(agent: str) -> str:
    """`Firefox, Linux` for how a browser calls itself; it is for people to recognise their own."""
    names = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
    systems = ("iPhone", "iPad", "Android", "Windows", "Mac OS X", "Linux")
    found = [next((one for one in known if one in agent), "") for known in (names, systems)]
    return ", ".join(one for one in found if one) or agent[:40] or "–"
