"""Keeping what comes in: in the database, else in the spool; nothing is acknowledged before one of them has it."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ivr import clock
from ivr.errors import StoreUnavailable
from ivr.store import Connection, Item, Store, T, Together

log = logging.getLogger(__name__)


def keep(store: Store, fact: Any, at: datetime, work: Callable[[Connection], T], instead: Callable[[], T]) -> T:
    """Commit `work`; when the database cannot take it now, put `fact` (a dataclass) into the spool.

    Returns what `work` returned, or, when the fact was spooled, what `instead` returns. Raises `NothingKept` when
    neither took it.
    """
    return _kept(store, fact, at, lambda: store.write(work), instead)


def keep_together(
    store: Store, fact: Any, at: datetime, together: Together[Item, T], item: Item, instead: Callable[[], T]
) -> T:
    """As `keep`, for what is committed together with its like: see `Store.write_together`."""
    return _kept(store, fact, at, lambda: store.write_together(together, item), instead)


def _kept(store: Store, fact: Any, at: datetime, write: Callable[[], T], instead: Callable[[], T]) -> T:
    try:
        return write()
    except StoreUnavailable as error:
        store.spool.append({"kind": type(fact).__name__, "at": clock.written(at), "fact": asdict(fact)})
        log.error("Spooled a %s: %s", type(fact).__name__, error)
        return instead()
