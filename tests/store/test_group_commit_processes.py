"""Several processes on one file, and their sudden deaths: what was acknowledged is there, once."""

from collections import Counter
from pathlib import Path

import pytest
from running import until
from writers import finish, marks_of, start, write_marks

from ivr.store import Store
from ivr.store.database import connect, integrity


@pytest.fixture
def acknowledged(tmp_path: Path) -> Path:
    """Where the writers note what they were told is kept."""
    path = tmp_path / "acknowledged"
    path.touch()
    return path


def test_several_processes_with_several_threads_keep_every_row_once(store: Store, path: Path) -> None:
    finish([start(write_marks, path, who, 8, 20) for who in ("a", "b", "c")])
    assert marks_of(store) == [(who, n) for who in ("a", "b", "c") for n in range(160)]


def test_a_kill_in_mid_burst_loses_no_acknowledged_row_and_keeps_none_twice(
    store: Store, path: Path, acknowledged: Path
) -> None:
    kill_in_mid_burst(store, path, acknowledged, "first", 300)
    kill_in_mid_burst(store, path, acknowledged, "second", 300)


@pytest.mark.drill
def test_fifty_kills_in_mid_burst_lose_no_acknowledged_row_and_keep_none_twice(
    store: Store, path: Path, acknowledged: Path
) -> None:
    for number in range(50):
        kill_in_mid_burst(store, path, acknowledged, f"life {number}", 100 + 20 * number)


def test_a_killed_leader_lets_the_other_processes_go_on(store: Store, path: Path, acknowledged: Path) -> None:
    doomed = start(write_marks, path, "doomed", 4, 1_000_000, acknowledged)
    until(lambda: acknowledged.stat().st_size)
    other = start(write_marks, path, "other", 4, 25)
    doomed.kill()
    doomed.join()
    finish([other])
    assert sum(who == "other" for who, _ in marks_of(store)) == 100


def kill_in_mid_burst(store: Store, path: Path, acknowledged: Path, who: str, most: int) -> None:
    """Let a process write until it was told of `most` rows, kill it, and count what is there."""
    child = start(write_marks, path, who, 8, 1_000_000, acknowledged)
    until(lambda: len(told(acknowledged, who)) >= most)
    child.kill()
    child.join()
    kept = Counter(n for one, n in marks_of(store) if one == who)
    assert set(told(acknowledged, who)) - set(kept) == set()
    assert max(kept.values()) == 1
    connection = connect(path)
    assert integrity(connection) == "ok"
    connection.close()


def told(acknowledged: Path, who: str) -> list[int]:
    """The rows that a process was told are kept."""
    lines = acknowledged.read_text().splitlines()
    return [int(line.rpartition(" ")[2]) for line in lines if line.rpartition(" ")[0] == who]
