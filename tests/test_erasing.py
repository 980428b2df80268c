"""Erasing somebody, whatever happens at the same moment or afterwards: they do not come back, and nothing is sent."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from inside import house_with_carrier, person_of, queue_text, received, rows, texts_in_the_carriers_log, the_line
from running import NUMBER, PHONE
from the_people import Crowd

from ivr import answering, call_events, catching_up, clock, erasing, lines, link_texts, outbox, signup
from ivr.auto_reply import SILENCE
from ivr.carrier.inbound import (
    CallEnded,
    IncomingCall,
    IncomingText,
    KeyPressed,
    MessageStatus,
    VoiceMessageMade,
)
from ivr.errors import StoreUnavailable
from ivr.house import House
from ivr.link_texts import LinkSent
from ivr.meeting import Visitor, meet
from ivr.outbox import _send
from ivr.signup import From
from ivr.simulator import Simulator
from ivr.store import Connection, audit, calls, members, people, queue
from ivr.store import erasing as table
from ivr.store.audit import Actor
from ivr.store.calls import Call
from ivr.store.members import Details
from ivr.store.people import Person

SEEN = From("192.0.2.77", "Firefox", "en")
CALL = "CA" + "7" * 32
Says = Callable[..., str]


@pytest.fixture
def member(house: House, now: datetime) -> Person:
    """A member."""
    return Crowd(house, now).member(PHONE, "Ada", born="1990-12-10")


@pytest.fixture
def says(house: House, now: datetime, sid: Callable[[str], str]) -> Says:
    """Somebody texts the line; what they are answered at once."""

    def say(body: str, message: str = "") -> str:
        return received(house, IncomingText(message or sid("SM"), PHONE, NUMBER, body), now).words

    return say


def erase(house: House, now: datetime) -> None:
    """Erase whoever has the number now."""
    erasing.erase(house, person_of(house.store, PHONE), erasing.THEMSELVES, now)


def test_who_is_erased_meanwhile_neither_joins_nor_leaves_nor_corrects_nor_is_too_young(
    house: House, member: Person, now: datetime
) -> None:
    erase(house, now)
    before = rows(house.store, "SELECT * FROM consents"), rows(house.store, "SELECT * FROM people")
    assert not signup.join(house, member, the_line(house.store), Details("Ada"), SEEN, now)
    signup.leave(house, member, now)
    signup.correct(house, member, Details("Ada"), "en", now)
    signup.refuse_young(house, member, now)
    erasing.erase(house, member, erasing.THEMSELVES, now)
    assert rows(house.store, "SELECT * FROM members") == rows(house.store, "SELECT * FROM too_young") == []
    assert (rows(house.store, "SELECT * FROM consents"), rows(house.store, "SELECT * FROM people")) == before


def test_a_text_that_was_claimed_before_is_not_sent(both: tuple[House, Simulator], now: datetime) -> None:
    house, carrier = both
    Crowd(house, now).invited(PHONE)
    signup.join(house, person_of(house.store, PHONE), the_line(house.store), Details("Ada"), SEEN, now)
    (claimed,) = house.store.write(lambda db: queue.claim(db, clock.written(now), 10))
    erase(house, now)
    _send(house, the_line(house.store), claimed, now)
    assert texts_in_the_carriers_log(carrier) == {}
    house.store.write(lambda db: queue.mark_sent(db, claimed.id, "SM" + "5" * 32))
    assert rows(house.store, f"SELECT status, sid FROM messages WHERE id = {claimed.id}") == [("cancelled", None)]


def test_the_end_of_a_call_and_its_recording_come_too_late(house: House, member: Person, now: datetime) -> None:
    line, at = the_line(house.store), clock.written(now)
    house.store.write(lambda db: calls.receive(db, [Call(line.id, CALL, PHONE, at, "ringing", "greeting")]))
    erase(house, now)
    call_events.end_call(house, CallEnded(CALL, PHONE, NUMBER, "completed", 30), now)
    made = VoiceMessageMade("RE" + "7" * 32, CALL, "completed", f"{house.settings.api_url}/x", 4)
    call_events.announce_voice_message(house, made, now)
    assert rows(house.store, "SELECT number FROM calls") == [("erased",)]
    assert rows(house.store, "SELECT * FROM voice_messages") == []


def test_a_webhook_that_is_repeated_brings_no_words_back(house: House, says: Says, now: datetime) -> None:
    says("my secret", "SM" + "1" * 32)
    erase(house, now)
    assert says("my secret", "SM" + "1" * 32) == SILENCE.words
    assert rows(house.store, "SELECT body FROM messages WHERE direction = 'in'") == [("",)]


def test_nobody_is_erased_while_what_they_wrote_may_wait_in_the_spool(
    house: House, member: Person, now: datetime
) -> None:
    text = {"sid": "SM" + "2" * 32, "number": PHONE, "dialled": NUMBER, "body": "secret"}
    house.store.spool.append({"kind": "IncomingText", "at": clock.written(now), "fact": text})
    with pytest.raises(StoreUnavailable, match="still being read back in"):
        erase(house, now)
    catching_up.catch_up(house, now)
    erase(house, now)
    assert rows(house.store, "SELECT body FROM messages WHERE direction = 'in'") == [("",)]


def test_who_was_blocked_or_too_young_still_is(house: House, now: datetime, says: Says) -> None:
    person = Crowd(house, now).member(PHONE)
    house.store.write(lambda db: people.set_blocked(db, person, clock.written(now)))
    erase(house, now)
    assert says("hello") == ""
    assert person_of(house.store, PHONE).blocked_at
    house.store.write(lambda db: people.set_blocked(db, person_of(house.store, PHONE), None))
    house.store.write(lambda db: members.note_too_young(db, person_of(house.store, PHONE), clock.written(now)))
    erase(house, now)
    says("hello")
    assert person_of(house.store, PHONE).too_young_at


def test_what_holds_last_counts_over_several_lives(house: House, now: datetime, says: Says) -> None:
    says("hello")
    says("please stop texting me")
    erase(house, now)
    assert says("hello") == ""
    says("START")
    erase(house, now)
    assert "sign up" in says("hello again")


def test_a_start_that_waited_does_not_undo_a_later_stop(house: House, now: datetime, says: Says) -> None:
    says("please stop texting me")
    erase(house, now)
    start = IncomingText("SM" + "3" * 32, PHONE, NUMBER, "START")
    received(house, start, now - timedelta(hours=1))
    assert person_of(house.store, PHONE).opted_out_at


def test_the_audit_loses_this_number_on_this_line_and_no_other(house: House, now: datetime) -> None:
    lines.add(house.store, "+442071838750", "Grace", now)
    Crowd(house, now).stranger(PHONE)

    def look(number: str, line: str) -> None:
        told = {"line": line, "number": number}
        by = Actor(1, "Sara", "192.0.2.1")
        house.store.write(lambda db: audit.append(db, by, "person looked at", "", told, clock.written(now)))

    look(PHONE, NUMBER)
    look(PHONE + "7", NUMBER)
    look(PHONE, "+442071838750")
    erase(house, now)
    told = [details for (details,) in rows(house.store, "SELECT details FROM audit WHERE operator = 'Sara'")]
    assert [PHONE in details for details in told] == [False, True, True]


def test_the_persons_own_words_go_from_the_ledgers_whoever_passed_them_on(
    house: House, member: Person, now: datetime
) -> None:
    stop = IncomingText("SM" + "4" * 32, PHONE, NUMBER, "STOP, I am ill", opt_out_type="STOP")
    received(house, stop, now)
    erase(house, now)
    assert set(rows(house.store, "SELECT wording FROM consents WHERE action = 'withdrawn'")) == {("",)}
    assert rows(house.store, "SELECT wording FROM opt_outs") == [("",)]


def test_nothing_becomes_a_broadcast_afterwards(house: House, now: datetime) -> None:
    Crowd(house, now).invited(PHONE)
    with pytest.raises(Exception, match="no consent, no broadcast"):
        house.store.write(lambda db: db.execute("UPDATE messages SET purpose = 'broadcast'"))


def test_a_text_whose_reason_is_gone_is_not_sent(tmp_path_factory: pytest.TempPathFactory, now: datetime) -> None:
    with house_with_carrier(tmp_path_factory.mktemp("gone")) as (house, carrier):
        line, crowd = the_line(house.store), Crowd(house, now)
        joined = crowd.stranger(PHONE)
        assert signup.join(house, joined, line, Details("Ada"), SEEN, now)
        signup.leave(house, joined, now)
        outbox.send_due(house, now)
        assert texts_in_the_carriers_log(carrier) == {}
        assert rows(house.store, "SELECT status, why FROM messages WHERE purpose = 'joined'") == [
            ("skipped", "has left")
        ]


def test_whoever_comes_in_the_transaction_of_an_erasing_is_known_by_it(
    house: House, member: Person, now: datetime
) -> None:
    """A group of works shares what was asked in its transaction."""
    house.store.write(lambda db: people.set_opted_out(db, the_line(house.store), PHONE, clock.written(now)))

    def both(db: Connection) -> Person:
        meet(db, [Visitor(the_line(house.store), "+12025550188", now)], house.settings.secret_key)
        gone = people.of_id(db, member.id)
        assert gone is not None
        name = erasing.pseudonym(house.settings.secret_key, gone.line_id, PHONE)
        table.erase(db, gone, table.Names(name, name), clock.written(now))
        return meet(db, [Visitor(the_line(house.store), PHONE, now)], house.settings.secret_key)[0]

    assert house.store.write(both).opted_out_at


def test_a_call_that_is_told_of_again_is_answered_and_nobody_comes_back(house: House, now: datetime) -> None:
    line, at = the_line(house.store), clock.written(now)
    Crowd(house, now).stranger(PHONE)
    house.store.write(lambda db: calls.receive(db, [Call(line.id, CALL, PHONE, at, "ringing", "greeting")]))
    erase(house, now)
    assert "<Play>" in answering.answer_call(house, IncomingCall(CALL, PHONE, NUMBER, "ringing"), now)
    assert link_texts.send_link(house, KeyPressed(CALL, PHONE, NUMBER, "1", 1), now) is LinkSent.CANNOT
    assert rows(house.store, "SELECT number FROM calls") == [("erased",)]
    assert rows(house.store, f"SELECT * FROM people WHERE number = '{PHONE}'") == []
    assert rows(house.store, "SELECT * FROM call_keys") == []


def test_what_the_carrier_says_of_an_erased_text_is_not_kept(house: House, says: Says, now: datetime) -> None:
    says("hello")
    sid, answer = "SM" + "6" * 32, rows(house.store, "SELECT id FROM messages WHERE direction = 'out'")[0][0]
    outbox.hear(house, MessageStatus(sid, "sent", None, answer), now)
    erase(house, now)
    outbox.hear(house, MessageStatus(sid, "delivered", None, answer), now)
    assert rows(house.store, "SELECT * FROM message_events") == []


def test_who_turned_out_too_young_gets_no_link_that_waited(both: tuple[House, Simulator], now: datetime) -> None:
    house, carrier = both
    queue_text(house, PHONE, now)
    signup.refuse_young(house, person_of(house.store, PHONE), now)
    outbox.send_due(house, now)
    assert texts_in_the_carriers_log(carrier) == {}
