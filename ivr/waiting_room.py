"""The waiting room: who came and has not signed up; an operator may have them reminded, once, in lawful hours.

It is the nudge (`ivr.nudging`) by hand: every check of it holds, but that the line need not nudge by itself, and that
who came long ago is not left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr import clock, link_texts, nudging
from ivr.house import House
from ivr.store import Connection, Store, audit, by_operators, lines, people, waiting
from ivr.store import nudging as table
from ivr.store.audit import Actor
from ivr.store.lines import Line
from ivr.store.people import Person

LITTLE, MOST_PIECES = 2_000, 50
"""So many people beyond the kept count are counted at each look; it is brought on so many pieces at a time."""
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Judged:
    """What comes of reminding somebody: the moment at which it would go, or why it does not."""

    goes_at: datetime | None
    why: str | None = None


def judge(db: Connection, line: Line, person: Person | None, now: datetime) -> Judged:
    """What comes of reminding somebody now."""
    why = nudging.reason_against(db, line, person, by_hand=True)
    if why or person is None:
        return Judged(None, why)
    if person.is_silenced:
        return Judged(None, "has opted out" if person.opted_out_at else "was blocked")
    if person.nudged_at:
        return Judged(None, "was reminded")
    standing = table.standing(db, person)
    if not standing.wrote:
        return Judged(None, "has not texted")
    if standing.failed:
        return Judged(None, "a text of ours did not arrive")
    if standing.linked_at is None:
        return Judged(None, "has no link yet")
    moment = nudging.moment_of(line, table.Waiting(person.id, person.number, standing.linked_at), now)
    return Judged(moment, None if moment else "there is no lawful hour")


def remind(store: Store, line: Line, ids: Sequence[int], by: Actor, now: datetime) -> list[Judged]:
    """Queue a reminder for each of these people of a line who may be reminded; what came of each.

    Nobody is reminded twice in their life, whoever asks for it.
    """
    return store.write(lambda db: [_remind(db, line, one, by, now) for one in ids[:MOST_AT_ONCE]])


def keep_count(house: House, now: datetime) -> int:
    """Bring the kept counts of those who wait up to the newest people; returns how many ids it went on."""
    count = 0
    for line in house.store.read(lines.everyone):
        for _ in range(MOST_PIECES):
            behind = house.store.read(lambda db, line=line: waiting.behind(db, line.id))  # type: ignore[misc]
            if behind < LITTLE:
                break
            house.store.write(lambda db, line=line: waiting.count_on(db, line.id))  # type: ignore[misc]
            count += min(behind, waiting.AT_ONCE)
    return count


def _remind(db: Connection, line: Line, person_id: int, by: Actor, now: datetime) -> Judged:
    person = people.of_id(db, person_id)
    if person is None or person.line_id != line.id:
        return Judged(None, "has left")
    judged = judge(db, line, person, now)
    if judged.goes_at is not None:
        people.set_nudged(db, person, clock.written(now))
        text = link_texts.queue(db, line, person, "nudge", now, judged.goes_at)
        by_operators.note(db, text.id, by)
        audit.append(db, by, "person reminded", person.number, {"line": line.number}, clock.written(now))
    return judged
