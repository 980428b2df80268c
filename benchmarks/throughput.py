"""A. How many signed webhooks a second are answered after they are committed, against two other applications."""

from statistics import median

from benchmarks.contestants import CONSTANT, FIELDS, OURS, PLAIN, Contestant
from benchmarks.report import Part, spread
from benchmarks.rounds import Entry, Indices, Plan, Series, all_started, interleave
from benchmarks.the_log import check
from benchmarks.webhooks import CALLS, MIX, TEXTS, sid_of

OF_CONSTANT = 0.5
OF_PLAIN = 3.0
KINDS = (TEXTS, CALLS, MIX)


def throughput(plan: Plan) -> tuple[Part, float]:
    """The part of the report, and our rate with the mix."""
    part = Part("A. Signed webhooks, on the disk before they are answered (2 workers, 64 keep-alive connections)")
    indices = Indices()
    acknowledged: list[str] = []
    ours_rate = 0.0
    with all_started(plan.folder / "a", (OURS, CONSTANT, FIELDS, PLAIN)) as contestants:
        for kind in KINDS:
            series = interleave([Entry(one.name, one, kind) for one in contestants], plan, indices)
            acknowledged += [sid_of(kind, index) for one in series[OURS].outcomes for index in one.acknowledged]
            _compare(part, kind, series)
            ours_rate = median(series[OURS].rates)
        _check(part, contestants[0], acknowledged)
    return part, ours_rate


def _compare(part: Part, kind: str, series: dict[str, Series]) -> None:
    ours = series[OURS]
    for name, target in ((CONSTANT, OF_CONSTANT), (PLAIN, OF_PLAIN)):
        ratios = [mine / other for mine, other in zip(ours.rates, series[name].rates, strict=True)]
        part.at_least(f"{kind}: ours / {name}", ratios, target)
    part.none(f"{kind}: errors", ours.errors)
    looser = [mine / other for mine, other in zip(ours.rates, series[FIELDS].rates, strict=True)]
    part.remark(f"{kind}: of the constant route's rate when that parses the fields, too: {spread(looser)}")
    shares = [of / mine for of, mine in zip(series[CONSTANT].cpu_microseconds, ours.cpu_microseconds, strict=True)]
    part.remark(f"{kind}: by the workers' CPU alone, which others on the machine disturb less: {spread(shares)}")
    for name, one in series.items():
        part.remark(f"{kind}, {name}: {one.told()}")


def _check(part: Part, ours: Contestant, acknowledged: list[str]) -> None:
    found = check(ours, acknowledged)
    part.none("acknowledged and not in the log", found.lost)
    part.none("twice in the log, or answered twice", found.twice)
    part.remark(f"{found.acknowledged:,} acknowledged webhooks were looked up in the log; {found.spooled} were spooled")
