"""Today: what comes in, drawn as it happens; a day beside the day before, and the rows behind each figure."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request

from ivr import auditing, clock, failures
from ivr.errors import WrongQuestion
from ivr.phone_numbers import national
from ivr.roles import Role
from ivr.store import Connection
from ivr.store.log import coming
from ivr.store.log.coming import During, Listed
from ivr.store.log.pages import END
from ivr.store.log.rows import Position
from ivr.translating import LANGUAGES
from ivr.web.console import day as days
from ivr.web.console.asking import UNKNOWN
from ivr.web.console.day import BY, Asked, Looked, in_order, looked, within
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, lines_for, page, reader, rendered
from ivr.web.console.showing import number_of
from ivr.web.console.spans import DAY
from ivr.web.house import house

blueprint = Blueprint("today", __name__)
MOST = 50
FEW = 8
"""So many countries are shown at once; the others are opened."""
MOST_LEFT = 20_000
"""So many rows are counted within a second or two, and nothing is said of them."""
EARLIEST = date(2000, 1, 1)
Rows = Callable[[Connection, During, Position], Listed]


@blueprint.get("/")
def home() -> Response:
    """The console opens with today."""
    return redirect("/console/today", 303)  # type: ignore[return-value]


@blueprint.get("/today")
def today() -> Response:
    """A day's figures; today's, unless another is asked for."""
    if not lines_for(Role.VIEWER):
        return page("today.html", asked=None)
    asked = _read_asked()
    return page("today.html", **_shown(asked, house().store.read(lambda db: looked(db, asked))))


@blueprint.get("/today/fresh")
def fresh() -> Response:
    """The figures as they are now, for the page's script."""
    if not lines_for(Role.VIEWER):
        return _json(figures="")
    asked = _read_asked()
    values = _shown(asked, house().store.read(lambda db: looked(db, asked)))
    return _json(figures=rendered("today-figures.html", **values))


@blueprint.get("/today/sign-ups")
def sign_ups() -> Response:
    """Who signed up in some time."""
    return _listed("sign-ups", lambda db, during, after: coming.sign_ups(db, during, after, MOST))


@blueprint.get("/today/opt-outs")
def opt_outs() -> Response:
    """Who said stop in some time."""
    return _listed("opt-outs", lambda db, during, after: coming.opt_outs(db, during, after, MOST))


@blueprint.get("/today/people")
def newcomers() -> Response:
    """Who came for the first time in some time; of one language, or only who has signed up."""
    language = request.args.get("language", "")
    language = language if language in LANGUAGES else ""
    signed_up = request.args.get("signed-up") == "yes"
    return _listed(
        "new people", lambda db, during, after: coming.newcomers(db, during, after, MOST, language, signed_up)
    )


def _read_asked() -> Asked:
    """What the address asks for. Raises `WrongQuestion`; answers 404 for a line of others."""
    now, reading, text = clock.now(), reader(), request.args.get("day", "").strip()
    here = now.astimezone(reading.zone).date()
    try:
        day = min(date.fromisoformat(text) if text else here, here)
    except ValueError:
        raise WrongQuestion("A date is written 2026-11-03.") from None
    if day < EARLIEST:
        raise WrongQuestion("A date is written 2026-11-03.")
    line = request.args.get("line", "")
    by = request.args.get("by", "")
    if by not in BY or (by == "minutes" and day != here):
        by = "hours"
    chosen = line_of(line, Role.VIEWER) if line else None
    return Asked(lines_for(Role.VIEWER), chosen, day, by, now, reading)


def _shown(asked: Asked, found: Looked) -> dict[str, Any]:
    """What the templates are filled with."""
    answers = in_order(found.parts["answer"])
    figures, before = found.figures, found.before
    return {
        "asked": asked,
        "found": found,
        "UNKNOWN": UNKNOWN,
        "FEW": FEW,
        "most_left": MOST_LEFT,
        "national": national,
        "meaning": failures.meaning,
        "yesterday": asked.day - DAY,
        "tomorrow": asked.day + DAY,
        "until": asked.reader.plain(asked.now, "HH:mm"),
        "cards": [
            ("calls", figures.calls, before.calls, asked.to(days.TO_LOG, asked.span, kind="call")),
            ("texts", figures.texts, before.texts, asked.to(days.TO_LOG, asked.span, kind="text")),
            ("new people", figures.people, before.people, asked.to(days.TO_PEOPLE, asked.span)),
            ("sign-ups", figures.sign_ups, before.sign_ups, asked.to(days.TO_SIGN_UPS, asked.span)),
            ("opt-outs", figures.opt_outs, before.opt_outs, asked.to(days.TO_OPT_OUTS, asked.span)),
        ],
        "answers": answers,
        "half_within": within(answers, 0.5),
        "most_within": within(answers, 0.95),
    }


def _listed(what: str, rows: Rows) -> Response:
    """The rows behind a figure, newest first."""
    lines, given = lines_for(Role.VIEWER), request.args
    line = line_of(given["line"], Role.VIEWER) if given.get("line") else None
    chosen = [line] if line else lines
    times = {name: given.get(name, "") or f"{reader().today()}" for name in ("since", "until")}
    since, until = reader().stored(times["since"]), reader().stored(times["until"], end=True)
    during = During(tuple(one.id for one in chosen), since, until)
    after = Position.read(given["after"]) if given.get("after") else END
    found = house().store.read(lambda db: rows(db, during, after))
    asked = {name: given[name][:100] for name in ("line", "language", "signed-up") if given.get(name)} | times
    auditing.look(house(), signed_in().actor, f"{what} looked at", asked, len(found.rows), clock.now())
    return page(
        "today-list.html",
        what=what,
        rows=[(one, number_of(one.number, reader())) for one in found.rows],
        lines={one.id: one.name for one in lines},
        since=since,
        onward={**asked, "after": found.next.written()} if found.next else None,
    )


def _json(**values: object) -> Response:
    response = jsonify(values)
    response.headers["Cache-Control"] = "no-store"
    return response
