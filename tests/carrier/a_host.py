"""A host on this machine that answers whatever a test wants, and remembers who asked."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Host:
    """A local server: answers paths as it was told, keeps what it was asked and with which credentials."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], Callable[[], Iterator[bytes]]]] = {}
        self.asked: list[tuple[str, str | None]] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append((self.path, self.headers.get("Authorization")))
                status, headers, pieces = host.answers[self.path]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for piece in pieces():
                        self.wfile.write(piece)
                except OSError:
                    return

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self) -> "Host":
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def says(self, path: str, status: int, headers: dict[str, str], *pieces: bytes) -> str:
        """Answer `path` so; returns its address."""
        self.answers[path] = (status, headers, lambda: iter(pieces))
        return self.url + path
