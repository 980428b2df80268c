"""Texts that did not arrive: counted by reason, and listed newest first, on the asked lines alone."""

import pytest

from ivr.store import Connection, Store, lines, messages, queue
from ivr.store.lines import Line
from ivr.store.log import failures
from ivr.store.log.failures import Cause, Failed
from ivr.store.log.pages import END
from ivr.store.log.rows import Position
from ivr.store.queue import Event

NUMBER = "+12025550143"
LONG_AGO = "2020-01-01T00:00:00.000Z"


def at(second: int) -> str:
    """A time."""
    return f"2026-11-03T20:{second // 60:02}:{second % 60:02}.000Z"


def failed(db: Connection, line: Line, second: int, status: str, code: int | None = None) -> int:
    """A text of ours that came to this end; returns its id."""
    text = messages.compose(db, line, NUMBER, at(second), "Ada: {link}", "reply", due_at=at(second))
    queue.claim(db, at(second), 1)
    if status == "doubt":
        queue.mark_doubt(db, text.id, "time-out")
    else:
        queue.apply_event(db, text.id, Event(f"SM{text.id:032x}", at(second), status, code))
    return text.id


@pytest.fixture
def other(store: Store) -> Line:
    """A second line."""
    store.write(lambda db: lines.add(db, Line("+442071838750", "Other", country="GB"), "x"))
    found = store.read(lambda db: lines.find(db, "+442071838750"))
    assert found
    return found


def counted(store: Store, line_ids: list[int], since: str = LONG_AGO) -> list[tuple[str, int, str]]:
    """Names of the reasons, how many of each, and when last."""
    found = store.read(lambda db: failures.by_reason(db, line_ids, since))
    return [(reason.cause.name, reason.count, reason.last_at) for reason in found]


def test_reasons_are_counted_the_most_frequent_first(store: Store, line: Line) -> None:
    def fill(db: Connection) -> None:
        for second, (status, code) in enumerate(
            [("undelivered", 30003)] * 3
            + [("failed", 30007)] * 2
            + [("failed", None)] * 4
            + [("doubt", None)]
            + [("delivered", None)] * 9
            + [("undelivered", 30007)] * 3
        ):
            failed(db, line, second, status, code)

    store.write(fill)
    assert counted(store, [line.id]) == [
        ("30007", 5, at(21)),
        ("unsaid", 4, at(8)),
        ("30003", 3, at(2)),
        ("doubt", 1, at(9)),
    ]


def test_what_failed_earlier_is_not_counted(store: Store, line: Line) -> None:
    store.write(lambda db: [failed(db, line, second, "failed", 30003) for second in range(4)])
    assert counted(store, [line.id], at(2)) == [("30003", 2, at(3))]
    assert counted(store, [line.id], at(4)) == []


def test_lines_are_added_up_and_others_left_out(store: Store, line: Line, other: Line) -> None:
    store.write(lambda db: [failed(db, line, 1, "failed", 30003), failed(db, other, 2, "failed", 30003)])
    assert counted(store, [line.id, other.id]) == [("30003", 2, at(2))]
    assert counted(store, [line.id]) == [("30003", 1, at(1))]
    assert counted(store, []) == []


def test_counting_stops_at_its_bound(store: Store, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "MOST_COUNTED", 3)
    store.write(lambda db: [failed(db, line, second, "failed", 30003) for second in range(3)])
    assert [(one.count, one.capped) for one in store.read(lambda db: by_reason(db, line))] == [(3, False)]
    store.write(lambda db: [failed(db, line, second, "failed", 30003) for second in range(3, 9)])
    assert [(one.count, one.capped) for one in store.read(lambda db: by_reason(db, line))] == [(3, True)]


def by_reason(db: Connection, line: Line) -> list[failures.Reason]:
    """The reasons on one line."""
    return failures.by_reason(db, [line.id], LONG_AGO)


def test_the_texts_of_a_reason_come_newest_first_page_by_page(store: Store, line: Line, other: Line) -> None:
    def fill(db: Connection) -> list[int]:
        failed(db, line, 1, "failed", 30007)
        failed(db, line, 1, "doubt")
        return [failed(db, (line, other)[n % 2], n // 3, ("failed", "undelivered")[n % 2], 30003) for n in range(20)]

    ids = store.write(fill)
    found: list[Failed] = []
    after = END
    while page := store.read(lambda db, after=after: of_reason(db, [line, other], Cause(30003), after)):
        assert len(page) <= 3
        found += page
        after = Position(page[-1].at, "text", page[-1].id)
    assert [one.id for one in found] == ids[::-1]
    assert {one.line_id for one in store.read(lambda db: of_reason(db, [line], Cause(30003), END))} == {line.id}


def of_reason(db: Connection, of: list[Line], cause: Cause, after: Position) -> list[Failed]:
    """Three texts of a reason."""
    return failures.of_reason(db, [line.id for line in of], cause, after, 3)


def test_doubt_is_told_from_what_failed_without_a_code(store: Store, line: Line) -> None:
    doubted = store.write(lambda db: failed(db, line, 1, "doubt"))
    unsaid = store.write(lambda db: failed(db, line, 2, "undelivered"))
    for name, expected in (("doubt", doubted), ("unsaid", unsaid)):
        cause = Cause.named(name)
        assert cause is not None and cause.name == name
        (found,) = store.read(lambda db, cause=cause: of_reason(db, [line], cause, END))
        assert found.id == expected


@pytest.mark.parametrize("name", ["", "x", "-1", "١٢", "1" * 10, "30003 OR 1"])
def test_there_is_no_such_cause(name: str) -> None:
    assert Cause.named(name) is None


def test_no_count_looks_at_anything_but_the_index(store: Store) -> None:
    query = (
        f"EXPLAIN QUERY PLAN SELECT at FROM messages WHERE {failures._SAME} AND at >= :since ORDER BY at DESC LIMIT 5"
    )
    values = {"line": 1, "code": None, "doubt": 0, "since": LONG_AGO}
    plan = [row[3] for row in store.read(lambda db: db.execute(query, values).fetchall())]
    assert len(plan) == 1 and "messages_failed (line_id=? AND error_code=? AND <expr>=? AND at>?)" in plan[0]
