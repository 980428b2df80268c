"""A load in a process of its own: it prepares every request, says so, waits for the word, runs, reports."""

import gc
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe

from benchmarks.client import Client
from benchmarks.loads import Load, Outcome, closed, open_
from benchmarks.webhooks import prepared

_processes = multiprocessing.get_context("spawn")


class Running:
    """A load under way."""

    def __init__(self, pipe: "Pipe[None, Outcome]") -> None:
        self._pipe = pipe

    def is_over(self, seconds: float = 0.0) -> bool:
        """Whether it has ended, within `seconds`."""
        return self._pipe.poll(seconds)

    def outcome(self) -> Outcome:
        """Wait for its end."""
        return self._pipe.recv()


@contextmanager
def running(load: Load) -> Iterator[Running]:
    """Run `load`; it begins when the body does."""
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_generate, args=(load, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        ours.recv()
        ours.send(None)
        yield Running(ours)
    finally:
        process.join(1)
        if process.is_alive():
            process.kill()
            process.join()


def run(load: Load) -> Outcome:
    """Run `load` to its end."""
    with running(load) as under_way:
        return under_way.outcome()


def _generate(load: Load, pipe: "Pipe[Outcome | None, None]") -> None:
    requests = prepared(load.kind, load.first, load.most)
    client = Client(load.port, requests, load.connections)
    gc.disable()
    pipe.send(None)
    pipe.recv()
    cpu = time.process_time()
    outcome = closed(load, client) if load.rate is None else open_(load, client)
    outcome.cpu_seconds = time.process_time() - cpu
    client.close()
    pipe.send(outcome)
