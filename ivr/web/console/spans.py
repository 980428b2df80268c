"""Days, hours and minutes as an operator's clock has them: where they begin and end, and how an address names them.

A day with a change of the clock has 23 or 25 hours; each of its hours is one of its own.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from ivr import clock

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """From one moment until before another, both in UTC."""

    begin: datetime
    end: datetime

    @property
    def since(self) -> str:
        """Its beginning, as it is stored."""
        return clock.written(self.begin)

    @property
    def until(self) -> str:
        """Its end, as it is stored."""
        return clock.written(self.end)

    def query(self, zone: ZoneInfo, **more: str) -> str:
        """An address's query for this span and more: a whole day by its date, else times with their distance to UTC."""
        named = urlencode({name: value for name, value in more.items() if value})
        return f"{named}{'&' if named else ''}{_times(self, zone)}"


def day_of(day: date, zone: ZoneInfo) -> Span:
    """A day of a zone."""
    return Span(_midnight(day, zone), _midnight(day + DAY, zone))


def hours_of(day: date, zone: ZoneInfo) -> list[Span]:
    """The hours of a day of a zone; one without length of a day that a zone left out, as Samoa did in 2011."""
    whole = day_of(day, zone)
    count = -(-(whole.end - whole.begin) // HOUR)
    begins = [whole.begin + HOUR * place for place in range(count)]
    return [Span(begin, min(begin + HOUR, whole.end)) for begin in begins] or [whole]


def minutes_until(now: datetime, count: int = 60) -> list[Span]:
    """The last minutes; that in which it is `now` is the last of them."""
    last = now.replace(second=0, microsecond=0)
    begins = [last - MINUTE * back for back in range(count - 1, -1, -1)]
    return [Span(begin, begin + MINUTE) for begin in begins]


def days_until(day: date, zone: ZoneInfo, count: int = 30) -> list[Span]:
    """The last days of a zone; `day` is the last of them."""
    return [day_of(day - DAY * back, zone) for back in range(count - 1, -1, -1)]


def same_time_before(now: datetime, zone: ZoneInfo) -> Span:
    """Yesterday in a zone, until the minute that the clock shows now."""
    local = now.astimezone(zone)
    then = datetime.combine(local.date() - DAY, local.time().replace(second=0, microsecond=0), zone).astimezone(UTC)
    begin = _midnight(local.date() - DAY, zone)
    return Span(begin, max(begin, then))


def quarter_of(moment: datetime) -> datetime:
    """Where the quarter of an hour began in which a moment is."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Where a day begins: at the next moment that there is, where the clock jumps over midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@lru_cache(maxsize=1024)
def _times(span: Span, zone: ZoneInfo) -> str:
    """A span in an address; a page names the same one many times."""
    begin, end = span.begin.astimezone(zone), span.end.astimezone(zone)
    if span == day_of(begin.date(), zone):
        return urlencode({"since": f"{begin.date()}", "until": f"{begin.date()}"})
    return urlencode({"since": begin.isoformat(timespec="minutes"), "until": end.isoformat(timespec="minutes")})
