"""What happens on two lines, whatever order it comes in: calls, texts, their ends, sign-ups, stops, erasures."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from running import NUMBER

from ivr import answering, call_events, clock, erasing, outbox, signup, tallying
from ivr.answering import CallArrival
from ivr.auto_reply import Arrival, receive
from ivr.carrier.inbound import CallEnded, IncomingCall, IncomingText, MessageStatus, Place
from ivr.house import House
from ivr.signup import From
from ivr.store import Connection, people, tallies
from ivr.store import lines as line_table
from ivr.store.lines import Line
from ivr.store.members import Details
from ivr.store.people import Person

BEGINNING = datetime(2026, 11, 3, 11, 50, tzinfo=UTC)
OTHER = "+442071838750"
NUMBERS = ("+12025550143", "+12025550144", "+201001234567", "+447400123456")
BODIES = ("hello", "مرحبا", "STOP", "START", "HELP", "LINK", "bonjour")
COUNTRIES = ("US", "EG", None)
STATUSES = ("sent", "delivered", "undelivered", "failed", "delivered")


def add_other(house: House) -> Line:
    """A second line."""
    house.store.write(lambda db: line_table.add(db, Line(OTHER, "Other Figure", country="GB"), "2026-01-01"))
    found = house.store.read(lambda db: line_table.find(db, OTHER))
    assert found is not None
    return found


@dataclass
class Happenings:
    """Makes things happen in a house; `chance` numbers choose which, and to whom. Time goes on with each."""

    house: House = field(repr=False)
    count: int = 0
    made: int = 0
    sids: list[tuple[str, str, str]] = field(default_factory=list, repr=False)

    @property
    def events(self) -> tuple[Callable[[int], object], ...]:
        """All that may happen."""
        return (
            *(self.text, self.text, self.call, self.call, self.end, self.end, self.status, self.status),
            *(self.join, self.leave, self.erase, self.late, self.tally, self.dies),
        )

    def happen(self, which: int, chance: int) -> None:
        """One of `events`."""
        self.count += 1
        self.events[which % len(self.events)](chance)

    def now(self, chance: int = 0) -> datetime:
        """When it is."""
        return BEGINNING + timedelta(seconds=self.count * 37, milliseconds=chance % 1000)

    def text(self, chance: int, at: datetime | None = None) -> None:
        """Somebody texts."""
        text = IncomingText(self._sid("SM"), self._number(chance), self._line(chance), BODIES[chance % len(BODIES)])
        placed = IncomingText(**{**text.__dict__, "place": self._place(chance)})
        self.house.store.write_together(receive, Arrival(self.house, placed, at or self.now(chance)))

    def call(self, chance: int, at: datetime | None = None) -> None:
        """Somebody calls; now and then the end was heard of before."""
        ended_first = chance % 5 == 0 and bool(self.sids)
        sid, number, dialled = self.sids.pop() if ended_first else (self._sid("CA"), self._number(chance), "")
        call = IncomingCall(sid, number, dialled or self._line(chance), "ringing", self._place(chance))
        moment = at or self.now(chance) - timedelta(seconds=400 * ended_first)
        self.house.store.write_together(answering.receive, CallArrival(self.house, call, moment))
        if not ended_first:
            self.sids.append((sid, number, call.dialled))

    def end(self, chance: int) -> None:
        """A call ends, or one of which nothing was heard before."""
        known = self.sids and chance % 4
        sid, number, dialled = (
            self.sids[chance % len(self.sids)] if known else (self._sid("CA"), self._number(chance), self._line(chance))
        )
        if not known:
            self.sids.append((sid, number, dialled))
        seconds = (0, 3, 40, None)[chance % 4]
        ended = CallEnded(sid, number, dialled, "completed", seconds, self._place(chance))
        self.house.store.write(lambda db: call_events.keep_end(db, self.house, ended, self.now(chance)))

    def status(self, chance: int) -> None:
        """The carrier tells of a text of ours, or of one that nobody knows yet."""
        ids = self._read("SELECT id FROM messages WHERE direction = 'out' ORDER BY id DESC LIMIT 12")
        message_id = ids[chance % len(ids)][0] if ids and chance % 7 else None
        status, code = STATUSES[chance % len(STATUSES)], (30003, None, 21610)[chance % 3]
        sid = f"SM{message_id or chance % 9:030x}ff"
        told = MessageStatus(sid, status, code if status in ("undelivered", "failed") else None, message_id)
        self.house.store.write(lambda db: outbox.apply(db, told, self.now(chance)))

    def join(self, chance: int) -> None:
        """Somebody signs up."""
        person = self._person(chance)
        line = self._line_of(person)
        seen = From("192.0.2.1", "Firefox", "en")
        signup.join(self.house, person, line, Details("Ada"), seen, self.now()) if person and line else None

    def leave(self, chance: int) -> None:
        """A member leaves, or chooses another language."""
        person = self._person(chance)
        if person and person.member_since and chance % 2:
            signup.leave(self.house, person, self.now())
        elif person:
            self.house.store.write(lambda db: people.set_language(db, person, ("es", "fr", "ar")[chance % 3]))

    def erase(self, chance: int) -> None:
        """Somebody is erased."""
        person = self._person(chance)
        if person and chance % 3 == 0:
            erasing.erase(self.house, person, erasing.THEMSELVES, self.now())

    def late(self, chance: int) -> None:
        """Something comes out of the spool, hours after it was."""
        at = self.now(chance) - timedelta(minutes=chance % 300)
        (self.text if chance % 2 else self.call)(chance, at)

    def tally(self, chance: int) -> None:
        """The background work counts: a little, or all that there is."""
        if chance % 2:
            tallying.count(self.house, self.now())
        else:
            self.house.store.write(lambda db: tallies.count(db, self.minutes_from(), 1 + chance % 4))

    def dies(self, chance: int) -> None:
        """It counts, and dies before that is kept."""

        def work(db: Connection) -> None:
            tallies.count(db, self.minutes_from(), 1 + chance % 9)
            raise InterruptedError

        try:
            self.house.store.write(work)
        except InterruptedError:
            return

    def minutes_from(self) -> str:
        """From when on minutes are kept."""
        return clock.written(self.now() - tallying.MINUTES_KEPT)

    def _sid(self, kind: str) -> str:
        self.made += 1
        return f"{kind}{self.made:032x}"

    def _number(self, chance: int) -> str:
        return NUMBERS[chance // 2 % len(NUMBERS)]

    def _line(self, chance: int) -> str:
        return (NUMBER, OTHER)[chance // 3 % 2]

    def _place(self, chance: int) -> Place:
        return Place(country=COUNTRIES[chance // 5 % len(COUNTRIES)])

    def _person(self, chance: int) -> Person | None:
        ids = self._read("SELECT id FROM people WHERE number NOT LIKE 'erased:%'")
        return self.house.store.read(lambda db: people.of_id(db, ids[chance % len(ids)][0])) if ids else None

    def _line_of(self, person: Person | None) -> Line | None:
        found = self.house.store.read(line_table.everyone)
        return next((line for line in found if person and line.id == person.line_id), None)

    def _read(self, query: str) -> list[tuple[int, ...]]:
        return self.house.store.read(lambda db: list(db.execute(query).fetchall()))
