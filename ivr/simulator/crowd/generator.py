"""A crowd in the course of time: who is due comes, what was answered goes on, and every second is told.

Contacts come when they come, whether or not earlier ones are answered, so the time of an answer runs from the moment at
which somebody came, not from when a connection was free for them. Status callbacks have half of the connections at
most, and only those that are left: a carrier lets answers out one by one, and tells of them long after a burst.
"""

import gc
import heapq
import random
import time
from collections import deque
from collections.abc import Callable
from itertools import count

from ivr.simulator.crowd.connections import Connections, Heard
from ivr.simulator.crowd.counting import Counted, Counting, Second
from ivr.simulator.crowd.courses import Courses, Errand
from ivr.simulator.crowd.curve import arrivals
from ivr.simulator.crowd.people import people
from ivr.simulator.crowd.plan import Plan

AFTERWARDS_S, SLOWEST = 60.0, 200.0
"""Seconds after the last has come in which everything must be over, and for how many contacts there is one more."""
AGAIN_S = 0.5
"""Seconds before another try when no connection could be made."""
NEVER = float("inf")


class Generator:
    """One crowd. `tell` gets every second; when `is_stopped`, nobody comes any more."""

    def __init__(self, plan: Plan, tell: Callable[[Second], None], is_stopped: Callable[[], bool]) -> None:
        self._plan = plan
        self._tell = tell
        self._is_stopped = is_stopped
        self._people = people(plan)
        self._moments = deque(arrivals(plan.contacts, plan.over, random.Random(f"arrivals {plan.seed}")))  # noqa: S311
        self._wire = Connections[Errand](plan.target.host, plan.target.port, plan.connections)
        self._waiting: deque[Errand] = deque()
        self._callbacks: deque[Errand] = deque()
        self._later: list[tuple[float, int, Errand]] = []
        self._order = count()

    def run(self) -> Counted:
        """All of it; returns what was seen. Raises WrongCrowd when there are not enough numbers."""
        self._wire.open()
        gc.disable()
        began, cpu = time.perf_counter(), time.process_time()
        self._counting = Counting(began)
        self._courses = Courses(self._plan, self._counting)
        afterwards = self._plan.callbacks.delay + AFTERWARDS_S + self._plan.contacts / SLOWEST
        last = began + self._plan.over + afterwards
        while not self._is_over() and time.perf_counter() < last:
            self._step(began)
        left = len(self._waiting) + len(self._callbacks) + len(self._later) + self._wire.busy
        if left:
            self._counting.errors["given up: the crowd took too long"] += left
        self._tell(self._counting.end_second(left, len(self._callbacks)))
        self._wire.close()
        return self._counting.all(time.perf_counter() - began, time.process_time() - cpu)

    def _is_over(self) -> bool:
        if self._is_stopped():
            self._moments.clear()
        return not (self._moments or self._waiting or self._callbacks or self._later or self._wire.busy)

    def _step(self, began: float) -> None:
        now = time.perf_counter()
        while self._moments and began + self._moments[0] <= now:
            self._waiting.extend(self._courses.begin(next(self._people), began + self._moments.popleft()))
        while self._later and self._later[0][0] <= now:
            errand = heapq.heappop(self._later)[2]
            (self._callbacks if errand.kind == "callback" else self._waiting).append(errand)
        while self._waiting and self._wire.has_room():
            self._send(self._waiting.popleft())
        while self._callbacks and self._wire.busy * 2 < self._plan.connections:
            self._send(self._callbacks.popleft())
        if now >= self._counting.next_second():
            self._tell(self._counting.end_second(len(self._waiting) + self._wire.busy, len(self._callbacks)))
            for one in self._wire.give_up():
                self._take(one)
        for one in self._wire.heard(self._pause(began)):
            self._take(one)

    def _pause(self, began: float) -> float:
        """Seconds until something is due."""
        due = min(
            began + self._moments[0] if self._moments else NEVER,
            self._later[0][0] if self._later else NEVER,
            self._counting.next_second(),
        )
        return max(0.0, due - time.perf_counter())

    def _send(self, errand: Errand) -> None:
        now = time.perf_counter()
        errand.tries += 1
        errand.until = errand.until or now + errand.overrides.total_s
        seconds = min(errand.overrides.read_s, errand.until - now)
        unheard = self._wire.ask(errand, errand.request, max(seconds, 0.0))
        if unheard is not None:
            self._take(unheard)

    def _take(self, heard: Heard[Errand]) -> None:
        """What came of a request: on with its contact, or the same request again, as the carrier would."""
        errand, answer, now = heard.what, heard.answer, time.perf_counter()
        if answer is not None and answer.status < 400:
            self._put(self._courses.heard(errand, answer, now))
            return
        failure = heard.failure if answer is None else f"{answer.status // 100}xx"
        wait = AGAIN_S if failure == "ct" else 0.0
        may = errand.overrides.allow_retry(failure) and errand.tries <= errand.overrides.retries
        if may and now + wait < errand.until:
            self._counting.retried += 1
            heapq.heappush(self._later, (now + wait, next(self._order), errand))
            return
        words = heard.words if answer is None else f"answered with {answer.status}"
        self._put(self._courses.failed(errand, words, now))

    def _put(self, errands: list[Errand]) -> None:
        for errand in errands:
            heapq.heappush(self._later, (errand.due, next(self._order), errand))
