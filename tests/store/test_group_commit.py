"""Many threads, one commit: what is said to be kept is kept, and nobody's fault is anybody else's."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from writers import a_stranger_writes, add_mark, in_one_group, marks_of, recovered, recovers_now

from ivr.errors import StoreUnavailable
from ivr.store import Connection, Store
from ivr.store.database import connect


def commits_of(store: Store, seen: list[str]) -> None:
    """From now on note every statement of the writing connection in `seen`."""
    store.write(lambda db: db.set_trace_callback(seen.append))


def test_a_write_returns_what_the_work_returns_and_others_see_the_row(store: Store) -> None:
    assert store.write(add_mark("one", 1)) == 1
    assert marks_of(store) == [("one", 1)]


def test_many_threads_keep_every_row_once(store: Store) -> None:
    with ThreadPoolExecutor(32) as crew:
        list(crew.map(lambda n: store.write(add_mark("many", n)), range(600)))
    assert marks_of(store) == [("many", n) for n in range(600)]


def test_those_who_wait_at_the_same_moment_share_one_commit(store: Store) -> None:
    seen: list[str] = []
    commits_of(store, seen)
    in_one_group(store, [add_mark("shared", n) for n in range(20)])
    assert len(marks_of(store)) == 20
    assert seen.count("COMMIT") <= 4  # the first with the trace, the leader's, the group's


def test_a_work_that_raises_hurts_no_neighbour_and_nothing_of_it_is_kept(store: Store) -> None:
    def fail(db: Connection) -> None:
        add_mark("fails", 1)(db)
        raise KeyError("mine")

    before, fault, after = in_one_group(store, [add_mark("before", 1), fail, add_mark("after", 1)])
    assert (before, after) == (1, 1)
    assert isinstance(fault, KeyError)
    assert marks_of(store) == [("after", 1), ("before", 1)]


@pytest.mark.parametrize(
    "statement",
    ["SELECT nothing FROM nowhere", "INSERT INTO lines (number) VALUES ('1')", "SELECT ?", "INSERT INTO marks"],
)
def test_a_wrong_statement_is_the_fault_of_its_own_work_alone(store: Store, statement: str) -> None:
    def fail(db: Connection) -> None:
        add_mark("fails", 1)(db)
        db.execute(statement)

    before, fault, after = in_one_group(store, [add_mark("before", 1), fail, add_mark("after", 1)])
    assert (before, after) == (1, 1)
    assert isinstance(fault, Exception) and not isinstance(fault, StoreUnavailable)
    assert marks_of(store) == [("after", 1), ("before", 1)]


def test_a_work_that_ends_the_transaction_itself_takes_its_group_with_it_and_nobody_is_told_otherwise(
    store: Store,
) -> None:
    def undo(db: Connection) -> None:
        db.execute("ROLLBACK")
        raise ValueError("mine")

    results = in_one_group(store, [add_mark("before", 1), undo, add_mark("after", 1)])
    assert [isinstance(result, Exception) for result in results] == [True, True, True]
    assert marks_of(store) == []


def test_even_an_interrupt_in_a_work_acknowledges_nothing_and_leaves_the_store_usable(store: Store) -> None:
    def interrupt(db: Connection) -> None:
        add_mark("interrupted", 1)(db)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(interrupt)
    assert marks_of(store) == []
    assert recovered(store)


def test_nobody_else_writes_between_what_a_work_reads_and_what_it_writes(store: Store, path: Path) -> None:
    def read_then_write(db: Connection) -> None:
        db.execute("SELECT count(*) FROM marks").fetchone()
        with ThreadPoolExecutor(1) as stranger:
            assert stranger.submit(_try_to_write, path).result() == "database is locked"
        add_mark("mine", 1)(db)

    store.write(read_then_write)
    assert marks_of(store) == [("mine", 1)]


def test_a_stranger_who_holds_the_lock_too_long_gives_store_unavailable_and_recovery_needs_no_restart(
    store: Store, path: Path
) -> None:
    store.write(add_mark("early", 1))
    with a_stranger_writes(path), pytest.raises(StoreUnavailable):
        store.write(add_mark("lost", 1))
    assert recovered(store)
    assert ("lost", 1) not in marks_of(store)


def test_it_recovers_although_webhooks_keep_coming_all_the_time(store: Store, path: Path) -> None:
    with a_stranger_writes(path), pytest.raises(StoreUnavailable):
        store.write(add_mark("lost", 1))
    stop = threading.Event()

    def keep_coming() -> None:
        while not stop.wait(0.01):
            recovers_now(store)

    traffic = threading.Thread(target=keep_coming)
    traffic.start()
    try:
        assert recovered(store)
    finally:
        stop.set()
        traffic.join()


def test_while_it_is_left_alone_nobody_waits_out_the_patience_again(store: Store, path: Path) -> None:
    with a_stranger_writes(path):
        with pytest.raises(StoreUnavailable):
            store.write(add_mark("lost", 1))
        with pytest.raises(StoreUnavailable, match="a moment ago"):
            store.write(add_mark("lost", 2))
    assert recovered(store)


def test_closing_is_no_end(store: Store) -> None:
    store.write(add_mark("one", 1))
    store.close()
    store.write(add_mark("two", 2))
    assert marks_of(store) == [("one", 1), ("two", 2)]


def _try_to_write(path: Path) -> str:
    stranger = connect(path, busy_seconds=0)
    try:
        stranger.execute("INSERT INTO marks VALUES ('stranger', 1)")
        return "written"
    except Exception as error:
        return str(error)
    finally:
        stranger.close()


def test_what_is_remembered_in_a_transaction_is_forgotten_with_it(store: Store) -> None:
    store.write(lambda db: db.memo.update(seen=True))
    assert store.write(lambda db: db.memo.get("seen")) is None


def doubled(db: Connection, items: Sequence[int]) -> list[int]:
    """A work that is done together: notes how many came with each, and returns the double of each."""
    for n in items:
        if n < 0:
            raise ValueError(n)
        add_mark(f"{len(items)} together", n)(db)
    return [n * 2 for n in items]


def test_works_of_a_kind_are_done_in_one_call_and_each_gets_its_own_result(store: Store) -> None:
    works = [(doubled, n) for n in range(8)]
    assert in_one_group(store, [*works, add_mark("alone", 1)]) == [0, 2, 4, 6, 8, 10, 12, 14, 1]
    assert ("8 together", 3) in marks_of(store) and ("alone", 1) in marks_of(store)


def test_one_that_raises_among_works_of_a_kind_hurts_no_neighbour(store: Store) -> None:
    results = in_one_group(store, [(doubled, n) for n in (1, -1, 2)])
    assert (results[0], results[2]) == (2, 4)
    assert isinstance(results[1], ValueError)
    assert marks_of(store) == [("1 together", 1), ("1 together", 2)]


def test_sqlite_waits_for_a_foreign_writer_no_longer_than_we_would(store: Store) -> None:
    for _ in range(2):
        told = store.write(lambda db: db.execute("PRAGMA busy_timeout").fetchone()[0])
        assert 0 < told <= 500  # the patience of the tests' store
