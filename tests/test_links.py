"""The personal link: the same for a repeat, nobody else's, dead when it is old or replaced."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from inside import the_line
from running import NUMBER, PHONE

from ivr import clock, links
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.store import lines
from ivr.store.people import Person

AT = datetime(2026, 11, 3, 20, 15, tzinfo=UTC)
KEY = "a key of the tests"


@pytest.fixture
def person(house: House) -> Person:
    """Somebody who has just been met."""
    line = the_line(house.store)
    return house.store.write(lambda db: meet(db, [Visitor(line, PHONE, AT)], "key"))[0]


def owner(house: House, token: str, at: datetime = AT) -> Person | None:
    """Whose link it is."""
    return house.store.read(lambda db: links.owner(db, token, at, KEY))


def test_it_is_the_same_each_time_and_another_for_any_difference(person: Person) -> None:
    token = links.token_of(person, KEY)
    assert token == links.token_of(person, KEY)
    others = {
        links.token_of(person, "another key"),
        links.token_of(replace(person, number="+12025550144"), KEY),
        links.token_of(replace(person, line_id=2), KEY),
        links.token_of(replace(person, link_counter=1), KEY),
        links.token_of(replace(person, id=person.id + 1), KEY),
        links.token_of(replace(person, first_at="2027-01-01T00:00:00.000Z"), KEY),
    }
    assert len(others | {token}) == 7


def test_it_has_128_bits_at_least_and_goes_into_an_address_as_it_is(person: Person) -> None:
    token = links.token_of(person, KEY)
    assert len(token) == links.LENGTH and links.SECRET_BYTES * 8 >= 128
    assert token.replace("-", "a").replace("_", "a").isalnum() and token.isascii()


def test_the_database_does_not_hold_it(house: House, person: Person) -> None:
    token = links.token_of(person, KEY)
    house.store.close()
    for file in house.settings.instance_path.glob("third-ring.db*"):
        assert token.encode() not in file.read_bytes()


def test_it_opens_its_owners_page_for_thirty_days(house: House, person: Person) -> None:
    token = links.token_of(person, KEY)
    assert owner(house, token) == person
    assert owner(house, token, AT + timedelta(days=29, hours=23)) == person
    assert owner(house, token, AT + timedelta(days=30)) is None


@pytest.mark.parametrize("token", ["", "a" * 26, "a" * 27, "a" * 28, "a" * 4000, "../" * 9, "é" * 27, "a" * 26 + "\n"])
def test_what_is_no_link_of_ours_opens_nothing(house: House, person: Person, token: str) -> None:
    assert owner(house, token) is None


def test_any_other_letter_makes_it_nobodys(house: House, person: Person) -> None:
    token = links.token_of(person, KEY)
    for place in range(links.LENGTH):
        for letter in "AQgw-_":
            changed = token[:place] + letter + token[place + 1 :]
            assert (owner(house, changed) == person) is (changed == token)


def test_it_does_not_tell_how_many_people_there_are(person: Person) -> None:
    beginnings = {links.token_of(replace(person, id=n, number=f"+1202555{n:04d}"), KEY)[:5] for n in range(1, 200)}
    assert len(beginnings) > 190


def test_past_half_its_life_it_is_replaced_and_the_old_one_is_dead(house: House, person: Person) -> None:
    old = links.token_of(person, KEY)
    young, later = AT + timedelta(days=14), AT + timedelta(days=16)
    assert house.store.write(lambda db: links.fresh(db, person, young)) == person
    renewed = house.store.write(lambda db: links.fresh(db, person, later))
    assert renewed.link_counter == 1
    assert owner(house, old, later) is None
    assert owner(house, links.token_of(renewed, KEY), later) == renewed
    assert owner(house, links.token_of(renewed, KEY), later + timedelta(days=29)) == renewed


def test_it_is_filled_in_where_the_text_has_its_place(person: Person) -> None:
    token = links.token_of(person, KEY)
    assert links.filled_in("see {link}", person, "https://example.com", KEY) == f"see https://example.com/j/{token}"
    assert links.filled_in("no place", person, "https://example.com", KEY) == "no place"
    assert links.filled_in("see {link}", None, "https://example.com", KEY) == "see {link}"


def test_a_number_is_another_person_on_another_line(house: House, person: Person) -> None:
    house.store.write(lambda db: lines.add(db, lines.Line("+14155550101", "Grace"), clock.written(AT)))
    other = house.store.read(lambda db: lines.find(db, "+14155550101"))
    assert other is not None and other.number != NUMBER
    met = house.store.write(lambda db: meet(db, [Visitor(other, PHONE, AT)], "key"))[0]
    assert links.token_of(met, KEY) != links.token_of(person, KEY)


def test_a_link_that_leads_to_nobody_takes_the_work_of_one_that_was_replaced(
    house: House, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []
    digest = links.hmac.digest

    def counted(key: bytes, text: bytes, name: str) -> bytes:
        worked.append(name)
        return digest(key, text, name)

    token = links.token_of(person, KEY)
    house.store.write(lambda db: links.fresh(db, person, AT + timedelta(days=20)))
    monkeypatch.setattr("ivr.links.hmac.digest", counted)
    for dead in (token, "A" * links.LENGTH):
        assert owner(house, dead) is None
        worked.append("end")
    first, second = " ".join(worked).split("end")[:2]
    assert first.split() == second.split() != []
