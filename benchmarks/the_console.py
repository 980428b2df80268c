"""F. The console on ten million contacts: pages, searches, the export, and what operators at work cost the webhooks."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import days, ten_million
from benchmarks.browser import Browser, session_of
from benchmarks.contestants import OURS, Contestant, started
from benchmarks.exports import exported
from benchmarks.loads import Load
from benchmarks.machine import busy_seconds, cpu_milliseconds
from benchmarks.questions import Asked, Sample, pages, searches
from benchmarks.report import Part, percentile, progress, spread
from benchmarks.rounds import FASTEST, Indices, Plan, Series, measure
from benchmarks.staff import staff
from benchmarks.watching import watching
from benchmarks.webhooks import TEXTS
from ivr import clock
from ivr.store import Store
from ivr.store.log.search_index import SearchIndex

LOOKS, LOOKS_QUICKLY = 300, 60
OPERATORS = 5
EXPORTED_A_SECOND = 50_000
EXPORT_GROWTH = 10.0
WITH_OPERATORS = 0.9
CONTINUED_AT_MOST = 400


@dataclass(frozen=True)
class _Ground:
    """The server that is measured, its database, a session, and what is in the log."""

    plan: Plan
    ours: Contestant
    database: Path
    session: str
    sample: Sample


def console(plan: Plan, contacts: int, kept: Path | None = None) -> Part:
    """The part of the report. With `kept` the database is made there, and found there by the next run."""
    part = Part(f"F. The console with {contacts:,} contacts in the log (2 workers; one request at a time)")
    database = _made(part, kept or plan.folder / "contacts", contacts)
    with _serving(plan, database) as ground:
        began, busy = time.perf_counter(), busy_seconds()
        used = sum(
            _look(part, ground, asked)
            for asked in (*pages(ground.sample), *days.days(), *staff(ground.sample), *searches(ground.sample))
        )
        others = (busy_seconds() - busy - used / 1000 - time.process_time()) / (time.perf_counter() - began)
        part.remark(f"while pages were looked at, others took {max(0.0, others):.0%} of a core")
        _go_on(part, ground)
        _export(part, ground)
        _work_beside(part, ground)
    return part


def _made(part: Part, folder: Path, contacts: int) -> Path:
    database, seconds = ten_million.made(folder, contacts)
    count, fed_seconds = ten_million.feed(database, SearchIndex(database.with_suffix(".search.db")))
    size = sum(file.stat().st_size for file in folder.glob(f"{database.stem}.*")) / 1e9
    part.remark(f"made in {seconds:.0f} s (0: it was there); with the search's index {size:.1f} GB")
    if count > 1:
        part.remark(f"the search's index was fed {count:,} contacts, {count / fed_seconds:,.0f} a second")
    count, counting_seconds, right = days.counted(database)
    if count > 1:
        part.remark(f"the tallies counted {count:,} rows, {count / counting_seconds:,.0f} a second")
    part.none("tallies that differ from a count of everything", int(not right))
    return database


@contextmanager
def _serving(plan: Plan, database: Path) -> Iterator[_Ground]:
    folder = plan.folder / "f"
    with started(OURS, folder, DATABASE_URL=f"sqlite:///{database}") as ours:
        session = session_of(folder, database, clock.now())
        yield _Ground(plan, ours, database, session, Sample.drawn(database))


def _look(part: Part, ground: _Ground, asked: Asked) -> float:
    """Some hundred looks at one kind of page, in turn over two connections: they may end in two workers.

    Returns the workers' CPU, in milliseconds.
    """
    chance, count = random.Random(asked.name), LOOKS_QUICKLY if ground.plan.quick else LOOKS
    browsers = [Browser(ground.ours.port, ground.session) for _ in range(2)]
    progress(f"{asked.name}, {count} times")
    seen, cpu, slowest = [], [], (0.0, "")
    for number in range(count):
        path = asked.path(chance)
        before = _cpu(ground.ours)
        answer = browsers[number % len(browsers)].look(path)
        cpu.append(_cpu(ground.ours) - before)
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered {answer.status}")
        seen.append(answer.milliseconds)
        slowest = max(slowest, (answer.milliseconds, path))
    for browser in browsers:
        browser.close()
    told = (
        f"median {percentile(seen, 0.5):.1f} ms; by the workers' CPU median {percentile(cpu, 0.5):.1f},"
        f" p99 {percentile(cpu, 0.99):.1f}; slowest {slowest[0]:.0f} ms: {slowest[1][:90]}"
    )
    if asked.most is None:
        part.remark(f"{asked.name}: p99 {percentile(seen, 0.99):.1f} ms, {told}")
        return sum(cpu)
    part.at_most(f"{asked.name}: p99", [percentile(seen, 0.99)], asked.most, " ms")
    part.remark(f"{asked.name}: {told}")
    return sum(cpu)


def _cpu(ours: Contestant) -> float:
    return sum(cpu_milliseconds(worker) for worker in ours.workers())


def _go_on(part: Part, ground: _Ground) -> None:
    """How long it takes until a search for what there is not has looked at everything, as the page's script does it."""
    browser = Browser(ground.ours.port, ground.session)
    for name, path in (
        ("a state that no call has", "/console/log/more?kind=call&status=failed"),
        ("80 % with a country of next to nobody", "/console/log/more?q=common&country=QA&status=doubt"),
    ):
        began, count, following = time.perf_counter(), 0, path
        while following and count < CONTINUED_AT_MOST:
            progress(f"{name}: {count} times on")
            told = json.loads(browser.look(following).text)
            following, count = told.get("more", ""), count + 1
        ended = "to the end" if not following else "and not at the end"
        part.remark(f"{name}: {count} requests, {time.perf_counter() - began:.1f} s, {ended}")
    browser.close()


def _export(part: Part, ground: _Ground) -> None:
    seconds = 5.0 if ground.plan.quick else 20.0
    for form in ("csv", "json"):
        for name, filters in (("all", {}), ("texts", {"kind": "text"})):
            seen = exported(ground.ours, ground.session, form, seconds, **filters)
            part.at_least(f"export of {name} as {form}: rows a second", [seen.rate], EXPORTED_A_SECOND)
            part.at_most(f"export of {name} as {form}: the worker grows", [seen.growth], EXPORT_GROWTH, " MB")
            part.remark(f"{name} as {form}: {seen.rows:,} rows, {seen.size / 1e6:,.0f} MB in {seen.seconds:.1f} s")
    _count(part, ground, max(at for *_, at in ground.sample.contacts)[:7] + "-01")


def _count(part: Part, ground: _Ground, since: str) -> None:
    """An export to its end has exactly what is in the log."""
    seen = exported(ground.ours, ground.session, "json", 600, since=since, country="GB")
    store = Store(ground.database, ground.database.with_suffix(".spool"))
    count = store.read(
        lambda db: db.execute(
            "SELECT (SELECT count(*) FROM calls WHERE at >= :since AND country = 'GB') + (SELECT count(*) FROM messages"
            " WHERE direction = 'in' AND at >= :since AND country = 'GB')",
            {"since": since},
        ).fetchone()[0]
    )
    store.close()
    part.none(f"rows that the export of {count:,} contacts lacks or has too many", abs(seen.rows - count))


def _work_beside(part: Part, ground: _Ground) -> None:
    """Rounds in turn, with operators at work and without."""
    plan, indices = ground.plan, Indices()
    indices.take(int(time.time()) * 100)  # a kept database knows those of earlier runs
    series = {0: Series(), OPERATORS: Series()}
    looks: list[float] = []
    for number in range(plan.rounds + 1):
        for operators, of in series.items():
            progress(f"texts with {operators} operators: round {number} of {plan.rounds}")
            most = int(plan.seconds * FASTEST)
            load = Load(ground.ours.port, TEXTS, indices.take(most), most, plan.seconds)
            with watching(ground.ours.port, ground.session, ground.database, operators) as seen:
                measure(ground.ours, load, of if number else Series())
            looks += seen
    alone, watched = series[0], series[OPERATORS]
    ratios = [mine / other for mine, other in zip(watched.rates, alone.rates, strict=True)]
    part.at_least(f"texts with {OPERATORS} operators at work / without", ratios, WITH_OPERATORS)
    part.none("errors", alone.errors + watched.errors)
    shares = [of / mine for of, mine in zip(alone.cpu_microseconds, watched.cpu_microseconds, strict=True)]
    part.remark(f"by the workers' CPU for a text, which others on the machine disturb less: {spread(shares)}")
    part.remark(f"texts, nobody at work: {alone.told()}")
    part.remark(f"texts, {OPERATORS} operators at work: {watched.told()}")
    part.remark(
        f"{len(looks)} looks beside the texts: p50 {percentile(looks, 0.5):.0f} ms, p99 {percentile(looks, 0.99):.0f}"
    )
