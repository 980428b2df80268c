"""How far a line has looked at its people, and where to begin: found by halving, whatever ids are missing."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from inside import the_line

from ivr import clock
from ivr.house import House
from ivr.store import Connection, nudging
from ivr.store.nudging import _WAITING

BEGIN = datetime(2026, 11, 4, tzinfo=UTC)


def moment(minute: int) -> str:
    """So many minutes after the beginning, as stored."""
    return clock.written(BEGIN + timedelta(minutes=minute))


def came(house: House, gaps: list[tuple[int, int]]) -> list[tuple[int, str]]:
    """Let only these people be there: each so many ids and minutes after the one before. Returns ids and times."""
    line, person_id, minute, kept = the_line(house.store), 0, 0, []

    def work(db: Connection) -> None:
        nonlocal person_id, minute
        kept.clear()
        db.execute("DELETE FROM people")
        for ids, minutes in gaps:
            person_id, minute = person_id + ids, minute + minutes
            kept.append((person_id, moment(minute)))
            db.execute(
                "INSERT INTO people (id, line_id, number, first_at, language, link_counter, link_at)"
                " VALUES (?, ?, ?, ?, 'en', 0, ?)",
                (person_id, line.id, f"+1202{person_id:07d}", moment(minute), moment(minute)),
            )

    house.store.write(work)
    return kept


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.tuples(some.integers(1, 5), some.integers(0, 3)), max_size=12), some.integers(0, 20))
def test_halving_finds_who_came_last_before_a_moment(house: House, gaps: list[tuple[int, int]], minute: int) -> None:
    people = came(house, gaps)
    found = house.store.read(lambda db: nudging.last_before(db, moment(minute)))
    assert [one for one in people if one[0] <= found] == [one for one in people if one[1] < moment(minute)]


def test_looking_stops_before_the_first_who_came_later_and_after_as_many_as_are_asked_for(house: House) -> None:
    came(house, [(2, 1)] * 6)  # ids 2 to 12, at minutes 1 to 6
    reached = house.store.read(
        lambda db: [nudging.reach(db, after, moment(4), most) for after, most in ((0, 10), (0, 3), (8, 10), (12, 10))]
    )
    assert reached == [8, 6, 8, 12]


def test_a_line_never_looks_at_people_again(house: House) -> None:
    line = the_line(house.store)
    assert house.store.read(lambda db: nudging.looked_at(db, line)) == 0
    for person_id in (5, 3, 7):
        house.store.write(lambda db, one=person_id: nudging.go_on_after(db, line, one))  # type: ignore[misc]
    assert house.store.read(lambda db: nudging.looked_at(db, line)) == 7
    house.store.write(lambda db: nudging.go_on_after(db, line, 6))
    assert house.store.read(lambda db: nudging.looked_at(db, line)) == 7


def test_who_waits_is_found_by_the_ids_of_people_alone(house: House) -> None:
    values = {"after": 0, "last": 100, "line": 1, "since": moment(0)}
    steps = house.store.read(lambda db: db.execute(f"EXPLAIN QUERY PLAN {_WAITING}", values).fetchall())
    assert [row[3] for row in steps] == [
        "SEARCH people USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SEARCH messages USING INDEX messages_number (number=?)",
    ]
