"""Programs that write beside the tests: processes of ours, threads that wait together, and a stranger to our gate."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from databases import prepared
from running import until

from ivr import clock, outbox
from ivr.errors import StoreUnavailable
from ivr.house import House
from ivr.settings import Settings
from ivr.store import Spool, Store, Together
from ivr.store.database import Connection, connect
from ivr.store.lease import Lease

Work = Callable[[Connection], Any]


def add_mark(who: str, n: int) -> Work:
    """A work that keeps one row in `marks`, a table without any constraint: what is kept twice shows."""
    return lambda db: db.execute("INSERT INTO marks VALUES (?, ?)", (who, n)).rowcount


def marks_of(store: Store) -> list[tuple[str, int]]:
    """All rows of `marks`, in order."""
    return store.read(lambda db: [tuple(row) for row in db.execute("SELECT who, n FROM marks ORDER BY who, n")])


def write_marks(path: Path, who: str, threads: int, each: int, acknowledged: Path | None = None) -> None:
    """Keep rows from several threads; each row's name goes to the file `acknowledged` once it is said to be kept."""
    store = Store(path, path.parent / "spool")
    file = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if acknowledged else None

    def write(first: int) -> None:
        for n in range(first, first + each):
            store.write(add_mark(who, n))
            if file is not None:
                os.write(file, f"{who} {n}\n".encode())

    crew = [threading.Thread(target=write, args=(number * each,)) for number in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()


def recovers_now(store: Store) -> bool:
    """Whether a write succeeds now."""
    try:
        return bool(store.write(add_mark("recovered", 1)))
    except StoreUnavailable:
        return False


def recovered(store: Store) -> bool:
    """Whether a write succeeds before long."""
    return until(lambda: recovers_now(store), 10)


def start(task: Callable[..., object], *arguments: object) -> BaseProcess:
    """Run a function of a test's module in a new process that shares nothing with this one."""
    child = multiprocessing.get_context("spawn").Process(target=task, args=arguments, daemon=True)
    child.start()
    return child


def finish(children: Sequence[BaseProcess]) -> None:
    """Wait for processes and see that they ended well."""
    for child in children:
        child.join(60)
        assert child.exitcode == 0


@contextmanager
def a_stranger_writes(path: Path) -> Iterator[Connection]:
    """A program that knows nothing of our gate holds the database's write lock."""
    stranger = connect(path)
    stranger.execute("BEGIN IMMEDIATE")
    try:
        yield stranger
    finally:
        if stranger.in_transaction:
            stranger.execute("ROLLBACK")
        stranger.close()


def in_one_group(store: Store, works: Sequence[Work | tuple[Together[Any, Any], Any]]) -> list[Any]:
    """What works return or raise that wait at the same moment, while the leader before them takes its time.

    A pair is an item and what is done with it and its like together.
    """
    leads, may_end = threading.Event(), threading.Event()

    def take_time(db: Connection) -> None:
        leads.set()
        assert may_end.wait(20)

    results: list[Any] = [None] * len(works)

    def run(place: int) -> None:
        try:
            work = works[place]
            results[place] = store.write_together(*work) if isinstance(work, tuple) else store.write(work)
        except Exception as error:
            results[place] = error

    leader = threading.Thread(target=store.write, args=(take_time,))
    leader.start()
    assert leads.wait(20)
    crew = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for place, thread in enumerate(crew):
        thread.start()
        until(lambda place=place: len(store._writer._waiting) > place)
    may_end.set()
    for thread in [leader, *crew]:
        thread.join(20)
        assert not thread.is_alive()
    return results


def append_entries(folder: Path, who: str, most: int, acknowledged: Path) -> None:
    """Put entries into a spool; each one's name goes to the file `acknowledged` once it is said to be kept."""
    spool = Spool(folder)
    file = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for n in range(most):
        spool.append({"who": who, "n": n})
        os.write(file, f"{who} {n}\n".encode())


def hold_lease(path: Path, held: Path) -> None:
    """Take a lease, say so in the file `held`, and never give it back."""
    assert Lease(path).take()
    held.write_text("held")
    threading.Event().wait()


def prepare_database(path: Path) -> None:
    """Prepare a database, in a process of its own."""
    prepared(path)


def send_until_killed(settings: Settings) -> None:
    """Send what is due, a few at a time, for as long as this process lives."""
    house = House.open(settings)
    house.carrier.check_account()  # alone: the client's first request must not be several at once
    while True:
        outbox.send_due(house, clock.now(), most=6)
