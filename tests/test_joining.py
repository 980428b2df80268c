"""Joining by a number typed on the web: the link goes to the number, once a day, and the page tells nothing of it."""

from datetime import datetime, timedelta

import pytest
from inside import person_of, texts_to, the_line, with_values
from running import NUMBER
from the_people import Crowd

from ivr import joining, limits
from ivr.house import House
from ivr.limits import GUESSES, Guesses, Limit
from ivr.store import members

ME, HOME = "+12025550143", "192.0.2.7"


def ask(house: House, now: datetime, number: str = ME, address: str = HOME, language: str = "en") -> int:
    """Somebody types a number."""
    return joining.ask(house, the_line(house.store), number, language, address, now)


def purposes(house: House, number: str = ME) -> list[str]:
    """What was texted to a number."""
    return [text.purpose for text in texts_to(house.store, number)]


def test_a_number_gets_its_link_once_a_day_in_the_pages_language(house: House, now: datetime) -> None:
    assert [ask(house, now, language="es") for _ in range(3)] == [0, 0, 0]
    (text,) = texts_to(house.store, ME)
    assert (text.purpose, text.way, "{link}" in text.body) == ("reply", "outbox", True)
    assert "inscríbete" in text.body
    assert person_of(house.store, ME).language == "es"
    ask(house, now + timedelta(hours=25))
    assert purposes(house) == ["reply", "reply"]


def test_a_member_gets_the_link_to_their_own_page(house: House, now: datetime) -> None:
    Crowd(house, now).member(ME, language="ar")
    ask(house, now)
    (text,) = texts_to(house.store, ME)
    assert text.purpose == "me" and "{me}" in text.body
    assert person_of(house.store, ME).language == "ar", "what is chosen by somebody unknown changes no member"


def test_a_language_chosen_by_who_typed_the_number_changes_nobody_who_is_known(house: House, now: datetime) -> None:
    known = Crowd(house, now).stranger(ME)
    ask(house, now, language="ar")
    assert person_of(house.store, ME).language == known.language != "ar"
    assert "sign up" in texts_to(house.store, ME)[0].body


def test_nothing_goes_to_who_must_be_left_alone(house: House, now: datetime) -> None:
    crowd = Crowd(house, now)
    crowd.opts_out(crowd.stranger("+12025550111"))
    crowd.is_blocked(crowd.stranger("+12025550112"))
    young = crowd.stranger("+12025550113")
    house.store.write(lambda db: members.note_too_young(db, young, "2026-11-24T00:00:00.000Z"))
    crowd.invited("+12025550114")
    for number in ("+12025550111", "+12025550112", "+12025550113", NUMBER):
        assert ask(house, now, number) == 0
        assert purposes(house, number) == []
    ask(house, now, "+12025550114")
    assert purposes(house, "+12025550114") == ["reply"], "the one they had"
    with_values(house, countries=("EG",))
    ask(house, now, "+12025550115")
    assert purposes(house, "+12025550115") == []


def test_one_address_asks_so_often_only_and_is_told_how_long_to_wait(house: House, now: datetime) -> None:
    for number in range(joining.PER_ADDRESS_AN_HOUR):
        assert ask(house, now, f"+1202555{1000 + number}") == 0
    assert ask(house, now + timedelta(minutes=10), "+12025552000") == 3000
    assert purposes(house, "+12025552000") == []
    assert ask(house, now, "+12025552000", address="192.0.2.8") == 0
    assert ask(house, now + timedelta(minutes=61), "+12025552001") == 0


def test_a_line_is_asked_so_often_a_minute_only(house: House, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "PER_LINE_A_MINUTE", 3)
    for number in range(3):
        assert ask(house, now, f"+1202555{1000 + number}", address=f"192.0.2.{number}") == 0
    assert ask(house, now, "+12025552000", address="192.0.2.9") == 60


def test_a_full_limit_counts_nothing_under_the_others(house: House, now: datetime) -> None:
    full, open_ = Limit("full", 1, 60), Limit("open", 5, 60)
    assert house.store.write(lambda db: limits.count(db, [full, open_], now)) == 0
    for _ in range(9):
        assert house.store.write(lambda db: limits.count(db, [full, open_], now)) == 60
    for _ in range(4):
        assert house.store.write(lambda db: limits.count(db, [open_], now)) == 0
    assert house.store.write(lambda db: limits.count(db, [open_], now)) == 60


def test_wrong_links_are_counted_by_address_in_any_minute(now: datetime) -> None:
    guesses = Guesses()
    assert [guesses.wait(HOME, now + timedelta(seconds=second)) for second in range(GUESSES)] == [0] * GUESSES
    assert guesses.wait(HOME, now + timedelta(seconds=59)) == 1
    assert guesses.wait("192.0.2.8", now + timedelta(seconds=59)) == 0
    assert guesses.wait(HOME, now + timedelta(seconds=60)) == 0
    assert guesses.wait(HOME, now + timedelta(seconds=60)) == 1


def test_wrong_links_from_any_number_of_addresses_take_no_more_room_and_hide_nobody(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_KNOWN", 50)
    guesses = Guesses()
    for low in range(200):
        assert guesses.wait(f"192.0.2.{low}", now) == 0
    assert len(guesses._guesses) == 50
    assert [guesses.wait("2001:db8::1", now) for _ in range(GUESSES + 1)][-1] == 60
    assert guesses.wait("2001:db8::2", now) == 60, "one customer's"
