"""C. Workers are killed (`kill -9`) in mid-burst: what was acknowledged is in the log, once.

Gunicorn starts another worker each time. A webhook whose connection broke is sent again, as the carrier does, so
that the same SID comes twice whenever the worker died between its commit and its answer.
"""

import os
import random
import signal

from benchmarks import generator
from benchmarks.contestants import OURS, Contestant
from benchmarks.generator import Running
from benchmarks.loads import Load
from benchmarks.report import Part, progress
from benchmarks.rounds import FASTEST, Plan, all_started
from benchmarks.the_log import check
from benchmarks.webhooks import MIX, sid_of

SECONDS_BETWEEN = (0.2, 1.2)


def kills(plan: Plan) -> Part:
    """The part of the report."""
    part = Part("C. Workers killed in mid-burst (kill -9), connections that broke are tried again")
    seconds = plan.seconds * plan.rounds
    with all_started(plan.folder / "c", (OURS,)) as (ours,):
        load = Load(ours.port, MIX, 1, int(seconds * FASTEST / 2), seconds, repeats=True)
        with generator.running(load) as under_way:
            killed = _kill_at_random(ours, under_way)
            outcome = under_way.outcome()
        found = check(ours, [sid_of(MIX, index) for index in outcome.acknowledged])
    part.none("acknowledged and not in the log", found.lost)
    part.none("twice in the log, or answered twice", found.twice)
    part.none("never acknowledged", outcome.errors)
    part.remark(
        f"{killed} workers killed; {found.acknowledged:,} webhooks acknowledged, {outcome.repeated:,} of them sent "
        f"again after a broken connection; {found.spooled} spooled"
    )
    return part


def _kill_at_random(ours: Contestant, under_way: Running) -> int:
    chance = random.Random()
    killed = 0
    while not under_way.is_over(chance.uniform(*SECONDS_BETWEEN)):
        workers = ours.workers()
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            killed += 1
            progress(f"kills: {killed}")
    return killed
