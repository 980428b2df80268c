"""Connections that never block: send prepared bytes, read whole answers, parse no more than status and length."""

import re
import selectors
import socket
import time
from contextlib import suppress

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_BROKEN = 0
_PAUSE_SECONDS = 0.005  # between connections: those of one burst may all fall on the worker that is awake


class Connection:
    """One connection and the request on it. `status` 0: it broke before the answer was whole."""

    __slots__ = ("began", "head", "index", "left", "socket", "status")

    def __init__(self) -> None:
        self.socket = socket.socket()
        self.index = -1
        self.status = _BROKEN
        self.began = 0.0
        self.head = b""
        self.left = -1  # bytes of the answer still to come; -1: its head is not whole


class Client:
    """Keep-alive connections to one server on this machine."""

    def __init__(self, port: int, requests: list[bytes], connections: int) -> None:
        self._address = ("127.0.0.1", port)
        self._requests = requests
        self._buffer = bytearray(1 << 18)
        self._view = memoryview(self._buffer)
        self.selector = selectors.DefaultSelector()
        self.connections: list[Connection] = []
        for _ in range(connections):
            time.sleep(_PAUSE_SECONDS)
            self.connections.append(self._connect(Connection()))

    def send(self, connection: Connection, index: int, began: float | None = None) -> None:
        """Send request `index`; its time runs from `began` (of `time.perf_counter`), else from now."""
        connection.index = index
        connection.left = -1
        connection.head = b""
        connection.began = time.perf_counter() if began is None else began
        with suppress(OSError):  # a broken connection shows when it is read
            connection.socket.send(self._requests[index])  # far smaller than a socket's buffer: it goes whole

    def finished(self, timeout: float) -> list[Connection]:
        """Connections whose answer is whole, or that broke, after at most `timeout` seconds."""
        done = []
        for key, _ in self.selector.select(timeout):
            connection: Connection = key.data
            if self._read(connection):
                done.append(connection)
        return done

    def renew(self, connection: Connection) -> None:
        """Replace a broken connection by a new one."""
        self.selector.unregister(connection.socket)
        connection.socket.close()
        self._connect(connection)

    def close(self) -> None:
        """Close every connection."""
        for connection in self.connections:
            connection.socket.close()
        self.selector.close()

    def _connect(self, connection: Connection) -> Connection:
        connection.socket = socket.create_connection(self._address, timeout=30)
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.socket.setblocking(False)
        self.selector.register(connection.socket, selectors.EVENT_READ, connection)
        return connection

    def _read(self, connection: Connection) -> bool:
        """Read what has come; True when the answer is whole or will never be."""
        try:
            size = connection.socket.recv_into(self._buffer)
        except BlockingIOError:
            return False
        except OSError:
            size = 0
        if not size:
            connection.status = _BROKEN
            return True
        if connection.left > 0:
            connection.left -= size
        else:
            _read_head(connection, connection.head + self._view[:size])
        return connection.left == 0


def _read_head(connection: Connection, content: bytes) -> None:
    end = content.find(b"\r\n\r\n")
    if end < 0:
        connection.head = content
        return
    connection.status = int(content[9:12])
    length = _LENGTH.search(content, 0, end)
    connection.left = (int(length[1]) if length else 0) - (len(content) - end - 4)
