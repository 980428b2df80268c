"""Opting out and in again, and being blocked: what a member's consent does meanwhile."""

from collections.abc import Callable
from datetime import datetime

import pytest
from inside import person_of, received, rows, the_line, with_values
from running import NUMBER, PHONE

from ivr import clock, signup
from ivr.carrier.inbound import IncomingText, KeyPressed
from ivr.house import House
from ivr.link_texts import LinkSent, send_link
from ivr.meeting import Visitor, meet
from ivr.signup import From
from ivr.store import people
from ivr.store.members import Details
from ivr.store.people import Person

Says = Callable[[str], str]
BROADCAST = (
    "INSERT INTO messages (direction, line_id, number, at, body, status, purpose)"
    f" VALUES ('out', 1, '{PHONE}', 'x', 'x', 'queued', 'broadcast')"
)


@pytest.fixture
def member(house: House, now: datetime) -> Person:
    """A member."""
    line = the_line(house.store)
    person = house.store.write(lambda db: meet(db, [Visitor(line, PHONE, now)], "key"))[0]
    assert signup.join(house, person, line, Details("Ada"), From("192.0.2.7", "Firefox", "en"), now)
    return person_of(house.store, PHONE)


@pytest.fixture
def says(house: House, now: datetime, sid: Callable[[str], str]) -> Says:
    """They text the line; what they are answered at once."""

    def say(body: str) -> str:
        return received(house, IncomingText(sid("SM"), PHONE, NUMBER, body), now).words

    return say


def consents(house: House) -> list[tuple[str, str, str]]:
    """What was agreed to and taken back: action, source, wording."""
    return [
        (action, source, wording)
        for action, source, wording in rows(house.store, "SELECT action, source, wording FROM consents ORDER BY id")
    ]


def test_stop_takes_the_consent_back_and_start_gives_it_again(house: House, member: Person, says: Says) -> None:
    says("please stop texting me")
    assert consents(house)[1:] == [("withdrawn", "text", "please stop texting me")]
    assert rows(house.store, "SELECT consent_id FROM members") == [(None,)]
    says("stop")
    assert len(consents(house)) == 2, "it is taken back once"
    says("START")
    assert consents(house)[2:] == [("given", "text", "START")]
    assert rows(house.store, "SELECT consent_id FROM members") == [(3,)]
    versions = rows(house.store, "SELECT DISTINCT version FROM consents")
    assert versions == [(signup.version_of(signup.consent_of(the_line(house.store), "en")),)]


def test_whoever_never_agreed_agrees_to_nothing_by_start(house: House, says: Says) -> None:
    says("hello")
    says("please stop texting me")
    says("START")
    assert consents(house) == []


def test_nothing_is_broadcast_without_a_consent_that_stands(house: House, member: Person, says: Says) -> None:
    def broadcast() -> None:
        house.store.write(lambda db: db.execute(BROADCAST))

    broadcast()
    says("please stop texting me")
    with pytest.raises(Exception, match="no consent, no broadcast"):
        broadcast()
    says("START")
    broadcast()
    house.store.write(lambda db: people.set_blocked(db, member, clock.written(clock.now())))
    with pytest.raises(Exception, match="no consent, no broadcast"):
        broadcast()
    house.store.write(lambda db: people.set_blocked(db, member, None))
    house.store.write(lambda db: db.execute("UPDATE members SET consent_id = NULL"))
    with pytest.raises(Exception, match="no consent, no broadcast"):
        broadcast()


def test_who_is_blocked_gets_no_answer_and_what_they_write_is_kept(house: House, now: datetime, says: Says) -> None:
    line = the_line(house.store)
    person = house.store.write(lambda db: meet(db, [Visitor(line, PHONE, now)], "key"))[0]
    house.store.write(lambda db: people.set_blocked(db, person, clock.written(now)))
    assert says("hello") == ""
    assert rows(house.store, "SELECT body, why FROM messages") == [("hello", "was blocked")]
    house.store.write(lambda db: people.set_blocked(db, person, None))
    assert "sign up" in says("hello")


def test_who_is_blocked_gets_no_confirmation_either_but_is_obeyed(house: House, now: datetime, says: Says) -> None:
    with_values(house, keywords="us")
    line = the_line(house.store)
    person = house.store.write(lambda db: meet(db, [Visitor(line, PHONE, now)], "key"))[0]
    house.store.write(lambda db: people.set_blocked(db, person, clock.written(now)))
    assert [says(body) for body in ("STOP", "START", "HELP", "LINK")] == [""] * 4
    assert [action for (action,) in rows(house.store, "SELECT action FROM opt_outs")] == ["out", "in"]


def test_who_has_left_gets_their_own_page_too_by_the_word_link(
    house: House, member: Person, now: datetime, says: Says
) -> None:
    signup.leave(house, member, now)
    assert "/me/" in says("LINK")
    assert "/j/" in says("hello")


def test_a_member_gets_their_own_page_by_the_word_link(house: House, member: Person, says: Says) -> None:
    assert f"{house.settings.public_url}/me/" in says("LINK")
    assert "/j/" not in says("link")
    assert says("hello") == ""


def test_who_is_too_young_is_sent_no_link_and_nothing_is_broadcast_to_them(
    house: House, member: Person, now: datetime, says: Says
) -> None:
    house.store.write(lambda db: db.execute("UPDATE people SET too_young_at = first_at"))
    with pytest.raises(Exception, match="no consent, no broadcast"):
        house.store.write(lambda db: db.execute(BROADCAST))
    house.store.write(lambda db: db.execute("UPDATE people SET member_since = NULL"))
    assert says("hello") == ""
    assert says("LINK") == ""
    press = KeyPressed("CA" + "8" * 32, PHONE, NUMBER, "1", 1)
    assert send_link(house, press, now) is LinkSent.CANNOT
