"""The log: calls and texts, newest first, searched, filtered, followed."""

from flask import Blueprint, Response, jsonify, request

from ivr import auditing, clock, searching
from ivr.roles import Role
from ivr.store import Connection
from ivr.store.lines import Line
from ivr.store.log import pages
from ivr.store.log.rows import Chosen, Contact, Page
from ivr.web.console.asking import HEARD, KINDS, REPLIES, STATUSES, Asked, read_asked, read_id
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import lines_for, page, reader, rendered, say
from ivr.web.console.showing import Shown, shown
from ivr.web.house import house

blueprint = Blueprint("log", __name__)
MOST = 50


@blueprint.get("/log")
def log() -> Response:
    """One page of the log."""
    lines = lines_for(Role.VIEWER)
    asked = read_asked(request.args, lines, reader())
    calls, messages = house().store.read(pages.latest_ids)  # before the page: what comes between is shown again
    found = _found(asked)
    me = signed_in()
    auditing.look(house(), me.actor, "log looked at", asked.given, len(found.contacts), clock.now())
    return page(
        "log.html",
        asked=asked,
        lines=lines,
        rows=_rows(found.contacts, lines),
        found=found,
        calls=calls,
        messages=messages,
        may_export=me.may_somewhere(Role.WRITER),
        choices=_choices(lines),
        onward=_onward(asked, found),
    )


@blueprint.get("/log/more")
def more() -> Response:
    """The next rows of a search that goes on, for the page's script."""
    lines = lines_for(Role.VIEWER)
    asked = read_asked(request.args, lines, reader())
    found = _found(asked)
    if found.contacts:
        auditing.look(house(), signed_in().actor, "log looked at", asked.given, len(found.contacts), clock.now())
    back = str(reader().moment(found.looked_back_to, "d MMM y")) if found.looked_back_to else ""
    return _json(
        rows=_drawn(_rows(found.contacts, lines)),
        looked_back_to=back,
        finished=found.finished,
        **_onward(asked, found),
    )


@blueprint.get("/log/fresh")
def fresh() -> Response:
    """What came since, and what became of some rows, for the page's script."""
    lines = lines_for(Role.VIEWER)
    asked = read_asked(request.args, lines, reader())
    since = [read_id(request.args.get(name, "")) for name in ("calls", "messages")]
    again = _keys(request.args.get("again", ""))

    def query(db: Connection) -> tuple[tuple[list[Contact], int, int], list[Contact]]:
        newer = pages.newer(db, asked.chosen, since[0], since[1], MOST)
        return newer, pages.of_keys(db, Chosen(asked.chosen.line_ids), again)

    (contacts, calls, messages), changed = house().store.read(query)
    rows = {row.key: _drawn([row]) for row in _rows(changed, lines)}
    return _json(rows=_drawn(_rows(contacts, lines)), calls=calls, messages=messages, again=rows)


def _found(asked: Asked) -> Page:
    if asked.question is None:
        return house().store.read(lambda db: pages.page(db, asked.chosen, asked.after, MOST))
    return searching.find(house(), asked.question, asked.chosen, asked.after)


def _onward(asked: Asked, found: Page) -> dict[str, str]:
    """Where the page goes on, for a person and for the script; empty at the end."""
    query = asked.query(found.next) if found.next else ""
    return {"next": f"/console/log?{query}", "more": f"/console/log/more?{query}"} if query else {}


def _rows(contacts: list[Contact], lines: list[Line]) -> list[Shown]:
    by_id = {line.id: line for line in lines}
    return [shown(contact, by_id, reader()) for contact in contacts]


def _drawn(rows: list[Shown]) -> str:
    return rendered("rows.html", rows=rows)


def _choices(lines: list[Line]) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: values and their words."""
    return {
        "lines": [("", say("all lines")), *((line.number, line.name) for line in lines)],
        "statuses": [("", say("any")), *((one, say(f"state {one}")) for one in STATUSES)],
        "heard": [("", say("any")), *((one, say(f"greeting heard {one}")) for one in HEARD)],
        "replies": [("", say("any")), *((one, say(one)) for one in REPLIES)],
    }


def _keys(text: str) -> list[tuple[str, int]]:
    pairs = (key.partition("-") for key in text.split(",")[:MOST])
    return [(kind, read_id(number)) for kind, _, number in pairs if kind in KINDS]


def _json(**values: object) -> Response:
    response = jsonify(values)
    response.headers["Cache-Control"] = "no-store"
    return response
