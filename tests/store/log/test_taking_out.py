"""Taking texts out of the search index: it is then as if they had never been fed, in its file too."""

import random
from pathlib import Path

import pytest

from ivr.folding import folded
from ivr.store.database import connect
from ivr.store.forgetting import Forgotten
from ivr.store.log.batches import Batch
from ivr.store.log.rows import Position
from ivr.store.log.search_index import SearchIndex

AT = "2026-11-03T20:15:00.000Z"
WORDS = ["love", "lovely", "lover", "you", "song", "songs", "مرحبا", "你", "好", "किताब", "𞤀𞤣𞤤𞤢𞤥", "12", "Straße", "!"]
COUNT = 600
NEWEST = Position("~", "~", 0)
Text = tuple[int, str, str, str]


def texts() -> list[Text]:
    """Random texts with words that many have and one that nobody else has."""
    chance = random.Random(4)
    return [
        (
            2 * place,
            AT,
            f"+1773555{place % 50:04}",
            " ".join([*chance.choices(WORDS, k=chance.randint(0, 9)), f"q{chance.getrandbits(60):x}z"]),
        )
        for place in range(1, COUNT + 1)
    ]


def made(path: Path, fed: list[Text]) -> SearchIndex:
    """An index that was fed these texts."""
    index = SearchIndex(path)
    index.feed(Batch([(7, AT, "+17735550007"), (8, AT, "+17735550008")], fed, index.make_ready(), (8, 2 * COUNT)))
    return index


def forget(index: SearchIndex, *gone: Forgotten) -> bool:
    """Let the index forget, and feed it nothing."""
    return index.feed(Batch([], [], index.fed(), index.fed(), gone))


def gone_of(taken: list[Text], number: bool = True) -> list[Forgotten]:
    """What is to be forgotten of these texts."""
    return [Forgotten(one[0], one[3], one[2] if number else None, place) for place, one in enumerate(taken, 1)]


def seen(index: SearchIndex) -> dict[str, object]:
    """All that can be found in an index, and its vocabulary; that it is sound is checked besides."""
    connection = connect(index.path)
    connection.execute("INSERT INTO said (said) VALUES ('integrity-check')")
    vocabulary = connection.execute("SELECT word FROM vocabulary ORDER BY word").fetchall()
    counts = connection.execute("SELECT id, sz FROM said_docsize ORDER BY id").fetchall()
    connection.close()
    starts = {f'"{word[:3]}"*' for one in texts() for word in folded(one[3])}
    found = {f'"{word}"': index.texts_with(f'"{word}"', 10_000, 1, 10_000) for (word,) in vocabulary}
    found |= {start: index.texts_with(start, 10_000, 1, 10_000) for start in starts}
    endings = {place: index.endings(f"{place:04}", NEWEST, 1000) for place in range(50)}
    return {"words": vocabulary, "counts": counts, "found": found, "endings": endings}


def test_what_was_taken_out_is_as_if_it_had_never_been_fed(tmp_path: Path) -> None:
    index, left = made(tmp_path / "one.search.db", texts()), texts()
    random.Random(5).shuffle(left)
    taken = [left.pop() for _ in range(COUNT // 2)]
    for start in range(0, len(taken), 70):
        some = [Forgotten(*one.__dict__.values()) for one in gone_of(taken)[start : start + 70]]
        assert forget(index, *some)
    assert seen(index) == seen(made(tmp_path / "other.search.db", sorted(left)))


def test_nothing_of_it_is_in_the_file(tmp_path: Path) -> None:
    taken, left = texts()[: COUNT // 2], texts()[COUNT // 2 :]
    index = made(tmp_path / "third-ring.search.db", texts())
    assert index.truncate_log()
    before = index.path.read_bytes()
    assert sum(_own_word(one) in before for one in texts()) > COUNT / 3  # others share their start with a neighbour
    forget(index, *gone_of(taken))
    assert index.truncate_log()
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [one for one in taken if _own_word(one)[2:] in files]
    assert sum(_own_word(one)[2:] in files for one in left) > COUNT / 3


def _own_word(text: Text) -> bytes:
    return folded(text[3])[-1].encode()


def test_words_alone_are_forgotten_without_a_number(tmp_path: Path) -> None:
    index = made(tmp_path / "third-ring.search.db", texts())
    before = index.endings("0001", NEWEST, 100)
    forget(index, *gone_of(texts(), number=False))
    assert index.texts_with('"love"', 10_000, 1, 10) == []
    assert index.endings("0001", NEWEST, 100) == before


def test_a_call_is_forgotten_by_its_id(tmp_path: Path) -> None:
    index = made(tmp_path / "third-ring.search.db", texts())
    before = index.endings("0007", NEWEST, 100)
    forget(index, Forgotten(None, "", "+17735550007", 1, call_id=7))
    after = index.endings("0007", NEWEST, 100)
    assert [place.id for place, _ in before if (place, "+17735550007") not in after] == [7]


def test_what_is_not_there_is_forgotten_already(tmp_path: Path) -> None:
    index = made(tmp_path / "third-ring.search.db", texts())
    first, other = gone_of(texts()[:2])
    assert forget(index, first)
    before = seen(index)
    for again in (first, Forgotten(first.message_id, first.body, first.number, 5), Forgotten(3, other.body, None, 6)):
        assert forget(index, again)
        assert seen(index) == before
    assert forget(SearchIndex(_new(tmp_path)), first)


def _new(folder: Path) -> Path:
    index = SearchIndex(folder / "empty.search.db")
    index.make_ready()
    return index.path


@pytest.mark.parametrize("body", ["", "!!! ---"])
def test_a_text_without_words_comes_and_goes(tmp_path: Path, body: str) -> None:
    index = made(tmp_path / "third-ring.search.db", [(2, AT, "+17735550001", body)])
    forget(index, Forgotten(2, body, "+17735550001", 1))
    assert index.endings("0001", NEWEST, 10) == []
    assert seen(index)["counts"] == []
