"""The drawing of how a line rings: its rings, the silence in which it should answer, and when it does.

Geometry and words only; see rings.html.
"""

from ivr import languages
from ivr.calibrating import Finding, pause_of, ring_of
from ivr.ringing import LATEST_SET_UP
from ivr.store.lines import Line
from ivr.web.console.formats import Reader
from ivr.web.console.timeline import COMMAS, Bar, Drawing, Mark, Scale, Stretch
from ivr.web.console.words import words


def drawn(line: Line, finding: Finding | None, reader: Reader, country: str | None = None) -> Drawing:
    """How a line rings for somebody who calls from `country`; with what was found out by a call, if one was made.

    The answer is expected where the carrier's delay puts it: 0 to 2 s, or what a calibration has made up for.
    """
    said, cadence = words(reader.language), ring_of(line, country)
    pause, rings = pause_of(line, country), [Stretch(*cadence.ring(n + 1)) for n in range(line.rings + 1)]
    expected = Stretch(pause - line.adjust, pause - line.adjust + LATEST_SET_UP)
    silence = Stretch(rings[-2].end, rings[-1].begin)
    answered = Stretch(finding.earliest, finding.latest) if finding else Stretch(0, 0)
    last = max(rings[-1].end, answered.end, expected.end)
    while len(rings) < 60 and (begin := cadence.ring(len(rings) + 1)[0]) < last:
        rings.append(Stretch(begin, min(last, cadence.ring(len(rings) + 1)[1])))
    scale = Scale(last, languages.direction(reader.language) == "rtl")
    shown = [
        ("silence", said["the silence"], silence),
        *(("wanted", said["rings wanted"], ring) for ring in rings[: line.rings]),
        *(("unwanted", said["rings unwanted"], ring) for ring in rings[line.rings :]),
        ("waits", said["we wait"].format(seconds=reader.number(pause)), Stretch(0, pause)),
        ("expected", said["answer expected"], expected),
        *([("answered", said["answer heard"], answered)] if answered.seconds else []),
    ]
    bars = tuple(scale.bar(kind, stretch, label.format(**_ends(stretch, reader))) for kind, label, stretch in shown)
    marks = tuple(Mark(_middle(scale, ring), reader.number(n), "") for n, ring in enumerate(rings, 1))
    told = dict.fromkeys(bar.label for bar in bars)
    return Drawing(bars, marks, COMMAS.get(reader.language, ", ").join(told))


def legend(drawing: Drawing) -> list[Bar]:
    """One bar of each kind, for the list of what they mean."""
    return list({bar.kind: bar for bar in drawing.bars}.values())


def _middle(scale: Scale, ring: Stretch) -> float:
    return scale.x((ring.begin + ring.end) / 2)


def _ends(stretch: Stretch, reader: Reader) -> dict[str, str]:
    return {"begin": reader.number(round(stretch.begin, 1)), "end": reader.number(round(stretch.end, 1))}
