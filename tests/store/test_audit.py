"""The audit: it only grows, it is read newest first, and searching it is bounded."""

import pytest

from ivr.store import Store, audit
from ivr.store.audit import Actor, Entry, Wanted

SARA, OMAR = Actor(1, "Sara", "192.0.2.1"), Actor(2, "عمر", "192.0.2.2")


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with a few entries."""
    for number in range(120):
        actor = SARA if number % 2 else OMAR
        action = "log exported" if number % 10 == 0 else "log looked at"
        at = f"2026-11-03T20:{number // 60:02}:{number % 60:02}.000Z"
        store.write(
            lambda db, actor=actor, action=action, at=at, number=number: audit.append(  # type: ignore[misc]
                db, actor, action, f"subject {number}", {"q": f"Ünïcode {number}", "rows": number}, at
            )
        )
    return store


def read(store: Store, wanted: Wanted, most: int = 50) -> list[Entry]:
    """All entries, page by page."""
    found: list[Entry] = []
    before: int | None = None
    while True:
        some, before = store.read(lambda db, before=before: audit.newest(db, wanted, before, most))  # type: ignore[misc]
        found += some
        if before is None:
            return found


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET operator = 'nobody'"])
def test_nothing_in_the_audit_can_be_changed(filled: Store, statement: str) -> None:
    with pytest.raises(Exception, match="append-only"):
        filled.write(lambda db: db.execute(statement))
    assert len(read(filled, Wanted())) == 120


def test_it_is_read_newest_first_whatever_the_page(filled: Store) -> None:
    for most in (1, 7, 50, 120, 1000):
        ids = [entry.id for entry in read(filled, Wanted(), most)]
        assert ids == list(range(120, 0, -1))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(operator="Sara"), 60),
        (Wanted(action="log exported"), 12),
        (Wanted(operator="عمر", action="log exported"), 12),
        (Wanted(text="subject 11"), 11),
        (Wanted(text="SUBJECT 11"), 11),
        (Wanted(since="2026-11-03T20:01:00.000Z"), 60),
        (Wanted(until="2026-11-03T20:01:00.000Z"), 60),
        (Wanted(text="%"), 0),
    ],
    ids=str,
)
def test_it_is_filtered_and_searched(filled: Store, wanted: Wanted, count: int) -> None:
    assert len(read(filled, wanted)) == count


def test_a_search_reads_so_many_rows_and_goes_on(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LOOKED_AT", 10)
    some, onward = filled.read(lambda db: audit.newest(db, Wanted(text="subject 3"), None))
    assert some == []
    assert onward == 111
    assert [entry.subject for entry in read(filled, Wanted(text="subject 33"))] == ["subject 33"]


def test_details_come_back_as_they_were(filled: Store) -> None:
    assert read(filled, Wanted())[0].details == {"q": "Ünïcode 119", "rows": 119}
    assert filled.read(audit.actions) == ["log exported", "log looked at"]
