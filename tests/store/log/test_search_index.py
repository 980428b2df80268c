"""The search index: held against a plain look at every text; made anew when lost, damaged or of another version."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ivr.errors import StoreUnavailable
from ivr.folding import folded
from ivr.store.database import connect
from ivr.store.log import search_index
from ivr.store.log.rows import Position
from ivr.store.log.search_index import Batch, SearchIndex

AT = "2026-11-03T20:15:00.000Z"
WORDS = [
    "love",
    "lovely",
    "lover",
    "loves",
    "you",
    "your",
    "song",
    "songs",
    "مرحبا",
    "你",
    "好",
    "किताब",
    "𞤀𞤣𞤤𞤢𞤥",
    "12",
]
COUNT = 400
Term = tuple[tuple[str, ...], bool]


def texts(seed: int = 1) -> list[tuple[int, str, str, str]]:
    """Random texts, as they are fed."""
    chance = random.Random(seed)
    return [
        (2 * place, AT, f"+1773555{place % 50:04}", " ".join(chance.choices(WORDS, k=chance.randint(1, 5))))
        for place in range(1, COUNT + 1)
    ]


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    """An index of these texts."""
    made = SearchIndex(tmp_path / "third-ring.search.db")
    made.feed(Batch([(7, AT, "+17735550007")], texts(), made.make_ready(), (7, 2 * COUNT)))
    return made


def has(words: list[str], term: Term) -> bool:
    """Whether a term is in a text's words: the plain way."""
    (*before, last), goes_on = term
    return any(
        words[place : place + len(before)] == before
        and (words[place + len(before)] == last or (goes_on and words[place + len(before)].startswith(last)))
        for place in range(len(words) - len(before))
    )


@pytest.mark.parametrize("most", [200, 1])
def test_texts_are_found_as_by_a_plain_look(index: SearchIndex, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "MOST_SPELT_OUT", most)
    chance = random.Random(2)
    hits = 0
    for _ in range(400):
        terms: list[Term] = []
        for _ in range(chance.randint(1, 2)):
            phrase = chance.choices(WORDS, k=chance.randint(1, 2))
            goes_on = len(phrase[-1]) >= 3 and chance.random() < 0.5
            terms.append(((*phrase[:-1], phrase[-1][: chance.randint(3, 9)] if goes_on else phrase[-1]), goes_on))
        match = " ".join(f'"{" ".join(phrase)}"' + "*" * goes_on for phrase, goes_on in terms)
        lowest, before = sorted(chance.sample(range(1, 2 * COUNT + 2), 2))
        expected = [
            key
            for key, _, _, body in reversed(texts())
            if lowest <= key < before and all(has(folded(body), term) for term in terms)
        ]
        assert index.texts_with(match, before, lowest, 10_000) == expected, match
        assert index.texts_with(match, before, lowest, 3) == expected[:3]
        hits += len(expected)
    assert hits > 1_000


def test_a_word_that_nobody_said_is_not_looked_for(index: SearchIndex) -> None:
    assert index.texts_with('"love"* "nobody"*', 10_000, 1, 10) == []
    assert index.texts_with('"nobody" "love"', 10_000, 1, 10) == []


def test_endings_are_the_newest_first_and_go_on(index: SearchIndex) -> None:
    numbered = index.endings("0007", Position("~", "~", 0), 100)
    whole = [place for place, _ in numbered]
    assert whole == sorted(whole, reverse=True)
    assert all(number.endswith("0007") for _, number in numbered)
    assert {(one.kind, one.id) for one in whole} == {("call", 7)} | {
        ("text", key) for key, _, number, _ in texts() if number.endswith("0007")
    }
    assert index.endings("0007", whole[2], 2) == numbered[3:5]


def test_the_same_batch_twice_is_fed_once(index: SearchIndex) -> None:
    before = index.texts_with('"love"', 10_000, 1, 10_000)
    index.feed(Batch([], texts(seed=9), (0, 0), (9, 9)))
    assert index.fed() == (7, 2 * COUNT)
    assert index.texts_with('"love"', 10_000, 1, 10_000) == before


def test_feeding_leaves_the_log_to_be_copied_later_and_what_is_not_committed_is_undone(index: SearchIndex) -> None:
    log = index.path.with_name(index.path.name + "-wal")
    length = log.stat().st_size  # closing the last connection would have copied it all and taken it away
    assert index.feed(Batch([], [(9_999, AT, "n", "a new word")], index.fed(), (7, 9_999)))
    assert log.stat().st_size > length > 0
    assert not index.feed(Batch([], [(1, AT, "n", "too late")], (0, 0), (1, 1)))
    connection = connect(index.path, busy_seconds=0)
    connection.execute("BEGIN IMMEDIATE")  # nobody is in the middle of anything
    connection.close()


def test_an_index_that_was_replaced_is_fed_where_it_is_now(index: SearchIndex) -> None:
    index.path.unlink()
    index.make_ready()
    assert index.feed(Batch([], [(1, AT, "n", "word")], (0, 0), (0, 1)))
    assert index.texts_with('"word"', 10, 1, 10) == [1]


def test_an_index_of_another_version_is_made_anew(index: SearchIndex) -> None:
    connection = connect(index.path)
    connection.execute("PRAGMA user_version=1")
    connection.close()
    with pytest.raises(StoreUnavailable):
        index.fed()
    assert index.make_ready() == (0, 0)


def test_damage_within_is_met_once_and_the_index_made_anew(index: SearchIndex) -> None:
    connection = connect(index.path)
    connection.execute("UPDATE said_data SET block = zeroblob(9) WHERE id > 10")
    connection.close()
    with pytest.raises(StoreUnavailable):
        index.texts_with('"love"', 10_000, 1, 10)
    assert not index.path.exists()
    assert index.make_ready() == (0, 0)


def test_a_statement_that_fails_is_no_reason_to_begin_anew(index: SearchIndex) -> None:
    with pytest.raises(StoreUnavailable):
        index.feed(Batch([], [(2, AT, "n", "a body")], index.fed(), (None, 9)))  # type: ignore[arg-type]
    assert index.make_ready() == (7, 2 * COUNT)
    assert index.texts_with('"body"', 10_000, 1, 10) == []


def test_without_a_place_for_the_file_it_cannot_be_used(tmp_path: Path) -> None:
    nowhere = SearchIndex(tmp_path / "absent" / "third-ring.search.db")
    for use in (nowhere.fed, nowhere.make_ready):
        with pytest.raises(StoreUnavailable):
            use()


def test_many_who_find_no_index_make_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as many:
        for round_ in range(10):
            index = SearchIndex(tmp_path / f"{round_}.search.db")
            assert list(many.map(lambda _, index=index: index.make_ready(), range(8))) == [(0, 0)] * 8  # type: ignore[misc]
