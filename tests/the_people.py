"""People of the tests' line: members with what they told, strangers, and who has left, was blocked or opted out."""

from dataclasses import dataclass
from datetime import datetime

from inside import person_of, the_line

from ivr import clock, opting_out
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.store import Connection, members, messages, people
from ivr.store.consents import Consent
from ivr.store.members import Details
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person

WORDING = "I agree that Ada Example may text me."


@dataclass(frozen=True)
class Crowd:
    """Makes people, at one moment."""

    house: House
    now: datetime

    def stranger(self, number: str) -> Person:
        """Somebody who called or texted."""
        visitor, key = Visitor(the_line(self.house.store), number, self.now), self.house.settings.secret_key
        return self.house.store.write(lambda db: meet(db, [visitor], key))[0]

    def member(
        self, number: str, name: str = "Ada", language: str = "en", at: datetime | None = None, **told: str
    ) -> Person:
        """Somebody who signed up."""
        person, consent = self.stranger(number), Consent(WORDING, "v1", language)
        moment = clock.written(at or self.now)
        self.house.store.write(lambda db: members.join(db, person, Details(name, **told), consent, moment))
        return person_of(self.house.store, number)

    def invited(self, number: str) -> Person:
        """Somebody who got their link."""
        line, person, moment = the_line(self.house.store), self.stranger(number), clock.written(self.now)
        self.house.store.write(lambda db: messages.compose(db, line, number, moment, "{link}", "reply"))
        return person

    def opts_out(self, person: Person) -> None:
        """They text STOP."""
        self._opt(person, "out", "STOP")

    def opts_in(self, person: Person) -> None:
        """They text START."""
        self._opt(person, "in", "START")

    def is_blocked(self, person: Person) -> None:
        """They are blocked."""
        self.house.store.write(lambda db: people.set_blocked(db, person, clock.written(self.now)))

    def leaves(self, person: Person) -> None:
        """They are a member no more."""
        self.house.store.write(lambda db: members.leave(db, person, None, clock.written(self.now)))

    def _opt(self, person: Person, action: str, wording: str) -> None:
        line = the_line(self.house.store)
        entry = OptOut(person.number, clock.written(self.now), action, "text", wording)
        change = opting_out.opt_out if action == "out" else opting_out.opt_in

        def work(db: Connection) -> None:
            change(db, line, person_of(self.house.store, person.number), entry)

        self.house.store.write(work)
