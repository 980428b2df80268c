"""What is blanked in the log is found by no search, and stands in no file; in whatever order things happen."""

from datetime import datetime
from pathlib import Path

import pytest
from inside import received, rows
from running import NUMBER, PHONE

from ivr import clock, forgetting, searching
from ivr.carrier.inbound import IncomingText, Place
from ivr.house import House
from ivr.searching import read_question
from ivr.store import Connection, lines
from ivr.store import forgetting as table
from ivr.store.database import connect
from ivr.store.forgetting import Forgotten
from ivr.store.log import batches
from ivr.store.log.rows import Chosen

SECRET, NAME = "rutabaga", "Zenobia Quixwood"


def text(house: House, body: str, now: datetime, place: int = 1) -> int:
    """Let a text come in; returns its id."""
    received(house, IncomingText(f"SM{place:032x}", PHONE, NUMBER, body, Place("CAIRO", None, "EG"), (), None), now)
    return int(rows(house.store, "SELECT max(id) FROM messages WHERE direction = 'in'")[0][0])


def blank(house: House, message_id: int) -> None:
    """Blank a text as retention and erasing do."""

    def work(db: Connection) -> None:
        body = db.execute("SELECT body FROM messages WHERE id = ?", (message_id,)).fetchone()[0]
        db.execute("UPDATE messages SET body = '', city = NULL WHERE id = ?", (message_id,))
        table.add(db, [Forgotten(message_id, body, PHONE)])

    house.store.write(work)


def found(house: House, typed: str) -> int:
    """How many contacts a search finds in the index."""
    question = read_question(typed, ["US"])
    if question.match:
        return len(house.search_index.texts_with(question.match, 10_000, 1, 100))
    everywhere = Chosen(tuple(line.id for line in house.store.read(lines.everyone)))
    return len(searching.find(house, question, everywhere, None).contacts)


def waiting(house: House) -> int:
    """How many are still to be forgotten."""
    return len(house.store.read(lambda db: table.waiting(db, 10_000)))


def test_a_text_that_was_fed_is_found_no_more_when_it_is_blanked(house: House, now: datetime) -> None:
    first, other = text(house, f"{SECRET} and carrots", now), text(house, "carrots", now, 2)
    assert searching.feed(house, now) == 2
    assert (found(house, SECRET), found(house, "carrots"), found(house, PHONE[-4:])) == (1, 2, 2)
    blank(house, first)
    assert searching.feed(house, now) == 0
    assert (found(house, SECRET), found(house, "carrots"), found(house, PHONE[-4:])) == (0, 1, 1)
    assert house.search_index.texts_with('"carrots"', 10_000, 1, 10) == [other]
    assert waiting(house) == 0


def test_a_text_that_is_blanked_before_it_is_fed_is_fed_without_words(house: House, now: datetime) -> None:
    blank(house, text(house, SECRET, now))
    searching.feed(house, now)
    assert (found(house, SECRET), waiting(house)) == (0, 0)


def test_a_text_that_is_blanked_between_the_look_and_the_feeding_is_forgotten_next(house: House, now: datetime) -> None:
    message = text(house, SECRET, now)
    looked = house.store.read(lambda db: batches.unfed(db, house.search_index.make_ready(), 100))
    blank(house, message)
    assert house.search_index.feed(looked)
    searching.feed(house, now)
    assert (found(house, SECRET), waiting(house)) == (0, 0)


def test_a_lost_index_forgets_what_it_never_knew(house: House, now: datetime) -> None:
    first = text(house, SECRET, now)
    searching.feed(house, now)
    blank(house, first)
    text(house, "carrots", now, 2)
    house.search_index.path.unlink()
    searching.feed(house, now)
    assert (found(house, SECRET), found(house, "carrots"), found(house, PHONE[-4:])) == (0, 1, 2)


def test_who_comes_again_after_they_were_forgotten_is_found(house: House, now: datetime) -> None:
    first = text(house, "carrots", now)
    searching.feed(house, now)
    house.store.write(lambda db: table.add(db, [Forgotten(first, "carrots", PHONE)]))
    text(house, "turnips", now, 2)
    searching.feed(house, now)
    assert found(house, PHONE[-4:]) == 1


def test_a_crash_before_the_list_is_settled_takes_nothing_twice(house: House, now: datetime) -> None:
    first = text(house, "carrots", now)
    searching.feed(house, now)
    house.store.write(lambda db: table.add(db, [Forgotten(first, "carrots", PHONE)]))
    text(house, "turnips", now, 2)
    house.search_index.feed(house.store.read(lambda db: batches.unfed(db, house.search_index.fed(), 100)))
    assert waiting(house) == 1  # the crash
    searching.feed(house, now)
    assert (found(house, PHONE[-4:]), waiting(house)) == (1, 0)


def test_many_are_forgotten_in_pieces_and_only_then_is_more_fed(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "FORGOTTEN_AT_ONCE", 3)
    messages = [text(house, f"{SECRET}{place} carrots", now, place) for place in range(1, 9)]
    searching.feed(house, now)
    for message in messages:
        blank(house, message)
    text(house, "carrots", now, 99)
    assert searching.feed(house, now) == 1
    assert (found(house, "carrots"), waiting(house)) == (1, 0)


def test_a_blanked_text_and_a_name_stand_in_no_file(house: House, now: datetime) -> None:
    message = text(house, f"{SECRET} by {NAME}", now)
    person = rows(house.store, "SELECT id FROM people")[0][0]
    moment = clock.written(now)
    member = (
        "INSERT INTO members (person_id, line_id, name, city_key, language, joined_at, changed_at)"
        " VALUES (?, 1, ?, '', 'en', ?, ?)"
    )
    house.store.write(lambda db: db.execute(member, (person, NAME, moment, moment)))
    searching.feed(house, now)
    house.store.checkpoint()
    assert found(house, SECRET) == 1
    assert {SECRET, NAME} <= words_in_files(house)
    house.store.write(lambda db: db.execute("DELETE FROM members"))
    blank(house, message)
    searching.feed(house, now)
    assert words_in_files(house) == set()


def words_in_files(house: House) -> set[str]:
    """Which of the words stand in any file of the installation, in their bytes, logs included."""
    files = [path for path in house.settings.instance_path.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files if path.name != "third-ring.search.db.lock").lower()
    return {word for word in (SECRET, NAME) if word.lower().encode() in content}


def test_a_reader_keeps_the_log_from_being_cut_and_then_it_is_for_the_next_time(house: House, now: datetime) -> None:
    reader = connect(house.store.path, writable=False)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM people").fetchone()
    text(house, SECRET, now)
    assert not house.store.truncate_log(patience=0.05)
    reader.close()
    assert forgetting.cut_logs(house, now) == 2
    assert wal_of(house.store.path).stat().st_size == 0


def wal_of(path: Path) -> Path:
    """The write-ahead log of a database."""
    return path.with_name(path.name + "-wal")
