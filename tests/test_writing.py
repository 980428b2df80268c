"""An operator writes to one person: once, as it was typed, with every check twice, and it can be taken back."""

from datetime import datetime, timedelta

import pytest
from inside import person_of, rows, texts_in_the_carriers_log, texts_to, the_line, with_values
from reminding import texted
from running import PHONE
from the_people import Crowd

from ivr import erasing, link_texts, outbox, writing
from ivr.errors import WrongMember
from ivr.house import House
from ivr.link_texts import LinkSent
from ivr.simulator import Simulator
from ivr.store import people
from ivr.store.audit import Actor
from ivr.store.database import Connection
from ivr.writing import NO_KEY, NOTHING, REFUSED, TOO_LONG, UNDO

Pair = tuple[House, Simulator]
GRACE = Actor(None, "Grace", "192.0.2.7")
KEY = "k" * 24
LANDLINE = "+442079460123"


@pytest.fixture
def house(both: Pair, now: datetime) -> House:
    """An installation where somebody has texted."""
    Crowd(both[0], now).stranger(PHONE)
    return both[0]


def write(house: House, at: datetime, text: str = "Good morning!", once: str = KEY, number: str = PHONE) -> int:
    """Let an operator write."""
    return writing.write(house.store, the_line(house.store), number, text, once, GRACE, at)


def test_a_text_goes_after_ten_seconds_and_not_before(both: Pair, house: House, now: datetime) -> None:
    write(house, now, "  Bonjour,\r\nça va ? 😀\u202e ")
    assert outbox.send_due(house, now + timedelta(seconds=9)) == 0
    assert outbox.send_due(house, now + UNDO) == 1
    (entry,) = both[1].log.since(0, "message.created")
    assert (entry["to"], entry["body"]) == (PHONE, "Bonjour,\nça va ? 😀")
    assert rows(house.store, "SELECT purpose, status FROM messages") == [("personal", "sent")]
    assert rows(house.store, "SELECT action, subject FROM audit WHERE id > 1") == [("person written to", PHONE)]


def test_what_is_typed_is_never_taken_for_somebodys_link(both: Pair, house: House, now: datetime) -> None:
    write(house, now, "Your link: {link} {me}")
    outbox.send_due(house, now + UNDO)
    (entry,) = both[1].log.since(0, "message.created")
    assert entry["body"] == "Your link: {link} {me}"


def test_pressing_twice_sends_once(both: Pair, house: House, now: datetime) -> None:
    assert write(house, now) == write(house, now) != write(house, now, once="other" * 5)
    with pytest.raises(WrongMember, match="sent before with something else"):
        write(house, now, "Something else")
    outbox.send_due(house, now + UNDO)
    assert texts_in_the_carriers_log(both[1]) == {PHONE: 2}


def test_a_text_is_taken_back_until_it_goes(both: Pair, house: House, now: datetime) -> None:
    line, text = the_line(house.store), write(house, now)
    assert writing.take_back(house.store, line, PHONE, text, GRACE, now)
    assert not writing.take_back(house.store, line, PHONE, text, GRACE, now)
    other = write(house, now, once="other" * 5)
    assert not writing.take_back(house.store, line, PHONE, other + 1, GRACE, now)
    outbox.send_due(house, now + UNDO)
    assert not writing.take_back(house.store, line, PHONE, other, GRACE, now)
    assert texts_in_the_carriers_log(both[1]) == {PHONE: 1}
    assert [text.status for text in texts_to(house.store, PHONE)] == ["sent", "cancelled"]
    assert rows(house.store, "SELECT count(*) FROM audit WHERE action = 'text taken back'") == [(1,)]


def test_a_form_that_is_sent_again_after_its_text_was_taken_back_is_not_said_to_send_it(
    house: House, now: datetime
) -> None:
    text = write(house, now)
    assert writing.take_back(house.store, the_line(house.store), PHONE, text, GRACE, now)
    with pytest.raises(WrongMember, match="was taken back"):
        write(house, now)
    assert write(house, now, once="other" * 5) > text


def test_only_what_was_written_to_this_person_is_taken_back(house: House, now: datetime) -> None:
    line, crowd, text = the_line(house.store), Crowd(house, now), write(house, now)
    other = crowd.stranger("+12025550112").number
    assert not writing.take_back(house.store, line, other, text, GRACE, now)
    house.store.write(lambda db: db.execute("UPDATE messages SET purpose = 'stop'"))
    assert not writing.take_back(house.store, line, PHONE, text, GRACE, now)


@pytest.mark.parametrize(
    ("text", "once", "why"),
    [(" \n ", KEY, NOTHING), ("\u200f", KEY, NOTHING), ("x" * 1_601, KEY, TOO_LONG), ("hello", "", NO_KEY)],
)
def test_what_cannot_be_sent_is_said(house: House, now: datetime, text: str, once: str, why: str) -> None:
    with pytest.raises(WrongMember) as wrong:
        write(house, now, text, once)
    assert str(wrong.value) == why
    assert texts_to(house.store, PHONE) == []


def test_1600_characters_are_a_text(house: House, now: datetime) -> None:
    assert write(house, now, "😀" * 1_600)


def close(house: House, now: datetime, why: str) -> None:
    """Let there be a reason not to write to them."""
    crowd, person = Crowd(house, now), person_of(house.store, PHONE)
    if why == "opted out":
        crowd.opts_out(person)
    elif why == "blocked":
        crowd.is_blocked(person)
    elif why == "country":
        with_values(house, countries=("EG",))


@pytest.mark.parametrize("why", ["opted out", "blocked", "country"])
def test_who_is_to_be_left_alone_is_not_written_to(both: Pair, house: House, now: datetime, why: str) -> None:
    close(house, now, why)
    with pytest.raises(WrongMember) as wrong:
        write(house, now)
    assert str(wrong.value) == REFUSED[why]
    assert texts_to(house.store, PHONE) == []


@pytest.mark.parametrize("why", ["opted out", "blocked", "country"])
def test_it_is_looked_at_again_before_it_goes(both: Pair, house: House, now: datetime, why: str) -> None:
    write(house, now)
    close(house, now, why)
    outbox.send_due(house, now + UNDO)
    assert texts_in_the_carriers_log(both[1]) == {}
    assert [text.status for text in texts_to(house.store, PHONE)] == ["skipped"]


def test_who_has_left_is_not_written_to_until_they_write(both: Pair, house: House, now: datetime) -> None:
    crowd = Crowd(house, now)
    crowd.member(PHONE)
    write(house, now)
    crowd.leaves(person_of(house.store, PHONE))
    outbox.send_due(house, now + UNDO)
    assert texts_in_the_carriers_log(both[1]) == {}
    with pytest.raises(WrongMember) as wrong:
        write(house, now, once="other" * 5)
    assert str(wrong.value) == REFUSED["has left"]
    assert link_texts.send_again(house.store, the_line(house.store), PHONE, GRACE, now) is LinkSent.CANNOT
    texted(house, PHONE, now + timedelta(minutes=1), "Are you still there?")
    write(house, now + timedelta(minutes=2), once="other" * 5)
    outbox.send_due(house, now + timedelta(minutes=2) + UNDO)
    assert texts_in_the_carriers_log(both[1]) == {PHONE: 1}


def test_a_landline_cannot_be_texted(house: House, now: datetime) -> None:
    Crowd(house, now).stranger(LANDLINE)
    with pytest.raises(WrongMember) as wrong:
        write(house, now, number=LANDLINE)
    assert str(wrong.value) == REFUSED["cannot be texted"]


def test_who_is_erased_meanwhile_gets_nothing(both: Pair, house: House, now: datetime) -> None:
    write(house, now)
    erasing.erase(house, person_of(house.store, PHONE), erasing.THEMSELVES, now)
    outbox.send_due(house, now + UNDO)
    assert texts_in_the_carriers_log(both[1]) == {}
    with pytest.raises(WrongMember):
        write(house, now, once="other" * 5)


def test_a_text_is_not_queued_without_its_note(house: House, now: datetime) -> None:
    def refuse_the_audit(db: Connection) -> None:
        db.execute("CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE (ABORT, 'no'); END")
        people.set_language(db, person_of(house.store, PHONE), "en")

    house.store.write(refuse_the_audit)
    with pytest.raises(Exception, match="no"):
        write(house, now)
    assert texts_to(house.store, PHONE) == []
