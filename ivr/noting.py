"""What operators note of a person: notes, each by whom it is, and tags, by which people are found again."""

from datetime import datetime

from ivr import clock
from ivr.blocking import known
from ivr.errors import WrongMember
from ivr.personal_details import one_line
from ivr.plain_text import clean
from ivr.store import Connection, Store, audit, notes, tags
from ivr.store.audit import Actor
from ivr.store.lines import Line

LONGEST_NOTE, MOST_TAGS = 2_000, 20
NO_NOTE = "Write something to be noted."
NOTE_TOO_LONG = "A note has at most 2,000 characters."
NO_TAG = "A tag has at least one letter or digit."
TAG_TOO_LONG = "A tag has at most 30 characters."
ENOUGH_TAGS = "A person has at most 20 tags."


def add_note(store: Store, line: Line, number: str, text: str, by: Actor, at: datetime) -> None:
    """Note something of who has this number. Raises `WrongMember`."""
    body, moment = clean(text.strip(), LONGEST_NOTE + 1).strip(), clock.written(at)
    if not body:
        raise WrongMember(NO_NOTE)
    if len(body) > LONGEST_NOTE:
        raise WrongMember(NOTE_TOO_LONG)

    def work(db: Connection) -> None:
        notes.append(db, known(db, line, number), by, body, moment)
        audit.append(db, by, "note added", number, {"line": line.number}, moment)

    store.write(work)


def remove_note(store: Store, line: Line, number: str, note_id: int, by: Actor, at: datetime) -> bool:
    """Take away a note that `by` wrote; False when there is none such (any more). Raises `WrongMember`."""
    moment = clock.written(at)

    def work(db: Connection) -> bool:
        removed = notes.remove(db, known(db, line, number), note_id, by)
        if removed:
            audit.append(db, by, "note removed", number, {"line": line.number}, moment)
        return removed

    return store.write(work)


def tag(store: Store, line: Line, number: str, name: str, by: Actor, at: datetime) -> bool:
    """Give who has this number a tag; False when they have it already. Raises `WrongMember`."""
    wanted, moment = read_tag(name), clock.written(at)

    def work(db: Connection) -> bool:
        person = known(db, line, number)
        have = tags.of(db, person.id)
        if tags.key_of(wanted) in map(tags.key_of, have):
            return False
        if len(have) >= MOST_TAGS:
            raise WrongMember(ENOUGH_TAGS)
        tags.add(db, person, wanted, tags.key_of(wanted))
        audit.append(db, by, "person tagged", number, {"line": line.number}, moment)
        return True

    return store.write(work)


def untag(store: Store, line: Line, number: str, name: str, by: Actor, at: datetime) -> bool:
    """Take a tag from who has this number; False when they do not have it. Raises `WrongMember`."""
    key, moment = tags.key_of(name), clock.written(at)

    def work(db: Connection) -> bool:
        removed = tags.remove(db, known(db, line, number), key)
        if removed:
            audit.append(db, by, "tag removed", number, {"line": line.number}, moment)
        return removed

    return store.write(work)


def read_tag(text: str) -> str:
    """A tag as it is kept. Raises `WrongMember`."""
    name = one_line(text, tags.LONGEST + 1)
    if not tags.key_of(name):
        raise WrongMember(NO_TAG)
    if len(name) > tags.LONGEST:
        raise WrongMember(TAG_TOO_LONG)
    return name
