"""The crowd of one simulator: at most one at a time, seen from the pages while it comes."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from threading import Lock, Thread

from ivr.errors import ThirdRingError
from ivr.simulator.crowd.counting import Counted, Second
from ivr.simulator.crowd.people import sent_twice, sids
from ivr.simulator.crowd.plan import Plan, WrongCrowd
from ivr.simulator.crowd.proof import Kept, prove
from ivr.simulator.crowd.running import CrowdFailed, RunningCrowd
from ivr.simulator.switchboard import Message, Shelf
from ivr.simulator.wire import now

InLog = Callable[[Sequence[str], datetime], Kept]
"""Looks into the product's log for the contacts of these SIDs, and for texts since then. The simulator knows no store:
who starts it beside the product hands this to it."""

NONE, COMING, PROVING, OVER, BROKEN = "none", "coming", "proving", "over", "broken"


class Crowds:
    """Starts a crowd, follows it, and proves it in the end; `messages` are the carrier's."""

    def __init__(self, messages: Shelf[Message], in_log: InLog | None = None) -> None:
        self._messages = messages
        self._in_log = in_log
        self._lock = Lock()
        self._crowd: RunningCrowd | None = None
        self._thread: Thread | None = None
        self._seconds: list[Second] = []
        self._told: dict[str, object] = {"state": NONE}

    def start(self, plan: Plan) -> None:
        """Starts it. Raises WrongCrowd when one is under way."""
        with self._lock:
            if self._told["state"] in (COMING, PROVING):
                raise WrongCrowd("A crowd is under way. Stop it, or wait until it is over.")
            self._seconds = []
            self._told = {"state": COMING, "plan": _shown(plan), "errors": {}}
            self._crowd = RunningCrowd(plan)
            self._thread = Thread(target=self._follow, args=(self._crowd, now()), name="crowd", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Nobody comes any more; who came is heard to the end and proved."""
        with self._lock:
            crowd = self._crowd
        if crowd is not None:
            crowd.stop()

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until the crowd is over and proved; whether it is."""
        if self._thread is not None:
            self._thread.join(timeout)
            return not self._thread.is_alive()
        return True

    def told(self, since: int = 0) -> dict[str, object]:
        """How it stands, with the seconds after number `since`; for JSON."""
        with self._lock:
            seconds = [asdict(one) for one in self._seconds[max(since, 0) :]]
            return {**self._told, "seconds": seconds}

    def _follow(self, crowd: RunningCrowd, began: datetime) -> None:
        try:
            with crowd:
                counted = self._heard(crowd)
            self._prove(crowd.plan, counted, began)
        except Exception as error:
            self._tell(state=BROKEN, error=str(error))
            if not isinstance(error, ThirdRingError):
                raise

    def _heard(self, crowd: RunningCrowd) -> Counted:
        for one in crowd.heard():
            if isinstance(one, Counted):
                self._tell(state=PROVING, counted=asdict(one), errors=one.errors)
                return one
            with self._lock:
                self._seconds.append(one)
        raise CrowdFailed("The crowd told nothing.")

    def _prove(self, plan: Plan, counted: Counted, began: datetime) -> None:
        kept = self._in_log(sids(plan, counted.sent), began) if self._in_log else None
        told = [
            one.to for one in self._messages.newest_first() if one.direction == "outbound-api" and one.created >= began
        ]
        proof = prove(counted, kept, sent_twice(plan, counted.sent, told))
        self._tell(state=OVER, kept=asdict(kept) if kept else None, proof=proof.as_dict())

    def _tell(self, **more: object) -> None:
        with self._lock:
            self._told = {**self._told, **more}


def _shown(plan: Plan) -> dict[str, object]:
    """What may be seen of a plan: no token."""
    return {
        "line": plan.target.line,
        "texts": plan.texts,
        "calls": plan.calls,
        "over": plan.over,
        "countries": list(plan.countries),
        "seed": plan.seed,
    }
