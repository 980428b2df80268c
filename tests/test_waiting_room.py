"""The waiting room: exactly who came and has not signed up; reminded by hand, once, with every check of the nudge."""

from datetime import timedelta

import pytest
from inside import person_of, rows, texts_in_the_carriers_log, the_line, with_values
from reminding import DAY, FIRST, HOUR, joined, nudges_of, set_status, texted
from running import PHONE
from the_people import Crowd

from ivr import erasing, lines, nudging, outbox, waiting_room
from ivr.auto_reply import Answer
from ivr.house import House
from ivr.simulator import Simulator
from ivr.store import waiting
from ivr.store.audit import Actor
from ivr.waiting_room import Judged

Pair = tuple[House, Simulator]
GRACE = Actor(None, "Grace", "192.0.2.7")
OTHERS = tuple(f"+1202555{number}" for number in range(1200, 1209))
HAWAII = "+18085550123"


@pytest.fixture
def house(both: Pair) -> House:
    """An installation whose line reminds nobody by itself."""
    return both[0]


def remind(house: House, *numbers: str, at: object = None) -> list[Judged]:
    """Let an operator have them reminded."""
    ids = [person_of(house.store, number).id for number in numbers or (PHONE,)]
    return waiting_room.remind(house.store, the_line(house.store), ids, GRACE, at or FIRST + DAY)  # type: ignore[arg-type]


def waits(house: House) -> int:
    """How many wait, by the kept count; it is what looking at each says."""
    line = the_line(house.store)
    counted = house.store.read(lambda db: waiting.count(db, line.id))
    page = house.store.read(lambda db: waiting.page(db, line.id, None, None, 1_000, 10))
    assert page.onward is None and len(page.people) == counted
    return counted


def test_everybody_who_came_and_has_not_signed_up_waits(house: House) -> None:
    crowd = Crowd(house, FIRST)
    for number in OTHERS:
        crowd.stranger(number)
    assert waits(house) == 9
    house.store.write(lambda db: waiting.count_on(db, 1))
    assert rows(house.store, "SELECT * FROM waiting_room") == [(1, 9, 9)]
    crowd.member(OTHERS[0])
    assert waits(house) == 8
    crowd.leaves(person_of(house.store, OTHERS[0]))
    crowd.opts_out(person_of(house.store, OTHERS[1]))
    crowd.is_blocked(person_of(house.store, OTHERS[2]))
    crowd.is_blocked(person_of(house.store, OTHERS[1]))
    erasing.erase(house, person_of(house.store, OTHERS[3]), erasing.THEMSELVES, FIRST)
    assert waits(house) == 5
    crowd.opts_in(person_of(house.store, OTHERS[1]))
    assert waits(house) == 5
    house.store.write(lambda db: db.execute("UPDATE people SET blocked_at = NULL"))
    assert waits(house) == 7
    crowd.stranger(OTHERS[3])
    assert waits(house) == 8


def test_the_kept_count_follows_in_the_background_on_every_line(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_room, "LITTLE", 1)
    monkeypatch.setattr(waiting, "AT_ONCE", 4)
    lines.add(house.store, "+442071838750", "Other", FIRST)
    for number in OTHERS:
        Crowd(house, FIRST).stranger(number)
    waiting_room.keep_count(house, FIRST)
    assert rows(house.store, "SELECT * FROM waiting_room ORDER BY line_id") == [(1, 9, 9), (2, 9, 0)]
    assert waits(house) == 9
    assert waiting_room.keep_count(house, FIRST) == 0


def test_pages_go_back_one_after_the_other_by_what_people_did(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "WINDOW", 2)
    for place, number in enumerate(OTHERS):
        Crowd(house, FIRST).stranger(number)
        if place % 3 == 0:
            texted(house, number, FIRST, f"text {place}")

    def pages(wrote: bool | None, budget: float) -> list[str]:
        found, place = [], None
        while True:
            page = house.store.read(lambda db, place=place: waiting.page(db, 1, wrote, place, 2, budget))  # type: ignore[misc]
            found += [one.number for one in page.people]
            place = page.onward
            if place is None:
                return found

    for budget in (0, 10):
        assert pages(None, budget) == list(reversed(OTHERS))
        assert pages(True, budget) == [OTHERS[6], OTHERS[3], OTHERS[0]]
        assert sorted(pages(False, budget) + pages(True, budget)) == sorted(OTHERS)


def test_who_waits_is_shown_with_the_last_that_they_wrote(house: House) -> None:
    texted(house, PHONE, FIRST, "first")
    texted(house, PHONE, FIRST + HOUR, "last")
    remind(house)
    (one,) = house.store.read(lambda db: waiting.page(db, 1, None, None, 50, 1)).people
    assert (one.number, one.body, one.called, bool(one.nudged_at)) == (PHONE, "last", 0, True)
    assert one.goes_at == nudges_of(house)[0].due_at


def test_an_operator_reminds_once_though_the_line_does_not(both: Pair) -> None:
    house, carrier = both
    texted(house, PHONE, FIRST)
    assert nudging.nudge(house, FIRST + DAY) == 0
    assert remind(house) == [Judged(FIRST + DAY)]
    assert remind(house) == [Judged(None, "was reminded")]
    outbox.send_due(house, FIRST + DAY)
    assert texts_in_the_carriers_log(carrier) == {PHONE: 1}
    with_values(house, nudges=True)
    assert nudging.nudge(house, FIRST + DAY) == 0
    assert rows(house.store, "SELECT subject FROM audit WHERE action = 'person reminded'") == [(PHONE,)]


def test_a_nudge_of_the_lines_own_still_ends_with_the_lines_wish(both: Pair) -> None:
    house, carrier = both
    with_values(house, nudges=True)
    texted(house, PHONE, FIRST)
    assert nudging.nudge(house, FIRST + DAY) == 1
    with_values(house, nudges=False)
    outbox.send_due(house, FIRST + DAY)
    assert texts_in_the_carriers_log(carrier) == {}


def test_a_reminder_waits_for_a_day_after_the_link_and_for_the_morning(house: House) -> None:
    texted(house, PHONE, FIRST)
    assert remind(house, at=FIRST + HOUR) == [Judged(FIRST + DAY)]
    texted(house, OTHERS[0], FIRST + timedelta(hours=10))
    (judged,) = remind(house, OTHERS[0], at=FIRST + timedelta(hours=11))
    assert judged.goes_at and judged.goes_at > FIRST + timedelta(hours=34)
    assert judged.goes_at.hour == 15  # ten in the morning in Washington, on a Friday
    assert nudges_of(house, OTHERS[0])[0].due_at


def who(house: House, what: str) -> Answer | None:
    """Somebody texted, and then there is a reason not to remind them."""
    crowd = Crowd(house, FIRST)
    if what == "has not texted":
        crowd.invited(PHONE)
        return None
    answer = texted(house, PHONE, FIRST, "no more messages about the vote" if what == "may stop" else "hello")
    person = person_of(house.store, PHONE)
    if what == "has opted out":
        crowd.opts_out(person)
    elif what == "was blocked":
        crowd.is_blocked(person)
    elif what == "has signed up":
        joined(house, PHONE, FIRST)
    elif what == "US is not answered":
        with_values(house, countries=("EG",))
    elif what == "a text of ours did not arrive":
        set_status(house, answer.message_id, "undelivered")
    elif what == "has no link yet":
        set_status(house, answer.message_id, "skipped")
    return answer


@pytest.mark.parametrize(
    "why",
    [
        *("has not texted", "has opted out", "was blocked", "has signed up", "US is not answered"),
        *("a text of ours did not arrive", "has no link yet"),
    ],
)
def test_every_check_of_the_nudge_holds(house: House, why: str) -> None:
    who(house, why)
    assert remind(house) == [Judged(None, why)]
    assert nudges_of(house) == []
    assert person_of(house.store, PHONE).nudged_at is None


def test_who_changed_meanwhile_is_not_reminded_after_all(both: Pair) -> None:
    house, _ = both
    texted(house, PHONE, FIRST)
    remind(house)
    joined(house, PHONE, FIRST + HOUR)
    outbox.send_due(house, FIRST + DAY)
    assert [text.status for text in nudges_of(house)] == ["skipped"]


def test_nobody_of_another_line_is_reminded(house: House) -> None:
    texted(house, PHONE, FIRST)
    lines.add(house.store, "+442071838750", "Other", FIRST)
    other = next(line for line in house.store.read(lambda db: lines.table.everyone(db)) if line.id == 2)
    judged = waiting_room.remind(house.store, other, [person_of(house.store, PHONE).id], GRACE, FIRST + DAY)
    assert judged == [Judged(None, "has left")]
    assert nudges_of(house) == []
