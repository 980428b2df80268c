"""Misbehaviour on command: what the carrier shall do wrong, for tests and drills.

A REST operation (`messages.create`, `messages.list`, `calls.fetch`, `recordings.media`, …) is given a list
of acts, used up one a request, or one act with a count or a probability:

    {"messages.create": ["429", "500-before", "500-after", "reset-before", "reset-after",
                         "silence", "silence-after", "slow:2", "bad-json"]}
    {"messages.create": {"act": "500-after", "count": 3}}
    {"messages.list": {"act": "503-before", "probability": 0.1}}
    {"callbacks": {"duplicates": 2, "shuffle": true, "delay": 1.0, "drop": 0.3}}
    {"webhooks": {"duplicates": 1}}

`before` means that nothing was done, `after` that it was done and only the answer is lost or wrong.
A status alone and `silence` are before; `bad-json` is after. An empty list or object ends it.
"""

import random
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields
from threading import Lock

from ivr.errors import ThirdRingError

_ACT = re.compile(r"(?:(?P<status>[45]\d\d)|(?P<kind>reset|silence))(?:-(?P<when>before|after))?")
_SLOW = re.compile(r"slow:(?P<seconds>\d+(?:\.\d+)?)")
_OPERATION = re.compile(r"(messages|media|calls|recordings|numbers|account)\.[a-z]+")


class WrongMisbehaviour(ThirdRingError, ValueError):
    """An order to misbehave that the carrier does not understand; the message says which part."""


@dataclass(frozen=True)
class Act:
    """One act: `kind` is `status`, `reset`, `silence`, `slow` or `bad-json`.

    `after`: the request is carried out first.
    """

    kind: str
    after: bool = False
    status: int = 0
    seconds: float = 0.0

    @classmethod
    def parse(cls, word: object) -> "Act":
        """Reads `429`, `500-after`, `reset-before`, `silence`, `slow:2`. Raises WrongMisbehaviour."""
        if word == "bad-json":
            return cls("bad-json", after=True)
        if slow := _SLOW.fullmatch(str(word)):
            return cls("slow", after=True, seconds=float(slow["seconds"]))
        if found := _ACT.fullmatch(str(word)):
            return cls(found["kind"] or "status", found["when"] == "after", int(found["status"] or 0))
        raise WrongMisbehaviour(f"{word!r} is no act; see ivr/simulator/misbehaviour.py for the list")


@dataclass(frozen=True)
class Deliveries:
    """How callbacks or webhooks go out: `duplicates` extra copies of each, in random order if `shuffle`,
    `delay` seconds late, lost with the probability `drop`."""

    duplicates: int = 0
    shuffle: bool = False
    delay: float = 0.0
    drop: float = 0.0

    @classmethod
    def parse(cls, order: Mapping[str, object]) -> "Deliveries":
        """Reads a JSON object with these names. Raises WrongMisbehaviour."""
        unknown = set(order) - {field.name for field in fields(cls)}
        if unknown:
            raise WrongMisbehaviour(f"unknown: {', '.join(sorted(unknown))}")
        try:
            return cls(
                int(str(order.get("duplicates", 0))),
                bool(order.get("shuffle", False)),
                float(str(order.get("delay", 0.0))),
                float(str(order.get("drop", 0.0))),
            )
        except ValueError as error:
            raise WrongMisbehaviour(str(error)) from None


@dataclass(frozen=True)
class _Chance:
    act: Act
    probability: float


class Misbehaviour:
    """What is ordered and not yet done. Empty at first: the carrier behaves."""

    def __init__(self, seed: int | None = None) -> None:
        self._lock = Lock()
        self._random = random.Random(seed)  # noqa: S311 - lots, not secrets
        self._scripts: dict[str, deque[Act]] = {}
        self._chances: dict[str, _Chance] = {}
        self.callbacks = Deliveries()
        self.webhooks = Deliveries()

    def order(self, orders: Mapping[str, object]) -> None:
        """Takes a JSON object as in this module's docstring; each name replaces its earlier order.

        Raises WrongMisbehaviour, and then nothing has changed.
        """
        deliveries, scripts = {}, {}
        for name, order in orders.items():
            if name in ("callbacks", "webhooks"):
                deliveries[name] = _deliveries(name, order)
            else:
                scripts[name] = _script(name, order)
        with self._lock:
            self.callbacks = deliveries.get("callbacks", self.callbacks)
            self.webhooks = deliveries.get("webhooks", self.webhooks)
            for name, (acts, chance) in scripts.items():
                self._scripts[name] = deque(acts)
                self._chances.pop(name, None)
                if chance is not None:
                    self._chances[name] = chance

    def behave(self) -> None:
        """Forgets every order."""
        with self._lock:
            self._scripts.clear()
            self._chances.clear()
            self.callbacks = self.webhooks = Deliveries()

    def next_act(self, operation: str) -> Act | None:
        """The act for the next request of this operation, which is used up; None: behave."""
        with self._lock:
            script = self._scripts.get(operation)
            if script:
                return script.popleft()
            chance = self._chances.get(operation)
            if chance is not None and self._random.random() < chance.probability:
                return chance.act
            return None

    def is_lost(self, probability: float) -> bool:
        """Draws a lot: True with this probability."""
        with self._lock:
            return self._random.random() < probability

    def shuffle(self, things: list[dict[str, str]]) -> None:
        """Puts the list into a random order."""
        with self._lock:
            self._random.shuffle(things)


def _deliveries(name: str, order: object) -> Deliveries:
    if order and not isinstance(order, dict):
        raise WrongMisbehaviour(f"{name}: expected an object")
    if name == "webhooks" and set(order if isinstance(order, dict) else {}) - {"duplicates"}:
        raise WrongMisbehaviour("webhooks can only have duplicates")
    return Deliveries.parse(order if isinstance(order, dict) else {})


def _script(name: str, order: object) -> tuple[list[Act], _Chance | None]:
    if not _OPERATION.fullmatch(name):
        raise WrongMisbehaviour(f"{name!r} is no operation; examples: messages.create, calls.list, callbacks")
    if isinstance(order, list):
        return [Act.parse(word) for word in order], None
    if isinstance(order, str):
        return [Act.parse(order)], None
    if not order:
        return [], None
    if not isinstance(order, dict) or "act" not in order:
        raise WrongMisbehaviour(f"{name}: expected a list of acts, or an object with act, count, probability")
    act = Act.parse(order["act"])
    try:
        if "probability" in order:
            return [], _Chance(act, float(order["probability"]))
        return [act] * int(order.get("count", 1)), None
    except (TypeError, ValueError):
        raise WrongMisbehaviour(f"{name}: count and probability are numbers") from None
