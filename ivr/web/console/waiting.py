"""The waiting room: who called or texted and has not signed up, since when, what they wrote, and what reminds them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from ivr import auditing, clock, waiting_room
from ivr.phone_numbers import national
from ivr.roles import Role
from ivr.store import Connection, people
from ivr.store import waiting as table
from ivr.store.lines import Line
from ivr.store.waiting import Page, Waiting
from ivr.waiting_room import MOST_AT_ONCE, Judged
from ivr.web.console.asking import read_id
from ivr.web.console.guards import signed_in
from ivr.web.console.person import their_time
from ivr.web.console.rendering import line_of, lines_for, page, reader, say, told
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("waiting", __name__)
changes = Blueprint("waiting_changes", __name__)
MOST, BUDGET_SECONDS = 50, 0.04
WROTE = {"yes": True, "no": False}


@dataclass(frozen=True)
class _Row:
    """Somebody who waits, and what comes of reminding them now."""

    one: Waiting
    judged: Judged


@blueprint.get("/waiting")
def waiting() -> Response:
    """Who waits on a line, the last to come first."""
    if not lines_for(Role.VIEWER):
        return page("waiting.html", line=None)
    return _room(line_of(request.args.get("line", ""), Role.VIEWER))


@changes.post("/waiting/remind")
def remind() -> Response:
    """Some of them are reminded, each once in their life: those of `people`, by their ids with spaces between."""
    form = posted()
    line, now = line_of(form.get("line", ""), Role.WRITER), clock.now()
    ids = [read_id(one) for one in form.get("people", "").split()[:MOST_AT_ONCE]]
    judged = waiting_room.remind(house().store, line, ids, signed_in().actor, now)
    going = [one for one in judged if one.goes_at]
    if len(judged) == 1 and not going:
        return _room(line, 422, fault=_why(judged[0]))
    wrote = {"wrote": form["wrote"]} if form.get("wrote") in WROTE else {}
    count = {"going": len(going), "staying": len(judged) - len(going)}
    return redirect(f"/console/waiting?{urlencode({'line': line.id, **wrote, **count})}", 303)  # type: ignore[return-value]


def _room(line: Line, status: int = 200, **values: object) -> Response:
    now, wrote = clock.now(), request.args.get("wrote", "")
    before = read_id(request.args.get("before", "")) or None

    def look(db: Connection) -> tuple[int, Page, list[_Row]]:
        found = table.page(db, line.id, WROTE.get(wrote), before, MOST, BUDGET_SECONDS)
        judged = [waiting_room.judge(db, line, people.of_id(db, one.id), now) for one in found.people]
        return table.count(db, line.id), found, list(map(_Row, found.people, judged))

    count, found, rows = house().store.read(look)
    auditing.look(house(), signed_in().actor, "waiting room looked at", {"line": line.number}, len(rows), now)
    named = {"line": line.id, **({"wrote": wrote} if wrote in WROTE else {})}
    return page(
        "waiting.html",
        status,
        line=line,
        lines=lines_for(Role.VIEWER),
        wrote=wrote if wrote in WROTE else "",
        count=count,
        rows=rows,
        why=_why,
        national=national,
        ids=" ".join(str(row.one.id) for row in rows if row.judged.goes_at),
        filters=[("", say("everybody")), ("yes", say("wrote something")), ("no", say("only called"))],
        onward=urlencode({**named, "before": found.onward}) if found.onward else "",
        going=read_id(request.args.get("going", "")),
        staying=read_id(request.args.get("staying", "")),
        reminds=signed_in().may(Role.WRITER, line.id),
        moment=lambda at: reader().moment(clock.written(at), "EEE d MMM HH:mm"),
        theirs=their_time,
        read=clock.read,
        **values,
    )


def _why(judged: Judged) -> str:
    """Why somebody is not reminded, in the reader's words."""
    why = judged.why or ""
    return say("country not answered") if why.endswith("is not answered") else told(ValueError(why))
