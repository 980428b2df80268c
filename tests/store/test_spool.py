"""The spool: on the disk before the answer, read back in order, nothing lost and nothing in the way."""

import json
import resource
from pathlib import Path
from typing import Any

import pytest
from running import until
from writers import append_entries, finish, start

from ivr.errors import NothingKept, StoreUnavailable
from ivr.store.spool import Spool


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """An empty spool, whose folder does not exist yet."""
    return Spool(tmp_path / "spool")


def taken_from(spool: Spool) -> list[Any]:
    """All entries, read back in."""
    entries: list[Any] = []
    spool.read_back(entries.append)
    return entries


def test_what_is_appended_is_read_back_in_its_order_and_then_gone(spool: Spool) -> None:
    for n in range(5):
        spool.append({"n": n, "text": "سلام\n\U0001f680"})
    assert spool.count() == 5
    assert taken_from(spool) == [{"n": n, "text": "سلام\n\U0001f680"} for n in range(5)]
    assert (spool.count(), taken_from(spool)) == (0, [])


def test_an_empty_spool_has_nothing_to_read_and_makes_no_folder(spool: Spool, tmp_path: Path) -> None:
    assert (spool.count(), spool.count_unreadable(), taken_from(spool)) == (0, 0, [])
    assert not (tmp_path / "spool").exists()


def test_an_entry_is_on_the_disk_before_the_append_returns(
    spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    folder = tmp_path / "spool"
    monkeypatch.setattr("os.fsync", lambda _: synced.append("".join(path.read_text() for path in folder.iterdir())))
    spool.append({"n": 1})
    assert synced == ['{"n": 1}\n'] * 2  # the file, and the folder that has its name
    spool.append({"n": 2})
    assert synced[2:] == ['{"n": 1}\n{"n": 2}\n']


def test_when_the_disk_refuses_nothing_is_kept_and_the_entries_before_stay_whole(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.append({"n": 1})

    def refuse(_: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", refuse)
        with pytest.raises(NothingKept, match="Input/output error"):
            spool.append({"n": 2})
    spool.append({"n": 3})
    assert taken_from(spool) == [{"n": 1}, {"n": 3}]


def test_a_full_disk_that_takes_half_a_line_leaves_no_half_line(spool: Spool, tmp_path: Path) -> None:
    spool.append({"n": 1})
    size = (tmp_path / "spool" / "waiting.jsonl").stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 5, limits[1]))
    try:
        with pytest.raises(NothingKept):
            spool.append({"n": 2, "text": "longer than what is left"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    spool.append({"n": 3})
    assert taken_from(spool) == [{"n": 1}, {"n": 3}]


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NothingKept):
        Spool(tmp_path / "file" / "spool").append({"n": 1})


def test_a_line_that_a_writer_died_in_spoils_none_but_itself(spool: Spool, tmp_path: Path) -> None:
    spool.append({"n": 1})
    with (tmp_path / "spool" / "waiting.jsonl").open("ab") as file:
        file.write(b'{"n": 2, "te')
    spool.append({"n": 3})
    assert taken_from(spool) == [{"n": 1}, {"n": 3}]
    assert (tmp_path / "spool" / "unreadable.jsonl").read_bytes() == b'{"n": 2, "te\n'
    assert spool.count_unreadable() == 1


def test_lines_that_are_no_json_are_set_aside(spool: Spool, tmp_path: Path) -> None:
    spool.append({"n": 1})
    with (tmp_path / "spool" / "waiting.jsonl").open("ab") as file:
        file.write(b"\xff\xfe\x00\n" + b"[" * 100_000 + b"\n")
    spool.append({"n": 2})
    assert taken_from(spool) == [{"n": 1}, {"n": 2}]
    assert spool.count_unreadable() == 2


def test_an_entry_that_cannot_be_taken_is_set_aside_and_the_next_ones_are_taken(spool: Spool, tmp_path: Path) -> None:
    taken: list[Any] = []

    def take(entry: Any) -> None:
        if entry["n"] == 2:
            raise TypeError("no such fact")
        taken.append(entry["n"])

    for n in (1, 2, 3):
        spool.append({"n": n})
    assert spool.read_back(take) == 2
    assert taken == [1, 3]
    assert json.loads((tmp_path / "spool" / "unreadable.jsonl").read_text()) == {"n": 2}
    assert spool.read_back(take) == 0


@pytest.mark.parametrize("fault", [StoreUnavailable("locked"), OSError(5, "Input/output error")])
def test_while_the_database_is_away_the_entries_stay_in_their_order(spool: Spool, fault: Exception) -> None:
    def take(entry: Any) -> None:
        if entry["n"] == 2:
            raise fault

    for n in (1, 2, 3):
        spool.append({"n": n})
    with pytest.raises(type(fault)):
        spool.read_back(take)
    spool.append({"n": 4})
    assert spool.count() == 4
    assert [entry["n"] for entry in taken_from(spool)] == [1, 2, 3, 4]


def test_a_death_between_the_rename_and_the_commit_repeats_entries_and_loses_none(spool: Spool, tmp_path: Path) -> None:
    spool.append({"n": 1})
    (tmp_path / "spool" / "waiting.jsonl").rename(tmp_path / "spool" / "reading.jsonl")
    spool.append({"n": 2})
    assert [entry["n"] for entry in taken_from(Spool(tmp_path / "spool"))] == [1, 2]


def test_entries_that_come_while_others_are_read_back_are_read_too(spool: Spool) -> None:
    spool.append({"n": 0})
    seen: list[int] = []

    def take(entry: Any) -> None:
        seen.append(entry["n"])
        if entry["n"] < 5:
            spool.append({"n": entry["n"] + 1})

    spool.read_back(take)
    assert seen == [0, 1, 2, 3, 4, 5]


def test_two_processes_append_while_a_third_reads_back_and_nothing_is_lost_or_twice(
    spool: Spool, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    writers = [start(append_entries, tmp_path / "spool", who, 200, told) for who in ("a", "b")]
    entries: list[Any] = []
    while any(writer.is_alive() for writer in writers):
        spool.read_back(entries.append)
    finish(writers)
    spool.read_back(entries.append)
    for who in ("a", "b"):
        assert [entry["n"] for entry in entries if entry["who"] == who] == list(range(200))


def test_a_killed_writer_has_kept_all_that_it_was_told_is_kept(spool: Spool, tmp_path: Path) -> None:
    told = tmp_path / "told"
    told.touch()
    writer = start(append_entries, tmp_path / "spool", "a", 1_000_000, told)
    until(lambda: told.stat().st_size > 1000)
    writer.kill()
    writer.join()
    acknowledged = len(told.read_text().splitlines())
    kept = [entry["n"] for entry in taken_from(spool)]
    assert kept[:acknowledged] == list(range(acknowledged))
    assert len(kept) == len(set(kept))
