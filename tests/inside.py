"""What an installation has kept, looked at from inside, for tests of the rules."""

from typing import Any

from running import NUMBER

from ivr import lines
from ivr.house import House
from ivr.store import Store, contacts
from ivr.store import lines as line_table
from ivr.store import messages as message_table
from ivr.store import opt_outs as ledger
from ivr.store import people as people_table
from ivr.store.contacts import Filter
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
