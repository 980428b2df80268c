"""Greetings and prompts of a line's own: versions, and which of them is live."""

import json
from dataclasses import dataclass, field, fields
from typing import Any

from ivr.store.database import Connection


@dataclass(frozen=True)
class Place:
    """What a greeting is for: a line, a language (ISO 639-1) and a clip (`greeting`, or a prompt such as `key-1`)."""

    line_id: int
    language: str
    clip: str = "greeting"


@dataclass(frozen=True)
class Greeting:
    """One version. `digest` names its files, `original` that of the untouched recording, whose name and bytes follow.

    `report` is what was measured (levels, what was kept, the shape); `door` is command, console or telephone.
    """

    line_id: int
    language: str
    clip: str
    digest: str
    original: str
    original_name: str
    original_bytes: int
    seconds: float
    report: dict[str, Any]
    notes: str
    made_by: str
    door: str
    at: str
    version: int = 0
    id: int = 0

    @property
    def place(self) -> Place:
        """What it is for."""
        return Place(self.line_id, self.language, self.clip)


@dataclass(frozen=True)
class Live:
    """What is live at a place since when: `greeting_id` and the one before it; None is the one we ship."""

    place: Place
    greeting_id: int | None
    before_id: int | None
    since: str = field(compare=False)


_COLUMNS = tuple(one.name for one in fields(Greeting))
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM greetings"  # noqa: S608
_AT = " WHERE line_id = :line_id AND language = :language AND clip = :clip"


def add(db: Connection, greeting: Greeting) -> Greeting:
    """Keep a new version; returns it with its number, one above the highest there is."""
    values = {**greeting.__dict__, "report": json.dumps(greeting.report, ensure_ascii=False)}
    names = [name for name in _COLUMNS if name not in {"id", "version"}]
    row = db.execute(
        f"INSERT INTO greetings ({', '.join(names)}, version)"  # noqa: S608
        f" SELECT {', '.join(':' + name for name in names)}, coalesce(max(version), 0) + 1 FROM greetings{_AT}"
        f" RETURNING {', '.join(_COLUMNS)}",
        values,
    ).fetchone()
    return _greeting(row)


def of_id(db: Connection, greeting_id: int) -> Greeting | None:
    """The version of this id, or None."""
    row = db.execute(_SELECT + " WHERE id = ?", (min(greeting_id, 2**62),)).fetchone()
    return _greeting(row) if row else None


def of_line(db: Connection, line_id: int) -> list[Greeting]:
    """Every version of a line: by language and clip, the newest first."""
    rows = db.execute(_SELECT + " WHERE line_id = ? ORDER BY language, clip, version DESC", (line_id,)).fetchall()
    return [_greeting(row) for row in rows]


def live(db: Connection, place: Place) -> Live | None:
    """What is live at a place; None when nothing of its own ever was."""
    row = db.execute(f"SELECT greeting_id, before_id, since FROM live_greetings{_AT}", place.__dict__).fetchone()  # noqa: S608
    return Live(place, *row) if row else None


def live_ids(db: Connection, line_id: int) -> set[int]:
    """The ids of all versions that are live on a line."""
    rows = db.execute("SELECT greeting_id FROM live_greetings WHERE line_id = ?", (line_id,)).fetchall()
    return {greeting_id for (greeting_id,) in rows if greeting_id is not None}


def set_live(db: Connection, place: Place, greeting_id: int | None, at: str) -> bool:
    """Make a version live, or with None the one we ship; False when it was so already."""
    db.memo.clear()
    now = live(db, place)
    if (now.greeting_id if now else None) == greeting_id:
        return False
    db.execute(
        "INSERT INTO live_greetings (line_id, language, clip, greeting_id, since)"
        " VALUES (:line_id, :language, :clip, :id, :at)"
        " ON CONFLICT DO UPDATE SET before_id = greeting_id, greeting_id = :id, since = :at",
        {**place.__dict__, "id": greeting_id, "at": at},
    )
    return True


def set_notes(db: Connection, greeting_id: int, notes: str) -> None:
    """Keep what somebody notes on a version."""
    db.execute("UPDATE greetings SET notes = ? WHERE id = ?", (notes, greeting_id))


def remove(db: Connection, greeting_id: int) -> None:
    """Remove a version that is not live; where it was the one before, that is now the one we ship."""
    db.execute("UPDATE live_greetings SET before_id = NULL WHERE before_id = ?", (greeting_id,))
    db.execute("DELETE FROM greetings WHERE id = ?", (greeting_id,))


def digests(db: Connection) -> set[str]:
    """The digest of every file that a row names."""
    rows = db.execute("SELECT digest FROM greetings UNION SELECT original FROM greetings").fetchall()
    return {digest for (digest,) in rows}


def _greeting(row: tuple[Any, ...]) -> Greeting:
    values = dict(zip(_COLUMNS, row, strict=True))
    return Greeting(**{**values, "report": json.loads(values["report"])})
