"""The drawing of a call: how long it rang, what was heard, which keys, until when. Geometry only; see timeline.html."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr import clock
from ivr.store.log.rows import Contact
from ivr.store.log.story import Key, Recording
from ivr.web.console.formats import Reader
from ivr.web.console.words import words

WIDTH, EDGE = 640.0, 8.0
SHORTEST_SECONDS = 10.0


@dataclass(frozen=True)
class Bar:
    """A stretch of time: `x` and `width` in the drawing's units, `kind` for its colour, `label` in words."""

    kind: str
    x: float
    width: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A moment: `x` in the drawing's units, what to show, and in words what it is."""

    x: float
    sign: str
    label: str


@dataclass(frozen=True)
class Drawing:
    """A call drawn. `told` says all of it in one sentence, for who does not see it."""

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    told: str
    width: float = WIDTH


@dataclass(frozen=True)
class _Scale:
    seconds: float
    mirrored: bool

    def x(self, at: float) -> float:
        """Where a moment is."""
        place = EDGE + (WIDTH - 2 * EDGE) * min(1.0, max(0.0, at / self.seconds))
        return round(WIDTH - place if self.mirrored else place, 1)

    def bar(self, kind: str, begin: float, end: float, label: str) -> Bar:
        """A stretch from one moment to another."""
        first, last = sorted((self.x(begin), self.x(end)))
        return Bar(kind, first, round(last - first, 1), label)


def drawn(contact: Contact, keys: Sequence[Key], recordings: Sequence[Recording], reader: Reader) -> Drawing:
    """The drawing of a call, from the moment at which it began to ring."""
    said = words(reader.language)
    rang = float(contact.pause or 0)
    talked, greeting = float(contact.seconds or 0), contact.greeting_seconds or 0.0
    scale = _Scale(max(SHORTEST_SECONDS, rang + talked), reader.language == "ar")
    heard = min(greeting, talked)
    bars = [scale.bar("rang", 0, rang, f"{said['rang']} {reader.seconds(rang)}")]
    if talked:
        bars.append(scale.bar("talked", rang, rang + talked, f"{said['answered']} {reader.seconds(talked)}"))
    if heard:
        bars.append(scale.bar("heard", rang, rang + heard, f"{said['heard']} {reader.seconds(heard)}"))
    marks = [Mark(scale.x(_since(contact, key.at)), key.key, f"{said['keys pressed']}: {key.key}") for key in keys]
    for recording in recordings:
        begin = max(rang, _since(contact, recording.at) - (recording.seconds or 0))
        label = f"{said['voice message']} {reader.seconds(recording.seconds)}"
        bars.append(scale.bar("message", begin, begin + (recording.seconds or 0), label))
    if contact.ended_at and talked:
        marks.append(Mark(scale.x(rang + talked), "■", said["hung up"]))
    told = ", ".join([*(bar.label for bar in bars), *(mark.label for mark in marks)])
    return Drawing(tuple(bars), tuple(marks), told)


def _since(contact: Contact, at: str) -> float:
    return (clock.read(at) - clock.read(contact.at)).total_seconds()
