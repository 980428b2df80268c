"""Codes to record by telephone: six digits, fifteen minutes, one call; a hash alone is kept; guessing ends them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from inside import rows, the_line
from operating import begun
from running import PHONE

from ivr import greeting_codes, lines, operators
from ivr.errors import WrongGreeting
from ivr.greeting_codes import LIFE, LONGEST_CALL, make_code
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.roles import Role
from ivr.store import lines as line_table
from ivr.store import operators as operator_table
from ivr.store.audit import Actor
from ivr.store.greeting_codes import MOST_WRONG, Code
from ivr.store.greetings import Place
from ivr.store.operators import Grant

Enters = Callable[..., Code | None]


@pytest.fixture
def place(house: House) -> Place:
    """Where the greeting of the tests is heard."""
    return Place(the_line(house.store).id, "ar")


@pytest.fixture
def code(house: House, place: Place, now: datetime) -> str:
    """A code."""
    return make_code(house.store, house.settings.secret_key, place, COMMAND_LINE, now)


@pytest.fixture
def enter(house: House, place: Place, sid: Callable[[str], str], now: datetime) -> Enters:
    """Enters a code, each time in a call of its own unless it is named."""

    def make(digits: str, line_id: int = place.line_id, at: datetime = now, call: str = "") -> Code | None:
        return greeting_codes.enter(house, digits, line_id, (call or sid("CA"), PHONE), at)

    return make


def wrong(code: str) -> str:
    """Six other digits."""
    return f"{(int(code) + 1) % 10**6:06}"


def sara(house: House, role: Role = Role.ADMIN, line_id: int | None = None) -> Actor:
    """An operator."""
    begun(house, "Sara", role, line_id)
    found = house.store.read(lambda db: operator_table.find(db, "Sara"))
    assert found
    return Actor(found.id, found.name, "192.0.2.7")


def audited(house: House) -> list[tuple[str, str, str, str]]:
    """Who did what to what, from where."""
    return rows(house.store, "SELECT operator, action, subject, address FROM audit ORDER BY id")  # type: ignore[return-value]


def test_a_code_is_six_digits_and_opens_its_place(code: str, enter: Enters, place: Place) -> None:
    assert len(code) == 6 and code.isdigit()
    found = enter(code)
    assert found and (found.place, found.operator) == (place, COMMAND_LINE.name)


def test_the_database_does_not_hold_it(house: House, code: str, enter: Enters) -> None:
    house.store.checkpoint()
    held = b"".join(path.read_bytes() for path in house.store.path.parent.glob(house.store.path.name + "*"))
    assert code.encode() not in held
    (hash_,) = rows(house.store, "SELECT hash FROM greeting_codes")[0]
    assert len(hash_) == 32


def test_the_same_digits_have_another_hash_with_another_key_and_on_another_line(
    house: House, code: str, place: Place
) -> None:
    hashes = {
        greeting_codes.hash_of("key", place.line_id, code),
        greeting_codes.hash_of("another", place.line_id, code),
    }
    hashes.add(greeting_codes.hash_of("key", place.line_id + 1, code))
    assert len(hashes) == 3


def test_it_works_in_one_call_and_in_that_as_often_as_the_carrier_asks(code: str, enter: Enters) -> None:
    call = "CA" + "1" * 32
    assert enter(code, call=call) == enter(code, call=call) is not None
    assert enter(code) is None


def test_it_lives_for_fifteen_minutes(code: str, enter: Enters, now: datetime) -> None:
    assert enter(code, at=now + LIFE) is None
    assert enter(code, at=now + LIFE - timedelta(seconds=1))
    assert timedelta(minutes=15) == LIFE


def test_a_call_that_began_in_time_may_go_on_for_an_hour(house: House, code: str, enter: Enters, now: datetime) -> None:
    call = "CA" + "1" * 32
    enter(code, call=call)

    def after(wait: timedelta) -> Code | None:
        return house.store.read(lambda db: greeting_codes.of_call(db, call, now + LIFE + wait))

    assert after(LONGEST_CALL - timedelta(seconds=1))
    assert after(LONGEST_CALL) is None


def test_after_five_wrong_tries_the_right_code_is_dead_and_the_audit_says_so(
    house: House, code: str, enter: Enters, now: datetime
) -> None:
    for _ in range(MOST_WRONG):
        assert enter(wrong(code)) is None
    assert enter(code) is None
    ended = [row for row in audited(house) if row[1] == "greeting codes ended"]
    assert ended == [("somebody on the telephone", "greeting codes ended", the_line(house.store).number, PHONE)]


def test_four_wrong_tries_leave_it_alive(code: str, enter: Enters) -> None:
    for _ in range(MOST_WRONG - 1):
        assert enter(wrong(code)) is None
    assert enter(code)


def test_wrong_tries_count_on_every_code_of_the_line(
    house: House, place: Place, code: str, enter: Enters, now: datetime
) -> None:
    other = make_code(house.store, house.settings.secret_key, Place(place.line_id, "en"), COMMAND_LINE, now)
    guesses = ("111111", "222222", "333333", "444444", "555555", "666666", "777777")
    for digits in [digits for digits in guesses if digits not in (code, other)][:MOST_WRONG]:
        enter(digits)
    assert enter(code) is None and enter(other) is None


def test_what_cannot_be_a_code_is_no_guess(code: str, enter: Enters) -> None:
    for digits in ("", "1", "12345", "1234567", "12345*", "١٢٣٤٥٦"):
        for _ in range(2):
            assert enter(digits) is None
    assert enter(code)


def test_a_code_of_another_line_does_not_work_and_tries_on_one_leave_the_other_alone(
    house: House, code: str, enter: Enters, now: datetime
) -> None:
    lines.add(house.store, "+442071838750", "Second Figure", now)
    other = next(line for line in house.store.read(line_table.everyone) if line.name == "Second Figure")
    for _ in range(MOST_WRONG + 1):
        assert enter(code, line_id=other.id) is None
    assert enter(code)


def test_a_new_code_replaces_the_operators_earlier_one_for_the_place_and_no_other(
    house: House, place: Place, code: str, enter: Enters, now: datetime
) -> None:
    def made(where: Place, by: Actor = COMMAND_LINE) -> str:
        return make_code(house.store, house.settings.secret_key, where, by, now)

    elsewhere, of_sara, again = made(Place(place.line_id, "en")), made(place, sara(house)), made(place)
    assert enter(code) is None
    assert all(enter(one) for one in (elsewhere, of_sara, again))


@pytest.mark.parametrize("place", [Place(1, "xx"), Place(1, "en", "jingle")])
def test_there_are_codes_for_what_can_be_recorded_only(house: House, place: Place, now: datetime) -> None:
    with pytest.raises(WrongGreeting):
        make_code(house.store, house.settings.secret_key, place, COMMAND_LINE, now)


def test_making_and_entering_stand_in_the_audit(house: House, place: Place, enter: Enters, now: datetime) -> None:
    code = make_code(house.store, house.settings.secret_key, place, sara(house), now)
    enter(code)
    number = the_line(house.store).number
    assert audited(house)[-2:] == [
        ("Sara", "greeting code made", number, "192.0.2.7"),
        ("Sara", "greeting code entered", number, PHONE),
    ]


def test_a_disabled_operators_code_and_call_are_dead(house: House, place: Place, enter: Enters, now: datetime) -> None:
    actor, call = sara(house), "CA" + "1" * 32
    codes = [make_code(house.store, house.settings.secret_key, Place(1, one), actor, now) for one in ("en", "ar")]
    assert enter(codes[0], call=call)
    operators.disable(house.store, "Sara", COMMAND_LINE, now)
    assert enter(codes[1]) is None
    assert house.store.read(lambda db: greeting_codes.of_call(db, call, now)) is None


def test_who_is_no_longer_admin_of_the_line_cannot_use_theirs(
    house: House, place: Place, enter: Enters, now: datetime
) -> None:
    code = make_code(house.store, house.settings.secret_key, place, sara(house), now)
    operators.give(house.store, "Sara", [Grant(None, Role.SENDER)], COMMAND_LINE, now)
    assert enter(code) is None
    operators.give(house.store, "Sara", [Grant(place.line_id, Role.ADMIN)], COMMAND_LINE, now)
    assert enter(code)


def test_codes_of_long_ago_are_forgotten(house: House, place: Place, code: str, now: datetime) -> None:
    make_code(house.store, house.settings.secret_key, place, COMMAND_LINE, now + timedelta(days=2))
    assert len(rows(house.store, "SELECT id FROM greeting_codes")) == 1
