"""Lines in the tables: every value comes back as it went in."""

from ivr.store import Store, lines
from ivr.store.lines import Line

AT = "2026-11-03T20:15:00.000Z"
FULL = Line(
    "+442079460000",
    "آدا O'Brien",
    language="ar",
    country="GB",
    rings=0,
    cadence="caller",
    adjust=-3,
    says_keys=False,
    takes_messages=True,
    keywords="us",
    ceiling=7,
    countries=("GB", "EG"),
    opens=11,
    closes=15,
    segment_price="0.05",
    currency="GBP",
    photo="00ff",
    version=7,
)


def found(store: Store, number: str) -> Line:
    """The line of a number."""
    line = store.read(lambda db: lines.find(db, number))
    assert line is not None
    return line


def test_every_value_comes_back_as_it_went_in(store: Store, line: Line) -> None:
    assert store.write(lambda db: lines.add(db, FULL, AT))
    kept = found(store, FULL.number)
    assert kept == Line(**{**FULL.__dict__, "id": kept.id})
    assert [one.number for one in store.read(lines.everyone)] == [line.number, FULL.number]


def test_a_second_line_of_a_number_is_not_added(store: Store, line: Line) -> None:
    assert not store.write(lambda db: lines.add(db, Line(line.number, "Somebody else"), AT))
    assert found(store, line.number) == line


def test_a_change_is_kept_and_seen_at_once(store: Store, line: Line) -> None:
    changed = Line(**{**FULL.__dict__, "number": line.number, "id": line.id, "wordings": {"help.en": "Ask"}})
    store.write(lambda db: lines.change(db, changed))
    assert found(store, line.number) == changed


def test_a_number_that_is_no_line_is_none(store: Store, line: Line) -> None:
    assert store.read(lambda db: lines.find(db, "+14155550199")) is None
    assert store.read(lambda db: lines.find(db, "")) is None


def test_answers_are_counted_by_the_minute(store: Store, line: Line) -> None:
    assert store.read(lambda db: lines.last_minute(db, line)) is None
    for minute in ("2026-11-03T20:15", "2026-11-03T20:16", "2026-11-03T20:15", "2026-11-03T20:16"):
        store.write(lambda db, minute=minute: lines.count_answer(db, line, minute))
    assert store.read(lambda db: lines.last_minute(db, line)) == ("2026-11-03T20:16", 2)
