"""Keeping what comes in: in the database, else in the spool; nothing is acknowledged before one of them has it."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from ivr import clock
from ivr.errors import StoreUnavailable
from ivr.store import Connection, Store

T = TypeVar("T")
log = logging.getLogger(__name__)


def keep(store: Store, fact: Any, at: datetime, work: Callable[[Connection], T], instead: Callable[[], T]) -> T:
    """Commit `work`; when the database cannot take it now, put `fact` (a dataclass) into the spool.

    Returns what `work` returned, or, when the fact was spooled, what `instead` returns. Raises `NothingKept` when
    neither took it.
    """
    try:
        return store.write(work)
    except StoreUnavailable as error:
        store.spool.append({"kind": type(fact).__name__, "at": clock.written(at), "fact": asdict(fact)})
        log.error("Spooled a %s: %s", type(fact).__name__, error)
        return instead()
