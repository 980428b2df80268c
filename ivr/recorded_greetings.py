"""A recording that was made in a call becomes a version: fetched from the carrier, made fit, kept.

It runs in a thread of its own, beside the webhooks that ask how far it is; what became of it is kept with the code,
where every process finds it.
"""

import logging
import tempfile
import time
from datetime import datetime
from pathlib import Path

from audio.recording import NotSound
from ivr import greetings
from ivr.carrier.dictation import Dictation
from ivr.errors import CannotFit, CarrierBusy, CarrierError, StoreUnavailable, WrongGreeting
from ivr.greeting_codes import actor_of
from ivr.greetings import Making
from ivr.house import House
from ivr.store import greeting_codes as table
from ivr.store.greeting_codes import Code

log = logging.getLogger(__name__)

TRIES = (0.25, 0.5, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0)
"""Seconds between looks for a recording: the carrier has it a moment after the call goes on, seldom later."""
TOLD = ("too short", "too long", "no speech", "not sound")


def make_greeting(house: House, code: Code, heard: Dictation, at: datetime) -> None:
    """Make a version of the recording that `heard` names, for the code's place; keeps that, or why not."""
    greeting_id, fault = None, None
    try:
        greeting_id = _made(house, code, heard, at)
    except CannotFit as error:
        log.error("A greeting recorded by telephone cannot be made fit: %s", error)
        fault = "not now"
    except WrongGreeting as error:
        fault = _told(error)
    except CarrierError as error:
        log.warning("A greeting recorded by telephone did not come, %s: %s", heard.recording, error)
        fault = "lost"
    except Exception:  # nobody would hear of it: this is a thread
        log.exception("A greeting recorded by telephone is lost, %s", heard.recording)
        fault = "not now"
    try:
        house.store.write(lambda db: table.settle(db, heard.sid, heard.recording, greeting_id, fault))
    except StoreUnavailable as error:
        log.error("Not kept what became of %s: %s", heard.recording, error)


def _made(house: House, code: Code, heard: Dictation, at: datetime) -> int:
    content = _fetched(house, heard.recording)
    making = Making(actor_of(code, heard.number), "telephone", f"{heard.recording}.wav")
    with tempfile.TemporaryDirectory(prefix="third-ring-") as folder:
        path = Path(folder, "recording")
        path.write_bytes(content)
        return greetings.add(house.store, house.own, code.place, path, making, at).id


def _fetched(house: House, sid: str) -> bytes:
    """The recording, which the carrier may not have at once. Raises `CarrierError`."""
    for pause in TRIES:
        try:
            return house.carrier.fetch_recording(sid)
        except CarrierBusy:
            time.sleep(pause)
    return house.carrier.fetch_recording(sid)


def _told(error: WrongGreeting) -> str:
    why = error.__cause__.why if isinstance(error.__cause__, NotSound) else ""
    return why if why in TOLD else "not sound"
