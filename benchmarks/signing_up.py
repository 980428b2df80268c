"""J. The sign-up page while webhooks come: what it weighs, and how long it lets people wait."""

from datetime import datetime

from benchmarks import generator
from benchmarks.contestants import OURS, Contestant, started
from benchmarks.loads import Load, Outcome
from benchmarks.report import Part, percentile, progress
from benchmarks.rounds import Indices, Plan
from benchmarks.webhooks import LINE, MIX, PUBLIC_URL, number_of
from ivr import clock, links
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.settings import Settings
from ivr.store import Connection
from ivr.store import lines as line_table

PAGES_A_SECOND, WEBHOOKS_A_SECOND = 200.0, 500.0
LONGEST_MILLISECONDS = 20.0
LARGEST_BYTES = 30_000
ALL_IT_LOADS = ("/static/third-ring.css", "/static/icon.svg")


def signing_up(plan: Plan) -> Part:
    """The part of the report."""
    part = Part(f"J. The sign-up page, {PAGES_A_SECOND:g} a second, beside {WEBHOOKS_A_SECOND:g} webhooks a second")
    indices = Indices()
    with started(OURS, plan.folder / "j") as ours:
        path = _link(ours, clock.now())
        rounds = [_round(plan, ours, path, indices, number) for number in range(plan.rounds + 1)][1:]
        weight = sum(len(ours.get(one)) for one in (path, *ALL_IT_LOADS))
    pages, webhooks = zip(*rounds, strict=True)
    waited = [percentile(one.milliseconds, 0.99) for one in pages]
    part.at_most("p99 of a page, in ms from when it was due", waited, LONGEST_MILLISECONDS)
    part.at_most("bytes of the page and all it loads", [float(weight)], LARGEST_BYTES)
    part.none("pages or webhooks that were not answered", sum(one.errors for one in (*pages, *webhooks)))
    part.remark(
        f"p50 of a page {percentile([ms for one in pages for ms in one.milliseconds], 0.5):.1f} ms; of a webhook"
        f" {percentile([ms for one in webhooks for ms in one.milliseconds], 0.5):.1f} ms, p99"
        f" {percentile([ms for one in webhooks for ms in one.milliseconds], 0.99):.1f} ms; sent late, p99:"
        f" {percentile([ms for one in pages for ms in one.late], 0.99):.1f} ms (in the answer times)"
    )
    return part


def _round(plan: Plan, ours: Contestant, path: str, indices: Indices, number: int) -> tuple[Outcome, Outcome]:
    progress(f"the sign-up page, round {number} of {plan.rounds}" if number else "the sign-up page, warming up")
    loads = []
    for kind, rate in ((path, PAGES_A_SECOND), (MIX, WEBHOOKS_A_SECOND)):
        most = int(plan.seconds * rate * 2 + 100)
        loads.append(Load(ours.port, kind, indices.take(most), most, plan.seconds, connections=16, rate=rate))
    with generator.running(loads[0]) as pages, generator.running(loads[1]) as webhooks:
        return pages.outcome(), webhooks.outcome()


def _link(ours: Contestant, at: datetime) -> str:
    """The path of a personal link of somebody new."""
    variables = {"INSTANCE_PATH": str(ours.folder), "PUBLIC_URL": PUBLIC_URL}
    house = House.open(Settings.load(variables, env_file=None))
    key = house.settings.secret_key

    def work(db: Connection) -> str:
        line = line_table.find(db, LINE)
        assert line is not None
        return f"/j/{links.token_of(meet(db, [Visitor(line, number_of(0), at)], key)[0], key)}"

    path = house.store.write(work)
    house.store.close()
    return path
