"""Greetings and prompts of a line's own: made fit, kept in versions, made live, taken back.

Nothing that a caller could hear is ever half there: the files are on the disk before the row that names them, and
what is live changes in one step. The one before is always a step away.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from audio import ffmpeg
from audio.fitting import Fitted, fit
from audio.library import CLIPS
from audio.recording import NotSound, kind_of
from ivr import clock
from ivr.errors import CannotFit, WrongGreeting
from ivr.house import House
from ivr.languages import OF_GREETINGS
from ivr.plain_text import clean
from ivr.store import Connection, Store, audit, lines
from ivr.store import greetings as table
from ivr.store.audit import Actor
from ivr.store.greetings import Greeting, Place
from ivr.store.recordings import Recordings

LARGEST = 100 * 1024 * 1024
LONGEST_NOTES, LONGEST_FILE_NAME = 500, 120
TOO_LARGE = "The file has more than 100 MB. Send the sound alone, or a shorter recording."
CHANGED_MEANWHILE = "It was changed meanwhile. Look again at what is live now."
BUSY = "Other recordings are being made fit just now. Try again in a moment."
LONGEST_WAIT_SECONDS = 15.0
_turn = Lock()
ADVICE = {
    "quiet": "It was very quiet. It is louder now, and so is the room: speak closer to the microphone.",
    "clipped": "It was too loud: its peaks are cut off. Record it again, softer or further from the microphone.",
    "noisy": "There is much noise behind the voice. Record it again in a quiet room, close to the microphone.",
}
"""What is said about a recording that could be better, by `Fitted.faults`."""


@dataclass(frozen=True)
class Making:
    """Who makes a greeting and how: `door` is command, console or telephone; `name` is how the file was called."""

    by: Actor
    door: str
    name: str = ""
    notes: str = ""


def made_fit(source: Path) -> Fitted:
    """The recording in a file, fit for the telephone, one at a time in a process: calls are answered beside it.

    Raises `WrongGreeting`, `CannotFit`.
    """
    try:
        if source.stat().st_size > LARGEST:
            raise WrongGreeting(TOO_LARGE)
        with _a_turn():
            return fit(source.absolute())
    except NotSound as fault:
        raise WrongGreeting(str(fault)) from fault
    except ffmpeg.NoFfmpeg as fault:
        raise CannotFit(503, "ffmpeg is missing on the server: `ivr doctor` says how to get it.") from fault
    except OSError as fault:
        raise not_kept(fault) from fault


@contextmanager
def _a_turn() -> Iterator[None]:
    if not _turn.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise CannotFit(503, BUSY)
    try:
        yield
    finally:
        _turn.release()


def add(store: Store, own: Recordings, place: Place, source: Path, making: Making, at: datetime) -> Greeting:
    """Make the recording in `source` a new version of what is heard at `place`; it is not live yet.

    Raises `WrongGreeting`, `CannotFit`, `StoreUnavailable`: then nothing was kept.
    """
    check(place)
    fitted = made_fit(source)
    try:
        digest = own.keep(fitted.content, fitted.heard)
        original = own.keep_original(source)
    except OSError as fault:
        raise not_kept(fault) from fault
    greeting = Greeting(
        line_id=place.line_id,
        language=place.language,
        clip=place.clip,
        digest=digest,
        original=original,
        original_name=_short_name(making.name),
        original_bytes=source.stat().st_size,
        seconds=fitted.seconds,
        report=report_of(fitted) | {"original_type": kind_of(source)},
        notes=clean(making.notes, LONGEST_NOTES),
        made_by=making.by.name,
        door=making.door,
        at=clock.written(at),
    )

    def work(db: Connection) -> Greeting:
        added = table.add(db, greeting)
        _note(db, making.by, "greeting added", place, added, at)
        return added

    return store.write(work)


def activate(store: Store, greeting: Greeting, by: Actor, at: datetime) -> None:
    """Make a version live: the next call hears it. Raises `WrongGreeting` when it is gone."""

    def work(db: Connection) -> None:
        _check_that_it_is_there(db, greeting.id)
        if table.set_live(db, greeting.place, greeting.id, clock.written(at)):
            _note(db, by, "greeting made live", greeting.place, greeting, at)

    store.write(work)


@dataclass(frozen=True)
class Seen:
    """What somebody saw to be live (None: the one we ship) when they asked for another."""

    greeting_id: int | None


def go_back(store: Store, place: Place, by: Actor, at: datetime, seen: Seen | None = None) -> Greeting | None:
    """Make live what was so before, which may be the one we ship (None). Going back twice undoes it.

    Raises `WrongGreeting` when nothing of the line's own was ever live, or when it is not as it was `seen`: a form that
    is sent twice would undo itself.
    """

    def work(db: Connection) -> Greeting | None:
        now = table.live(db, place)
        if now is None:
            raise WrongGreeting("There is nothing to go back to: only the greeting we ship was ever live here.")
        if seen is not None and seen.greeting_id != now.greeting_id:
            raise WrongGreeting(CHANGED_MEANWHILE)
        table.set_live(db, place, now.before_id, clock.written(at))
        before = table.of_id(db, now.before_id) if now.before_id is not None else None
        _note(db, by, "greeting taken back", place, before, at)
        return before

    return store.write(work)


def remove(store: Store, greeting: Greeting, by: Actor, at: datetime) -> None:
    """Remove a version; its files are swept later. Raises `WrongGreeting` when it is live."""

    def work(db: Connection) -> None:
        _check_that_it_is_there(db, greeting.id)
        if greeting.id in table.live_ids(db, greeting.line_id):
            raise WrongGreeting("This greeting is live. Make another one live first, then remove it.")
        table.remove(db, greeting.id)
        _note(db, by, "greeting removed", greeting.place, greeting, at)

    store.write(work)


def note(store: Store, greeting: Greeting, notes: str, by: Actor, at: datetime) -> None:
    """Keep what somebody notes on a version."""

    def work(db: Connection) -> None:
        _check_that_it_is_there(db, greeting.id)
        table.set_notes(db, greeting.id, clean(notes, LONGEST_NOTES).strip())
        _note(db, by, "greeting noted on", greeting.place, greeting, at)

    store.write(work)


def sweep(house: House, now: datetime) -> int:
    """Remove the files that no row names and that are over an hour old; returns how many."""
    return house.own.sweep(house.store.read(table.digests), now.timestamp())


def check(place: Place) -> None:
    """Raises `WrongGreeting` for a language or a clip that there is not."""
    if place.language not in OF_GREETINGS:
        raise WrongGreeting(f"A greeting's language is one of {', '.join(OF_GREETINGS)}, not {place.language[:20]!r}.")
    if place.clip not in CLIPS:
        raise WrongGreeting(f"What is recorded is one of {', '.join(CLIPS)}, not {place.clip[:20]!r}.")


def report_of(fitted: Fitted) -> dict[str, object]:
    """What is kept of how a greeting was made: rounded, for people and for drawing."""
    return {
        "original_seconds": round(fitted.original_seconds, 2),
        "kept": [round(edge, 2) for edge in fitted.kept],
        "level_before": round(fitted.level_before, 1),
        "level": round(fitted.level, 1),
        "peak": round(fitted.peak, 1),
        "noise_reduced": fitted.noise_reduced,
        "faults": list(fitted.faults),
        "shape": list(fitted.shape),
    }


def not_kept(fault: OSError) -> CannotFit:
    """What to say when a file could not be written."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotFit(507, "There is no room left on the server for a recording. Nothing was changed.")
    return CannotFit(503, f"The recording cannot be kept now: {fault.strerror or fault}. Nothing was changed.")


def _short_name(name: str) -> str:
    """How a file was called, its ending kept when the rest is too long."""
    stem, dot, ending = clean(name, 4 * LONGEST_FILE_NAME).rpartition(".")
    if not dot or len(ending) > 10:
        return clean(name, LONGEST_FILE_NAME)
    return clean(stem, LONGEST_FILE_NAME - len(ending) - 1) + dot + ending


def _check_that_it_is_there(db: Connection, greeting_id: int) -> None:
    if table.of_id(db, greeting_id) is None:
        raise WrongGreeting("There is no such greeting: it was removed.")


def _note(db: Connection, by: Actor, action: str, place: Place, greeting: Greeting | None, at: datetime) -> None:
    which = {"version": greeting.version, "digest": greeting.digest} if greeting else {"version": None}
    details = {"language": place.language, "clip": place.clip, **which}
    audit.append(db, by, action, lines.number_of(db, place.line_id), details, clock.written(at))
