"""Everything that is held of a person, for themselves to see and to take along (GDPR articles 15 and 20)."""

from dataclasses import asdict, dataclass

from ivr.store import Connection, consents, members, notes, opt_outs, tags
from ivr.store.consents import Entry
from ivr.store.lines import Line
from ivr.store.log import story
from ivr.store.log.story import Moment, Recording
from ivr.store.members import Details
from ivr.store.notes import Note
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person


@dataclass(frozen=True)
class Held:
    """A person on a line: what they told, agreed to and asked for; their calls and texts and ours, oldest first.

    What operators noted of them is held of them, too.
    """

    person: Person
    line: Line
    details: Details | None
    consents: list[Entry]
    opt_outs: list[OptOut]
    moments: list[Moment]
    recordings: list[Recording]
    places: list[tuple[str | None, str | None, str | None]]
    tags: list[str]
    notes: list[Note]

    @property
    def contacts(self) -> list[Moment]:
        """The calls and texts, without what stands elsewhere."""
        return [moment for moment in self.moments if moment.kind in ("call", "text", "sent")]


def held(db: Connection, line: Line, person: Person) -> Held:
    """All of it, read in one go."""
    moments: list[Moment] = []
    before = story.NEWEST
    while some := story.story(db, line.id, person.number, before):
        moments += some
        before = some[-1].place
    return Held(
        person,
        line,
        members.details(db, person.id),
        consents.of(db, person.id),
        opt_outs.of(db, line, person.number),
        moments[::-1],
        [one for moment in moments if moment.kind == "call" for one in story.recordings(db, moment.sid or "")],
        story.places(db, line.id, person.number),
        tags.of(db, person.id),
        notes.of(db, person.id),
    )


def as_json(found: Held) -> dict[str, object]:
    """The same as plain values, with names that say what they are; times are UTC."""
    person = found.person
    return {
        "line": {"number": found.line.number, "name": found.line.name},
        "number": person.number,
        "country": person.country,
        "language": person.language,
        "first_contact_at": person.first_at,
        "member_since": person.member_since,
        "left_at": person.left_at,
        "opted_out_at": person.opted_out_at,
        "blocked_at": person.blocked_at,
        "may_not_sign_up_since": person.too_young_at,
        "reminded_at": person.nudged_at,
        "places": [dict(zip(("city", "state", "country"), place, strict=True)) for place in found.places],
        "told": asdict(found.details) if found.details else None,
        "consents": [{"at": entry.at, **asdict(entry.consent)} for entry in found.consents],
        "opt_outs": [asdict(entry) for entry in found.opt_outs],
        "contacts": [_contact(moment) for moment in found.contacts],
        "voice_messages": [asdict(one) for one in found.recordings],
        "tags": found.tags,
        "notes": [{"at": one.at, "text": one.body} for one in found.notes],
    }


def _contact(moment: Moment) -> dict[str, object]:
    kinds = {"call": "call", "text": "text from you", "sent": "text to you"}
    row = {"at": moment.at, "kind": kinds[moment.kind], "sid": moment.sid, "status": moment.status}
    if moment.kind == "call":
        return {**row, "seconds": moment.seconds}
    return {**row, "body": moment.detail, "files": moment.media}
