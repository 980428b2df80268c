"""The link that a caller asks for by a key: once for a key, in their language, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from inside import person_of, rows, texts_to
from running import NUMBER, PHONE

from ivr import clock, links
from ivr.carrier.inbound import KeyPressed
from ivr.errors import NothingKept
from ivr.house import House
from ivr.link_texts import LinkSent, send_link

AT = datetime(2026, 11, 3, 20, 15, tzinfo=UTC)


def press(house: House, n: int = 1, offer: int = 1, number: str = PHONE, at: datetime = AT) -> LinkSent:
    """A caller presses 1."""
    return send_link(house, KeyPressed(f"CA{n:032x}", number, NUMBER, "1", offer), at)


def test_a_key_sends_one_text_however_often_it_is_told(house: House) -> None:
    assert [press(house) for _ in range(3)] == [LinkSent.YES] * 3
    (text,) = texts_to(house.store, PHONE)
    assert (text.way, text.status) == ("outbox", "queued")
    assert rows(house.store, "SELECT offer, key FROM call_keys") == [(1, "1")]
    assert rows(house.store, "SELECT due_at FROM messages") == [(clock.written(AT),)]


def test_it_is_written_in_the_callers_language(house: House) -> None:
    press(house, number="+201001234567")
    assert "هنا" in texts_to(house.store, "+201001234567")[0].body


def test_a_day_has_an_end_of_links_and_the_next_day_brings_new_ones(house: House) -> None:
    told = [press(house, n) for n in range(6)]
    assert told == [LinkSent.YES] * 4 + [LinkSent.ENOUGH] * 2
    assert press(house, 9, at=AT + timedelta(hours=25)) is LinkSent.YES


def test_an_old_link_is_renewed_before_it_is_sent(house: House) -> None:
    press(house)
    old = links.token_of(person_of(house.store, PHONE), house.settings.secret_key)
    press(house, 2, at=AT + timedelta(days=29))
    assert links.token_of(person_of(house.store, PHONE), house.settings.secret_key) != old


def test_a_line_that_is_not_ours_sends_nothing(house: House) -> None:
    assert send_link(house, KeyPressed("CA1", PHONE, "+14155550199", "1", 1), AT) is LinkSent.CANNOT


def test_where_nothing_can_keep_the_wish_the_caller_is_told_the_truth(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NothingKept("full")

    house.store.path.unlink()
    monkeypatch.setattr("ivr.store.spool.Spool.append", refuse)
    assert press(house) is LinkSent.CANNOT
