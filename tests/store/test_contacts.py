"""The log as people read it: newest first, and only what was asked for."""

import pytest

from ivr.store import Store, calls, contacts, lines, messages
from ivr.store.calls import Call
from ivr.store.contacts import COLUMNS, Filter
from ivr.store.lines import Line
from ivr.store.messages import Received

ADA, GRACE = "+17735550100", "+14155550101"
ONE, TWO = "+12025550143", "+12025550144"


def at(minute: int) -> str:
    """A stored time."""
    return f"2026-11-03T20:{minute:02d}:00.000Z"


@pytest.fixture
def log(store: Store, line: Line) -> Store:
    """Six contacts on two lines."""
    store.write(lambda db: lines.add(db, Line(GRACE, "Grace Example"), at(0)))
    other = store.read(lambda db: lines.find(db, GRACE))
    assert other is not None
    for sid, whose, number, minute in (("CA1", line, ONE, 1), ("CA4", other, TWO, 4), ("CA5", line, TWO, 5)):
        call = Call(whose.id, sid, number, at(minute), "completed", "greeting")
        store.write(lambda db, call=call: calls.receive(db, [call]))
    for sid, whose, number, minute in (("SM2", line, ONE, 2), ("SM3", other, ONE, 3), ("SM6", line, TWO, 5)):
        text = Received(whose.id, sid, number, at(minute), "hello", "none")
        store.write(lambda db, text=text: messages.receive(db, [text]))
    return store


@pytest.mark.parametrize(
    ("chosen", "most", "sids"),
    [
        (Filter(), None, "CA5 SM6 CA4 SM3 SM2 CA1"),
        (Filter(), 2, "CA5 SM6"),
        (Filter(), 0, ""),
        (Filter(line=GRACE), None, "CA4 SM3"),
        (Filter(number=ONE), None, "SM3 SM2 CA1"),
        (Filter(kind="call"), None, "CA5 CA4 CA1"),
        (Filter(kind="text"), 1, "SM6"),
        (Filter(since=at(3)), None, "CA5 SM6 CA4 SM3"),
        (Filter(until=at(3)), None, "SM2 CA1"),
        (Filter(since=at(2), until=at(5)), None, "CA4 SM3 SM2"),
        (Filter(line=ADA, number=ONE, kind="text", since=at(1), until=at(9)), None, "SM2"),
        (Filter(line="+1000"), None, ""),
        (Filter(number="' OR 1=1 --"), None, ""),
    ],
)
def test_only_what_was_asked_for_newest_first(log: Store, chosen: Filter, most: int | None, sids: str) -> None:
    found = log.read(lambda db: list(contacts.newest(db, chosen, most)))
    assert sorted(row["sid"] for row in found) == sorted(sids.split())
    assert [row["at"] for row in found] == sorted((row["at"] for row in found), reverse=True)
    assert all(tuple(row) == COLUMNS for row in found)


def test_why_a_text_was_not_answered_is_known(store: Store, line: Line) -> None:
    text = Received(line.id, "SM1", ONE, at(1), "hello", "none", why="has opted out")
    store.write(lambda db: messages.receive(db, [text]))
    assert store.read(lambda db: contacts.why_unanswered(db, "SM1")) == "has opted out"
    assert store.read(lambda db: contacts.why_unanswered(db, "SM2")) is None
