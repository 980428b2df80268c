"""Calibrating: what follows from what was heard, and that three calls are enough in every country."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inside import the_line
from running import NUMBER

from ivr import calibrating, lines
from ivr.calibrating import Finding, Heard, counted, infer, pause_of, read_heard, setting
from ivr.errors import WrongLine
from ivr.house import House
from ivr.ringing import MOST_RINGS, Cadence, cadence_of, cadences
from ivr.store import audit
from ivr.store.audit import Actor, Entry, Wanted
from ivr.store.lines import Line

SARA = Actor(None, "Sara", "192.0.2.7")
MOST_CALLS = 3
KENYA = {(2, -1.0), (2, 3.0), (5, -1.4), (5, 2.6)}
"""Rings and delays at which Kenya's ringing, whose silences are of several lengths, never comes right: the answer falls
into the very millisecond in which a ring begins or ends, before each calibration and after."""
RINGS = range(1, MOST_RINGS + 1)


def line_in(country: str, rings: int = 3, **values: object) -> Line:
    """A line of a country; not stored."""
    return replace(Line(NUMBER, "Ada", country=country, rings=rings), **values)


def heard_of(cadence: Cadence, answered: float) -> Heard:
    """What a caller hears whose call is answered then."""
    at, whole = max(0, round(answered * 1000)), 0
    while cadence.ring_ms(whole + 1)[1] <= at:
        whole += 1
    return Heard(whole, cadence.ring_ms(whole + 1)[0] < at)


def calls(line: Line, delay: float) -> Iterator[Heard]:
    """What is heard in one call after another, with a calibration between them; ends when one cannot be."""
    while True:
        heard = heard_of(cadence_of(line.country), pause_of(line) + delay)
        yield heard
        try:
            line = replace(line, adjust=infer(line, heard).adjust)
        except WrongLine:
            return


def comes_right(line: Line, delay: float) -> bool:
    """Whether the caller hears what was wanted after at most three calibrations, and ever after."""
    heard = [one for one, _ in zip(calls(line, delay), range(MOST_CALLS + 3), strict=False)]
    return len(heard) > MOST_CALLS and set(heard[MOST_CALLS:]) == {Heard(line.rings)}


def can_be_right(line: Line, delay: float) -> bool:
    """Whether any pause at all makes it ring as often as wanted."""
    cadence = cadence_of(line.country)
    return any(heard_of(cadence, pause + delay) == Heard(line.rings) for pause in range(1, 61))


@pytest.mark.parametrize("rings", RINGS)
def test_three_calls_are_enough_in_every_country_with_every_delay(rings: int) -> None:
    delays = [tenths / 10 for tenths in range(-30, 61, 2)]
    wrong = {
        (country, delay)
        for country in cadences()
        for delay in delays
        if not comes_right(line_in(country, rings), delay) and can_be_right(line_in(country, rings), delay)
    }
    assert wrong == {("KE", delay) for kenyan, delay in KENYA if kenyan == rings and delay in delays}


@given(st.sampled_from(sorted(cadences())), st.integers(1, 6), st.floats(-3, 6), st.integers(-2, 5))
def test_it_comes_right_from_any_adjustment(country: str, rings: int, delay: float, adjust: int) -> None:
    line = line_in(country, rings, adjust=adjust)
    delay = round(delay, 3)
    on_the_edge = country == "KE" and any(wanted == rings for wanted, _ in KENYA)
    assert on_the_edge or comes_right(line, delay) or not can_be_right(line, delay)


def test_where_no_pause_could_be_right_it_rings_once_or_twice() -> None:
    """The shortest pause is a second: with a longer delay the silence after ring 1 is over before we can answer."""
    never = {
        rings: {country for country in cadences() if not can_be_right(line_in(country, rings), 6.0)} for rings in RINGS
    }
    assert (len(never[1]), len(never[2])) == (181, 35)
    assert {"GB", "JP", "EG"} <= never[2]
    assert not never[3] | never[4] | never[5] | never[6]
    for rings in RINGS:
        assert not [country for country in cadences() if not can_be_right(line_in(country, rings), 0.5)]


@pytest.mark.parametrize(
    ("country", "heard", "finding"),
    [
        ("US", Heard(3), Finding(14, 18, 1, 0, 0)),
        ("US", Heard(3, True), Finding(18, 20, 4, 0, -3)),
        ("US", Heard(4), Finding(20, 24, 7, 0, -6)),
        ("US", Heard(2, True), Finding(12, 14, -2, 0, 3)),
        ("US", Heard(0, True), Finding(0, 2, -14, 0, 15)),
        ("US", Heard(0), Finding(0, 0, -15, 0, 16)),
        ("GB", Heard(3, True), Finding(9, 10, 2.5, 0, -1)),
        ("GB", Heard(2), Finding(4, 6, -2, 0, 3)),
        ("EG", Heard(2, True), Finding(6, 8, 0, 0, 1)),
    ],
)
def test_what_was_heard_tells_when_it_answered(country: str, heard: Heard, finding: Finding) -> None:
    assert infer(line_in(country), heard) == finding


def test_what_was_learnt_before_is_kept() -> None:
    assert infer(line_in("US", adjust=-3), Heard(2, True)) == Finding(12, 14, 1, -3, 0)
    assert infer(line_in("US", adjust=-3), Heard(3)).is_right


def test_a_line_that_counts_the_callers_ring_is_calibrated_by_it() -> None:
    line = line_in("US", cadence="caller")
    assert infer(line, Heard(3, True), "GB") == infer(line_in("GB"), Heard(3, True))
    assert infer(line, Heard(3, True)) == infer(line_in("US"), Heard(3, True))
    assert infer(line_in("US"), Heard(3, True), "GB") == infer(line_in("US"), Heard(3, True))


@pytest.mark.parametrize(
    ("line", "heard", "fault"),
    [
        (line_in("US"), Heard(12), "Call again and count again"),
        (line_in("JP"), Heard(12), "Call again and count again"),
        (line_in("US", 0), Heard(3), "answers at once"),
        (line_in("GB", 1, adjust=0), Heard(2), "Let it ring more often"),
        (line_in("US", 6, adjust=27), Heard(0), "Let it ring less often"),
    ],
)
def test_what_cannot_be_says_what_to_do(line: Line, heard: Heard, fault: str) -> None:
    with pytest.raises(WrongLine, match=fault):
        infer(line, heard)


def test_the_pause_stays_within_bounds() -> None:
    assert infer(line_in("US", 6), Heard(0)).adjust == 27
    assert pause_of(line_in("US", 6, adjust=27)) == 60
    assert infer(line_in("US", 1), Heard(3)).adjust == -2
    assert pause_of(line_in("US", 1, adjust=-2)) == 1


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        *(("3", Heard(3)), (" 4 ", Heard(4)), ("0", Heard(0)), ("3.0", Heard(3))),
        *((typed, Heard(3, True)) for typed in ("3.5", "3,5", "٣٫٥", "3.25")),
    ],
)
def test_rings_are_read_as_they_are_typed(typed: str, heard: Heard) -> None:
    assert read_heard(typed) == heard


@pytest.mark.parametrize("typed", ["", "three", "-1", "3.", "1e3", "3½", "99999"])
def test_what_is_no_number_of_rings_is_said(typed: str) -> None:
    with pytest.raises(WrongLine, match="as a number"):
        read_heard(typed)


def test_the_last_one_is_counted_and_was_cut_short() -> None:
    assert counted("4", cut_short=True) == Heard(3, True) == counted("3.5", cut_short=True)
    assert counted("4", cut_short=False) == Heard(4)
    with pytest.raises(WrongLine, match="count that one too"):
        counted("0", cut_short=True)


def audited(house: House) -> list[Entry]:
    """What the audit says, newest first."""
    return house.store.read(lambda db: audit.newest(db, Wanted(text="calibrat"), None))[0]


def test_a_calibration_is_kept_with_who_did_it_and_can_be_undone(house: House, now: datetime) -> None:
    calibrating.calibrate(house.store, NUMBER, Heard(3, True), setting(the_line(house.store)), SARA, now)
    assert the_line(house.store).adjust == -3
    calibrating.undo(house.store, NUMBER, 0, SARA, now)
    assert the_line(house.store).adjust == 0
    undone, calibrated = audited(house)
    assert (calibrated.operator, calibrated.action, calibrated.subject) == ("Sara", "line calibrated", NUMBER)
    assert calibrated.details == {"heard": "3.5", "before": 0, "adjust": -3}
    assert (undone.action, undone.details) == ("line calibration undone", {"before": -3, "adjust": 0})


def test_what_was_right_changes_nothing_and_is_not_noted(house: House, now: datetime) -> None:
    before = the_line(house.store)
    assert calibrating.calibrate(house.store, NUMBER, Heard(3), setting(before), SARA, now).is_right
    calibrating.undo(house.store, NUMBER, 0, SARA, now)
    assert (the_line(house.store), audited(house)) == (before, [])


def test_an_answer_that_comes_twice_counts_once(house: House, now: datetime) -> None:
    as_called = setting(the_line(house.store))
    calibrating.calibrate(house.store, NUMBER, Heard(3, True), as_called, SARA, now)
    with pytest.raises(WrongLine, match="since you called"):
        calibrating.calibrate(house.store, NUMBER, Heard(3, True), as_called, SARA, now)
    assert (the_line(house.store).adjust, len(audited(house))) == (-3, 1)


@pytest.mark.parametrize("values", [{"rings": 2}, {"country": "GB"}, {"cadence": "caller"}, {"adjust": 1}])
def test_what_was_heard_of_a_line_as_it_was_is_not_used(house: House, now: datetime, values: dict[str, object]) -> None:
    as_called = setting(the_line(house.store))
    lines.change(house.store, NUMBER, **values)
    with pytest.raises(WrongLine, match="since you called"):
        calibrating.calibrate(house.store, NUMBER, Heard(3, True), as_called, SARA, now)
    assert audited(house) == []


def test_a_calibration_that_cannot_be_noted_is_not_made(house: House, now: datetime) -> None:
    def no_room(*_: object) -> None:
        raise OSError("no room")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "append", no_room)
        with pytest.raises(OSError, match="no room"):
            calibrating.calibrate(house.store, NUMBER, Heard(4), setting(the_line(house.store)), SARA, now)
    assert the_line(house.store).adjust == 0


def test_an_adjustment_out_of_bounds_is_not_gone_back_to(house: House, now: datetime) -> None:
    with pytest.raises(WrongLine, match="within 1 to 60"):
        calibrating.undo(house.store, NUMBER, -15, SARA, now)
    assert audited(house) == []
