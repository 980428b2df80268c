"""D. Whether a worker's memory grows: 100,000 webhooks after the first 10,000."""

from benchmarks import generator
from benchmarks.contestants import OURS, Contestant
from benchmarks.loads import Load
from benchmarks.machine import resident_bytes
from benchmarks.report import Part, progress, spread
from benchmarks.rounds import Indices, Plan, all_started
from benchmarks.webhooks import MIX

MEGABYTE = 1_000_000
MOST_GROWTH = 5.0
FIRST = 10_000
THEN = 100_000
STEP = 10_000


def memory(plan: Plan) -> Part:
    """The part of the report."""
    then = 20_000 if plan.quick else THEN
    indices = Indices()
    seen: list[dict[int, float]] = []
    errors = 0
    with all_started(plan.folder / "d", (OURS,)) as (ours,):
        for done in range(0, FIRST + then, STEP):
            progress(f"memory: {done:,} of {FIRST + then:,} webhooks")
            load = Load(ours.port, MIX, indices.take(STEP), STEP, seconds=300)
            errors += generator.run(load).errors
            seen.append(_megabytes(ours))
    growth = [seen[-1][worker] - seen[0][worker] for worker in seen[0]]
    part = Part(f"D. Memory of a worker (VmRSS), growth over {then:,} webhooks after the first {FIRST:,}")
    part.at_most("the worker that grew most", [max(growth)], MOST_GROWTH, " MB")
    part.none("errors", errors)
    part.remark(f"each worker's growth: {', '.join(f'{one:.2f}' for one in growth)} MB")
    for number, worker in enumerate(seen[0], 1):
        part.remark(f"worker {number}: {', '.join(f'{one[worker]:.1f}' for one in seen)} MB")
    part.remark(f"at first {spread(list(seen[0].values()))} MB")
    return part


def _megabytes(ours: Contestant) -> dict[int, float]:
    return {worker: resident_bytes(worker) / MEGABYTE for worker in ours.workers()}
