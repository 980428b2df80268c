"""A line's number at the carrier: whether it points at us, and how it is made to."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect

from ivr import clock, provisioning
from ivr.errors import CarrierError, CarrierInDoubt, CarrierRefused
from ivr.roles import Role
from ivr.store.lines import Line
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import line_of, page
from ivr.web.house import house

blueprint = Blueprint("line_number", __name__)


@dataclass(frozen=True)
class Seen:
    """What the carrier says of a number: what would change (name, is, should be), or why it cannot be said.

    `trouble`: `absent` (the account has no such number), `unreachable` (the carrier does not answer),
    `doubt` (it was asked to change the number, and may have), or nothing.
    """

    changes: list[tuple[str, str, str]]
    trouble: str = ""
    told: str = ""


@blueprint.get("/lines/<int:line_id>/number")
def number(line_id: int) -> Response:
    """What is, and what should be."""
    return _page(line_of(str(line_id), Role.ADMIN))


@blueprint.post("/lines/<int:line_id>/number")
def point(line_id: int) -> Response:
    """The number points at us from now on."""
    line = line_of(str(line_id), Role.ADMIN)
    try:
        provisioning.point(house(), line, signed_in().actor, clock.now())
    except CarrierInDoubt as doubt:
        return _page(line, 502, Seen([], "doubt", str(doubt)))
    except CarrierError as error:
        return _page(line, 502, _trouble(error))
    return redirect(f"/console/lines/{line.id}/number?pointed", 303)  # type: ignore[return-value]


def _page(line: Line, status: int = 200, seen: Seen | None = None) -> Response:
    settings = house().settings
    return page(
        "line-number.html",
        status,
        line=line,
        seen=seen or _look(line),
        reachable=provisioning.is_reachable(settings),
        public_url=settings.public_url,
        fallback=provisioning.fallback_twiml(line),
    )


def _look(line: Line) -> Seen:
    try:
        return Seen(provisioning.provision(house().carrier, house().settings, line.number, dry_run=True))
    except CarrierError as error:
        return _trouble(error)


def _trouble(error: CarrierError) -> Seen:
    return Seen([], "absent" if isinstance(error, CarrierRefused) else "unreachable", str(error))
