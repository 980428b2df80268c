"""Keeping to the periods of a line: what has had its time is forgotten, a little at a time, once an hour.

Of a text its row stays, with its number and time, so that the log and every count are as they were. Opt-outs and
consents stay whole: they are what proves that we may write to somebody, or may not.
"""

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from ivr import clock
from ivr.house import House
from ivr.phone_numbers import masked
from ivr.store import Connection, audit, forgetting, lines
from ivr.store import retention as table
from ivr.store.audit import Actor
from ivr.store.files import sync_folder
from ivr.store.lines import Line
from ivr.store.retention import Progress
from ivr.voice_messages import path_of

EVERY = timedelta(hours=1)
AT_ONCE_SECONDS = 0.2
MOST_TO_FORGET = 500
"""So many texts may wait to be forgotten by the search index: it shall keep up, and go on being fed."""
OVER = "Its time is over."
BY = Actor(None, "retention", "this machine")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Run:
    """One line's run: how far it is, and whether a step of it may have more to do."""

    house: House
    line: Line
    now: datetime
    progress: Progress
    more: bool = False

    def before(self, days: int) -> str:
        """The moment before which what is kept for so many days has had its time."""
        return clock.before(self.now, days=days)

    def went_on(self, more: bool, **progress: int) -> "_Run":
        """This run, further on."""
        return replace(self, progress=replace(self.progress, **progress), more=more)


def keep_to_periods(house: House, now: datetime) -> int:
    """Forget what has had its time, for a moment; what is left is for the next call. Returns how much was forgotten.

    Raises `StoreUnavailable`.
    """
    end, count = time.monotonic() + AT_ONCE_SECONDS, 0
    for line in house.store.read(lines.everyone):
        progress = house.store.read(lambda db, line=line: table.due(db, line.id, clock.written(now)))  # type: ignore[misc]
        if progress is not None:
            count += _keep_to_period(_Run(house, line, now, progress), end)
    return count


def _keep_to_period(run: _Run, end: float) -> int:
    before = _done(run.progress)
    for step in (_settled, _texts, _voice_messages, _refusals):
        run = replace(run, more=True)
        while run.more:
            if time.monotonic() >= end or run.house.store.read(_index_is_behind):
                run.house.store.write(partial(_kept, run=run))
                return _done(run.progress) - before
            run = step(run)
    _finish(run)
    return _done(run.progress) - before


def _settled(run: _Run) -> _Run:
    """Texts of ours that had to be left alone."""
    if run.line.keep_texts is None:
        return run.went_on(False)
    ids = run.house.store.read(lambda db: table.settled_texts(db, run.line.id))
    return _blanked(run, ids, run.progress.texts_id, more=len(ids) == table.AT_ONCE) if ids else run.went_on(False)


def _texts(run: _Run) -> _Run:
    if run.line.keep_texts is None:
        return run.went_on(False)
    before = run.before(run.line.keep_texts)
    piece = run.house.store.read(lambda db: table.old_texts(db, run.progress, before))
    if not piece.ids:
        return run.went_on(piece.more, texts_id=piece.up_to)
    return _blanked(run, piece.ids, piece.up_to, piece.more)


def _blanked(run: _Run, ids: list[int], up_to: int, more: bool) -> _Run:
    def work(db: Connection) -> _Run:
        count = run.progress.texts + table.blank_texts(db, run.line.id, ids)
        return _kept(db, run.went_on(more, texts=count, texts_id=up_to))

    return run.house.store.write(work)


def _voice_messages(run: _Run) -> _Run:
    """The files go first, surely: what is left of them when the machine stops now goes with the next run."""
    if run.line.keep_voice is None:
        return run.went_on(False)
    before = run.before(run.line.keep_voice)
    piece = run.house.store.read(lambda db: table.old_voice_messages(db, run.progress, before))
    if not piece.ids:
        return run.went_on(piece.more, voice_id=piece.up_to)
    try:
        _delete_files(run.house, piece.sids)
    except OSError as error:
        log.error("Voice messages whose time is over cannot be deleted: %s", error)
        return run.went_on(False)

    def work(db: Connection) -> _Run:
        count = run.progress.voice_messages + table.end_voice_messages(db, piece.ids, OVER)
        return _kept(db, run.went_on(piece.more, voice_messages=count, voice_id=piece.up_to))

    return run.house.store.write(work)


def _delete_files(house: House, sids: list[str]) -> None:
    for sid in sids:
        path_of(house, sid).unlink(missing_ok=True)
    if house.recordings.is_dir():
        sync_folder(house.recordings)


def _refusals(run: _Run) -> _Run:
    before = run.before(run.line.keep_refusals)

    def work(db: Connection) -> _Run:
        count = table.forget_refusals(db, run.line.id, before)
        return _kept(db, run.went_on(count == table.AT_ONCE, refusals=run.progress.refusals + count))

    return run.house.store.write(work)


def _finish(run: _Run) -> None:
    """End the run: what it did stands in the audit and in the server's log, and the next one begins anew."""
    done = {"texts": run.progress.texts, "voice messages": run.progress.voice_messages}
    done["refusals"] = run.progress.refusals
    at = clock.written(run.now)

    def work(db: Connection) -> None:
        if any(done.values()):
            audit.append(db, BY, "forgotten after its time", run.line.number, done, at)
        anew = replace(run.progress, texts=0, voice_messages=0, refusals=0)
        table.keep(db, anew, clock.written(run.now + EVERY))

    run.house.store.write(work)
    if any(done.values()):
        said = ", ".join(f"{count:,} {name if count != 1 else name[:-1]}" for name, count in done.items() if count)
        log.info("Retention on line %s: %s", masked(run.line.number), said)


def _kept(db: Connection, run: _Run) -> _Run:
    table.keep(db, run.progress)
    return run


def _done(progress: Progress) -> int:
    return progress.texts + progress.voice_messages + progress.refusals


def _index_is_behind(db: Connection) -> bool:
    return forgetting.are_many(db, MOST_TO_FORGET)
