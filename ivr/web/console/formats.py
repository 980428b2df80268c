"""How an operator reads times, numbers and money: in their language and their time zone, with UTC on hover."""

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from markupsafe import Markup

from ivr import clock
from ivr.errors import WrongQuestion

UTC = "UTC"
LOCALES = {"en": "en", "ar": "ar"}


@lru_cache(maxsize=1)
def zones() -> list[str]:
    """Every time zone by name (`Africa/Cairo`), UTC first."""
    return [UTC, *sorted(name for name in zoneinfo.available_timezones() if "/" in name and name[0].isupper())]


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: the language and the time zone in which times and numbers are written for them."""

    language: str
    zone_name: str

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone; UTC where its name is not known here."""
        try:
            return ZoneInfo(self.zone_name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return ZoneInfo(UTC)

    @cached_property
    def locale(self) -> Locale:
        """How dates and numbers are written."""
        return Locale.parse(LOCALES.get(self.language, "en"))

    def moment(self, text: str | None, form: str = "") -> Markup:
        """A stored time as a `<time>` element; `form`: a pattern of CLDR's, else day and time, the day if not today."""
        if not text:
            return Markup("–")
        at = clock.read(text)
        shown = self._written(at, form)
        return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(text, text[:19].replace("T", " "), shown)

    def number(self, value: float) -> str:
        """A number with its groups."""
        return str(numbers.format_decimal(value, locale=self.locale))

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount with all of its digits: what a text costs is less than a cent."""
        shown = numbers.format_currency(amount, currency, locale=self.locale, decimal_quantization=False)
        return str(shown)

    def percent(self, share: float) -> str:
        """A share as so many of a hundred."""
        return str(numbers.format_percent(share, locale=self.locale))

    def plain(self, at: datetime, form: str) -> str:
        """A moment in this zone by a pattern of CLDR's, for where no element can stand."""
        return self._written(at, form)

    def seconds(self, value: float | None) -> str:
        """A span in seconds, or in minutes and seconds: `14 s`, `2:05`."""
        if value is None:
            return "–"
        whole = round(value)
        return f"{whole // 60}:{whole % 60:02}" if whole >= 60 else f"{self.number(whole)} {self.second_sign}"

    @property
    def second_sign(self) -> str:
        """The sign for seconds."""
        return "ث" if self.language == "ar" else "s"

    def tongue(self, code: str) -> str:
        """A language's name."""
        return str(self.locale.languages.get(code, code))

    def country(self, code: str | None) -> str:
        """A country's name."""
        return str(self.locale.territories.get(code or "", code or ""))

    def stored(self, text: str, end: bool = False) -> str:
        """The stored form of a day (or day and time) of this zone as a form field gives it; `end`: the day's end.

        A time may say how far from UTC it is: in the hour that a clock's change brings twice it has to.

        Raises `WrongQuestion`.
        """
        try:
            if len(text) <= 10:
                day = date.fromisoformat(text) + timedelta(days=int(end))
                at = datetime.combine(day, time(), self.zone)
            else:
                at = datetime.fromisoformat(text)
                at = at if at.tzinfo else at.replace(tzinfo=self.zone)
            return clock.written(at.astimezone(ZoneInfo(UTC)))
        except (ValueError, OverflowError):
            raise WrongQuestion("A date is written 2026-11-03.") from None

    def today(self) -> date:
        """The day that it is where the operator is."""
        return clock.now().astimezone(self.zone).date()

    def _written(self, at: datetime, form: str) -> str:
        local = at.astimezone(self.zone)
        if form:
            return str(dates.format_datetime(local, form, locale=self.locale))
        if local.date() == self.today():
            return str(dates.format_datetime(local, "HH:mm:ss", locale=self.locale))
        pattern = "d MMM HH:mm" if local.year == self.today().year else "d MMM y HH:mm"
        return str(dates.format_datetime(local, pattern, locale=self.locale))
