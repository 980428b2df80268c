"""Members by the words of their names, and by the end of their number: found by how these begin.

A number stands here from its end, after a `#`, which no word of a name has in it. What is read is always bounded: there
may be a hundred thousand people of one name.
"""

from collections.abc import Sequence

from ivr.folding import folded
from ivr.store.database import Connection
from ivr.store.people import Person

LAST = "\U0010ffff"


def keep(db: Connection, person: Person, name: str) -> None:
    """Let a member be found by this name, and by no other any more. Who is no member is forgotten by a trigger."""
    db.execute("DELETE FROM name_words WHERE person_id = ?", (person.id,))
    words = {*folded(name), backwards(person.number)}
    db.executemany("INSERT INTO name_words VALUES (?, ?, ?)", [(person.line_id, word, person.id) for word in words])


def backwards(digits: str) -> str:
    """Digits, or a number in E.164, as they stand beside the words."""
    return "#" + digits.lstrip("+")[::-1]


def count(db: Connection, line_id: int, beginning: str, most: int) -> int:
    """How many words of a line begin so; `most` when there are as many or more."""
    query = f"SELECT count(*) FROM (SELECT 1 FROM name_words WHERE {_RANGE} LIMIT :most)"  # noqa: S608
    found: int = db.execute(query, {**_range(line_id, beginning), "most": most}).fetchone()[0]
    return found


def having(db: Connection, line_id: int, beginning: str, others: Sequence[str], most: int) -> list[int]:
    """Who has a word that begins so, and for each of `others` one that begins like it; `most` words are read."""
    values = _range(line_id, beginning)
    for place, other in enumerate(others):
        values |= {f"from{place}": other, f"to{place}": other + LAST}
    each = "".join(
        " AND EXISTS (SELECT 1 FROM name_words AS other WHERE other.person_id = found.person_id"  # noqa: S608
        f" AND other.word >= :from{place} AND other.word < :to{place})"
        for place in range(len(others))
    )
    rows = db.execute(
        f"SELECT DISTINCT person_id FROM (SELECT person_id FROM name_words WHERE {_RANGE} LIMIT :most) AS found"  # noqa: S608
        f" WHERE TRUE{each}",
        {**values, "most": most},
    )
    return [person_id for (person_id,) in rows.fetchall()]


_RANGE = "line_id = :line AND word >= :start AND word < :end"


def _range(line_id: int, beginning: str) -> dict[str, object]:
    return {"line": line_id, "start": beginning, "end": beginning + LAST}
