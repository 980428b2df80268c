"""Failures: texts of ours that did not arrive, by reason; webhooks that were refused; numbers that are no line."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from ivr import auditing, clock
from ivr.errors import WrongQuestion
from ivr.failures import meaning
from ivr.roles import Role
from ivr.store import Connection, refusals
from ivr.store.log import failures
from ivr.store.log.failures import Cause, Failed, Reason
from ivr.store.log.pages import END
from ivr.store.log.rows import Position
from ivr.store.refusals import Refusal, Strays
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, lines_for, page, reader
from ivr.web.console.showing import number_of
from ivr.web.house import house

blueprint = Blueprint("failures", __name__)
DAYS, REFUSED_DAYS = 30, 7
MOST = 50


@blueprint.get("/failures")
def reasons() -> Response:
    """Every reason, the most frequent first. A number that is no line yet is told only to who sees all lines."""
    sees_all = signed_in().may(Role.VIEWER)
    now, line_ids = clock.now(), [line.id for line in lines_for(Role.VIEWER)]
    since, refused_since = clock.written(now - timedelta(DAYS)), clock.written(now - timedelta(REFUSED_DAYS))

    def query(db: Connection) -> tuple[list[Reason], list[Refusal], list[Strays]]:
        found = failures.by_reason(db, line_ids, since)
        strays = refusals.strays_since(db, refused_since) if sees_all else []
        return found, refusals.since(db, refused_since), strays

    found, refused, strays = house().store.read(query)
    meanings = [(reason, meaning(reason.cause.name, reader().language)) for reason in found]
    return page("failures.html", reasons=meanings, refused=refused, strays=strays, sees_all=sees_all)


@blueprint.get("/failures/<code>")
def of_reason(code: str) -> Response:
    """The texts that failed for one reason, newest first."""
    cause = Cause.named(code)
    if cause is None:
        raise WrongQuestion("There is no such reason.")
    line = request.args.get("line", "")
    line_ids = [one.id for one in ([line_of(line, Role.VIEWER)] if line else lines_for(Role.VIEWER))]
    since, until = (request.args.get(name, "") for name in ("since", "until"))
    after = Position(reader().stored(until, end=True), "", 0) if until else END
    after = Position.read(request.args["after"]) if request.args.get("after") else after
    begin = reader().stored(since) if since else ""
    found = house().store.read(lambda db: failures.of_reason(db, line_ids, cause, after, MOST, begin))
    auditing.look(house(), signed_in().actor, "failures looked at", {"reason": cause.name}, len(found), clock.now())
    place = Position(found[-1].at, "text", found[-1].id).written() if len(found) == MOST else None
    kept = {name: value for name, value in (("line", line), ("since", since)) if value}
    onward = place and urlencode({"after": place, **kept}, safe=":")
    return page(
        "failed.html",
        meaning=meaning(cause.name, reader().language),
        rows=[(one, number_of(one.number, reader()), _link(one)) for one in found],
        onward=onward,
    )


def _link(one: Failed) -> str:
    return f"/console/people/{one.line_id}/{one.number}"
