"""Codes to record a greeting by telephone: who may, what for, in which call, and how far its last recording has come.

A code lives until `ends_at`. Once entered it belongs to that call, by its SID, and is of no use in another.
"""

from dataclasses import dataclass, fields

from ivr.store.database import Connection, changed
from ivr.store.greetings import Place

MOST_WRONG = 5


@dataclass(frozen=True)
class Code:
    """One code. `operator_id` None: made at the command line.

    `recording_sid` is the recording that was taken up last in the call; then either `greeting_id` is the version made
    of it, or `fault` tells why there is none, or both are None and it is not done yet.
    """

    id: int
    line_id: int
    language: str
    clip: str
    operator_id: int | None
    operator: str
    ends_at: str
    call_sid: str | None
    recording_sid: str | None
    greeting_id: int | None
    fault: str | None

    @property
    def place(self) -> Place:
        """What is recorded with it."""
        return Place(self.line_id, self.language, self.clip)


_SELECT = f"SELECT {', '.join(one.name for one in fields(Code))} FROM greeting_codes"  # noqa: S608
_LIVING = f" line_id = :line_id AND ends_at > :at AND call_sid IS NULL AND wrong < {MOST_WRONG}"


def add(db: Connection, hash_: bytes, place: Place, operator_id: int | None, operator: str, ends_at: str) -> None:
    """Keep a code's hash, with whom it is for and when it ends."""
    db.execute(
        "INSERT INTO greeting_codes (hash, line_id, language, clip, operator_id, operator, ends_at)"
        " VALUES (:hash, :line_id, :language, :clip, :operator_id, :operator, :ends_at)",
        {**place.__dict__, "hash": hash_, "operator_id": operator_id, "operator": operator, "ends_at": ends_at},
    )


def end_earlier(db: Connection, place: Place, operator: str, at: str) -> None:
    """End the codes that the same operator has for the same place and has not used."""
    db.execute(
        "UPDATE greeting_codes SET ends_at = :at WHERE line_id = :line_id AND language = :language AND clip = :clip"
        " AND operator = :operator AND call_sid IS NULL AND ends_at > :at",
        {**place.__dict__, "operator": operator, "at": at},
    )


def forget(db: Connection, before: str) -> None:
    """Forget the codes that ended before a moment."""
    db.execute("DELETE FROM greeting_codes WHERE ends_at < ?", (before,))


def living(db: Connection, line_id: int, hash_: bytes, at: str) -> Code | None:
    """The code of a line that has this hash and can still be entered."""
    values = {"line_id": line_id, "at": at, "hash": hash_}
    row = db.execute(f"{_SELECT} WHERE{_LIVING} AND hash = :hash", values).fetchone()
    return Code(*row) if row else None


def count_wrong(db: Connection, line_id: int, at: str) -> bool:
    """Count a wrong try on every code of a line that can still be entered; True when that was the last for one."""
    found = db.execute(
        f"UPDATE greeting_codes SET wrong = wrong + 1 WHERE{_LIVING} RETURNING wrong",  # noqa: S608
        {"line_id": line_id, "at": at},
    ).fetchall()
    return any(wrong >= MOST_WRONG for (wrong,) in found)


def bind(db: Connection, code_id: int, call_sid: str) -> None:
    """From now on a code belongs to a call."""
    db.execute("UPDATE greeting_codes SET call_sid = ? WHERE id = ?", (call_sid, code_id))


def of_call(db: Connection, call_sid: str, after: str) -> Code | None:
    """The code that was entered in a call, unless it ended before `after`."""
    row = db.execute(_SELECT + " WHERE call_sid = ? AND ends_at > ?", (call_sid, after)).fetchone()
    return Code(*row) if row else None


def claim(db: Connection, call_sid: str, recording_sid: str) -> bool:
    """Take up a recording of a call; False when somebody has taken it up already."""
    return bool(
        changed(
            db,
            "UPDATE greeting_codes SET recording_sid = :recording, greeting_id = NULL, fault = NULL"
            " WHERE call_sid = :call AND recording_sid IS NOT :recording",
            {"call": call_sid, "recording": recording_sid},
        )
    )


def settle(db: Connection, call_sid: str, recording_sid: str, greeting_id: int | None, fault: str | None) -> None:
    """Keep what became of a recording: the version made of it, or why there is none."""
    db.execute(
        "UPDATE greeting_codes SET greeting_id = ?, fault = ? WHERE call_sid = ? AND recording_sid = ?",
        (greeting_id, fault, call_sid, recording_sid),
    )
