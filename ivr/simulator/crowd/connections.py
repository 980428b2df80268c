"""The wire of a crowd: connections to one port of this machine, used again and again."""

import re
import selectors
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from ivr.simulator.webhooks import Answer

CONNECT_SECONDS = 5.0
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_TYPE = re.compile(rb"\r\ncontent-type: *([^;\r\n]+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_PAUSE_SECONDS = 0.002  # between new connections: those of one burst may all fall on the worker that is awake

What = TypeVar("What")


class _Connection(Generic[What]):
    """One connection, and what is asked on it now."""

    __slots__ = ("closes", "content", "socket", "until", "what", "whole")

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self.what: What | None = None
        self.until = 0.0
        self.closes = False
        self._clear()

    def _clear(self) -> None:
        self.content = b""
        self.whole = -1  # bytes of the whole answer; -1: its head is not here yet

    def ask(self, what: What, request: bytes, until: float) -> None:
        """Sends a request. A connection that is broken shows when it is read."""
        self._clear()
        self.what, self.until = what, until
        with suppress(OSError):
            self.socket.send(request)  # far smaller than a socket's buffer: it goes whole

    def read(self, room: memoryview) -> bool:
        """Reads what has come; True when the answer is whole. Raises OSError when there will be none."""
        with suppress(BlockingIOError):
            size = self.socket.recv_into(room)
            if not size:
                raise ConnectionResetError
            self.content += room[:size]
        if self.whole < 0 and (end := self.content.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self.content, 0, end + 2)
            self.closes = _CLOSES.search(self.content, 0, end + 2) is not None
            self.whole = end + 4 + (int(length[1]) if length else 0)
        return 0 <= self.whole <= len(self.content)

    def answer(self) -> Answer:
        """The whole answer."""
        end = self.content.find(b"\r\n\r\n")
        kind = _TYPE.search(self.content, 0, end + 2)
        return Answer(
            "",
            int(self.content[9:12]),
            kind[1].strip().decode("latin-1").lower() if kind else "",
            self.content[end + 4 : self.whole],
        )


@dataclass(frozen=True)
class Heard(Generic[What]):
    """What came of a request: its answer, or None and why: `failure` as Twilio's overrides name it, and in words."""

    what: What
    answer: Answer | None
    failure: str = ""
    words: str = ""


class Connections(Generic[What]):
    """At most `most` connections to one port; they are opened when they are first needed."""

    def __init__(self, host: str, port: int, most: int) -> None:
        self._address = (host, port)
        self._most = most
        self._room = memoryview(bytearray(1 << 17))
        self._selector = selectors.DefaultSelector()
        self._free: deque[_Connection[What]] = deque()
        self._busy: set[_Connection[What]] = set()

    @property
    def busy(self) -> int:
        """How many requests are under way."""
        return len(self._busy)

    def open(self) -> None:
        """Opens all of them now, if somebody listens: a burst's first moments are the wrong time for it."""
        with suppress(OSError):
            while len(self._free) < self._most:
                self._free.append(self._opened())

    def has_room(self) -> bool:
        """Whether another request can go at once."""
        return bool(self._free) or len(self._busy) < self._most

    def ask(self, what: What, request: bytes, seconds: float) -> Heard[What] | None:
        """Sends a request that is to be answered within `seconds`; what came of it when no connection can be made."""
        try:
            connection = self._free.popleft() if self._free else self._opened()
        except OSError:
            return Heard(what, None, "ct", "no connection could be made")
        self._busy.add(connection)
        connection.ask(what, request, time.perf_counter() + seconds)
        return None

    def heard(self, timeout: float) -> list[Heard[What]]:
        """What has come of requests, after at most `timeout` seconds."""
        found = [self._read(key.data) for key, _ in self._selector.select(timeout)]
        return [one for one in found if one is not None]

    def give_up(self) -> list[Heard[What]]:
        """Requests that took too long: their connections are closed."""
        now = time.perf_counter()
        late = [one for one in self._busy if one.until < now]
        found = [self._broken(one, "it was not answered in time") for one in late]
        return [one for one in found if one is not None]

    def close(self) -> None:
        """Closes every connection."""
        for connection in (*self._free, *self._busy):
            connection.socket.close()
        self._selector.close()

    def _opened(self) -> _Connection[What]:
        opened = socket.create_connection(self._address, timeout=CONNECT_SECONDS)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.setblocking(False)
        connection = _Connection[What](opened)
        self._selector.register(opened, selectors.EVENT_READ, connection)
        time.sleep(_PAUSE_SECONDS)
        return connection

    def _read(self, connection: _Connection[What]) -> Heard[What] | None:
        try:
            if not connection.read(self._room):
                return None
            answer = connection.answer()
        except (OSError, ValueError):
            return self._broken(connection)
        what = connection.what
        if connection.closes:
            self._drop(connection)
        else:
            self._busy.discard(connection)
            self._free.append(connection)
            connection.what = None
        return Heard(what, answer) if what is not None else None

    def _broken(self, connection: _Connection[What], words: str = "the connection broke") -> Heard[What] | None:
        """A connection that is of no use any more; None when nothing was asked on it."""
        self._drop(connection)
        return Heard(connection.what, None, "rt", words) if connection.what is not None else None

    def _drop(self, connection: _Connection[What]) -> None:
        self._selector.unregister(connection.socket)
        connection.socket.close()
        self._busy.discard(connection)
        with suppress(ValueError):
            self._free.remove(connection)
