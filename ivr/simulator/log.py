"""The carrier's own log, append-only: what really happened. Drills count by it, not by what is believed."""

import json
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from ivr.simulator.wire import iso, now

Entry = Mapping[str, object]


class Log:
    """A list of entries in memory and, when `path` is given, a file of JSON lines, flushed at each.

    An entry has `n` (1, 2, 3, …), `at` (UTC, ISO 8601) and `event`; the rest depends on the event:
    `rest`, `misbehaved`, `message.created`, `message.status`, `phone.received`, `carrier.reply`,
    `webhook`, `warning`, `callback.dropped`, `call.started`, `call`, `call.ended`, `recording`.
    An existing file is read first and continued; a last line that a crash cut short is cut off.
    Raises OSError when the file cannot be used.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = Lock()
        self._entries: list[Entry] = []
        self._file = None
        if path is None:
            return
        if path.exists():
            self._entries = _whole_entries(path)
        self._file = path.open("a", encoding="utf-8", errors="backslashreplace")

    def append(self, event: str, **fields: object) -> None:
        """Adds one entry. Values must be what JSON can hold."""
        with self._lock:
            entry: Entry = {"n": len(self._entries) + 1, "at": iso(now()), "event": event, **fields}
            self._entries.append(entry)
            if self._file is not None:
                self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                self._file.flush()

    def since(self, n: int = 0, event: str | None = None) -> list[Entry]:
        """The entries after number `n`, oldest first; only those of one `event`, if it is named."""
        with self._lock:
            entries = self._entries[max(n, 0) :]
        return [entry for entry in entries if event is None or entry["event"] == event]

    def close(self) -> None:
        """Closes the file, if there is one; what comes later is kept in memory only."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None


def _whole_entries(path: Path) -> list[Entry]:
    kept = path.read_bytes()
    whole = kept[: kept.rfind(b"\n") + 1]
    if whole != kept:
        with path.open("r+b") as file:
            file.truncate(len(whole))
    return [json.loads(line) for line in whole.splitlines()]
