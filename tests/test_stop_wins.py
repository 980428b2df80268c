"""Whoever has said STOP gets nothing more: not what was claimed before, not the answer to a repeated webhook."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from inside import contacts_of, person_of, queue_text, row_of, texts_in_the_carriers_log, texts_to, the_line
from running import NUMBER, PHONE

from ivr import auto_reply, clock, outbox, writing
from ivr.auto_reply import Arrival
from ivr.carrier import twiml
from ivr.carrier.inbound import IncomingText
from ivr.house import House
from ivr.simulator import Simulator
from ivr.store import queue
from ivr.store.audit import COMMAND_LINE
from ivr.store.database import Connection
from ivr.store.messages import Outgoing

LONG = "I have told you people three times now that I never signed up for any of this, and that I do not want it. "


@pytest.fixture
def text(sid: Callable[[str], str]) -> Callable[[str], IncomingText]:
    """Makes texts from one phone."""
    return lambda body: IncomingText(sid("SM"), PHONE, NUMBER, body)


def test_a_text_that_was_claimed_before_a_stop_is_not_sent_after_it(
    both: tuple[House, Simulator], now: datetime, text: Callable[[str], IncomingText], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, carrier = both
    message = queue_text(house, PHONE, now)
    claim = queue.claim

    def claim_then_stop(db: Connection, moment: str, most: int) -> list[Outgoing]:
        claimed = claim(db, moment, most)
        auto_reply.receive(db, [Arrival(house, text("STOP"), clock.now())])
        return claimed

    monkeypatch.setattr(queue, "claim", claim_then_stop)
    outbox.send_due(house, now)
    assert not texts_in_the_carriers_log(carrier)
    row = row_of(house.store, message)
    assert (row["status"], row["why"]) == ("skipped", "opted out")


def test_a_text_that_has_waited_for_a_day_is_not_sent_any_more(both: tuple[House, Simulator], now: datetime) -> None:
    house, carrier = both
    message = queue_text(house, PHONE, now - timedelta(days=1, minutes=1))
    outbox.send_due(house, now)
    assert not texts_in_the_carriers_log(carrier)
    assert row_of(house.store, message)["why"] == "it has waited too long"


def test_a_webhook_that_is_repeated_after_a_stop_is_not_answered_again(
    house: House, now: datetime, text: Callable[[str], IncomingText]
) -> None:
    hello = text("hello")
    assert "/j/" in auto_reply.answer_text(house, hello, now)
    auto_reply.answer_text(house, text("STOP"), now)
    assert auto_reply.answer_text(house, hello, now) == twiml.NOTHING


def test_a_long_text_that_may_ask_to_stop_is_left_to_a_person(
    house: House, now: datetime, text: Callable[[str], IncomingText]
) -> None:
    answer = auto_reply.answer_text(house, text(LONG + LONG + "Unsubscribe me and stop texting me today, please."), now)
    assert answer == twiml.NOTHING
    assert [row["reply"] for row in contacts_of(house.store, PHONE)] == ["none"]


@pytest.mark.parametrize("word", ["START", "HELP", "LINK"])
def test_a_word_that_our_arabic_texts_ask_for_does_not_make_its_writer_english(
    house: House, now: datetime, text: Callable[[str], IncomingText], word: str
) -> None:
    auto_reply.answer_text(house, text("ماذا ستفعل للمدارس؟"), now)
    auto_reply.answer_text(house, text(word), now)
    assert person_of(house.store, PHONE).language == "ar"
    auto_reply.answer_text(house, text("what about the schools?"), now)
    assert person_of(house.store, PHONE).language == "en"
    assert texts_to(house.store, PHONE)


@pytest.mark.parametrize("word", ["STOP", "stop", "Please stop texting me"])
def test_a_stop_counts_even_if_an_operator_has_just_written_the_same_word(
    both: tuple[House, Simulator], now: datetime, text: Callable[[str], IncomingText], word: str
) -> None:
    house = both[0]
    auto_reply.answer_text(house, text("hello"), now)
    writing.write(house.store, the_line(house.store), PHONE, word, "k" * 24, COMMAND_LINE, now)
    auto_reply.answer_text(house, text(word), now + timedelta(minutes=1))
    assert person_of(house.store, PHONE).opted_out_at
