"""B. How long an answer takes when webhooks come at random, at half of the rate that we can do."""

from benchmarks.contestants import CONSTANT, OURS, Contestant
from benchmarks.loads import Load
from benchmarks.report import Part, percentile, spread
from benchmarks.rounds import FASTEST, Entry, Indices, Plan, Series, all_started, interleave, measure
from benchmarks.the_log import check
from benchmarks.webhooks import MIX, sid_of

TIMES_CONSTANT = 3.0


def arrivals(plan: Plan, our_rate: float | None) -> Part:
    """The part of the report. `our_rate` is what A measured with the mix; None: measured here, shortly."""
    indices = Indices()
    with all_started(plan.folder / "b", (OURS, CONSTANT)) as contestants:
        rate = (our_rate or _our_rate(contestants[0], plan, indices)) / 2
        series = interleave([Entry(one.name, one, MIX) for one in contestants], plan, indices, rate)
        ours, constant = series[OURS], series[CONSTANT]
        part = Part(f"B. Texts and calls at random moments, {rate:,.0f} a second (half of our rate), answer times")
        for share, name in ((0.5, "p50"), (0.99, "p99")):
            seen = list(zip(ours.percentiles(share), constant.percentiles(share), strict=True))
            if share > 0.5:
                part.at_most(f"{name}: ours / constant", [mine / other for mine, other in seen], TIMES_CONSTANT)
            else:
                part.remark(f"{name}: ours / constant {spread([mine / other for mine, other in seen])}")
        acknowledged = [sid_of(MIX, index) for outcome in ours.outcomes for index in outcome.acknowledged]
        part.none("errors", ours.errors)
        part.none("acknowledged and not in the log", check(contestants[0], acknowledged).lost)
    for name, one in series.items():
        late = [percentile(outcome.late, 0.99) for outcome in one.outcomes]
        part.remark(f"{name}: {one.told()}; sent late, p99: {spread(late)} ms (in the answer times)")
    return part


def _our_rate(ours: Contestant, plan: Plan, indices: Indices) -> float:
    series = Series()
    for seconds in (1.0, plan.seconds):
        most = int(seconds * FASTEST)
        measure(ours, Load(ours.port, MIX, indices.take(most), most, seconds), series)
    return series.rates[-1]
