"""An operator opts somebody out who asks for it, or lifts an opt-out, and says why: the ledger keeps both.

Where the carrier itself has taken a STOP, lifting it here changes nothing there: it goes on refusing our texts until
the person texts START.
"""

from collections.abc import Sequence
from datetime import datetime

from ivr import clock, keywords, opting_out
from ivr.blocking import known
from ivr.errors import PersonChanged, WrongMember
from ivr.personal_details import one_line
from ivr.store import Connection, Store, audit, messages, opt_outs
from ivr.store.audit import Actor
from ivr.store.lines import Line
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person

SHORTEST_REASON, LONGEST_REASON = 3, 200
REASON = "Say why, in 3 to 200 characters: it is kept with the opt-out."
REASON_TOO_LONG = "This may have at most 200 characters."
CHANGED = "Somebody else, or the person, has changed this meanwhile. This is how it stands now."


def opt_out(store: Store, line: Line, number: str, reason: str, by: Actor, at: datetime, seen: str = "") -> None:
    """Opt somebody out who asked for it; `reason` (may be empty) is how they asked.

    `seen` is when the operator believes that they said so before. Raises `WrongMember`, `PersonChanged`.
    """
    wording = one_line(reason, LONGEST_REASON + 1)
    if len(wording) > LONGEST_REASON:
        raise WrongMember(REASON_TOO_LONG)
    _change(store, line, number, OptOut(number, clock.written(at), "out", "operator", wording), by, seen)


def lift(store: Store, line: Line, number: str, reason: str, by: Actor, at: datetime, seen: str) -> None:
    """Lift an opt-out, for a reason. A member agrees anew by that, to what they agreed to last.

    `seen` is when they said so last, as the operator has seen it (see `said_at`): one who says STOP again while
    somebody types is not overruled. Raises `WrongMember`, `PersonChanged`.
    """
    wording = one_line(reason, LONGEST_REASON + 1)
    if not SHORTEST_REASON <= len(wording) <= LONGEST_REASON:
        raise WrongMember(REASON)
    _change(store, line, number, OptOut(number, clock.written(at), "in", "operator", wording), by, seen)


def said_at(person: Person, entries: Sequence[OptOut]) -> str:
    """When who is opted out said so last, of their entries in the ledger; empty for who is not."""
    if person.opted_out_at is None:
        return ""
    return max(person.opted_out_at, *(entry.at for entry in entries if entry.action == "out"), "")


def carrier_refuses(db: Connection, line: Line, number: str) -> bool:
    """Whether the carrier itself has taken a STOP of theirs, as far as we know, and no START since."""
    for entry in reversed(opt_outs.of(db, line, number)):
        if entry.source == "operator":
            continue
        by_carrier = entry.source == "carrier" or keywords.read(entry.wording).carrier_answers
        if entry.action == "in" and by_carrier:
            return False
        if entry.action == "out" and by_carrier and (entry.source == "carrier" or line.keywords == "carrier"):
            return not messages.has_started(db, line, number, entry.at)
    return False


def _change(store: Store, line: Line, number: str, entry: OptOut, by: Actor, seen: str) -> None:
    def work(db: Connection) -> None:
        person = known(db, line, number)
        is_out = person.opted_out_at is not None
        if said_at(person, opt_outs.of(db, line, number)) != seen or is_out == (entry.action == "out"):
            raise PersonChanged(CHANGED)
        change = opting_out.opt_out if entry.action == "out" else opting_out.opt_in
        change(db, line, person, entry)
        action = "person opted out" if entry.action == "out" else "opt-out lifted"
        audit.append(db, by, action, number, {"line": line.number}, entry.at)

    store.write(work)
