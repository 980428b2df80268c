"""Is everything as it should be? What `ivr doctor` looks at, one finding at a time."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests

from audio import ffmpeg
from ivr import clock, provisioning
from ivr.errors import CarrierError, ThirdRingError
from ivr.house import House
from ivr.settings import TABLE
from ivr.store import lines
from ivr.store.database import SQLITE_VERSION, SQLITE_WITHOUT_WAL_BUG, integrity, journal_mode

GOOD, WARNING, BAD = "good", "warning", "bad"
LEAST_FREE_BYTES = 1 << 30
MOST_CLOCK_SECONDS = 30
LARGEST_WAL_BYTES = 64 << 20


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `grade` is good, warning or bad; `words` say what was found and what to do."""

    grade: str
    subject: str
    words: str


def examine(house: House) -> Iterator[Finding]:
    """Look at everything, the near things first."""
    yield from _settings(house)
    yield _sqlite()
    yield from _database(house)
    yield _disk(house)
    yield from _spool(house)
    yield from (Finding(WARNING, "recordings", fault) for fault in house.library.faults)
    yield _ffmpeg()
    yield from _greetings(house)
    yield from _carrier(house)


def _settings(house: House) -> Iterator[Finding]:
    for setting in TABLE:
        yield Finding(GOOD, setting.name, f"from {house.settings.sources[setting.name]}")
    env_file = Path(".env")
    if env_file.is_file() and env_file.stat().st_mode & 0o077:
        yield Finding(WARNING, ".env", "can be read by others, and holds the auth token: chmod 600 .env")
    if house.settings.public_url.startswith("http://127.0.0.1"):
        yield Finding(WARNING, "PUBLIC_URL", "is this machine only: a real carrier cannot reach it")
    elif house.settings.public_url.startswith("http://"):
        yield Finding(WARNING, "PUBLIC_URL", "is not https: personal links and texts can be read on the way")


def _sqlite() -> Finding:
    version = tuple(int(part) for part in SQLITE_VERSION.split("."))
    if version < SQLITE_WITHOUT_WAL_BUG:
        return Finding(
            WARNING, "SQLite", f"{SQLITE_VERSION} has a rare WAL corruption bug, mended in 3.51.3: install pysqlite3"
        )
    return Finding(GOOD, "SQLite", SQLITE_VERSION)


def _ffmpeg() -> Finding:
    try:
        return Finding(GOOD, "ffmpeg", ffmpeg.executable())
    except ffmpeg.NoFfmpeg as fault:
        return Finding(WARNING, "ffmpeg", f"{fault}; until then no greeting can be added")


def _greetings(house: House) -> Iterator[Finding]:
    """Every live recording of a line's own must be there, or callers hear what we ship."""
    for line in house.known_lines.values():
        for (language, clip), one in line.spoken.items():
            if house.own.find(one.digest) is None:
                words = f"{clip}.{language} of {line.number} is gone: callers hear ours. Restore greetings/, or go back"
                yield Finding(BAD, "greetings", words)


def _database(house: House) -> Iterator[Finding]:
    path = house.store.path
    try:
        house.store.check()
        mode, state = house.store.read(lambda db: (journal_mode(db), integrity(db)))
        house.store.write(lambda db: None)
        known = house.store.read(lines.everyone)
    except ThirdRingError as error:
        yield Finding(BAD, "database", f"{error}")
        return
    yield Finding(GOOD if mode == "wal" else BAD, "database", f"{path}, journal {mode}, can be written")
    yield Finding(GOOD if state == "ok" else BAD, "integrity", state)
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size > LARGEST_WAL_BYTES:
        yield Finding(WARNING, "WAL", "is over 64 MB: some program keeps an old read transaction open")
    names = ", ".join(f"{line.number} ({line.name})" for line in known)
    yield Finding(GOOD if known else BAD, "lines", names or "none: add one with `ivr line add`")


def _disk(house: House) -> Finding:
    free = shutil.disk_usage(house.settings.instance_path).free
    words = f"{free / (1 << 30):.1f} GiB free under {house.settings.instance_path}"
    return Finding(GOOD if free > LEAST_FREE_BYTES else BAD, "disk", words)


def _spool(house: House) -> Iterator[Finding]:
    waiting, unreadable = house.store.spool.count(), house.store.spool.count_unreadable()
    if unreadable:
        yield Finding(WARNING, "spool", f"{unreadable} lines could not be read back in: see unreadable.jsonl there")
    if waiting:
        words = f"{waiting} contacts wait to be read back in: is `ivr serve` or `ivr work` running?"
        yield Finding(WARNING, "spool", words)
    if not waiting and not unreadable:
        yield Finding(GOOD, "spool", "empty")


def _carrier(house: House) -> Iterator[Finding]:
    api = house.settings.api_url
    try:
        started = time.time()
        date = requests.head(api, timeout=10).headers.get("Date", "")
    except requests.RequestException as error:
        yield Finding(BAD, "carrier", f"{api} cannot be reached: {type(error).__name__}")
        return
    yield _clock(date, started)
    try:
        yield Finding(GOOD, "carrier", f"{api}, account {house.carrier.check_account()}")
        for line in house.store.read(lines.everyone):
            yield _webhooks(house, line.number)
    except CarrierError as error:
        yield Finding(BAD, "carrier", f"{error} (check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN)")
    except ThirdRingError:
        return  # the database has been told of above


def _clock(date: str, started: float) -> Finding:
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return Finding(WARNING, "clock", "the carrier did not tell the time")
    apart = abs((theirs - datetime.fromtimestamp(started, UTC)).total_seconds())
    words = f"{clock.written(clock.now())}, {apart:.0f} s from the carrier's"
    return Finding(GOOD if apart <= MOST_CLOCK_SECONDS else BAD, "clock", words)


def _webhooks(house: House, number: str) -> Finding:
    try:
        present = house.carrier.webhooks(number)
    except CarrierError as error:
        return Finding(BAD, number, str(error))
    found = provisioning.changes(present, provisioning.wanted(house.settings, present))
    if not found:
        return Finding(GOOD, number, "its webhooks point at us")
    return Finding(BAD, number, f"{', '.join(name for name, _, _ in found)} not as it should be: run `ivr provision`")
