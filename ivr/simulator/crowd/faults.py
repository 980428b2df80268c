"""What the carrier can be made to do wrong, as switches for people, and orders as they are typed in a command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ivr.simulator.misbehaviour import Misbehaviour, WrongMisbehaviour


@dataclass(frozen=True)
class Fault:
    """A switch: its `title`, one line of `words` about it, and what it orders of `operation`."""

    name: str
    title: str
    words: str
    operation: str
    order: Mapping[str, object] = field(default_factory=dict)


def _half(name: str, act: str, title: str, words: str) -> Fault:
    return Fault(name, title, words, "messages.create", {"act": act, "probability": 0.5})


SWITCHES = (
    Fault(
        "twice",
        "Every webhook comes twice",
        "The carrier promises “at least once”. One contact must be kept, and the answer be the same.",
        "webhooks",
        {"duplicates": 1},
    ),
    Fault(
        "again",
        "Status callbacks come three times",
        "What is known already must change nothing.",
        "callbacks",
        {"duplicates": 2},
    ),
    Fault(
        "shuffle",
        "Status callbacks come in any order",
        "“Sent” after “delivered” must not undo it.",
        "callbacks",
        {"shuffle": True},
    ),
    Fault(
        "late",
        "Status callbacks come three seconds late",
        "Nothing may wait for them.",
        "callbacks",
        {"delay": 3.0},
    ),
    Fault(
        "lost",
        "A third of the status callbacks is lost",
        "The log then says “sent”, which is true, and never “arrived”.",
        "callbacks",
        {"drop": 0.33},
    ),
    Fault(
        "unlisted",
        "The carrier's list of messages cannot be read",
        "A text in doubt stays in doubt, and is not sent a second time.",
        "messages.list",
        {"act": "503-before", "probability": 1.0},
    ),
    Fault(
        "recordings",
        "Voice messages cannot be fetched at the first two tries",
        "They are fetched later.",
        "recordings.media",
        {"act": "503-before", "count": 2},
    ),
)
"""Switches that can be on together."""
SENDING = (
    _half("429", "429", "It says “too many requests”", "Nothing was taken: the text waits and goes later, once."),
    _half("refused", "500-before", "It fails before it took the text", "Whether it took it cannot be told: doubt."),
    _half("taken", "500-after", "It takes the text and says it failed", "Sending again would send it twice."),
    _half("reset", "reset-after", "It takes the text and breaks off", "The same doubt, without any answer."),
    _half("silence", "silence-after", "It takes the text and says nothing", "Ten seconds of waiting, then doubt."),
    _half("slow", "slow:2", "It needs two seconds", "Calls and texts are answered as fast as ever."),
    _half("garbled", "bad-json", "Its answer is cut short", "It was taken: doubt, until the callback tells."),
)
"""What happens, half of the time, when the product sends a text through the REST API: one of these, or nothing."""


def orders_of(names: Iterable[str]) -> dict[str, object]:
    """The orders of these switches together. Raises WrongMisbehaviour for a name that there is not."""
    known = {fault.name: fault for fault in (*SWITCHES, *SENDING)}
    orders: dict[str, object] = {}
    for name in names:
        if name not in known:
            raise WrongMisbehaviour(f"{name!r} is no switch; there are {', '.join(known)}")
        fault = known[name]
        before = orders.get(fault.operation)
        orders[fault.operation] = {**(before if isinstance(before, dict) else {}), **fault.order}
    return orders


def read_order(text: str) -> tuple[str, object]:
    """An order as it is typed: the name of an operation, and what is ordered of it. Raises WrongMisbehaviour.

    `callbacks=duplicates:2,shuffle,drop:0.3`, `webhooks=duplicates:1`, `messages.create=429,500-after`, `…=429*5` (so
    many times), `…=500-after@0.2` (with this probability).
    """
    name, _, words = text.partition("=")
    acts = [word.strip() for word in words.split(",") if word.strip()]
    if not acts:
        raise WrongMisbehaviour(f"{text!r}: write OPERATION=ACT, such as callbacks=duplicates:2,shuffle")
    order: object = acts
    if name in ("callbacks", "webhooks"):
        order = dict(_setting(act) for act in acts)
    elif len(acts) == 1 and "@" in acts[0]:
        act, _, probability = acts[0].partition("@")
        order = {"act": act, "probability": probability}
    elif len(acts) == 1 and "*" in acts[0]:
        act, _, times = acts[0].partition("*")
        order = {"act": act, "count": times}
    Misbehaviour().order({name: order})
    return name, order


def _setting(act: str) -> tuple[str, object]:
    name, _, value = act.partition(":")
    return name, value or True
