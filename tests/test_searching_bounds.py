"""Searching among some thousand contacts: the same as a plain look, in any form of typing, within a chosen time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from a_log import ANY, SAID, everything, fill, fits, moment
from databases import prepared

from ivr import clock, searching
from ivr.folding import folded
from ivr.house import House
from ivr.searching import Question, read_question
from ivr.store import Store, messages
from ivr.store.log import pages
from ivr.store.log.rows import Chosen, Contact, Position
from ivr.store.log.search_index import SearchIndex
from ivr.store.messages import Received
from ivr.working import Work

TIMES = {
    "any time": ANY,
    "a time": replace(ANY, since=moment(301), until=moment(512)),
    "before a time": replace(ANY, until=moment(100)),
    "after a time": replace(ANY, since=moment(900)),
    "a time of nothing": replace(ANY, since=moment(5_000)),
    "a line and a status": Chosen((2,), status="delivered", since=moment(20)),
}


@pytest.fixture
def filled(house: House, tmp_path: Path) -> Iterator[House]:
    """A house with that log, all of it fed."""
    path = tmp_path / "another" / "third-ring.db"
    prepared(path)
    store = Store(path, path.parent / "spool")
    store.write(fill)
    opened = replace(house, store=store, search_index=SearchIndex(path.with_suffix(".search.db")))
    while searching.feed(opened, clock.now()):
        pass
    yield opened
    store.close()


def walked(house: House, question: Question, chosen: Chosen, budget: float, most: int = 50) -> list[Contact]:
    """All that is found, page after page."""
    found: list[Contact] = []
    place: Position | None = None
    while True:
        page = searching.find(house, question, chosen, place, budget, most)
        found += page.contacts
        if page.next is None:
            return found
        assert len(page.contacts) == most or not page.finished
        place = Position.read(page.next.written())


@pytest.mark.parametrize("budget", [0, 10])
def test_words_and_endings_are_found_within_the_chosen_time(
    filled: House, budget: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FIRST_WINDOW", 300)
    monkeypatch.setattr(searching, "AT_ONCE", 40)
    monkeypatch.setattr(searching, "MOST_AT_ONCE", 80)
    whole = everything(filled.store)
    for name, chosen in TIMES.items():
        for typed, place in (("love", 3), ("belov", 4), ("hello again", 1), ("世界", 6)):
            expected = [one for one in whole if fits(one, chosen) and one.body == SAID[place]]
            assert walked(filled, read_question(typed, ["US"]), chosen, budget) == expected, (name, typed)
        expected = [one for one in whole if fits(one, chosen) and one.number.endswith("5550042")]
        assert walked(filled, Question(ending="5550042"), chosen, budget) == expected, name


def test_numbers_of_two_countries_come_together_in_their_order(filled: House) -> None:
    numbers = ("+17735550007", "+12025550042", "+442071838750")
    expected = [one for one in everything(filled.store) if one.number in numbers]
    assert {one.number for one in expected} == set(numbers[:2])
    for budget in (0, 10):
        assert walked(filled, Question(numbers=numbers), ANY, budget, most=7) == expected


def test_an_export_of_a_search_has_everything_once(filled: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "EXPORTED_AT_ONCE", 30)
    for question in (None, Question(match='"hello"'), Question(ending="0042"), Question(start="+1773")):
        for chosen in (ANY, TIMES["a time"]):
            expected = walked(filled, question or Question(start="+"), chosen, 10)
            assert list(searching.every(filled, question, chosen)) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "(773) 555-0182",
        "\u202a+1\u00a0(773)\u00a0555\u20110182\u202c",
        "773\u2013555\u20130182",
        "＋１ ７７３ ５５５ ０１８２",
        "٠٠١٧٧٣٥٥٥٠١٨٢",
        "۷۷۳۵۵۵۰۱۸۲",
        "001 773 555 0182",
        "1-773-555-0182",
        "773/555/0182 ",
    ],
)
def test_a_number_is_understood_as_it_is_typed_or_copied(typed: str) -> None:
    assert read_question(typed, ["US", "EG"]) == Question(numbers=("+17735550182",))


def test_a_national_number_of_a_country_without_a_line_is_found_by_its_end(house: House) -> None:
    assert read_question("050 123 4567", ["US"]) == Question(ending="0501234567")
    line = ANY.line_ids[0]
    text = Received(line, "SM" + "1" * 32, "+971501234567", clock.written(clock.now()), "hi", "none")
    house.store.write(lambda db: messages.receive(db, [text]))
    searching.feed(house, clock.now())
    for typed in ("050 123 4567", "501234567", "4567"):
        assert [one.number for one in searching.find(house, read_question(typed, ["US"]), ANY, None).contacts] == [
            "+971501234567"
        ]


@pytest.mark.parametrize("typed", ['"love you"', "“love you”", "„love you“", "« love you »", "＂love you＂"])
def test_quotes_of_any_keyboard_make_a_phrase(typed: str) -> None:
    assert read_question(typed, ["US"]) == Question(match='"love you"')


def test_digits_in_quotes_are_words() -> None:
    assert read_question('"2026"', ["US"]) == Question(match='"2026"')


def test_a_text_is_found_in_other_digits_than_it_was_written_in(house: House) -> None:
    text = Received(1, "SM" + "2" * 32, "+12025550143", clock.written(clock.now()), "رقم ٢٠٢٦ هنا", "none")
    house.store.write(lambda db: messages.receive(db, [text]))
    searching.feed(house, clock.now())
    assert folded("٢٠٢٦") == ["2026"]
    for typed in ('"2026"', "رقم 2026", "هنا"):
        assert len(searching.find(house, read_question(typed, ["US"]), ANY, None).contacts) == 1


def test_a_search_tells_how_far_the_index_is_behind(house: House) -> None:
    now = clock.now()
    question = read_question("love", ["US"])

    def keep(sid: int, at: str) -> None:
        text = Received(1, f"SM{sid:032x}", "+12025550143", at, "love", "none")
        house.store.write(lambda db: messages.receive(db, [text]))

    keep(1, clock.written(now + timedelta(minutes=1)))  # it has only just come, however slow the test
    assert searching.find(house, question, ANY, None).behind == 0
    searching.feed(house, now)
    keep(2, clock.before(now, seconds=60))
    keep(3, clock.before(now, seconds=50))
    page = searching.find(house, question, ANY, None)
    assert (len(page.contacts), page.behind) == (1, 2)
    searching.feed(house, now)
    page = searching.find(house, question, ANY, None)
    assert (len(page.contacts), page.behind) == (3, 0)


def test_the_background_work_feeds_the_index(house: House) -> None:
    text = Received(1, "SM" + "3" * 32, "+12025550143", clock.written(clock.now()), "love", "none")
    house.store.write(lambda db: messages.receive(db, [text]))
    assert Work(house).tick()
    assert len(searching.find(house, read_question("love", ["US"]), ANY, None).contacts) == 1


def test_an_index_that_cannot_be_made_keeps_nothing_else_from_its_work(house: House) -> None:
    house.search_index.path.mkdir()
    again = House.open(house.settings)
    assert Work(again).tick()
    page = searching.find(again, read_question("love", ["US"]), ANY, None)
    assert (page.contacts, page.next) == ([], None)
    again.store.close()
