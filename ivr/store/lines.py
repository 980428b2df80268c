"""Lines: one phone number each, with its figure's name and how it answers."""

from dataclasses import dataclass, field, fields
from typing import Any

from ivr.store.database import Connection


@dataclass(frozen=True)
class Line:
    """One phone number with its figure.

    `rings` 0 to 6, `adjust` in seconds on top of the pause that they make; `cadence` says whose ring is counted
    (`line` or `caller`); `keywords` says who answers the carrier's own STOP, START and HELP (`carrier` or `us`);
    `ceiling` is the most automatic answers in a minute (None: any); `countries` those that are answered
    (empty: all); `wordings` replaces words of ours, by (language, name).
    """

    number: str
    name: str
    language: str = "en"
    country: str = "US"
    rings: int = 3
    cadence: str = "line"
    adjust: int = 0
    says_keys: bool = True
    takes_messages: bool = False
    keywords: str = "carrier"
    ceiling: int | None = None
    countries: tuple[str, ...] = ()
    id: int = 0
    wordings: dict[tuple[str, str], str] = field(default_factory=dict)


COLUMNS = tuple(f.name for f in fields(Line) if f.name != "wordings")
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM lines"  # noqa: S608


def find(db: Connection, number: str) -> Line | None:
    """The line of this E.164 number, or None."""
    row = db.execute(_SELECT + " WHERE number = :number", {"number": number}).fetchone()
    return _line(db, row) if row else None


def is_line(db: Connection, number: str) -> bool:
    """Whether this is the number of a line of ours."""
    return db.execute("SELECT 1 FROM lines WHERE number = :number", {"number": number}).fetchone() is not None


def everyone(db: Connection) -> list[Line]:
    """All lines, in the order in which they were added."""
    return [_line(db, row) for row in db.execute(_SELECT + " ORDER BY id").fetchall()]


def add(db: Connection, line: Line, at: str) -> bool:
    """Add a line; False when its number is a line already, which is then left as it is."""
    names = [name for name in COLUMNS if name != "id"]
    cursor = db.execute(
        f"INSERT INTO lines ({', '.join(names)}, added_at) VALUES ({', '.join(':' + name for name in names)}, :at)"  # noqa: S608
        " ON CONFLICT (number) DO NOTHING",
        {**_values(line), "at": at},
    )
    return cursor.rowcount == 1


def change(db: Connection, line: Line) -> None:
    """Keep all values of `line` (known by its number), but not its wordings."""
    names = [name for name in COLUMNS if name not in {"id", "number"}]
    sets = ", ".join(f"{name} = :{name}" for name in names)
    db.execute(f"UPDATE lines SET {sets} WHERE number = :number", _values(line))  # noqa: S608


def word(db: Connection, line: Line, language: str, name: str, text: str | None) -> None:
    """Replace one wording of a line, or with None go back to ours."""
    values = {"line": line.id, "language": language, "name": name, "text": text}
    db.execute("DELETE FROM wordings WHERE line_id = :line AND language = :language AND name = :name", values)
    if text is not None:
        db.execute("INSERT INTO wordings VALUES (:line, :language, :name, :text)", values)


def last_minute(db: Connection, line: Line) -> tuple[str, int] | None:
    """The latest minute (2026-11-03T20:15) that has automatic answers, and how many; None when there is none yet."""
    row: tuple[str, int] | None = db.execute(
        "SELECT minute, answers FROM answers_per_minute WHERE line_id = :line ORDER BY minute DESC LIMIT 1",
        {"line": line.id},
    ).fetchone()
    return row


def count_answer(db: Connection, line: Line, minute: str) -> None:
    """Count one more automatic answer in `minute`."""
    db.execute(
        "INSERT INTO answers_per_minute VALUES (:line, :minute, 1)"
        " ON CONFLICT (line_id, minute) DO UPDATE SET answers = answers + 1",
        {"line": line.id, "minute": minute},
    )


def _line(db: Connection, row: tuple[Any, ...]) -> Line:
    values = dict(zip(COLUMNS, row, strict=True))
    wordings = db.execute(
        "SELECT language, name, text FROM wordings WHERE line_id = :id", {"id": values["id"]}
    ).fetchall()
    return Line(
        **{
            **values,
            "says_keys": bool(values["says_keys"]),
            "takes_messages": bool(values["takes_messages"]),
            "countries": tuple(values["countries"].split()),
            "wordings": {(language, name): text for language, name, text in wordings},
        }
    )


def _values(line: Line) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in COLUMNS}
    return {**values, "countries": " ".join(line.countries)}
