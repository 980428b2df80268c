"""Whether a crowd was survived: every number that must agree, beside the one that it must agree with."""

from dataclasses import asdict, dataclass

from ivr.simulator.crowd.counting import Counted


@dataclass(frozen=True)
class Kept:
    """What the product's log has of a crowd: `contacts` of those that were sent, `twice` of them more than once.

    `answers`: texts of ours to these people; `answered_twice`: people who have more than one; `arrived`: answers of
    which the log says that they arrived.
    """

    contacts: int
    twice: int
    answers: int
    answered_twice: int
    arrived: int


@dataclass(frozen=True)
class Figure:
    """One line of the proof."""

    name: str
    seen: int
    wanted: int

    @property
    def agrees(self) -> bool:
        """Whether it is as it must be."""
        return self.seen == self.wanted


@dataclass(frozen=True)
class Proof:
    """All of it. `is_whole`: the log was looked at."""

    figures: tuple[Figure, ...]
    is_whole: bool

    @property
    def is_proved(self) -> bool:
        """Whether all numbers agree, the log's among them, and anybody was there at all."""
        return self.is_whole and all(figure.agrees for figure in self.figures) and self.figures[0].wanted > 0

    @property
    def verdict(self) -> str:
        """One sentence."""
        if self.is_proved:
            return "Proved: every contact was answered, is in the log, and was answered once."
        wrong = [figure.name for figure in self.figures if not figure.agrees]
        if wrong:
            return f"Not proved. These differ: {'; '.join(wrong)}."
        if not self.is_whole:
            return "Not proved: the log was not looked at. What the carrier saw agrees."
        return "Not proved: nobody came."

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        figures = [{**asdict(figure), "agrees": figure.agrees} for figure in self.figures]
        return {"proved": self.is_proved, "verdict": self.verdict, "figures": figures}


def prove(counted: Counted, kept: Kept | None, sent_twice: int | None = None) -> Proof:
    """Holds what the crowd saw against what the log has; without a log there is nothing proved.

    `sent_twice`: people to whom the carrier was asked to send more than one text; None: it was not asked about that.
    """
    sent = counted.sent
    figures = [
        Figure("answered, of those that were sent", counted.answered, sent),
        Figure("repeated webhooks that were answered otherwise", counted.differing, 0),
    ]
    if kept is not None:
        figures += [
            Figure("in the log, of those that were sent", kept.contacts, sent),
            Figure("twice in the log", kept.twice, 0),
            Figure("people who were answered twice", kept.answered_twice, 0),
        ]
    if sent_twice is not None:
        figures.append(Figure("people to whom the carrier was told to send twice", sent_twice, 0))
    return Proof(tuple(figures), kept is not None)
