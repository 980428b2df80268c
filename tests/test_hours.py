"""When somebody may be texted unasked: by the clocks of every place where their number may be."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from phonenumbers.tzdata import TIMEZONE_DATA

from ivr.hours import LOOK_AHEAD, allowed, next_allowed
from ivr.phone_numbers import zones_of

CHICAGO, NEW_YORK, CAIRO, TEL_AVIV, LONDON, SYDNEY = (
    "+17735550100", "+12025550143", "+201001234567", "+972502345678", "+447400123456", "+61412345678",
)  # fmt: skip
JAMAICA, QATAR = "+18762101234", "+97433123456"
FREEPHONE, PERSONAL, MOSCOW = "+18005550100", "+15215550100", "+79161234567"
NOWHERE = ("+882123456789", "+19995550100", "anonymous", "", "40404")


def at(text: str) -> datetime:
    """A moment, written in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "moment", "may"),
    [
        (CHICAGO, "2026-11-04T15:59:59", False),
        (CHICAGO, "2026-11-04T16:00:00", True),
        (CHICAGO, "2026-11-04T22:59:59", True),
        (CHICAGO, "2026-11-04T23:00:00", False),
        (CHICAGO, "2026-11-07T18:00:00", True),  # Saturday
        (CHICAGO, "2026-11-08T18:00:00", False),  # Sunday
        (CAIRO, "2026-11-06T10:00:00", False),  # Friday
        (CAIRO, "2026-11-08T10:00:00", True),  # Sunday
        (QATAR, "2026-11-06T10:00:00", False),
        (TEL_AVIV, "2026-11-06T10:00:00", True),
        (TEL_AVIV, "2026-11-07T10:00:00", False),  # Saturday
        (TEL_AVIV, "2026-11-08T10:00:00", True),
        (JAMAICA, "2026-11-04T15:00:00", True),
        (JAMAICA, "2026-11-04T14:59:00", False),
    ],
)
def test_the_window_is_that_of_the_place_and_its_day_of_rest(number: str, moment: str, may: bool) -> None:
    assert allowed(number, at(moment)) is may


@pytest.mark.parametrize(
    ("number", "moment", "then"),
    [
        (CHICAGO, "2026-11-04T17:30:00", "2026-11-04T17:30:00"),
        (CHICAGO, "2026-11-04T03:00:00", "2026-11-04T16:00:00"),
        (CHICAGO, "2026-11-04T23:00:00", "2026-11-05T16:00:00"),
        (CHICAGO, "2026-11-07T23:00:00", "2026-11-09T16:00:00"),  # Saturday evening: Monday
        (CAIRO, "2026-11-05T15:30:00", "2026-11-07T08:00:00"),  # Thursday evening: Saturday
        (NEW_YORK, "2026-03-07T22:30:00", "2026-03-09T14:00:00"),  # the clocks go forward between
        (NEW_YORK, "2026-10-31T21:30:00", "2026-11-02T15:00:00"),  # and back
        (LONDON, "2026-03-28T17:30:00", "2026-03-30T09:00:00"),
        (LONDON, "2026-10-24T16:30:00", "2026-10-26T10:00:00"),
        (TEL_AVIV, "2026-03-26T15:30:00", "2026-03-27T07:00:00"),  # on a day on which one may
        (SYDNEY, "2026-11-04T00:00:00", "2026-11-04T03:30:00"),  # Cocos Islands: half past three hours later
    ],
)
def test_who_may_not_be_texted_now_may_be_when_the_place_opens(number: str, moment: str, then: str) -> None:
    assert next_allowed(number, at(moment)) == at(then)


def test_where_several_zones_are_possible_it_is_day_in_all_of_them() -> None:
    open_hours = [hour for hour in range(24) if allowed(SYDNEY, at(f"2026-11-04T{hour:02}:45:00"))]
    zones = [ZoneInfo(zone) for zone in zones_of(SYDNEY)]
    assert len(zones) == 8 and open_hours == [3, 4, 5]
    for hour in open_hours:
        for zone in zones:
            assert time(10) <= at(f"2026-11-04T{hour:02}:45:00").astimezone(zone).time() < time(17)


@pytest.mark.parametrize("number", [FREEPHONE, PERSONAL, MOSCOW])
def test_a_number_that_may_be_on_either_side_of_the_world_is_never_texted(number: str) -> None:
    assert len(zones_of(number)) > 5
    assert next_allowed(number, at("2026-11-03T12:00:00")) is None
    assert not any(allowed(number, at("2026-11-01T00:00:00") + timedelta(hours=hour)) for hour in range(168))


@pytest.mark.parametrize("number", NOWHERE)
def test_a_number_of_no_known_zone_is_never_texted(number: str) -> None:
    assert zones_of(number) == ()
    assert not allowed(number, at("2026-11-04T18:00:00"))
    assert next_allowed(number, at("2026-11-04T18:00:00")) is None


def test_every_zone_that_a_number_may_have_is_known_here() -> None:
    for zone in {zone for zones in TIMEZONE_DATA.values() for zone in zones}:
        assert ZoneInfo(zone)


@settings(max_examples=150, deadline=None)
@given(
    some.sampled_from([CHICAGO, NEW_YORK, CAIRO, TEL_AVIV, LONDON, SYDNEY, JAMAICA, QATAR]),
    some.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=some.just(UTC)),
)
def test_the_next_moment_is_the_first_that_is_allowed(number: str, moment: datetime) -> None:
    found = next_allowed(number, moment)
    assert found is not None
    assert moment <= found <= moment + LOOK_AHEAD and allowed(number, found)
    hours = int((found - moment) / timedelta(hours=1))
    earlier = [moment + timedelta(hours=hour) for hour in range(hours + 1)]
    assert not any(allowed(number, one) for one in earlier if one < found)
    assert found == moment or not allowed(number, found - timedelta(microseconds=1))
