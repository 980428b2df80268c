"""Tags: a line's own words for some of its people. Two that are folded alike are one, named as it was first written."""

from collections.abc import Sequence

from ivr.folding import folded
from ivr.store.database import Connection, changed
from ivr.store.people import Person

LONGEST = 30
"""Characters of a tag."""


def key_of(name: str) -> str:
    """A tag as it is compared: case, accents and the ways to write an alef do not count."""
    return " ".join(folded(name))


def of(db: Connection, person_id: int) -> list[str]:
    """The tags of a person, by name."""
    return of_people(db, [person_id]).get(person_id, [])


def of_people(db: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of people, each with theirs by name; who has none is not there."""
    found: dict[int, list[str]] = {}
    rows = db.execute(
        "SELECT person_id, name FROM person_tags JOIN tags ON tags.id = tag_id"  # noqa: S608
        f" WHERE person_id IN ({', '.join('?' * len(ids))}) ORDER BY name",
        list(ids),
    )
    for person_id, name in rows.fetchall():
        found.setdefault(person_id, []).append(name)
    return found


def of_line(db: Connection, line_id: int, most: int = 500) -> list[str]:
    """The tags that a line has, by name."""
    rows = db.execute("SELECT name FROM tags WHERE line_id = ? ORDER BY name LIMIT ?", (line_id, most))
    return [name for (name,) in rows.fetchall()]


def add(db: Connection, person: Person, name: str, key: str) -> bool:
    """Give a person a tag, made if the line has none of this key; False when they have it."""
    db.execute(
        "INSERT INTO tags (line_id, name, key) VALUES (?, ?, ?) ON CONFLICT (line_id, key) DO NOTHING",
        (person.line_id, name, key),
    )
    return (
        changed(
            db,
            "INSERT INTO person_tags (tag_id, person_id) SELECT id, :person FROM tags WHERE line_id = :line"
            " AND key = :key ON CONFLICT DO NOTHING",
            {"person": person.id, "line": person.line_id, "key": key},
        )
        == 1
    )


def remove(db: Connection, person: Person, key: str) -> bool:
    """Take a tag from a person, and from the line when nobody has it any more; False when they did not have it."""
    values = {"person": person.id, "line": person.line_id, "key": key}
    tag = "SELECT id FROM tags WHERE line_id = :line AND key = :key"
    gone = changed(db, f"DELETE FROM person_tags WHERE person_id = :person AND tag_id = ({tag})", values)  # noqa: S608
    db.execute(
        f"DELETE FROM tags WHERE id = ({tag}) AND NOT EXISTS (SELECT 1 FROM person_tags WHERE tag_id = tags.id)",  # noqa: S608
        values,
    )
    return gone == 1
