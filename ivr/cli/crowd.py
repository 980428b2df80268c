"""A crowd from the terminal: ivr crowd."""

import json
import math
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

import click

from ivr import clock
from ivr.cli.phone import SIMULATOR, TO, line_of, simulator_of
from ivr.cli.proving import log_of
from ivr.errors import ThirdRingError
from ivr.provisioning import addresses
from ivr.settings import Settings
from ivr.simulator import WrongMisbehaviour, client, is_loopback
from ivr.simulator.crowd.counting import Counted, Second
from ivr.simulator.crowd.faults import read_order
from ivr.simulator.crowd.people import chosen, sent_twice, sids
from ivr.simulator.crowd.plan import Plan, Target, WrongCrowd, any_seed
from ivr.simulator.crowd.proof import prove
from ivr.simulator.crowd.running import RunningCrowd
from ivr.simulator.misbehaviour import Deliveries

BAR = 24
"""Characters of the bar, which is full at the busiest second so far."""
STEEPNESS = 3.2
"""How often the busiest second has the average of all: of the curve, where nobody has to wait."""


class _Order(click.ParamType[tuple[str, object]]):
    """What the carrier shall do wrong, as `read_order` reads it."""

    name = "order"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, object]:
        """The operation, and what is ordered of it."""
        try:
            return read_order(str(value))
        except WrongMisbehaviour as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.option("--texts", type=click.IntRange(0), default=2_000, show_default=True, help="How many text.")
@click.option("--calls", type=click.IntRange(0), default=100, show_default=True, help="How many call.")
@click.option("--over", type=float, default=20.0, show_default=True, metavar="S", help="Within so many seconds.")
@click.option("--countries", default="us,gb,eg", show_default=True, help="Where they are from.")
@click.option("--seed", type=int, help="The same number brings the same people; without one, others each time.")
@click.option(
    "--misbehave",
    "faults",
    type=_Order(),
    multiple=True,
    metavar="WHAT=HOW",
    help="What the carrier does wrong meanwhile: callbacks=duplicates:2,shuffle,drop:0.3; webhooks=duplicates:1;"
    " messages.create=429,500-after; messages.create=500-after@0.2 (so often). Several times, if you like.",
)
@TO
@click.option("--json", "as_json", is_flag=True, help="One JSON object in the end.")
@SIMULATOR
def crowd(
    texts: int,
    calls: int,
    over: float,
    countries: str,
    seed: int | None,
    faults: tuple[tuple[str, object], ...],
    to: str | None,
    as_json: bool,
    url: str | None,
) -> None:
    """Let a crowd call and text the line, and prove that each was answered once and is in the log.

    It runs beside `ivr demo`, never against a line of a real carrier. Exit status 1: it is not proved.
    """
    settings = Settings.load(or_demo=True)
    orders = dict(faults)
    try:
        plan = Plan(
            _target(settings, line_of(settings, to)),
            *(texts, calls, over, chosen(countries)),
            callbacks=_deliveries(orders.pop("callbacks", {})),
            webhooks=_deliveries(orders.pop("webhooks", {})),
            seed=any_seed() if seed is None else seed,
        )
    except WrongCrowd as error:
        raise click.UsageError(str(error)) from None
    carrier = url or simulator_of(settings)
    client.received(carrier, plan.target.line)  # whether it is there at all: callers' texts go through it
    if orders:
        client.misbehave(carrier, orders)
    try:
        proved = _carry_out(plan, settings, carrier, as_json)
    finally:
        if orders:
            client.misbehave(carrier, {name: [] for name in orders})
    sys.exit(0 if proved else 1)


def _carry_out(plan: Plan, settings: Settings, carrier: str, as_json: bool) -> bool:
    """The crowd and its proof; whether it is one."""
    began = clock.now()
    if not as_json:
        click.echo(f"{plan.texts:,} texts and {plan.calls:,} calls within {plan.over:g} s (--seed {plan.seed})")
    with RunningCrowd(plan) as running:
        before = signal.signal(signal.SIGINT, lambda *_: running.stop())
        counted = _followed(running, as_json)
        signal.signal(signal.SIGINT, before)
    kept = log_of(settings)(sids(plan, counted.sent), began)
    proof = prove(counted, kept, sent_twice(plan, counted.sent, client.sent_since(carrier, clock.written(began))))
    if as_json:
        told = {"seed": plan.seed, "counted": asdict(counted), "kept": asdict(kept), **proof.as_dict()}
        click.echo(json.dumps(told, ensure_ascii=False))
        return proof.is_proved
    click.echo(
        f"\n{counted.most_a_second:,} contacts in the busiest second; p50 {counted.p50:g} ms, p99 {counted.p99:g} ms;"
        f" {counted.repeated:,} webhooks again, {counted.callbacks:,} callbacks, {counted.retried:,} retries;"
        f" {kept.arrived:,} of {kept.answers:,} answers arrived; the crowd took {counted.cpu_share:.0%} of a core"
    )
    for words, count in counted.errors.items():
        click.echo(f"  error: {words} ({count:,} times)")
    for figure in proof.figures:
        mark = "=" if figure.agrees else "≠"
        click.echo(f"  {figure.seen:>9,} {mark} {figure.wanted:<9,} {figure.name}")
    click.echo(proof.verdict)
    return proof.is_proved


def _followed(running: RunningCrowd, as_json: bool) -> Counted:
    most = math.ceil(running.plan.contacts / running.plan.over * STEEPNESS)
    for told in running.heard():
        if isinstance(told, Counted):
            return told
        most = max(most, told.answered)
        if not as_json:
            click.echo(_row(told, most))
    raise ThirdRingError("The crowd told nothing.")


def _row(told: Second, most: int) -> str:
    bar = "█" * math.ceil(told.answered / most * BAR)
    return (
        f"{told.second:>4} s  {bar:<{BAR}}  {told.answered:>6,}/s  p50 {told.p50:>8,.1f} ms  p99 {told.p99:>8,.1f} ms"
        f"  {told.waiting:>6,} wait  {told.errors:>4,} errors" + (f"  {told.behind:,} callbacks" if told.behind else "")
    )


def _target(settings: Settings, line: str) -> Target:
    """The line of this installation. Raises ThirdRingError when its carrier is a real one, or it does not run."""
    if not is_loopback(urlsplit(settings.api_url).hostname or ""):
        raise ThirdRingError(
            f"This installation sends its texts through {settings.api_url}: a crowd of people who do not exist would"
            " have it write to whoever has their numbers. A crowd is for `ivr demo`."
        )
    host = settings.host if is_loopback(settings.host) else "127.0.0.1"
    try:
        socket.create_connection((host, settings.port), timeout=5).close()
    except OSError:
        raise ThirdRingError(f"Nothing listens on {host}, port {settings.port}. Start it with `make run`.") from None
    ours = addresses(settings)
    webhooks = (ours["sms"], ours["voice"], ours["call_status"])
    return Target(host, settings.port, line, *webhooks, settings.account_sid, settings.auth_tokens[0])


def _deliveries(order: object) -> Deliveries:
    return Deliveries.parse(order if isinstance(order, Mapping) else {})
