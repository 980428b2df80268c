"""The drawing of what came over time: columns of calls and texts, beneath them sign-ups up and opt-outs down.

Geometry only; see columns.html. It is stretched to the page's width, so nothing is written in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr import languages
from ivr.store.tallies import Figures
from ivr.web.console.formats import Reader
from ivr.web.console.spans import Span

STEP, GAP, TALL, HALF = 10.0, 2.0, 100.0, 30.0
LABELS = 4


@dataclass(frozen=True)
class Slot:
    """A span of time, what came in it, how it is called, and where what came is shown (nothing: nowhere)."""

    span: Span
    figures: Figures
    name: str
    queries: dict[str, str]


@dataclass(frozen=True)
class Column:
    """A rectangle of a slot: `kind` for its colour, the rest in the drawing's units."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawn:
    """A slot with its columns: `x` is where its place begins, which may be pressed as a whole."""

    slot: Slot
    x: float
    contacts: tuple[Column, ...]
    joining: tuple[Column, ...]


@dataclass(frozen=True)
class Drawing:
    """Slots drawn; `most` and `most_joining` are how many the tallest columns stand for, `labels` the axis' words."""

    slots: tuple[Drawn, ...]
    width: float
    most: int
    most_joining: int
    labels: tuple[str, ...]
    step: float = STEP
    tall: float = TALL
    half: float = HALF


def drawn(slots: Sequence[Slot], labels: Sequence[str], reader: Reader) -> Drawing:
    """The drawing of slots, the oldest first: on the left, or on the right for who reads from there."""
    most = max((one.figures.calls + one.figures.texts for one in slots), default=0)
    joining = max((max(one.figures.sign_ups, one.figures.opt_outs) for one in slots), default=0)
    mirrored = languages.direction(reader.language) == "rtl"
    places = range(len(slots) - 1, -1, -1) if mirrored else range(len(slots))
    return Drawing(
        tuple(_drawn(slot, place * STEP, most, joining) for slot, place in zip(slots, places, strict=True)),
        len(slots) * STEP,
        most,
        joining,
        tuple(labels),
    )


def evenly(names: Sequence[str]) -> list[str]:
    """A few of these names, the first and the last among them, as far from each other as can be."""
    last = len(names) - 1
    return [names[round(last * place / LABELS)] for place in range(LABELS + 1)]


def _drawn(slot: Slot, x: float, most: int, joining: int) -> Drawn:
    texts, calls = (round(n / max(1, most) * TALL, 2) for n in (slot.figures.texts, slot.figures.calls))
    ups, outs = (round(n / max(1, joining) * HALF, 2) for n in (slot.figures.sign_ups, slot.figures.opt_outs))
    left, width = x + GAP / 2, STEP - GAP
    contacts = (
        Column("texts", left, TALL - texts, width, texts),
        Column("calls", left, TALL - texts - calls, width, calls),
    )
    both = (Column("sign-ups", left, HALF - ups, width, ups), Column("opt-outs", left, HALF + 1, width, outs))
    return Drawn(slot, x, tuple(one for one in contacts if one.height), tuple(one for one in both if one.height))
