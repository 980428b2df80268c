"""Blocking somebody and taking it back: noted once, and nobody is made by it."""

from datetime import datetime

import pytest
from inside import person_of, rows, the_line
from running import PHONE
from the_people import Crowd

from ivr import blocking
from ivr.errors import WrongMember
from ivr.house import House
from ivr.store.audit import COMMAND_LINE


def test_somebody_is_blocked_and_unblocked_once_and_the_audit_knows(house: House, now: datetime) -> None:
    store, line = house.store, the_line(house.store)
    Crowd(house, now).member(PHONE)
    assert blocking.block(store, line, PHONE, COMMAND_LINE, now)
    assert not blocking.block(store, line, PHONE, COMMAND_LINE, now)
    assert person_of(store, PHONE).blocked_at is not None
    assert blocking.unblock(store, line, PHONE, COMMAND_LINE, now)
    assert not blocking.unblock(store, line, PHONE, COMMAND_LINE, now)
    assert person_of(store, PHONE).blocked_at is None
    actions = rows(store, "SELECT action, subject FROM audit WHERE action LIKE 'person%' ORDER BY id")
    assert actions == [("person blocked", PHONE), ("person unblocked", PHONE)]


def test_who_is_not_known_cannot_be_blocked(house: House, now: datetime) -> None:
    with pytest.raises(WrongMember, match="ivr member list"):
        blocking.block(house.store, the_line(house.store), PHONE, COMMAND_LINE, now)
    assert rows(house.store, "SELECT * FROM people") == []
