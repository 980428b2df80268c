"""Short rounds, in turn: each contestant meets the same moments of a machine that others use too."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import generator
from benchmarks.contestants import Contestant, started
from benchmarks.loads import Load, Outcome
from benchmarks.machine import busy_seconds
from benchmarks.report import percentile, progress, spread

FASTEST = 12_000  # requests a second that are prepared: more than any contestant answers


@dataclass(frozen=True)
class Plan:
    """How long and how often to measure, and where."""

    folder: Path
    seconds: float = 4.0
    rounds: int = 5
    quick: bool = False


@dataclass(frozen=True)
class Entry:
    """Who is sent what, under which name; `kind` as `webhooks.prepared` takes it."""

    name: str
    contestant: Contestant
    kind: str


@dataclass
class Series:
    """The rounds of one contestant."""

    outcomes: list[Outcome] = field(default_factory=list)
    cpu_microseconds: list[float] = field(default_factory=list)  # of the workers, for a request
    busiest_shares: list[float] = field(default_factory=list)  # of that CPU, by the worker that used most
    others_shares: list[float] = field(default_factory=list)  # of one core, taken by who has no part in this

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

    def told(self) -> str:
        """The rounds in a line."""
        return (
            f"{spread(self.rates)} requests/s; p50 {spread(self.percentiles(0.5))} ms, "
            f"p99 {spread(self.percentiles(0.99))} ms; {spread(self.cpu_microseconds)} µs of CPU each "
            f"(busiest worker {spread([share * 100 for share in self.busiest_shares])} % of it); "
            f"generator {spread([share * 100 for share in self.generator_shares])} % of a core, "
            f"others {spread([share * 100 for share in self.others_shares])} %"
            + (f"; {self.errors} errors" if self.errors else "")
        )

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
        before, busy_before = contestant.cpu_seconds(), busy_seconds()
        outcome = under_way.outcome()
        each = [used - before.get(worker, 0.0) for worker, used in contestant.cpu_seconds().items()]
        used, busy = sum(each), busy_seconds() - busy_before
    series.outcomes.append(outcome)
    series.cpu_microseconds.append(used * 1e6 / max(1, len(outcome.acknowledged)))
    series.busiest_shares.append(max(each) / max(used, 1e-9))
    series.others_shares.append(max(0.0, busy - used - outcome.cpu_seconds) / outcome.seconds)


def interleave(entries: list[Entry], plan: Plan, indices: Indices, rate: float | None = None) -> dict[str, Series]:
    """Rounds of A B C A B C …, after one short round each to warm up; with `rate`, requests at random moments."""
    series = {entry.name: Series() for entry in entries}
    for number in range(plan.rounds + 1):
        for entry in entries:
            what = f"round {number} of {plan.rounds}" if number else "warming up"
            progress(f"{entry.kind}: {entry.name}, {what}")
            seconds = plan.seconds if number else min(1.0, plan.seconds)
            most = int(seconds * (FASTEST if rate is None else rate * 2 + 100))
            load = Load(entry.contestant.port, entry.kind, indices.take(most), most, seconds, rate=rate)
            measure(entry.contestant, load, series[entry.name] if number else Series())
    return series
