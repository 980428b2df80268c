"""When a request is sent: as soon as its connection has an answer (closed), or at random moments (open).

A closed loop asks how much a server can do; an open one how long it lets you wait when requests come by themselves.
There the time of a request runs from the moment at which it was due, not from when a connection was free for it.
"""

import random
import select
import time
from array import array
from collections import Counter, deque
from dataclasses import dataclass, field

from benchmarks.client import Client, Connection

SILENCE_SECONDS = 30.0  # of a server that answers nothing any more


@dataclass(frozen=True)
class Load:
    """What to send to the server at `port`.

    `kind` as `webhooks.prepared` takes it; `first` is the index of the first request and `most` how many there are.
    Ends after `seconds`, or with the last request. With `rate` (a second) requests come at random moments. With
    `repeats` a request whose connection broke is sent again, as the carrier does.
    """

    port: int
    kind: str
    first: int
    most: int
    seconds: float
    connections: int = 64
    rate: float | None = None
    repeats: bool = False


@dataclass
class Outcome:
    """What came of a load. `acknowledged` are the indices that were answered 200; `late` is the generator's fault."""

    acknowledged: "array[int]" = field(default_factory=lambda: array("q"))
    milliseconds: "array[float]" = field(default_factory=lambda: array("f"))
    late: "array[float]" = field(default_factory=lambda: array("f"))
    faults: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.acknowledged) / self.seconds

    @property
    def errors(self) -> int:
        """Requests that were not answered 200."""
        return sum(self.faults.values())


def closed(load: Load, client: Client) -> Outcome:
    """Each connection sends its next request when it has the answer to the last."""
    outcome = Outcome()
    began = time.perf_counter()
    end = began + load.seconds
    indices = iter(range(load.most))
    for connection, index in zip(client.connections, indices, strict=False):
        client.send(connection, index)
    busy = min(len(client.connections), load.most)
    while busy:
        finished = client.finished(SILENCE_SECONDS)
        if not finished and time.perf_counter() > end + SILENCE_SECONDS:
            outcome.faults["no answer"] += busy
            break
        now = time.perf_counter()
        for connection in finished:
            if _is_over(connection, now, load, client, outcome):
                index = next(indices, -1) if now < end else -1
                if index < 0:
                    busy -= 1
                    connection.index = -1
                else:
                    client.send(connection, index)
    outcome.seconds = time.perf_counter() - began
    return outcome


def open_(load: Load, client: Client) -> Outcome:
    """Requests come at random (Poisson), `rate` a second on average, whether or not earlier ones are answered."""
    outcome = Outcome()
    chance = random.Random(load.first)
    free = deque(client.connections)
    waiting: deque[tuple[int, float]] = deque()
    indices = iter(range(load.most))
    began = now = time.perf_counter()
    end = began + load.seconds
    due = began
    while True:
        while due <= now and due < end:
            index = next(indices)
            waiting.append((index, due))
            due += chance.expovariate(load.rate or 1.0)
        _send_waiting(client, free, waiting, outcome)
        if due >= end and not waiting and len(free) == len(client.connections):
            break
        if now > end + SILENCE_SECONDS:
            outcome.faults["no answer"] += len(waiting) + len(client.connections) - len(free)
            break
        # epoll counts in milliseconds, select in microseconds: so select waits for epoll
        select.select([client.selector], [], [], max(0.0, min(due, end) - time.perf_counter()) if due < end else 1.0)
        finished = client.finished(0)
        now = time.perf_counter()
        free.extend(connection for connection in finished if _is_over(connection, now, load, client, outcome))
    outcome.seconds = time.perf_counter() - began
    return outcome


def _send_waiting(
    client: Client, free: "deque[Connection]", waiting: "deque[tuple[int, float]]", outcome: Outcome
) -> None:
    while free and waiting:
        index, due = waiting.popleft()
        client.send(free.popleft(), index, due)
        outcome.late.append((time.perf_counter() - due) * 1000)


def _is_over(connection: Connection, now: float, load: Load, client: Client, outcome: Outcome) -> bool:
    """Note an answer; False when the request was sent again instead."""
    if connection.status == 200:
        outcome.acknowledged.append(load.first + connection.index)
        outcome.milliseconds.append((now - connection.began) * 1000)
        return True
    if connection.status:
        outcome.faults[str(connection.status)] += 1
        return True
    client.renew(connection)
    if load.repeats and connection.index >= 0:
        outcome.repeated += 1
        client.send(connection, connection.index, connection.began)
        return False
    outcome.faults["broken connection"] += 1
    return True
