"""Opting out and in again: the ledger, the person, and a member's consent change together, in one transaction."""

from ivr.store import Connection, consents, members, opt_outs, people
from ivr.store.consents import Consent
from ivr.store.lines import Line
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person


def opt_out(db: Connection, line: Line, person: Person, entry: OptOut) -> None:
    """From now on nothing is sent to a person but what confirms it. A member's consent is withdrawn."""
    opt_outs.append(db, line, entry)
    if person.opted_out_at is None:
        people.set_opted_out(db, line, person.number, entry.at)
        if person.member_since and (withdrawn := consents.withdrawal(db, person.id, entry.source, entry.wording)):
            members.set_consent(db, person, withdrawn, entry.at)


def opt_in(db: Connection, line: Line, person: Person, entry: OptOut) -> None:
    """A person may be sent to again. Who is a member agrees anew, to what they agreed to last."""
    opt_outs.append(db, line, entry)
    people.set_opted_out(db, line, person.number, None)
    if person.member_since and (last := consents.last_given(db, person.id)):
        anew = Consent(entry.wording, last.version, last.language, source=entry.source)
        members.set_consent(db, person, anew, entry.at)
