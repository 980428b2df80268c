"""Who may be due for the one reminder: people in the order in which they came, and how far each line has looked.

Everything goes along the ids of people, a bounded piece at a time: an index of its own would cost every text.
"""

from dataclasses import dataclass

from ivr.store.database import Connection
from ivr.store.lines import Line
from ivr.store.people import Person


@dataclass(frozen=True)
class Waiting:
    """Somebody who texted and was sent the sign-up link, last at `linked_at`."""

    person_id: int
    number: str
    linked_at: str


_LINKED = """max(CASE WHEN messages.purpose IN ('reply', 'link')
    AND messages.status IN ('sending', 'sent', 'delivered', 'doubt') THEN messages.at END)"""
_STANDING = f"""
SELECT {_LINKED}, max(direction = 'in'), max(status IN ('undelivered', 'failed'))
FROM messages WHERE number = :number AND line_id = :line
"""  # noqa: S608
# The plus keeps SQLite from reading all people of the line.
_WAITING = f"""
SELECT people.id, people.number, {_LINKED} AS linked_at
FROM people JOIN messages ON messages.number = people.number AND messages.line_id = people.line_id
WHERE people.id > :after AND people.id <= :last AND +people.line_id = :line AND people.first_at >= :since
GROUP BY people.id HAVING linked_at IS NOT NULL AND max(messages.direction = 'in')
    AND NOT max(messages.status IN ('undelivered', 'failed'))
"""  # noqa: S608


@dataclass(frozen=True)
class Standing:
    """How it stands with one person: when they were last sent the link, whether they texted, whether a text failed."""

    linked_at: str | None
    wrote: bool
    failed: bool


def standing(db: Connection, person: Person) -> Standing:
    """What a nudge of one person depends on, beside the person."""
    row = db.execute(_STANDING, {"number": person.number, "line": person.line_id}).fetchone()
    return Standing(row[0], bool(row[1]), bool(row[2]))


def looked_at(db: Connection, line: Line) -> int:
    """The id of the last person whom this line has looked at; 0 when there is none."""
    row = db.execute("SELECT person_id FROM nudging WHERE line_id = ?", (line.id,)).fetchone()
    return row[0] if row else 0


def go_on_after(db: Connection, line: Line, person_id: int) -> None:
    """Remember that this line has looked at everybody up to a person. It never goes back."""
    db.execute(
        "INSERT INTO nudging (line_id, person_id) VALUES (:line, :person) ON CONFLICT (line_id)"
        " DO UPDATE SET person_id = excluded.person_id WHERE excluded.person_id > nudging.person_id",
        {"line": line.id, "person": person_id},
    )


def last_before(db: Connection, moment: str) -> int:
    """The id up to which people first came before a moment, found by halving; 0 when nobody did.

    Ids are in the order of first contacts but for the few that came from the spool, so it may be a few people off.
    """
    lowest, highest = 0, db.execute("SELECT coalesce(max(id), 0) FROM people").fetchone()[0]
    while lowest < highest:
        middle = (lowest + highest + 1) // 2
        row = db.execute("SELECT id, first_at FROM people WHERE id <= ? ORDER BY id DESC LIMIT 1", (middle,)).fetchone()
        if row is None or row[1] < moment:
            lowest = middle
        else:
            highest = row[0] - 1
    return int(lowest)


def reach(db: Connection, after: int, until: str, most: int) -> int:
    """The last of the `most` people after `after` who is followed by nobody that came later than `until`."""
    rows = db.execute("SELECT id, first_at FROM people WHERE id > ? ORDER BY id LIMIT ?", (after, most)).fetchall()
    for person_id, first_at in rows:
        if first_at > until:
            break
        after = person_id
    return after


def waiting(db: Connection, line: Line, after: int, last: int, since: str) -> list[Waiting]:
    """Those of the people after `after`, up to `last`, who came since a moment, texted and have the sign-up link.

    Who did not get a text of ours is not among them: they would not get the next one either.
    """
    rows = db.execute(_WAITING, {"after": after, "last": last, "line": line.id, "since": since})
    return [Waiting(*row) for row in rows.fetchall()]
