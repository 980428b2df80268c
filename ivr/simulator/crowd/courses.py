"""What becomes of each contact: its webhook, the same one again, a key, and what the carrier tells afterwards.

A text is its webhook and, where the product answers with words, the status callbacks of that answer, one after
another. A call is its webhook, for some a key, and the callback of its end; the caller listens for two seconds at most,
so that a crowd is over soon, and the callback tells a longer time.
"""

import random
from collections import deque
from dataclasses import dataclass, field
from hashlib import md5
from urllib.parse import urljoin

from ivr.simulator.crowd.counting import Counting
from ivr.simulator.crowd.forms import Address, Forms
from ivr.simulator.crowd.people import TEXT, Person
from ivr.simulator.crowd.plan import Plan
from ivr.simulator.keywords import STOP
from ivr.simulator.phones.twiml import Verb, message_document, voice_document
from ivr.simulator.webhooks import Answer, Overrides, WebhookFailed

REPEATED = 0.02
"""How many webhooks come twice though nobody ordered it: Twilio promises at least once."""
PRESSING = 0.3
KEYS = "1111112209"
SOON_S, HEARD_S = 0.2, 2.0
IN_TIME_MS = 15_000.0
"""Milliseconds after which the carrier gives up, whatever comes then."""


@dataclass(eq=False)
class Visit:
    """One contact under way. `first` is the answer that counts, `said` what it says; `open`: webhooks not yet answered.

    `is_told`: its callbacks have been sent, and what comes now comes late.
    """

    person: Person
    copies: int
    late_copies: int
    first: Answer | None = None
    said: tuple[Verb, ...] = ()
    open: int = 0
    is_told: bool = False
    rest: deque[tuple[bytes, Overrides]] = field(default_factory=deque)


@dataclass(eq=False)
class Errand:
    """One request: of which contact, what for, from when its time runs, how it is tried again.

    `kind` is `text`, `call`, `key`, or `callback`.
    """

    visit: Visit
    kind: str
    request: bytes
    due: float
    overrides: Overrides
    tries: int = 0
    until: float = 0.0


class Courses:
    """Decides what comes next. What is wrong is counted and never raised."""

    def __init__(self, plan: Plan, counting: Counting) -> None:
        self._plan = plan
        self._forms = Forms(plan.target)
        self._counting = counting
        self._repeating = random.Random(f"repeating {plan.seed}")  # noqa: S311
        self._chance = random.Random(f"courses {plan.seed}")  # noqa: S311
        self._own = Address.of(plan.target.sms_url).host
        target = plan.target
        self._base = target.voice_url
        self._overrides = {
            url: Overrides.of(url) for url in (target.sms_url, target.voice_url, target.status_url)
        }  # fmt: skip

    def begin(self, person: Person, due: float) -> list[Errand]:
        """A contact comes: its webhook, perhaps twice at once."""
        more = self._plan.webhooks.duplicates + (self._repeating.random() < REPEATED)
        late = sum(self._repeating.random() < 0.5 for _ in range(more))
        visit = Visit(person, 1 + more - late, late)
        self._counting.sent += 1
        return self._asking(visit, visit.copies, due)

    def heard(self, errand: Errand, answer: Answer, now: float) -> list[Errand]:
        """A request was answered with a status below 400; what comes next, each when it is due."""
        if errand.kind == "callback":
            self._counting.callbacks += 1
            return self._next_callback(errand.visit, now)
        if errand.kind == "key":
            self._understood(errand, answer)
            return self._ending(errand.visit, now)
        self._take(errand, answer, now)
        return self._one_less(errand.visit, now)

    def failed(self, errand: Errand, words: str, now: float) -> list[Errand]:
        """A request came to nothing; what comes next all the same."""
        self._counting.errors[f"{errand.kind}: {words}"] += 1
        if errand.kind == "callback":
            return self._next_callback(errand.visit, now)
        if errand.kind == "key":
            return self._ending(errand.visit, now)
        return self._one_less(errand.visit, now)

    def _asking(self, visit: Visit, copies: int, due: float) -> list[Errand]:
        is_text = visit.person.kind == TEXT
        request = self._forms.text(visit.person) if is_text else self._forms.call(visit.person)
        target = self._plan.target
        kind, url = ("text", target.sms_url) if is_text else ("call", target.voice_url)
        visit.open += copies
        return [Errand(visit, kind, request, due, self._overrides[url]) for _ in range(copies)]

    def _take(self, errand: Errand, answer: Answer, now: float) -> None:
        """The answer to a webhook: the first one counts, another one must be the same."""
        visit = errand.visit
        if visit.first is not None:
            self._counting.repeated += 1
            is_same = answer.body == visit.first.body
            self._counting.differing += not (is_same or (visit.is_told and self._is_silent(errand, answer)))
            return
        said = self._understood(errand, answer)
        if said is None:
            return
        visit.first, visit.said = answer, said
        milliseconds = (now - errand.due) * 1000
        if milliseconds <= IN_TIME_MS:
            self._counting.answered(milliseconds)
        else:
            self._counting.errors[f"{errand.kind}: it was not answered in time"] += 1

    def _is_silent(self, errand: Errand, answer: Answer) -> bool:
        """Whether a text that came again late is answered with nothing: its answer is known to have gone out."""
        return errand.kind == "text" and self._understood(errand, answer) == ()

    def _understood(self, errand: Errand, answer: Answer) -> tuple[Verb, ...] | None:
        """What an answer says, as the phones read it; None, and it is counted, when it is no TwiML."""
        read = message_document if errand.kind == "text" else voice_document
        try:
            return read(answer).verbs
        except WebhookFailed as failure:
            self._counting.errors[f"{errand.kind}: the answer is no TwiML ({failure.code})"] += 1
            return None

    def _one_less(self, visit: Visit, now: float) -> list[Errand]:
        """One webhook less is open; with the last, the contact goes on."""
        visit.open -= 1
        if visit.open or visit.is_told:
            return []
        if visit.first is None:
            visit.is_told = True
            return []
        if visit.person.kind == TEXT:
            self._plan_deliveries(visit)
            return self._next_callback(visit, now + self._plan.callbacks.delay + self._chance.random() * SOON_S)
        return self._listening(visit, now)

    def _plan_deliveries(self, visit: Visit) -> None:
        """What the carrier will tell of the words in an answer: sent and delivered, or failed after a STOP."""
        for verb in visit.said:
            url = verb.word("action") or verb.word("statusCallback")
            if verb.name != "Message" or not self._is_own(url):
                continue
            sid = "SM" + md5(f"answer {visit.person.sid}".encode(), usedforsecurity=False).hexdigest()
            blocked = visit.person.body.strip().upper() in STOP
            states = [("failed", 21610)] if blocked else [("sent", None), ("delivered", None)]
            self._plan_callbacks(
                visit, url, [self._forms.delivery(visit.person, url, sid, state, code) for state, code in states]
            )

    def _plan_callbacks(self, visit: Visit, url: str, requests: list[bytes]) -> None:
        """Callbacks one after another, unless the carrier is to misbehave."""
        ill = self._plan.callbacks
        kept = [
            (request, Overrides.of(url))
            for request in requests
            if self._chance.random() >= ill.drop
            for _ in range(1 + ill.duplicates)
        ]
        if ill.shuffle:
            self._chance.shuffle(kept)
        visit.rest.extend(kept)

    def _next_callback(self, visit: Visit, due: float) -> list[Errand]:
        """The next callback of a contact; after the last, what comes late."""
        if visit.rest:
            request, overrides = visit.rest.popleft()
            return [Errand(visit, "callback", request, due, overrides)]
        visit.is_told = True
        return self._asking(visit, visit.late_copies, due + self._chance.random() * SOON_S)

    def _listening(self, visit: Visit, now: float) -> list[Errand]:
        """A caller listens, presses a key or not, and hangs up."""
        later = now + SOON_S + self._chance.random() * HEARD_S
        gather = next((verb for verb in visit.said if verb.name == "Gather"), None)
        url = urljoin(self._base, gather.word("action")) if gather else ""
        if self._chance.random() >= PRESSING or not self._is_own(url):
            return self._ending(visit, later)
        request = self._forms.key(visit.person, url, self._chance.choice(KEYS))
        return [Errand(visit, "key", request, later, Overrides.of(url))]

    def _ending(self, visit: Visit, now: float) -> list[Errand]:
        url, ill = self._plan.target.status_url, self._plan.callbacks
        if url:
            seconds = self._chance.randint(0, 40)
            status = "completed" if seconds else "no-answer"
            self._plan_callbacks(visit, url, [self._forms.ended(visit.person, status, seconds)])
        return self._next_callback(visit, now + ill.delay + self._chance.random() * SOON_S)

    def _is_own(self, url: str) -> bool:
        """Whether an address in an answer is the product's: the crowd goes nowhere else."""
        if url and Address.of(url).host == self._own:
            return True
        if url:
            self._counting.errors["an answer leads to another host"] += 1
        return False
