"""The crowd in the browser: how many shall come, what is seen of them, the proof; and what the carrier does wrong.

Orders are JSON, as everywhere; what is looked at is read by GET and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict

from flask import Blueprint, Response, current_app, jsonify, render_template

from ivr.phone_numbers import international
from ivr.simulator.control import WrongOrder, posted, since
from ivr.simulator.crowd.crowds import Crowds
from ivr.simulator.crowd.faults import SENDING, SWITCHES, orders_of
from ivr.simulator.crowd.people import COUNTRIES, chosen
from ivr.simulator.crowd.plan import Plan, Target, any_seed
from ivr.simulator.rest.access import network

crowd_page = Blueprint("crowd", __name__, template_folder="templates")
CROWDS = "simulator.crowds"
SWITCHED = "simulator.switched"
READY = ("US", "GB", "EG")
"""Countries that are chosen at first."""


@crowd_page.get("/crowd")
def crowd() -> str:
    """The page."""
    return render_template(
        "crowd.html",
        lines=network().switchboard.numbers.oldest_first(),
        countries=COUNTRIES,
        ready=READY,
        switches=SWITCHES,
        sending=SENDING,
        international=international,
    )


@crowd_page.post("/simulator/crowd/start")
def start() -> Response:
    """A crowd comes. Fields: `line`, `texts`, `calls`, `over` (seconds), `countries` (us,gb), `seed` if wished."""
    order = posted()
    carrier = network()
    _crowds().start(
        Plan(
            Target.of(carrier.switchboard.number(str(order.get("line", ""))), carrier.account),
            texts=int(_number(order, "texts", 2_000)),
            calls=int(_number(order, "calls", 100)),
            over=_number(order, "over", 20.0),
            countries=chosen(str(order.get("countries", ",".join(READY)))),
            callbacks=carrier.misbehaviour.callbacks,
            webhooks=carrier.misbehaviour.webhooks,
            seed=any_seed() if order.get("seed") is None else int(_number(order, "seed", 0)),
        )
    )
    return jsonify(started=True)


@crowd_page.post("/simulator/crowd/stop")
def stop() -> Response:
    """Nobody comes any more."""
    _crowds().stop()
    return jsonify(stopped=True)


@crowd_page.get("/simulator/crowd")
def seen() -> Response:
    """How it stands: `state` (none, coming, proving, over, broken), the seconds after `since`, errors, the proof."""
    return jsonify(_crowds().told(since()))


@crowd_page.post("/simulator/crowd/faults")
def switch() -> Response:
    """What the carrier shall do wrong from now on: `on`, a list of switches; an empty one: it behaves again."""
    names = posted().get("on")
    if not isinstance(names, list):
        raise WrongOrder("on must be a list of switches")
    orders = orders_of(str(name) for name in names)
    network().misbehaviour.behave()
    if orders:
        network().misbehaviour.order(orders)
    current_app.extensions[SWITCHED] = [str(name) for name in names]
    return switched()


@crowd_page.get("/simulator/crowd/faults")
def switched() -> Response:
    """Which switches are on, and how the carrier delivers webhooks and callbacks now."""
    ill = network().misbehaviour
    on = current_app.extensions.get(SWITCHED, [])
    return jsonify(on=on, callbacks=asdict(ill.callbacks), webhooks=asdict(ill.webhooks))


def _crowds() -> Crowds:
    crowds: Crowds = current_app.extensions[CROWDS]
    return crowds


def _number(order: Mapping[str, object], name: str, default: float) -> float:
    value = order.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongOrder(f"{name} must be a number")
    return float(value)
