"""The drawing of a call: how long it rang, what was heard, which keys, until when. Geometry only; see timeline.html."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ivr import clock, languages
from ivr.store.log.rows import Contact
from ivr.store.log.story import Key, Recording
from ivr.web.console.formats import Reader
from ivr.web.console.words import words

WIDTH, EDGE = 640.0, 8.0
SHORTEST_SECONDS = 10.0
COMMAS = {"ar": "، "}


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
class Scale:
    """Where moments come to lie in a drawing of so many seconds, `mirrored` for who reads from the right."""

    seconds: float
    mirrored: bool

    def x(self, at: float) -> float:
        """Where a moment is."""
        place = EDGE + (WIDTH - 2 * EDGE) * min(1.0, max(0.0, at / self.seconds))
        return round(WIDTH - place if self.mirrored else place, 1)

    def bar(self, kind: str, stretch: "Stretch", label: str) -> Bar:
        """A stretch of time as a bar."""
        first, last = sorted((self.x(stretch.begin), self.x(stretch.end)))
        return Bar(kind, first, round(last - first, 1), label)


class Stretch(NamedTuple):
    """From one moment to another, in seconds since it began to ring."""

    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return max(0.0, self.end - self.begin)


@dataclass(frozen=True)
class Course:
    """The course of a call, in seconds since it began to ring; what there was not has no length.

    `ended` is None while it goes on. Keys are (moment, key).
    """

    rang: Stretch
    talked: Stretch
    heard: Stretch
    unheard: Stretch
    keys: tuple[tuple[float, str], ...]
    messages: tuple[Stretch, ...]
    ended: float | None

    @property
    def last(self) -> float:
        """When the last of it was."""
        return max(self.rang.end, self.talked.end, self.unheard.end)


def course(contact: Contact, keys: Sequence[Key], recordings: Sequence[Recording]) -> Course:
    """The course of a call, from what was kept of it: the webhook came when it began to ring.

    The carrier counts a call's seconds from the answer. Keys and recordings have the time at which we were told, so
    each is moved to where it can have been; a key ends the greeting only if its time can be right.
    """
    pause, pressed = float(contact.pause or 0), [_since(contact, key.at) for key in keys]
    told = [*pressed, *(_since(contact, recording.at) for recording in recordings)]
    ended = _since(contact, contact.ended_at) if contact.ended_at else None
    if ended is None:
        answered, over = pause, max([pause, *told])
    else:
        talk = _talk(contact, ended - pause)
        answered = pause if talk else min(pause, ended)
        over = ended = answered + talk
    planned = answered + (contact.greeting_seconds or 0.0)
    cut = min((moment for moment in pressed if answered < moment <= over), default=over)
    heard = Stretch(answered, min(planned, cut))
    is_unheard = ended is not None and cut == over
    return Course(
        rang=Stretch(0.0, answered),
        talked=Stretch(answered, over),
        heard=heard,
        unheard=Stretch(heard.end, planned if is_unheard else heard.end),
        keys=tuple((min(max(moment, answered), over), key.key) for moment, key in zip(pressed, keys, strict=True)),
        messages=tuple(_message(contact, one, Stretch(heard.end, over)) for one in recordings if one.seconds),
        ended=ended,
    )


def drawn(contact: Contact, keys: Sequence[Key], recordings: Sequence[Recording], reader: Reader) -> Drawing:
    """The drawing of a call, from the moment at which it began to ring."""
    said = words(reader.language)
    it = course(contact, keys, recordings)
    scale = Scale(max(SHORTEST_SECONDS, it.last), languages.direction(reader.language) == "rtl")
    bars = [
        scale.bar(kind, stretch, f"{said[word]} {reader.seconds(stretch.seconds)}")
        for kind, word, stretch in (
            ("rang", "rang", it.rang),
            ("talked", "answered", it.talked),
            ("heard", "heard", it.heard),
            ("unheard", "not heard", it.unheard),
            *(("message", "voice message", message) for message in it.messages),
        )
        if stretch.seconds
    ]
    marks = [Mark(scale.x(moment), key, f"{said['keys pressed']}: {key}") for moment, key in it.keys]
    if it.ended is not None:
        marks.append(Mark(scale.x(it.ended), "■", said["hung up"]))
    told = [bar.label for bar in bars] + [mark.label for mark in marks]
    if it.ended is None:
        told.append(said["in progress"])
    return Drawing(tuple(bars), tuple(marks), COMMAS.get(reader.language, ", ").join(told))


def _talk(contact: Contact, after_ringing: float) -> float:
    """The seconds from the answer to the end; of a completed call they may be left to be worked out."""
    if contact.seconds is None and contact.status == "completed":
        return max(0.0, after_ringing)
    return float(contact.seconds or 0)


def _message(contact: Contact, recording: Recording, within: Stretch) -> Stretch:
    """When a message was spoken: the carrier tells of it when it is over."""
    told = _since(contact, recording.at)
    end = told if within.begin < told <= within.end else max(within)
    return Stretch(max(within.begin, end - (recording.seconds or 0)), end)


def _since(contact: Contact, at: str) -> float:
    return max(0.0, (clock.read(at) - clock.read(contact.at)).total_seconds())
