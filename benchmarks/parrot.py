"""A server that answers every request with the same words and reads nothing but lengths: faster than any product.

Run as `python -m benchmarks.parrot PORT`. The answer is a text's, with an address for its status callbacks.
"""

import asyncio
import re
import sys

_LENGTH = re.compile(rb"\r\nContent-Length: ([0-9]+)")
_SAID = "Hello, and thank you for writing. Here is your personal link: https://line.example/j/abcdefghijklmnop"


def answer(port: int) -> bytes:
    """The whole answer."""
    action = f"http://127.0.0.1:{port}/webhooks/sms/status?message=1"
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response><Message action="{action}">{_SAID}</Message></Response>'
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


class Parrot(asyncio.Protocol):
    """One connection."""

    def __init__(self, said: bytes) -> None:
        self._said = said
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is answered through."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer when a request is whole."""
        self._heard += data
        end = self._heard.find(b"\r\n\r\n")
        length = _LENGTH.search(self._heard)
        if end >= 0 and length and len(self._heard) >= end + 4 + int(length[1]):
            self._heard = b""
            self._transport.write(self._said)


async def serve(port: int) -> None:
    """Answer until killed."""
    said = answer(port)
    server = await asyncio.get_running_loop().create_server(lambda: Parrot(said), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
