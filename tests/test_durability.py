"""The promise, against the real server: what was acknowledged is in the log, once, whatever dies or locks meanwhile."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import pytest
from running import ACCOUNT, NUMBER, Product, environment, running, until
from writers import a_stranger_writes

from ivr.store import contacts
from ivr.store.contacts import Filter
from ivr.store.database import connect, integrity

VOICE, SMS = "/webhooks/voice", "/webhooks/sms"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Product]:
    """A server of the test's own, to be maltreated."""
    with running(environment(tmp_path)) as product:
        yield product


@dataclass
class Burst:
    """Signed calls and texts, one after another: which were acknowledged, and with what."""

    product: Product
    answers: dict[str, str] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)

    def send(self, n: int) -> None:
        """One contact, repeated as the carrier does while the connection breaks; odd ones are calls."""
        kind, path = ("CA", VOICE) if n % 2 else ("SM", SMS)
        sid = f"{kind}{n:032x}"
        form = {"AccountSid": ACCOUNT, "From": f"+1202555{n % 10_000:04d}", "To": NUMBER}
        form |= {"CallSid": sid, "CallStatus": "ringing"} if n % 2 else {"MessageSid": sid, "Body": f"text {n}"}
        for _ in range(2):
            try:
                answer = self.product.webhook(path, form)
            except (OSError, HTTPException):
                continue
            if answer.status == 200:
                self.answers[sid] = answer.text
            else:
                self.refused.append(answer.status)
            return

    def send_all(self, count: int, first: int = 0, threads: int = 8) -> None:
        """Many at once."""
        with ThreadPoolExecutor(threads) as clients:
            list(clients.map(self.send, range(first, first + count)))

    def kept(self) -> Counter[str]:
        """How often each contact is in the log."""
        return Counter(row["sid"] for row in self.product.store.read(lambda db: list(contacts.newest(db, Filter()))))

    def check(self) -> None:
        """Every acknowledged contact is in the log before long, none is twice, no person was answered twice."""
        until(lambda: not self.missing())
        assert max(self.kept().values()) == 1
        doubled = self.product.store.read(
            lambda db: db.execute(
                "SELECT number FROM messages WHERE purpose = 'reply' GROUP BY number HAVING count(*) > 1"
            ).fetchall()
        )
        assert doubled == []
        connection = connect(self.product.settings.database_path)
        assert integrity(connection) == "ok"
        connection.close()

    def missing(self) -> set[str]:
        """Acknowledged, and not in the log (yet)."""
        return set(self.answers) - set(self.kept())

    def calls(self) -> list[str]:
        """What callers were answered."""
        return [text for sid, text in self.answers.items() if sid.startswith("CA")]


def kill_workers_during(burst: Burst, contacts_: int, kills: int) -> None:
    """Send a burst, and kill a worker each time that so many more were acknowledged."""
    lots = random.Random(1)
    sender = threading.Thread(target=burst.send_all, args=(contacts_,))
    sender.start()
    for kill in range(1, kills + 1):
        wanted = kill * contacts_ // (kills + 2)
        until(lambda wanted=wanted: len(burst.answers) >= wanted or not sender.is_alive(), 60)
        workers = until(burst.product.workers)
        os.kill(lots.choice(workers), signal.SIGKILL)
    sender.join()
    assert len(burst.answers) > contacts_ // 2
    burst.check()


def test_killed_workers_lose_nothing_acknowledged_and_keep_nothing_twice(server: Product) -> None:
    kill_workers_during(Burst(server), 300, 3)


@pytest.mark.drill
def test_workers_killed_forty_times_lose_nothing_acknowledged_and_keep_nothing_twice(server: Product) -> None:
    kill_workers_during(Burst(server), 6000, 40)


def test_a_killed_server_has_kept_all_that_it_acknowledged(tmp_path: Path) -> None:
    variables = environment(tmp_path)
    with running(variables) as product:
        burst = Burst(product)
        sender = threading.Thread(target=burst.send_all, args=(200,))
        sender.start()
        until(lambda: len(burst.answers) >= 60)
        for process in [*product.workers(), product.server.pid]:
            os.kill(process, signal.SIGKILL)
        sender.join()
        product.server.wait()
        assert not burst.missing()
    with running(variables) as product:
        burst.product = product
        burst.send_all(20, first=1000)
        burst.check()


def test_a_lock_held_longer_than_our_patience_is_noticed_by_no_caller_and_no_texter(server: Product) -> None:
    burst = Burst(server)
    burst.send_all(8)
    with a_stranger_writes(server.settings.database_path):
        burst.send_all(24, first=100)
        assert burst.missing()
    assert burst.refused == [] and len(burst.answers) == 32
    assert all("<Play>" in text for text in burst.calls())
    burst.check()


def test_a_database_that_is_deleted_while_the_server_runs_is_noticed_by_no_caller_and_no_texter(
    server: Product,
) -> None:
    burst = Burst(server)
    burst.send_all(8)
    path = server.settings.database_path
    away = path.with_name("away")
    away.mkdir()
    for file in path.parent.glob(path.name + "*"):
        file.rename(away / file.name)
    burst.send_all(24, first=100)
    assert burst.refused == [] and len(burst.answers) == 32
    assert all("<Play>" in text for text in burst.calls())
    assert not path.exists()
    for file in away.iterdir():
        file.rename(path.with_name(file.name))
    burst.check()


def test_where_neither_database_nor_spool_can_keep_it_a_text_is_refused_and_a_call_still_greeted(
    server: Product,
) -> None:
    server.settings.database_path.unlink()
    (server.settings.instance_path / "spool").write_text("no folder")
    burst = Burst(server)
    burst.send_all(8)
    assert burst.refused == [503] * 4
    assert len(burst.calls()) == 4 and all("<Play>" in text for text in burst.calls())
