"""People: one phone number known to one line, from its first contact on."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from ivr.store.database import Connection, insert, next_id
from ivr.store.lines import Line


@dataclass(frozen=True)
class Person:
    """One number on one line. Times are text (see `ivr.clock`); None: never.

    `link_counter` and `link_at` belong to the personal links: they are derived from the person and the counter, and die
    when the counter moves. `too_young_at` says that they may not sign up, and not why.
    """

    line_id: int
    number: str
    first_at: str
    language: str
    country: str | None
    opted_out_at: str | None
    member_since: str | None
    link_counter: int
    link_at: str
    id: int = 0
    blocked_at: str | None = None
    too_young_at: str | None = None
    left_at: str | None = None
    nudged_at: str | None = None

    @property
    def is_silenced(self) -> bool:
        """Whether nothing may be sent to them: they have opted out, or were blocked."""
        return bool(self.opted_out_at or self.blocked_at)


_FIRST = (
    *("line_id", "number", "first_at", "language", "country", "opted_out_at", "member_since", "link_counter"),
    *("link_at", "id", "blocked_at", "too_young_at"),
)
_COLUMNS = ", ".join((*_FIRST, "left_at", "nudged_at"))
_first_values = attrgetter(*_FIRST)


def find(db: Connection, line: Line, number: str) -> Person | None:
    """The person of this number on this line, or None."""
    return find_on(db, line.id, number)


def find_on(db: Connection, line_id: int, number: str) -> Person | None:
    """The person of this number on the line of this id, or None."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM people WHERE line_id = :line AND number = :number",  # noqa: S608
        {"line": line_id, "number": number},
    ).fetchone()
    return Person(*row) if row else None


def of_id(db: Connection, person_id: int) -> Person | None:
    """The person of this id, or None."""
    row = db.execute(f"SELECT {_COLUMNS} FROM people WHERE id = :id", {"id": person_id}).fetchone()  # noqa: S608
    return Person(*row) if row else None


def beginning(db: Connection, line_id: int, start: str, most: int) -> list[int]:
    """The ids of some of a line's people whose number begins so."""
    rows = db.execute(
        "SELECT id FROM people WHERE line_id = ? AND number >= ? AND number < ? LIMIT ?",
        (line_id, start, start + ":", most),  # a colon comes after every digit
    )
    return [person_id for (person_id,) in rows.fetchall()]


def new_id(db: Connection) -> int:
    """An id for somebody who may be new."""
    return next_id(db, "people")


def add(db: Connection, new: Sequence[Person]) -> set[int]:
    """Keep people, each with a `new_id`; returns the ids of those who were new.

    A number that its line knows already, or that came before in `new`, is left as it is. Nobody begins as one who has
    left or was nudged.
    """
    rows = list(map(_first_values, new))
    added = insert(db, f"people ({', '.join(_FIRST)})", rows, " ON CONFLICT (line_id, number) DO NOTHING RETURNING id")
    return {person_id for (person_id,) in added.fetchall()}


def renew_link(db: Connection, person: Person) -> None:
    """Keep the counter and time of the person's new link; the old link is dead from now on."""
    db.execute(
        "UPDATE people SET link_counter = :counter, link_at = :at WHERE id = :id",
        {"counter": person.link_counter, "at": person.link_at, "id": person.id},
    )


def set_opted_out(db: Connection, line: Line, number: str, at: str | None) -> None:
    """Mark the person as opted out since `at`, or with None as not."""
    db.execute(
        "UPDATE people SET opted_out_at = :at WHERE line_id = :line AND number = :number",
        {"at": at, "line": line.id, "number": number},
    )


def set_language(db: Connection, person: Person, language: str) -> None:
    """Remember the language in which the person last wrote."""
    db.execute("UPDATE people SET language = :language WHERE id = :id", {"language": language, "id": person.id})


def set_nudged(db: Connection, person: Person, at: str) -> None:
    """Mark the person as one who is never to be nudged again."""
    db.execute("UPDATE people SET nudged_at = :at WHERE id = :id", {"at": at, "id": person.id})


def set_blocked(db: Connection, person: Person, at: str | None) -> None:
    """Mark the person as blocked since `at`, or with None as not."""
    db.execute("UPDATE people SET blocked_at = :at WHERE id = :id", {"at": at, "id": person.id})


def is_anybody_erased(db: Connection, line_id: int) -> bool:
    """Whether a line has people who were erased; asked once in a transaction."""
    key = f"erased on {line_id}"
    if key not in db.memo:
        found = db.execute(
            "SELECT 1 FROM people WHERE line_id = ? AND number >= 'erased:' AND number < 'erased;' LIMIT 1", (line_id,)
        ).fetchone()
        db.memo[key] = found is not None
    return bool(db.memo[key])


def still(db: Connection, person: Person) -> Person | None:
    """The person as they are now; None when they were erased meanwhile."""
    now = of_id(db, person.id)
    return now if now and now.number == person.number else None
