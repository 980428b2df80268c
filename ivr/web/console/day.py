"""A day's figures as the page Today shows them: beside those of the day before, each with where its rows are."""

from dataclasses import dataclass
from datetime import date, datetime

from ivr.store import Connection, tallies, tally_facts
from ivr.store.database import snapshot
from ivr.store.lines import Line
from ivr.store.tallies import Figures
from ivr.web.console.columns import Drawing, Slot, drawn, evenly
from ivr.web.console.formats import Reader
from ivr.web.console.spans import (
    DAY,
    Span,
    day_of,
    days_until,
    hours_of,
    minutes_until,
    quarter_of,
    same_time_before,
)

BY = ("minutes", "hours", "days")
"""What a column may be: the minutes of the last hour, the hours of the day, the days of the last thirty."""
FORMS = {"minutes": "HH:mm", "hours": "HH:mm", "days": "d MMM"}
TO_LOG, TO_SIGN_UPS, TO_OPT_OUTS, TO_PEOPLE = (
    *("/console/log", "/console/today/sign-ups"),
    *("/console/today/opt-outs", "/console/today/people"),
)
Parts = dict[str, list[tuple[str, int]]]


@dataclass(frozen=True)
class Asked:
    """What is asked for: a day of the reader's, on one line or (None) on all of theirs, drawn by one of `BY`."""

    lines: list[Line]
    line: Line | None
    day: date
    by: str
    now: datetime
    reader: Reader

    @property
    def line_ids(self) -> tuple[int, ...]:
        """The lines that are counted."""
        return tuple(one.id for one in ([self.line] if self.line else self.lines))

    @property
    def is_today(self) -> bool:
        """Whether the day is not over."""
        return self.day == self.now.astimezone(self.reader.zone).date()

    @property
    def span(self) -> Span:
        """All of the day."""
        return day_of(self.day, self.reader.zone)

    @property
    def before(self) -> Span:
        """What it is compared with: the day before, of today until the same time of the day."""
        zone = self.reader.zone
        return same_time_before(self.now, zone) if self.is_today else day_of(self.day - DAY, zone)

    def to(self, path: str, span: Span, **more: str) -> str:
        """The address of the rows of a span, in the log or in a list of this page's own."""
        line = "" if self.line is None else self.line.number if path == TO_LOG else str(self.line.id)
        return f"{path}?{span.query(self.reader.zone, line=line, **more)}"


@dataclass(frozen=True)
class Looked:
    """What the page shows: figures of the day and of the day before, a drawing, parts, and how much is uncounted."""

    figures: Figures
    before: Figures
    drawing: Drawing
    parts: Parts
    left: int
    is_new: bool


def looked(db: Connection, asked: Asked) -> Looked:
    """Everything that the page shows, of one moment."""
    ids, span = asked.line_ids, asked.span
    with snapshot(db):
        slots = _slots(db, asked)
        return Looked(
            figures=tallies.total(db, ids, span.since, span.until),
            before=_exactly(db, ids, asked.before),
            drawing=drawn(slots, _labels(asked, slots), asked.reader),
            parts={what: tallies.parts(db, ids, what, span.since, span.until) for what in tallies.PARTS},
            left=tally_facts.left(db),
            is_new=not tallies.has_any(db, ids),
        )


def within(parts: list[tuple[str, int]], share: float) -> str | None:
    """The seconds within which this share of the answers arrived; empty: longer than we tell apart; None: none did."""
    wanted, so_far = share * sum(times for _, times in parts), 0
    for bound, times in in_order(parts):
        so_far += times
        if so_far >= wanted:
            return bound
    return None


def in_order(parts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Times of answers from the shortest to the longest."""
    return sorted(parts, key=lambda one: int(one[0] or 10**9))


def _exactly(db: Connection, line_ids: tuple[int, ...], span: Span) -> Figures:
    """What came in a span that may end within a quarter of an hour: the rest of it is in the minutes."""
    whole, rest = quarter_of(span.end), Figures()
    if whole < span.end:
        for some in tallies.by_minute(db, line_ids, *_stored(Span(whole, span.end))).values():
            rest += some
    return tallies.total(db, line_ids, *_stored(Span(span.begin, whole))) + rest


def _slots(db: Connection, asked: Asked) -> list[Slot]:
    spans = {
        "minutes": lambda: minutes_until(asked.now),
        "hours": lambda: hours_of(asked.day, asked.reader.zone),
        "days": lambda: days_until(asked.day, asked.reader.zone),
    }[asked.by]()
    if asked.by == "minutes":
        found = tallies.by_minute(db, asked.line_ids, spans[0].since, spans[-1].until)
        return [_slot(asked, span, found.get(span.since[:16], Figures())) for span in spans]
    return [_slot(asked, span, tallies.total(db, asked.line_ids, *_stored(span))) for span in spans]


def _slot(asked: Asked, span: Span, figures: Figures) -> Slot:
    queries = {
        "calls": asked.to(TO_LOG, span, kind="call"),
        "texts": asked.to(TO_LOG, span, kind="text"),
        "sign-ups": asked.to(TO_SIGN_UPS, span),
        "opt-outs": asked.to(TO_OPT_OUTS, span),
        "all": asked.to(TO_LOG, span),
    }
    form, reader = FORMS[asked.by], asked.reader
    name = reader.plain(span.begin, "EEEE d MMMM" if asked.by == "days" else form)
    if asked.by == "hours":
        name = f"{name}–{reader.plain(span.end, form)}"
    return Slot(span, figures, name, queries)


def _labels(asked: Asked, slots: list[Slot]) -> list[str]:
    """Words along the axis: where hours and minutes begin and end, and each day by its name."""
    moments = [slot.span.begin for slot in slots] + ([] if asked.by == "days" else [slots[-1].span.end])
    return evenly([asked.reader.plain(at, FORMS[asked.by]) for at in moments])


def _stored(span: Span) -> tuple[str, str]:
    return span.since, span.until
