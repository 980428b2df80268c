"""People in the tables: one number on one line, found by number and by id."""

from dataclasses import replace

import pytest

from ivr.store import Store, opt_outs, people
from ivr.store.lines import Line
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person

AT, LATER = "2026-11-03T20:15:00.000Z", "2026-11-03T21:15:00.000Z"
PHONE = "+12025550143"


@pytest.fixture
def person(store: Store, line: Line) -> Person:
    """Somebody who is kept."""
    one = Person(line.id, PHONE, AT, "en", None, None, None, 0, AT, id=1)
    assert store.write(lambda db: people.add(db, [one])) == {1}
    return one


def test_a_person_is_found_by_number_and_by_id(store: Store, line: Line, person: Person) -> None:
    assert store.read(lambda db: people.find(db, line, PHONE)) == person
    assert store.read(lambda db: people.find_on(db, line.id, PHONE)) == person
    assert store.read(lambda db: people.of_id(db, person.id)) == person
    assert store.read(lambda db: people.find(db, line, "+12025550144")) is None
    assert store.read(lambda db: people.find_on(db, line.id + 1, PHONE)) is None
    assert store.read(lambda db: people.of_id(db, person.id + 1)) is None


def test_a_number_is_one_person_of_a_line(store: Store, person: Person) -> None:
    twice = [replace(person, id=2, language="ar"), *(replace(person, id=n, number="+12025550144") for n in (3, 4))]
    assert store.write(lambda db: people.add(db, twice)) == {3}
    assert store.read(lambda db: people.of_id(db, person.id)) == person
    assert store.write(people.new_id) == 4


def test_a_new_link_is_kept(store: Store, person: Person) -> None:
    renewed = replace(person, link_counter=1, link_at=LATER)
    store.write(lambda db: people.renew_link(db, renewed))
    assert store.read(lambda db: people.of_id(db, person.id)) == renewed


def test_opting_out_and_in_and_another_language_are_kept(store: Store, line: Line, person: Person) -> None:
    store.write(lambda db: people.set_opted_out(db, line, PHONE, AT))
    store.write(lambda db: people.set_language(db, person, "ar"))
    assert store.read(lambda db: people.find(db, line, PHONE)) == replace(person, opted_out_at=AT, language="ar")
    store.write(lambda db: people.set_opted_out(db, line, PHONE, None))
    assert store.read(lambda db: people.find(db, line, PHONE)) == replace(person, language="ar")


def test_the_ledger_tells_what_holds_now_even_of_a_number_without_a_person(store: Store, line: Line) -> None:
    assert store.read(lambda db: opt_outs.last_action(db, line, PHONE)) is None
    entries = [OptOut(PHONE, AT, "out", "text", "stop", "SM1"), OptOut(PHONE, LATER, "in", "operator", "on the phone")]
    for entry in entries:
        store.write(lambda db, entry=entry: opt_outs.append(db, line, entry))
    assert store.read(lambda db: opt_outs.of(db, line, PHONE)) == entries
    assert store.read(lambda db: opt_outs.last_action(db, line, PHONE)) == entries[-1]
