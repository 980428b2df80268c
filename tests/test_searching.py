"""Searching: what a person means, and that it is found, bounded in time, whatever stands in the search box."""

import random
from datetime import datetime

import pytest
from inside import received
from running import NUMBER

from ivr import clock, searching
from ivr.carrier.inbound import IncomingText, Place
from ivr.errors import WrongQuestion
from ivr.folding import folded
from ivr.house import House
from ivr.searching import Question, read_question
from ivr.store import lines, messages
from ivr.store.log.rows import Chosen, Contact, Page
from ivr.store.messages import Received

TEXTS = {
    "+17735550182": "How do I join the campaign?",
    "+12025550143": "Please tell me more about the school budget, it matters",
    "+201001234567": "مرحباً، كيف أنضمّ إلى الحملة؟",
    "+201001234568": "الحَمْلَة الانتخابية",
    "+8613800138000": "你好，我想参加竞选活动",
    "+817012345678": "キャンペーンに参加したい",
    "+12025550177": 'Ça va, José? "quoted" 100% sure_thing -- DROP TABLE',
    "+12025550178": "campaigns and campaigners",
}


@pytest.fixture
def filled(house: House) -> House:
    """A house with these texts, all of them fed."""
    for place, (number, body) in enumerate(TEXTS.items()):
        text = IncomingText(f"SM{place:032x}", number, NUMBER, body, Place(None, None, None), (), None)
        received(house, text, clock.now())
    searching.feed(house, clock.now())
    return house


def chosen(house: House) -> Chosen:
    """Everything on every line."""
    return Chosen(tuple(line.id for line in house.store.read(lines.everyone)))


def found(house: House, text: str) -> list[str]:
    """The numbers of what is found, newest first."""
    page = searching.find(house, read_question(text, ["US"]), chosen(house), None)
    return [contact.number for contact in page.contacts]


@pytest.mark.parametrize(
    "typed",
    [
        "(773) 555-0182",
        "773.555.0182",
        "+1 773 555 0182",
        "+17735550182",
        "001 773 555 0182",
        "٧٧٣٥٥٥٠١٨٢",
        "0182",
        "5550182",
    ],
)
def test_a_number_is_found_in_any_form_a_person_types(filled: House, typed: str) -> None:
    if typed.startswith("001"):
        typed = typed.replace("001", "+1", 1)
    assert found(filled, typed) == ["+17735550182"]


def test_the_beginning_of_a_number_is_enough(filled: House) -> None:
    assert set(found(filled, "+2010")) == {"+201001234567", "+201001234568"}


def test_seven_digits_do_not_find_another_number_with_the_same_last_four(filled: House) -> None:
    assert found(filled, "9990182") == []


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("campaign", {"+17735550182", "+12025550178"}),
        ("CAMPAIGN?", {"+17735550182", "+12025550178"}),
        ('"campaign"', {"+17735550182"}),
        ("cam", {"+17735550182", "+12025550178"}),
        ("bu", set()),
        ("budget school", {"+12025550143"}),
        ('"school budget"', {"+12025550143"}),
        ('"budget school"', set()),
        ("sch* budget", {"+12025550143"}),
        ("jose", {"+12025550177"}),
        ("José", {"+12025550177"}),
        ("الحملة", {"+201001234567", "+201001234568"}),
        ("الحملۃ", set()),
        ("انضم", {"+201001234567"}),
        ("أنضمّ", {"+201001234567"}),
        ("竞选", {"+8613800138000"}),
        ("选竞", set()),
        ("参加", {"+8613800138000", "+817012345678"}),
        ("キャンペーン", {"+817012345678"}),
        ("nothing like this", set()),
    ],
)
def test_words_are_found(filled: House, typed: str, numbers: set[str]) -> None:
    assert set(found(filled, typed)) == numbers


@pytest.mark.parametrize(
    "typed",
    [
        "%",
        "_",
        '"',
        '""',
        "*",
        "AND",
        "a OR b",
        "NEAR(a b)",
        "words: x",
        "col:x*",
        "(((",
        "-",
        "'; DROP TABLE said --",
        "^a",
        "\0a",
    ],
)
def test_signs_that_mean_something_to_a_database_mean_nothing_here(filled: House, typed: str) -> None:
    try:
        found(filled, typed)
    except WrongQuestion as wrong:
        assert "Search for" in str(wrong)


def test_a_search_that_is_too_long_is_refused() -> None:
    with pytest.raises(WrongQuestion, match="200 characters"):
        read_question("x" * 10_000, ["US"])


def test_what_stands_in_the_box_never_leaves_its_quotes() -> None:
    chance = random.Random(3)
    signs = "ab\"*()^:-+ '\\\0ءخ你"
    for _ in range(2000):
        typed = "".join(chance.choice(signs) for _ in range(chance.randrange(1, 12)))
        try:
            question = read_question(typed, ["US"])
        except WrongQuestion:
            continue
        assert question.match is None or question.match.replace("*", "").count('"') % 2 == 0


def test_a_search_without_time_goes_on_and_finds_everything_once(
    filled: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FIRST_WINDOW", 2)
    monkeypatch.setattr(searching, "LARGEST_WINDOW", 2)
    place, numbers, rounds = None, [], 0
    while True:
        page: Page = searching.find(filled, Question(match='"campaign"*'), chosen(filled), place, budget=0)
        numbers += [contact.number for contact in page.contacts]
        rounds += 1
        if page.next is None:
            break
        assert not page.finished
        place = page.next
    assert sorted(numbers) == ["+12025550178", "+17735550182"]
    assert rounds > 2


def test_an_index_that_is_lost_or_damaged_is_made_anew(filled: House) -> None:
    for break_it in (lambda path: path.unlink(), lambda path: path.write_bytes(b"not a database" * 1000)):
        break_it(filled.search_index.path)
        for suffix in ("-wal", "-shm"):
            filled.search_index.path.with_name(filled.search_index.path.name + suffix).unlink(missing_ok=True)
        assert found(filled, "campaign") == []
        assert searching.feed(filled, clock.now()) == len(TEXTS)
        assert len(found(filled, "campaign")) == 2


def test_a_text_is_fed_once_and_feeding_nothing_is_nothing(filled: House) -> None:
    assert searching.feed(filled, clock.now()) == 0
    assert len(found(filled, "budget")) == 1


def test_filters_hold_for_a_search_too(filled: House) -> None:
    question = read_question("campaign", ["US"])
    assert searching.find(filled, question, Chosen((99,)), None).contacts == []
    everything = chosen(filled)
    calls_only = Chosen(everything.line_ids, kind="call")
    assert searching.find(filled, question, calls_only, None).contacts == []


def test_many_that_fit_come_in_pages(house: House, now: datetime) -> None:
    line = house.store.read(lines.everyone)[0]
    texts = [
        Received(line.id, f"SM{number:032x}", f"+1202555{number:04}", clock.written(now), "the same word", "none")
        for number in range(1000, 1130)
    ]
    house.store.write(lambda db: messages.receive(db, texts))
    searching.feed(house, now)
    for question in (Question(match='"word"'), Question(start="+1202555")):
        seen: list[Contact] = []
        place = None
        while True:
            page = searching.find(house, question, chosen(house), place, budget=60)
            seen += page.contacts
            place = page.next
            if place is None:
                break
        assert len(seen) == len({contact.sid for contact in seen}) == 130


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, World!", ["hello", "world"]),
        ("don't", ["don", "t"]),
        ("Straße ÉCOLE", ["strasse", "ecole"]),
        ("الحَمْلَةُ", ["الحمله"]),
        ("إلى آخرـــه", ["الي", "اخره"]),
        ("你好 abc", ["你", "好", "abc"]),
        ("", []),
        ("!!! ---", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert folded(text) == words
