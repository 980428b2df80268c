"""Counting and listing segments: exactly, as if each person were looked at, and without touching what is not needed."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from the_people import Crowd

from ivr import clock, segments
from ivr.house import House
from ivr.personal_details import age
from ivr.store import people, states
from ivr.store import segments as table
from ivr.store.listed import Listed
from ivr.store.people import Person
from ivr.store.segments import Condition, Counted, Segment

NOW = datetime(2028, 2, 29, 12, tzinfo=UTC)
CITIES = ("Cairo", "القاهرة", "New York", "new york", None)
GENDERS = ("female", "male", "unsaid", None)
EVERY = {
    "age": "age>=18 age<=30",
    "gender": "gender=female",
    "city": "city=Cairo,Giza,Luxor,Aswan",
    "country": "country=US,CA",
    "language": "language=ar",
    "joined": "joined>=30d",
}
DAYS = ("2008-02-29", "2008-03-01", "2010-02-28", "2010-03-01", "1990-12-31", None)


@pytest.fixture
def crowd(house: House) -> Crowd:
    """Nobody yet."""
    return Crowd(house, NOW)


def counted(house: House, expression: str, now: datetime = NOW, line_id: int = 1) -> Counted:
    """How many are in a segment."""
    return house.store.read(lambda db: table.count(db, line_id, segments.read(expression), now))


def listed(house: House, segment: Segment, most: int = 50) -> list[Listed]:
    """All of a segment's people, page by page."""
    found: list[Listed] = []
    while some := _page(house, segment, found[-1].id if found else None, most):
        found += some
    return found


def _page(house: House, segment: Segment, before: int | None, most: int) -> list[Listed]:
    return house.store.read(lambda db: table.page(db, 1, segment, NOW, before, most))


def everybody(crowd: Crowd, chance: random.Random) -> dict[int, datetime | None]:
    """People of all kinds; returns when each last called."""
    contacts: dict[int, datetime | None] = {}
    for place in range(90):
        number = chance.choice(("+12025550", "+201001234", "+447400123")) + f"{place:03}"
        person = _one(crowd, chance, number)
        if chance.random() < 0.15:
            crowd.opts_out(person)
        if chance.random() < 0.1:
            crowd.is_blocked(person)
        contacts[person.id] = _called(crowd, chance, person)
    return contacts


def _one(crowd: Crowd, chance: random.Random, number: str) -> Person:
    kind = chance.random()
    if kind > 0.7:
        return crowd.invited(number) if kind > 0.85 else crowd.stranger(number)
    told = {"gender": chance.choice(GENDERS), "born": chance.choice(DAYS), "city": chance.choice(CITIES)}
    joined = NOW - timedelta(days=chance.randint(0, 60))
    given = {name: value for name, value in told.items() if value}
    person = crowd.member(number, language=chance.choice(("en", "ar")), at=joined, **given)
    if chance.random() < 0.15:
        crowd.leaves(person)
    return person


def _called(crowd: Crowd, chance: random.Random, person: Person) -> datetime | None:
    if chance.random() < 0.3:
        return None
    at = NOW - timedelta(days=chance.randint(0, 60))
    values = {"line": person.line_id, "number": person.number, "at": clock.written(at)}
    statement = (
        "INSERT INTO calls (sid, line_id, number, at, status, reply) VALUES (:number, :line, :number, :at, 'x', 'x')"
        if chance.random() < 0.5
        else "INSERT INTO messages (direction, line_id, number, at, body, status)"
        " VALUES ('in', :line, :number, :at, '', 'received')"
    )
    crowd.house.store.write(lambda db: db.execute(statement, values))
    return at


def _fits(one: Listed, condition: Condition, called: datetime | None) -> bool:
    """Whether a person fits a condition, worked out by hand."""
    name, sign, values = condition.field, condition.sign, condition.values
    if name == "age":
        return one.born is not None and any(_aged(date.fromisoformat(one.born), sign, int(value)) for value in values)
    if name in {"joined", "contact"}:
        since = NOW - timedelta(days=int(values[0][:-1]))
        at = called if name == "contact" else one.joined_at and clock.read(one.joined_at)
        return (name == "contact" and sign == "<") if at is None else (at >= since) == (sign == ">=")
    own = getattr(one, name)
    if name == "gender":
        found = (own or "unsaid") in values
    elif name == "city":
        found = table.city_key(own) in map(table.city_key, values)
    else:
        found = own in values
    return found == (sign == "=")


def _aged(born: date, sign: str, years: int) -> bool:
    own = age(born, NOW.date())
    signs = {">=": own >= years, "<=": own <= years, "=": own == years, ">": own > years, "<": own < years}
    return signs[sign]


def _condition(chance: random.Random) -> str:
    ages = f"age{chance.choice(('>=', '<=', '=', '<', '>'))}{chance.choice((17, 18, 19, 20, 37))}"
    equal, since = chance.choice(("=", "!=")), chance.choice((">=", "<"))
    return chance.choice(
        (
            ages,
            f"gender{equal}{chance.choice(('female', 'female,unsaid', 'male', 'unsaid'))}",
            f"city{equal}{chance.choice(('cairo', 'القاهره', 'NEW', 'Cairo,القاهرة'))}".replace("NEW", '"NEW YORK"'),
            f"country{equal}{chance.choice(('US', 'EG,GB'))}",
            f"language{equal}ar",
            f"joined{since}{chance.randint(1, 60)}d",
            f"contact{since}{chance.randint(1, 60)}d",
            f"state{equal}{chance.choice(('member', 'new,invited', 'opted-out,blocked', 'left', 'member,opted-out'))}",
        )
    )


def test_every_segment_is_counted_and_listed_as_if_each_person_were_looked_at(house: House, crowd: Crowd) -> None:
    chance = random.Random(4)
    contacts = everybody(crowd, chance)
    all_of_them = listed(house, segments.read(f"state={','.join(states.STATES)}"))
    assert len(all_of_them) == len(contacts)
    assert {one.state for one in all_of_them} == set(states.STATES)
    hits = 0
    for _ in range(400):
        segment = segments.read(" ".join(_condition(chance) for _ in range(chance.randint(0, 3))))
        asked = [one for one in segment.conditions if one.field != "state"]
        wanted = [
            one
            for one in all_of_them
            if one.state in segment.states and all(_fits(one, condition, contacts[one.id]) for condition in asked)
        ]
        found = listed(house, segment, most=chance.choice((1, 7, 50)))
        assert found == wanted, segments.written(segment)
        reachable = sum(one.consent_action == "given" and one.state == "member" for one in wanted)
        assert counted(house, segments.written(segment)) == Counted(len(wanted), reachable), segments.written(segment)
        hits += bool(wanted)
    assert hits > 150


def test_who_was_born_on_29_february_is_a_year_older_on_1_march(house: House, crowd: Crowd) -> None:
    crowd.member("+12025550143", born="2008-02-29")
    for day, years in ((datetime(2026, 2, 28, 23), 17), (datetime(2026, 3, 1), 18), (datetime(2028, 2, 29), 20)):
        assert age(date(2008, 2, 29), day.date()) == years
        for wanted in range(16, 22):
            found = counted(house, f"age={wanted}", day.replace(tzinfo=UTC))
            assert found.people == (wanted == years), (day, wanted)
            assert found == counted(house, f"age>={wanted} age<={wanted}", day.replace(tzinfo=UTC))


def test_blocking_opting_out_and_in_again_are_seen_in_the_count_at_once(house: House, crowd: Crowd) -> None:
    person = crowd.member("+12025550143")
    assert counted(house, "") == Counted(1, 1)
    crowd.opts_out(person)
    assert counted(house, "") == Counted(0, 0)
    assert counted(house, "state=opted-out") == Counted(1, 0)
    crowd.is_blocked(person)
    assert counted(house, "state=opted-out") == Counted(0, 0)
    assert counted(house, "state=blocked") == Counted(1, 0)
    house.store.write(lambda db: people.set_blocked(db, person, None))
    assert counted(house, "state=blocked") == Counted(0, 0)
    crowd.opts_in(person)
    assert counted(house, "") == Counted(1, 1)


def test_who_joins_while_blocked_is_not_counted_among_the_members(house: House, crowd: Crowd) -> None:
    crowd.is_blocked(crowd.stranger("+12025550143"))
    crowd.member("+12025550143")
    assert counted(house, "") == Counted(0, 0)
    assert counted(house, "state=blocked") == Counted(1, 0)


def test_people_of_another_line_and_erased_ones_are_not_counted(house: House, crowd: Crowd) -> None:
    crowd.member("+12025550143")
    crowd.stranger("+12025550144")
    house.store.write(lambda db: db.execute("UPDATE people SET number = 'erased:1' WHERE number = '+12025550144'"))
    assert counted(house, "state!=blocked") == Counted(1, 1)
    assert counted(house, "", line_id=2) == Counted(0, 0)
    assert counted(house, "state!=blocked", line_id=2) == Counted(0, 0)


@pytest.mark.parametrize("three", list(combinations(EVERY, 3)))
def test_conditions_on_members_are_answered_by_an_index_alone(house: House, three: tuple[str, ...]) -> None:
    query = table.counting(1, segments.read(" ".join(EVERY[name] for name in three)), NOW)
    steps = house.store.read(lambda db: [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query.sql}", query.values)])
    (step,) = steps
    wanted = "members_cities" if "city" in three else "members_segments" if "country" in three else "members_"
    assert step.startswith(f"SEARCH members USING COVERING INDEX {wanted}")


@pytest.mark.parametrize("expression", ["", "gender=female joined>=30d", "state=new,invited", "contact>=30d"])
def test_a_page_of_a_million_is_found_along_the_ids_not_sorted(house: House, expression: str) -> None:
    query = table.paging(1, segments.read(expression), NOW, 500_000, 50)
    steps = house.store.read(lambda db: [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query.sql}", query.values)])
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
