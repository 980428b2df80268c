"""The audit: who did what, searched and read; nobody can change it."""

from flask import Blueprint, Response, request

from ivr.errors import WrongQuestion
from ivr.store import Connection, audit
from ivr.store.audit import Entry, Wanted
from ivr.web.console.rendering import page, reader
from ivr.web.house import house

blueprint = Blueprint("audit", __name__)
NAMES = ("who", "action", "text", "since", "until")


@blueprint.get("/audit")
def entries() -> Response:
    """One page of the audit, newest first."""
    given = {name: value.strip()[:200] for name in NAMES if (value := request.args.get(name, "")).strip()}
    wanted = Wanted(
        operator=given.get("who"),
        action=given.get("action"),
        text=given.get("text"),
        since=reader().stored(given["since"]) if "since" in given else None,
        until=reader().stored(given["until"], end=True) if "until" in given else None,
    )
    before = _before(request.args.get("before", ""))

    def query(db: Connection) -> tuple[tuple[list[Entry], int | None], list[str]]:
        return audit.newest(db, wanted, before), audit.actions(db)

    (found, onward), actions = house().store.read(query)
    return page("audit.html", entries=found, onward=onward, given=given, actions=actions, before=before)


def _before(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise WrongQuestion("There is no such page.")
    return int(text)
