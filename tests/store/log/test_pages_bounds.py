"""Pages of the log at their bounds: times long ago, numbers with many contacts, pages that follow."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from a_log import ANY, everything, fits, moment

from ivr.store import Connection, Store
from ivr.store.log import pages
from ivr.store.log.rows import Chosen, Position

FILTERS = {
    "a number on a line": Chosen((3,), number="+12025550042", kind="text"),
    "many numbers that begin alike": replace(ANY, number_start="+1773"),
    "few numbers that begin alike": replace(ANY, number_start="+1773555000"),
    "few of them, filtered": replace(ANY, number_start="+1202555000", kind="text", since=moment(100)),
    "before a time": replace(ANY, until=moment(100)),
    "after a time": replace(ANY, since=moment(900), country="US"),
    "a time of nothing": replace(ANY, since=moment(500), until=moment(500)),
    "everything at once": Chosen(
        (1, 2), "text", "delivered", "sign-up link", "US", moment(50), moment(950), number_start="+1773"
    ),
}


def walked(store: Store, chosen: Chosen, most: int, budget: float = 10) -> Iterator[pages.Page]:
    """Page after page, to the end."""
    place: Position | None = None
    while True:
        page = store.read(lambda db, place=place: pages.page(db, chosen, place, most, budget))  # type: ignore[misc]
        yield page
        if page.next is None:
            return
        place = Position.read(page.next.written())


@pytest.mark.parametrize("most", [7, 50, 5_000])
@pytest.mark.parametrize("name", FILTERS)
def test_pages_show_what_is_chosen_each_once_and_newest_first(name: str, most: int, full: Store) -> None:
    expected = [one for one in everything(full) if fits(one, FILTERS[name])]
    shown = list(walked(full, FILTERS[name], most))
    assert [one for page in shown for one in page.contacts] == expected
    assert all(len(page.contacts) == most and page.finished for page in shown[:-1])
    assert bool(expected) == (name != "a time of nothing")


def test_a_day_long_ago_costs_no_more_than_the_last_one(full: Store) -> None:
    def steps(chosen: Chosen) -> int:
        counted: list[None] = []

        def query(db: Connection) -> pages.Page:
            db.set_progress_handler(lambda: counted.append(None), 100)
            page = pages.page(db, chosen)
            db.set_progress_handler(None, 0)
            return page

        assert len(full.read(query).contacts) == 50
        return len(counted)

    last = steps(replace(ANY, since=moment(980), until=moment(1_000)))
    assert steps(replace(ANY, since=moment(10), until=moment(30))) <= last * 1.05


@pytest.mark.parametrize("name", ["a number", "many numbers that begin alike"])
def test_a_page_without_time_says_so_and_going_on_finds_everything_once(
    name: str, full: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "FEW", 0)
    monkeypatch.setattr(pages, "FIRST_WINDOW", 5)
    monkeypatch.setattr(pages, "LARGEST_WINDOW", 20)
    chosen = replace(ANY, number="+17735550007") if name == "a number" else FILTERS[name]
    shown = list(walked(full, chosen, 50, budget=0))
    assert [one for page in shown for one in page.contacts] == [one for one in everything(full) if fits(one, chosen)]
    assert not shown[0].finished
    assert all(page.looked_back_to == page.next.at for page in shown if page.next and not page.finished)
    assert shown[-1].finished


def test_what_is_new_is_filtered_and_the_newest_of_it(full: Store) -> None:
    chosen = replace(ANY, country="GB")
    contacts, _, _ = full.read(lambda db: pages.newer(db, chosen, 0, 0, 10))
    assert contacts == [one for one in everything(full) if fits(one, chosen)][:10]
    assert full.read(lambda db: pages.newer(db, chosen, 10**18, 10**18))[0] == []


def test_a_page_that_slept_for_long_looks_at_the_last_few_only(full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_NEW", 3)
    calls, messages = full.read(pages.latest_ids)
    contacts, *_ = full.read(lambda db: pages.newer(db, ANY, 0, 0))
    assert contacts
    assert all(one.id > (calls if one.kind == "call" else messages) - 3 for one in contacts)


def test_contacts_are_found_by_their_keys_on_these_lines_only(full: Store) -> None:
    some = everything(full)[:20]
    keys = [(one.kind, one.id) for one in some]
    assert sorted(full.read(lambda db: pages.of_keys(db, ANY, keys))) == sorted(some)
    second = full.read(lambda db: pages.of_keys(db, Chosen((2,)), keys))
    assert sorted(second) == sorted(one for one in some if one.line_id == 2)
    assert full.read(lambda db: pages.of_keys(db, ANY, [("call", 2**70), ("text", 0), ("else", 1)])) == []


def test_a_text_of_ours_is_no_contact(full: Store) -> None:
    answered = next(one for one in everything(full) if one.answer_id)
    assert answered.answer_status
    assert full.read(lambda db: pages.of_keys(db, ANY, [("text", answered.answer_id or 0)])) == []


@pytest.mark.parametrize("name", FILTERS)
def test_pages_are_read_from_an_index_without_sorting(name: str, full: Store) -> None:
    asked: list[str] = []

    def query(db: Connection) -> None:
        db.set_trace_callback(asked.append)
        pages.page(db, FILTERS[name])
        db.set_trace_callback(None)

    full.read(query)
    for statement in asked:
        steps = [
            row[3] for row in full.read(lambda db, one=statement: db.execute(f"EXPLAIN QUERY PLAN {one}").fetchall())
        ]  # type: ignore[misc]
        assert not [
            step for step in steps if step.startswith(("SCAN calls", "SCAN messages")) and "USING" not in step
        ], steps
        assert not [step for step in steps if "TEMP B-TREE" in step], steps
    assert asked or not FILTERS[name].line_ids
