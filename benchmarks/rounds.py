"""Short rounds, in turn: each contestant meets the same moments of a machine that others use too."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from benchmarks import generator
from benchmarks.contestants import Contestant, started
from benchmarks.loads import Load, Outcome
from benchmarks.report import percentile, progress

FASTEST = 12_000  # requests a second that are prepared: more than any contestant answers


@dataclass(frozen=True)
class Plan:
    """How long and how often to measure, and where."""

    folder: Path
    seconds: float = 4.0
    rounds: int = 5
    quick: bool = False


@dataclass
class Series:
    """The rounds of one contestant."""

    outcomes: list[Outcome] = field(default_factory=list)
    cpu_microseconds: list[float] = field(default_factory=list)  # of the workers, for a request

    @property
    def rates(self) -> list[float]:
        """Answers a second, round by round."""
        return [outcome.rate for outcome in self.outcomes]

    @property
    def errors(self) -> int:
        """Requests of all rounds that were not answered 200."""
        return sum(outcome.errors for outcome in self.outcomes)

    @property
    def generator_shares(self) -> list[float]:
        """How much of one core the generator took, round by round."""
        return [outcome.cpu_seconds / outcome.seconds for outcome in self.outcomes]

    def percentiles(self, share: float) -> list[float]:
        """A percentile of the answers' milliseconds, round by round."""
        return [percentile(outcome.milliseconds, share) for outcome in self.outcomes]


class Indices:
    """Deals out indices of requests, each once in a run."""

    def __init__(self) -> None:
        self._next = 1

    def take(self, most: int) -> int:
        """The first of `most` indices that nobody else has."""
        first, self._next = self._next, self._next + most
        return first


@contextmanager
def all_started(folder: Path, names: tuple[str, ...], **more: str) -> Iterator[list[Contestant]]:
    """The contestants, all running at the same time: an idle one costs next to nothing."""
    folder.mkdir()
    with ExitStack() as stack:
        yield [stack.enter_context(started(name, folder / name, **more)) for name in names]


def measure(contestant: Contestant, load: Load, series: Series) -> None:
    """One round of one contestant."""
    with generator.running(load) as under_way:
        before = contestant.cpu_seconds()
        outcome = under_way.outcome()
        used = contestant.cpu_seconds() - before
    series.outcomes.append(outcome)
    series.cpu_microseconds.append(used * 1e6 / max(1, len(outcome.acknowledged)))


def interleave(
    contestants: list[Contestant], kinds: dict[str, str], plan: Plan, indices: Indices, rate: float | None = None
) -> dict[str, Series]:
    """Rounds of A B C A B C …, after one short round each to warm up. `kinds` says what each is sent."""
    series = {contestant.name: Series() for contestant in contestants}
    rounds = ((number, contestant) for number in count() for contestant in contestants)
    for number, contestant in rounds:
        if number > plan.rounds:
            return series
        kind = kinds[contestant.name]
        what = f"round {number} of {plan.rounds}" if number else "warming up"
        progress(f"{kind}: {contestant.name}, {what}")
        seconds = plan.seconds if number else min(1.0, plan.seconds)
        most = int(seconds * (FASTEST if rate is None else rate * 2 + 100))
        load = Load(contestant.port, kind, indices.take(most), most, seconds, rate=rate)
        measure(contestant, load, series[contestant.name] if number else Series())
    raise AssertionError("rounds do not end")
