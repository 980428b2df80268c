"""H. The simulator's crowd: what it costs itself, so that it is not the limit, and whether the product survives one."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from benchmarks.contestants import OURS, Contestant, free_port, started
from benchmarks.report import Part, progress, spread
from benchmarks.rounds import Plan
from benchmarks.the_log import check
from benchmarks.webhooks import ACCOUNT, LINE, PUBLIC_URL, TOKEN
from ivr.simulator.crowd.counting import Counted
from ivr.simulator.crowd.people import sids
from ivr.simulator.crowd.plan import Plan as Crowd
from ivr.simulator.crowd.plan import Target
from ivr.simulator.crowd.running import RunningCrowd

FASTEST = 4_000  # contacts a second that are sent to the parrot: more than the crowd can do beside it on two cores
ENOUGH = 2_000.0


def crowd(plan: Plan) -> Part:
    """The part of the report."""
    part = Part("H. The simulator's crowd: each contact a webhook and two status callbacks, every answer read")
    with _parrot() as port:
        alone = [_round(plan, _target(port, f"http://127.0.0.1:{port}"), FASTEST, n) for n in range(plan.rounds)]
    own = [one.sent / (one.cpu_share * one.seconds) for one in alone]
    part.at_least("contacts a second that a core of its own would do", own, ENOUGH)
    busiest = spread([one.most_a_second for one in alone])
    part.remark(f"beside a server that only repeats itself, on these cores: {busiest} in the busiest second")
    with started(OURS, plan.folder / "h") as ours:
        _against(ours, plan, part)
    return part


def _against(ours: Contestant, plan: Plan, part: Part) -> None:
    wanted = _crowd(plan, _target(ours.port, PUBLIC_URL), 1_000, 0)
    counted = _carried_out(wanted)
    found = check(ours, sids(wanted, counted.sent))
    part.none("of a crowd against ours: not answered", counted.sent - counted.answered)
    part.none("not in the log", found.lost)
    part.none("twice in the log, or answered twice", found.twice + counted.differing)
    part.remark(
        f"{counted.sent:,} contacts within {wanted.over:g} s, at most {counted.most_a_second:,} a second; p50"
        f" {counted.p50:g} ms, p99 {counted.p99:g} ms; the crowd took {counted.cpu_share:.0%} of a core"
    )


def _round(plan: Plan, target: Target, rate: int, number: int) -> Counted:
    progress(f"the crowd alone, round {number + 1} of {plan.rounds}")
    return _carried_out(_crowd(plan, target, rate, number))


def _crowd(plan: Plan, target: Target, rate: int, number: int) -> Crowd:
    return Crowd(target, texts=int(plan.seconds * rate), calls=0, over=plan.seconds, seed=number)


def _carried_out(wanted: Crowd) -> Counted:
    with RunningCrowd(wanted) as running:
        *_, counted = running.heard()
    assert isinstance(counted, Counted)
    return counted


def _target(port: int, url: str) -> Target:
    hooks = (f"{url}/webhooks/sms#rc=3&rp=all", f"{url}/webhooks/voice", f"{url}/webhooks/voice/status")
    return Target("127.0.0.1", port, LINE, *hooks, ACCOUNT, TOKEN)


@contextmanager
def _parrot() -> Iterator[int]:
    port = free_port()
    with subprocess.Popen([sys.executable, "-m", "benchmarks.parrot", str(port)]) as parrot:
        try:
            _wait(port)
            yield port
        finally:
            parrot.kill()


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            HTTPConnection("127.0.0.1", port, timeout=1).connect()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the parrot did not start")
