"""What an installation has kept, looked at from inside, for tests of the rules."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from running import ACCOUNT, NUMBER, TOKEN, environment, set_up, until

from ivr import clock, lines, outbox
from ivr.auto_reply import Answer, Arrival, receive
from ivr.carrier.inbound import IncomingText
from ivr.carrier.rest import Carrier
from ivr.catching_up import catch_up
from ivr.errors import StoreUnavailable
from ivr.house import House, account_of
from ivr.meeting import Visitor, meet
from ivr.simulator import Account, Simulator, serve
from ivr.store import Connection, Store, contacts
from ivr.store import lines as line_table
from ivr.store import messages as message_table
from ivr.store import opt_outs as ledger
from ivr.store import people as people_table
from ivr.store.contacts import Filter
from ivr.store.database import rows as table_rows
from ivr.store.lines import Line
from ivr.store.messages import Outgoing
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person


def the_line(store: Store) -> Line:
    """The line of the tests."""
    found = store.read(lambda db: line_table.find(db, NUMBER))
    assert found is not None
    return found


def with_values(house: House, **values: Any) -> Line:
    """Change the line, and let the house know it."""
    changed = lines.change(house.store, NUMBER, **values)
    house.remember([the_line(house.store)])
    return changed


def contacts_of(store: Store, number: str) -> list[dict[str, Any]]:
    """The log of one number, newest first."""
    return store.read(lambda db: list(contacts.newest(db, Filter(number=number))))


def texts_to(store: Store, number: str) -> list[Outgoing]:
    """Every text of ours to one number, newest first, skipped ones too."""
    ids = store.read(
        lambda db: db.execute(
            "SELECT id FROM messages WHERE number = ? AND direction = 'out' ORDER BY id DESC", (number,)
        ).fetchall()
    )
    found = [store.read(lambda db, one=one: message_table.find(db, one)) for (one,) in ids]
    return [text for text in found if text is not None]


def person_of(store: Store, number: str) -> Person:
    """The person of a number."""
    line = the_line(store)
    found = store.read(lambda db: people_table.find(db, line, number))
    assert found is not None
    return found


def opt_outs_of(store: Store, number: str) -> list[OptOut]:
    """What the ledger says of a number."""
    line = the_line(store)
    return store.read(lambda db: ledger.of(db, line, number))


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return store.read(lambda db: [tuple(row) for row in db.execute(query).fetchall()])


@contextmanager
def house_with_carrier(folder: Path, timeout: float = 0.5, **more: str) -> Iterator[tuple[House, Simulator]]:
    """An installation open in this process, and a simulated carrier that it asks over HTTP, with a short patience."""
    with serve(Simulator(Account(ACCOUNT, TOKEN), [NUMBER], seed=1)) as running:
        opened = House.open(set_up(environment(folder, TWILIO_API_URL=running.url, **more)))
        yield replace(opened, carrier=Carrier(account_of(opened.settings), timeout)), running.simulator
        opened.store.close()


def queue_text(house: House, number: str, at: datetime, body: str = "Ada: your link {link}") -> int:
    """Let a text to a number wait in the outbox; returns its id."""

    def work(db: Connection) -> int:
        line = line_table.find(db, NUMBER)
        assert line is not None
        meet(db, [Visitor(line, number, at)], "key")
        moment = clock.written(at)
        return message_table.compose(db, line, number, moment, body, "link", due_at=moment).id

    return house.store.write(work)


def received(house: House, text: IncomingText, at: datetime) -> Answer:
    """Let a text come in; returns what it is answered with at once."""
    return house.store.write_together(receive, Arrival(house, text, at))


def row_of(store: Store, message_id: int) -> dict[str, Any]:
    """A message with all its columns."""
    return store.read(lambda db: next(table_rows(db, "SELECT * FROM messages WHERE id = :id", {"id": message_id})))


def texts_in_the_carriers_log(carrier: Simulator, number: str | None = None) -> Counter[str]:
    """How many texts of ours the carrier took for each number, by its own log, which is the truth."""
    created = carrier.log.since(0, "message.created")
    return Counter(entry["to"] for entry in created if entry["from"] == NUMBER and number in (None, entry["to"]))


def let_minutes_pass(house: House, since: datetime, minutes: int = 20) -> None:
    """What the background work does of sending and settling, once a minute, without waiting for them."""
    for minute in range(minutes):
        outbox.send_due(house, since + timedelta(minutes=minute))
        outbox.settle_doubt(house, since + timedelta(minutes=minute))


def caught_up(house: House) -> int:
    """Read the spool back in as soon as the database takes it; returns how many entries."""

    def attempt() -> int:
        try:
            return catch_up(house, clock.now())
        except StoreUnavailable:
            return 0

    return until(attempt)
