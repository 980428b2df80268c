"""Where people stand with a line: each in one state, told in one place.

`blocked` and `opted-out` come before all others: nothing may be sent to them, whatever else they are. Of those who are
no members and never were, a text of ours with the sign-up link makes the difference between `invited` and `new`.
"""

from ivr.store.database import Connection

STATES = ("blocked", "opted-out", "member", "left", "invited", "new")
"""The states, the first that fits before the others."""

STATE = """CASE
    WHEN people.blocked_at IS NOT NULL THEN 'blocked'
    WHEN people.opted_out_at IS NOT NULL THEN 'opted-out'
    WHEN people.member_since IS NOT NULL THEN 'member'
    WHEN people.left_at IS NOT NULL THEN 'left'
    WHEN EXISTS (SELECT 1 FROM messages WHERE messages.number = people.number AND messages.line_id = people.line_id
        AND direction = 'out' AND purpose IN ('reply', 'link', 'nudge') AND status <> 'skipped') THEN 'invited'
    ELSE 'new' END"""
"""SQL for the state of a row of `people`."""


def of(db: Connection, person_id: int) -> str:
    """The state of the person of this id, one of `STATES`. Raises `LookupError` when there is nobody."""
    row = db.execute(f"SELECT {STATE} FROM people WHERE id = :id", {"id": person_id}).fetchone()  # noqa: S608
    if row is None:
        raise LookupError(f"there is no person {person_id}")
    return str(row[0])
