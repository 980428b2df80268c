"""Operators at work, in a process of their own: each looks around, and has the log open, which asks by itself."""

import json
import multiprocessing
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.browser import Browser
from benchmarks.questions import Sample, pages, searches

LOOKS_EVERY, ASKS_EVERY = 1.0, 2.0
"""Seconds between two pages that an operator opens, and between two times that an open log asks (`console.js`)."""
AROUND = frozenset(
    {"the newest of the log", "one filter", "one contact", "a person", "a number", "the last four digits"}
)
_OPEN = re.compile(r'id="([a-z]+-[0-9]+)" data-open')
_processes = multiprocessing.get_context("spawn")


@contextmanager
def watching(port: int, session: str, database: Path, operators: int) -> Iterator[list[float]]:
    """So many operators work while the body runs. The list holds the milliseconds of their pages afterwards."""
    milliseconds: list[float] = []
    if not operators:
        yield milliseconds
        return
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_work, args=(port, session, database, operators, theirs), daemon=True)
    process.start()
    ours.recv()
    try:
        yield milliseconds
        ours.send(None)
        milliseconds += ours.recv()
    finally:
        process.join(10)
        process.kill()


def _work(port: int, session: str, database: Path, operators: int, pipe: "Pipe[list[float], None]") -> None:
    over, sample = threading.Event(), Sample.drawn(database)
    seen: list[float] = []
    threads = [
        threading.Thread(target=job, args=(port, session, sample, number, over, seen))
        for number in range(operators)
        for job in (_look_around, _follow)
    ]
    for thread in threads:
        thread.start()
    pipe.send([])
    pipe.recv()
    over.set()
    for thread in threads:
        thread.join()
    pipe.send(seen)


def _look_around(
    port: int, session: str, sample: Sample, number: int, over: threading.Event, seen: list[float]
) -> None:
    browser, chance = Browser(port, session), random.Random(number)
    places = [one for one in (*pages(sample), *searches(sample)) if one.name in AROUND]
    over.wait(LOOKS_EVERY * chance.random())
    while not over.is_set():
        began = time.monotonic()
        seen.append(browser.look(chance.choice(places).path(chance)).milliseconds)
        over.wait(max(0.0, LOOKS_EVERY - (time.monotonic() - began)))


def _follow(port: int, session: str, sample: Sample, number: int, over: threading.Event, seen: list[float]) -> None:
    """As the page's script does: what came since, and what became of the rows that were open."""
    browser = Browser(port, session)
    since, again = {"calls": sample.calls, "messages": sample.messages}, ""
    over.wait(ASKS_EVERY * random.Random(number).random())
    while not over.is_set():
        fresh = browser.look("/console/log/fresh?" + urlencode({**since, "again": again}))
        seen.append(fresh.milliseconds)
        told = json.loads(fresh.text)
        since = {name: told[name] for name in since}
        again = ",".join(_OPEN.findall(told["rows"])) or again
        over.wait(ASKS_EVERY)
