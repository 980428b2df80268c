"""All about one person: their state, what they told and agreed to, how much there was, and who shares their address."""

from datetime import datetime

from inside import queue_text, the_line
from running import PHONE
from the_people import WORDING, Crowd

from ivr.house import House
from ivr.store import profiles, states


def test_a_profile_tells_everything_that_is_kept_of_a_person(house: House, now: datetime) -> None:
    crowd, line = Crowd(house, now), the_line(house.store)
    person = crowd.member(PHONE, "Ada Lovelace", email="ada@example.org", city="London")
    crowd.member("+12025550144", email="ada@example.org")
    crowd.member("+12025550145", email="grace@example.org")
    crowd.opts_out(person)
    queue_text(house, PHONE, now)
    found = house.store.read(lambda db: profiles.of(db, line, PHONE))
    assert found is not None
    assert (found.state, found.details and found.details.city) == ("opted-out", "London")
    assert [(entry.consent.action, entry.consent.wording) for entry in found.consents] == [
        ("given", WORDING),
        ("withdrawn", "STOP"),
    ]
    assert [entry.wording for entry in found.opt_outs] == ["STOP"]
    assert (found.calls, found.texts, found.texts_of_ours) == (0, 0, 1)
    assert found.same_email == ["+12025550144"]


def test_nobody_has_no_profile_and_a_stranger_next_to_none(house: House, now: datetime) -> None:
    line = the_line(house.store)
    assert house.store.read(lambda db: profiles.of(db, line, PHONE)) is None
    Crowd(house, now).stranger(PHONE)
    found = house.store.read(lambda db: profiles.of(db, line, PHONE))
    assert found is not None
    assert (found.state, found.details, found.consents, found.same_email) == ("new", None, [], [])


def test_each_state_comes_before_those_after_it(house: House, now: datetime) -> None:
    crowd = Crowd(house, now)
    person = crowd.stranger(PHONE)
    found = [house.store.read(lambda db: states.of(db, person.id))]
    for change in (
        lambda: crowd.invited(PHONE),
        lambda: crowd.member(PHONE),
        lambda: crowd.leaves(person),
        lambda: crowd.opts_out(person),
        lambda: crowd.is_blocked(person),
    ):
        change()
        found.append(house.store.read(lambda db: states.of(db, person.id)))
    assert found == ["new", "invited", "member", "left", "opted-out", "blocked"]
    assert set(found) == set(states.STATES)


def test_a_link_that_was_never_sent_invites_nobody(house: House, now: datetime) -> None:
    person = Crowd(house, now).invited(PHONE)
    house.store.write(lambda db: db.execute("UPDATE messages SET status = 'skipped'"))
    assert house.store.read(lambda db: states.of(db, person.id)) == "new"
