"""Erasing a person: what they said and told goes; what happened stays in the log, without anybody.

What the law needs stays without the number: which consents and opt-outs there were, and when.
"""

from ivr.store.database import Connection, changed
from ivr.store.people import Person

NOBODY = "erased"
"""The number of contacts that were somebody's."""


def erase(db: Connection, person: Person, pseudonym: str, at: str) -> list[str]:
    """Take a person out, who is `pseudonym` from now on; returns the SIDs of the voice messages they left.

    A pseudonym that somebody has already goes to whoever gets it now: both were the same number, and the later counts.
    """
    values = {
        "id": person.id,
        "line": person.line_id,
        "number": person.number,
        "nobody": NOBODY,
        "at": at,
        "pseudonym": pseudonym,
        "anybody": f"erased:{person.id}",
    }
    voices = [sid for (sid,) in db.execute(_VOICES, values).fetchall()]
    for statement in _STATEMENTS:
        db.execute(statement, values)
    return voices


def scrub_audit(db: Connection, number: str, pseudonym: str) -> int:
    """Put a pseudonym in place of a number where operators looked somebody up; returns how many rows had it."""
    return changed(
        db,
        "UPDATE audit SET details = replace(details, :number, :pseudonym),"
        " subject = replace(subject, :number, :pseudonym)"
        " WHERE instr(details, :number) > 0 OR instr(subject, :number) > 0",
        {"number": number, "pseudonym": pseudonym},
    )


_CALLS = "SELECT sid FROM calls WHERE number = :number AND line_id = :line"
_VOICES = f"SELECT sid FROM voice_messages WHERE call_sid IN ({_CALLS})"  # noqa: S608
_MESSAGES = "SELECT id FROM messages WHERE number = :number AND line_id = :line"
_STATEMENTS = (
    "INSERT INTO forgetting (message_id, body, number) SELECT id, body, number FROM messages"
    " WHERE number = :number AND line_id = :line AND direction = 'in'",
    "INSERT INTO forgetting (call_id, number) SELECT id, number FROM calls WHERE number = :number AND line_id = :line",
    f"DELETE FROM voice_messages WHERE call_sid IN ({_CALLS})",  # noqa: S608
    f"DELETE FROM call_keys WHERE call_sid IN ({_CALLS})",  # noqa: S608
    f"DELETE FROM media WHERE message_id IN ({_MESSAGES})",  # noqa: S608
    f"DELETE FROM message_events WHERE message_id IN ({_MESSAGES})",  # noqa: S608
    "UPDATE calls SET number = :nobody, sid = 'erased:' || id, city = NULL, state = NULL, forwarded_from = NULL,"
    " verification = NULL WHERE number = :number AND line_id = :line",
    "UPDATE messages SET number = :nobody, sid = CASE direction WHEN 'in' THEN 'erased:' || id END, body = '',"
    " city = NULL, state = NULL, media = 0, media_url = NULL, status = CASE WHEN status IN"
    " ('queued', 'sending', 'doubt') THEN 'cancelled' ELSE status END WHERE number = :number AND line_id = :line",
    "DELETE FROM members WHERE person_id = :id",
    "UPDATE consents SET number = :pseudonym, address = '', browser = '',"
    " wording = CASE source WHEN 'text' THEN '' ELSE wording END WHERE person_id = :id",
    "UPDATE opt_outs SET number = :pseudonym, wording = '', sid = NULL WHERE number = :number AND line_id = :line",
    "UPDATE people SET number = :anybody WHERE number = :pseudonym AND line_id = :line",
    "UPDATE people SET number = :pseudonym, country = NULL, member_since = NULL, left_at = :at, blocked_at = NULL,"
    " too_young_at = NULL, link_counter = link_counter + 1 WHERE id = :id",
)
