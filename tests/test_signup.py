"""Signing up: who joins, who is too young, and a consent that stands."""

from datetime import datetime

import pytest
from inside import person_of, rows, texts_to, the_line, with_values
from running import PHONE

from ivr import signup
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.signup import From
from ivr.store import people
from ivr.store.members import Details
from ivr.store.people import Person

SEEN = From("192.0.2.7", "Firefox on Linux", "en")


@pytest.fixture
def person(house: House, now: datetime) -> Person:
    """Somebody who texted the line."""
    return house.store.write(lambda db: meet(db, [Visitor(the_line(house.store), PHONE, now)], "key"))[0]


def test_who_joins_is_a_member_with_a_consent_and_one_text_confirms_it(
    house: House, person: Person, now: datetime
) -> None:
    line, told = the_line(house.store), Details("Ada Lovelace", "female", "1990-12-10", "London", "ada@example.org")
    assert signup.join(house, person, line, told, SEEN, now)
    joined = house.store.read(lambda db: people.of_id(db, person.id))
    assert joined is not None
    assert joined.member_since is not None
    assert signup.join(house, joined, line, Details("Somebody Else"), SEEN, now), "the link may have been passed on"
    ((name, gender, born, city, email),) = rows(house.store, "SELECT name, gender, born, city, email FROM members")
    assert (name, gender, born, city, email) == tuple(told.__dict__.values())
    consents = rows(house.store, "SELECT wording, version, language, address, browser, number FROM consents")
    assert len(consents) == 1, "the same is not agreed to twice"
    wording = signup.consent_of(line, "en")
    assert consents[0] == (wording, signup.version_of(wording), "en", "192.0.2.7", "Firefox on Linux", PHONE)
    (text,) = texts_to(house.store, PHONE)
    assert text.purpose == "joined"
    assert "STOP" in text.body and "HELP" in text.body and "rates" in text.body


def test_a_consent_is_neither_changed_nor_removed(house: House, person: Person, now: datetime) -> None:
    signup.join(house, person, the_line(house.store), Details("Ada"), SEEN, now)
    for statement in ("DELETE FROM consents", "UPDATE consents SET wording = ''"):
        with pytest.raises(Exception, match="append-only"):
            house.store.write(lambda db, statement=statement: db.execute(statement))


def test_who_opts_out_meanwhile_becomes_no_member(house: House, person: Person, now: datetime) -> None:
    line = the_line(house.store)
    house.store.write(lambda db: people.set_opted_out(db, line, PHONE, "2026-11-24T00:00:00.000Z"))
    assert not signup.join(house, person, line, Details("Ada"), SEEN, now)
    assert rows(house.store, "SELECT * FROM consents") == []


def test_of_who_is_too_young_only_the_day_is_kept(house: House, person: Person, now: datetime) -> None:
    signup.join(house, person, the_line(house.store), Details("Ada"), SEEN, now)
    for _ in range(2):
        signup.refuse_young(house, person_of(house.store, PHONE), now)
    assert rows(house.store, "SELECT member_since FROM people") == [(None,)]
    assert rows(house.store, "SELECT count FROM too_young") == [(2,)]
    assert rows(house.store, "SELECT * FROM members") == []


def test_another_wording_is_another_version(house: House) -> None:
    before = signup.version_of(signup.consent_of(the_line(house.store), "en"))
    after = signup.version_of(signup.consent_of(with_values(house, name="Grace"), "en"))
    assert before != after
