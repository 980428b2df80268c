"""Voice messages: fetched from the carrier and kept as files of our own."""

import logging
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from ivr import clock
from ivr.errors import CarrierBusy, CarrierError, CarrierRefused
from ivr.house import House
from ivr.store import calls
from ivr.store.calls import VoiceMessage
from ivr.store.files import keep_file

MOST_TRIES = 12 + 7 * 24  # a growing while at first, then hourly for a week
YOUNG_SECONDS = 3600
SWEPT_AT_ONCE = 1_000
log = logging.getLogger(__name__)


def fetch_waiting(house: House, now: datetime, most: int = 10) -> int:
    """Fetch voice messages that wait; returns how many were kept. What cannot be fetched now is tried later."""
    waiting = house.store.read(lambda db: calls.waiting_voice_messages(db, clock.written(now), most))
    kept = 0
    for message in waiting:
        fetched = _fetch(house, message, now)
        if fetched is None:  # the carrier does not answer: nobody else shall wait for it that often
            break
        kept += fetched
    return kept


def path_of(house: House, sid: str) -> Path:
    """Where the recording of a voice message lies."""
    return house.recordings / f"{sid}.wav"


def sweep(house: House, now: datetime) -> int:
    """Remove files that are over an hour old and that no row keeps; returns how many.

    A process that dies leaves them: half written, or of somebody who was erased.
    """
    if not house.recordings.is_dir():
        return 0
    paths, count = house.recordings.iterdir(), 0
    while some := {path.stem: path for path in islice(paths, SWEPT_AT_ONCE)}:
        kept = house.store.read(lambda db, some=some: calls.keeping(db, list(some)))  # type: ignore[misc]
        old = [path for stem, path in some.items() if stem not in kept and _is_old(path, now)]
        for path in old:
            path.unlink(missing_ok=True)
        count += len(old)
    return count


def _is_old(path: Path, now: datetime) -> bool:
    return path.is_file() and path.stat().st_mtime < now.timestamp() - YOUNG_SECONDS


def _fetch(house: House, message: VoiceMessage, now: datetime) -> bool | None:
    """Whether it was kept; None when the carrier could not be asked."""
    try:
        content = house.carrier.fetch_recording(message.sid)
        keep_file(path_of(house, message.sid), content)
    except (CarrierError, OSError) as error:
        _give_way(house, message, error, now)
        return None if isinstance(error, CarrierBusy) and error.code is None else False
    house.store.write(lambda db: calls.settle_voice_message(db, message.sid, "kept", None, len(content)))
    return True


def _give_way(house: House, message: VoiceMessage, error: Exception, now: datetime) -> None:
    log.warning("Voice message %s: %s", message.sid, error)
    why = str(error)
    if isinstance(error, CarrierRefused) or message.attempts + 1 >= MOST_TRIES:
        house.store.write(lambda db: calls.settle_voice_message(db, message.sid, "failed", why))
        return
    due_at = clock.written(now + timedelta(seconds=min(3600, 2 ** (message.attempts + 1))))
    house.store.write(lambda db: calls.postpone_voice_message(db, message.sid, due_at, why))
