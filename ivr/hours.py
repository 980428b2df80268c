"""When somebody may be texted unasked: in the hours that are lawful where their number is.

The widest window is one for all, narrow enough for every place that we know of; a line may narrow it further. In the
United States a solicitation is lawful from 8:00 to 21:00 at the called party's location (47 CFR 64.1200(c)(1)), and
states narrow that: Kentucky begins at 10:00 (KRS 367.46955), Rhode Island ends at 18:00, on weekends at 17:00 (R.I.
Gen. Laws 5-61-3.6), Florida at 20:00 (Fla. Stat. 501.616(6)); Texas begins at noon on Sunday (Tex. Bus. & Com. Code
301.051), and Alabama, Louisiana and Mississippi allow none on it. Legal holidays, which some of them except, are not
looked at.

A number tells where it was given out, not where its telephone is: nothing tells that. The hours that the window keeps
away from 8:00 and 21:00 allow for neighbouring zones.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.languages import ARABIC_COUNTRIES
from ivr.phone_numbers import country_of, zones_of


@dataclass(frozen=True)
class Window:
    """Hours of the day by the clock of the place; at `closes` it is closed already."""

    opens: int
    closes: int


WIDEST = Window(10, 17)
LOOK_AHEAD = timedelta(days=8)
FRIDAY, SATURDAY, SUNDAY = 5, 6, 7
"""ISO 8601 days of the week."""
RESTS = {**dict.fromkeys(ARABIC_COUNTRIES, FRIDAY), "IL": SATURDAY}
"""The day on which nobody is texted, by country: that of the Friday prayer, the Sabbath; elsewhere Sunday."""


def allowed(number: str, at: datetime, window: Window = WIDEST) -> bool:
    """Whether the owner of an E.164 number may be texted unasked at a moment: in every zone where they may be.

    Never, when no zone is known.
    """
    return bool(zones_of(number)) and _opening(number, at, window) == at


def next_allowed(number: str, at: datetime, window: Window = WIDEST) -> datetime | None:
    """The first moment from `at` on (UTC) at which they may be texted unasked; None: there is none within eight days.

    That is so for numbers of no known zone, and for those whose zones are so far apart that it is never day in all of
    them: freephone numbers of North America, mobiles of Russia.
    """
    moment, latest = at, at + LOOK_AHEAD
    while zones_of(number) and moment <= latest:
        opening = _opening(number, moment, window)
        if opening == moment:
            return moment
        moment = opening
    return None


def _opening(number: str, at: datetime, window: Window) -> datetime:
    """The latest of the moments at which the zones open next; `at` when all are open."""
    rest = RESTS.get(country_of(number) or "", SUNDAY)
    return max(_opens(ZoneInfo(zone), window, rest, at) for zone in zones_of(number))


def _opens(zone: ZoneInfo, window: Window, rest: int, at: datetime) -> datetime:
    """When it is open next in a zone, or `at` when it is open then."""
    local = at.astimezone(zone)
    day = local.date()
    if local.hour >= window.closes:
        day += timedelta(days=1)
    if day.isoweekday() == rest:
        day += timedelta(days=1)
    return max(at, datetime.combine(day, time(window.opens), zone).astimezone(UTC))
