"""Lines: one phone number each, with its figure's name and how it answers."""

import json
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from ivr.store.database import Connection


@dataclass(frozen=True)
class Spoken:
    """A recording of a line's own that is live: the digest of its file, and how many seconds it plays."""

    digest: str
    seconds: float


@dataclass(frozen=True)
class Line:
    """One phone number with its figure.

    `rings` 0 to 6, `adjust` in seconds on top of the pause that they make; `cadence` says whose ring is counted
    (`line` or `caller`); `keywords` says who answers the carrier's own STOP, START and HELP (`carrier` or `us`);
    `ceiling` is the most automatic answers in a minute (None: any); `countries` those that are answered
    (empty: all); `minimum_age` in years and the `required` fields are those of sign-up; `nudges` says whether who
    texted and did not sign up is reminded once; `keep_texts`, `keep_voice` and `keep_refusals` are days (None: for
    ever); `privacy_url` and `terms_url` lead to pages of the figure's own (empty: there are none); from `opens` to
    `closes` (hours of the day, where the number is) it writes unasked; `segment_price` in `currency` is what the
    carrier takes for a message segment (empty: not known); `photo` is the digest of the picture on its card (empty:
    none); `version` goes up with every change; `wordings` replaces words of ours, by name and language (`reply.ar`);
    `spoken` are its own live recordings, by language and clip.
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
    minimum_age: int = 13
    required: tuple[str, ...] = ("born",)
    nudges: bool = False
    keep_texts: int | None = None
    keep_voice: int | None = None
    keep_refusals: int = 30
    privacy_url: str = ""
    terms_url: str = ""
    opens: int = 10
    closes: int = 17
    segment_price: str = ""
    currency: str = "USD"
    photo: str = ""
    version: int = 1
    id: int = 0
    wordings: dict[str, str] = field(default_factory=dict)
    spoken: dict[tuple[str, str], Spoken] = field(default_factory=dict)


COLUMNS = tuple(f.name for f in fields(Line) if f.name != "spoken")
_SPOKEN = (
    "(SELECT json_group_array(json_array(one.language, one.clip, one.digest, one.seconds))"
    " FROM live_greetings JOIN greetings AS one ON one.id = live_greetings.greeting_id"
    " WHERE live_greetings.line_id = lines.id)"
)
_SELECT = f"SELECT {', '.join(COLUMNS)}, {_SPOKEN} FROM lines"  # noqa: S608


def find(db: Connection, number: str) -> Line | None:
    """The line of this E.164 number, or None."""
    row = db.execute(_SELECT + " WHERE number = :number", {"number": number}).fetchone()
    return _line(row) if row else None


def in_transaction(db: Connection) -> dict[str, Line]:
    """Every line by its number, read once in a transaction however many contacts it keeps."""
    known: dict[str, Line] | None = db.memo.get("lines")
    if known is None:
        known = db.memo["lines"] = {line.number: line for line in everyone(db)}
    return known


def everyone(db: Connection) -> list[Line]:
    """All lines, in the order in which they were added."""
    return [_line(row) for row in db.execute(_SELECT + " ORDER BY id").fetchall()]


def number_of(db: Connection, line_id: int) -> str:
    """The number of the line of this id; nothing when there is none."""
    row = db.execute("SELECT number FROM lines WHERE id = ?", (line_id,)).fetchone()
    return row[0] if row else ""


def add(db: Connection, line: Line, at: str) -> bool:
    """Add a line; False when its number is a line already, which is then left as it is."""
    db.memo.clear()
    names = [name for name in COLUMNS if name != "id"]
    cursor = db.execute(
        f"INSERT INTO lines ({', '.join(names)}, added_at) VALUES ({', '.join(':' + name for name in names)}, :at)"  # noqa: S608
        " ON CONFLICT (number) DO NOTHING",
        {**_values(line), "at": at},
    )
    return bool(cursor.rowcount == 1)


def change(db: Connection, line: Line) -> None:
    """Keep all values of `line`, known by its number."""
    db.memo.clear()
    names = [name for name in COLUMNS if name not in {"id", "number"}]
    sets = ", ".join(f"{name} = :{name}" for name in names)
    db.execute(f"UPDATE lines SET {sets} WHERE number = :number", _values(line))  # noqa: S608


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


@lru_cache(maxsize=1024)
def _line(row: tuple[Any, ...]) -> Line:
    """The line in a row. Every contact reads its line's row, and the row seldom changes."""
    values = dict(zip(COLUMNS, row[:-1], strict=True))
    spoken = {(language, clip): Spoken(*rest) for language, clip, *rest in json.loads(row[-1])}
    return Line(
        **{
            **values,
            "says_keys": bool(values["says_keys"]),
            "takes_messages": bool(values["takes_messages"]),
            "nudges": bool(values["nudges"]),
            "countries": tuple(values["countries"].split()),
            "required": tuple(values["required"].split()),
            "wordings": json.loads(values["wordings"]),
            "spoken": spoken,
        }
    )


def _values(line: Line) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in COLUMNS}
    return {
        **values,
        "countries": " ".join(line.countries),
        "required": " ".join(line.required),
        "wordings": json.dumps(line.wordings, ensure_ascii=False, sort_keys=True),
    }
