"""Noting looks at many people's data at once. Changes are noted by the rules that make them, in their transaction."""

import logging
from collections.abc import Mapping
from datetime import datetime

from ivr import clock
from ivr.errors import StoreUnavailable
from ivr.house import House
from ivr.store import audit
from ivr.store.audit import Actor

log = logging.getLogger(__name__)


def look(house: House, actor: Actor, action: str, asked: Mapping[str, object], count: int, at: datetime) -> None:
    """Note that somebody looked at `count` contacts, and what was asked for.

    A database that cannot be written keeps nobody from reading the log of an outage: then the server's log has it.
    """
    try:
        house.store.write(lambda db: audit.append(db, actor, action, "", {**asked, "rows": count}, clock.written(at)))
    except StoreUnavailable:
        log.warning("Not in the audit: %s, %s", actor.name, action)


def take_out(house: House, actor: Actor, action: str, asked: Mapping[str, object], at: datetime) -> None:
    """Note that somebody takes data out of the house. Raises `StoreUnavailable`: then they do not get it."""
    house.store.write(lambda db: audit.append(db, actor, action, "", asked, clock.written(at)))
