"""Erasing a person: what they said and told goes; what happened stays in the log, without anybody.

What the law needs stays without the number: which consents and opt-outs there were, and when.
"""

import hashlib
from dataclasses import dataclass

from ivr.store.database import Connection, changed
from ivr.store.people import Person

NOBODY = "erased"
"""The number of contacts that were somebody's."""


@dataclass(frozen=True)
class Names:
    """What somebody is called from now on, and what their number would be called by the key: the same, or not."""

    now: str
    by_key: str


def erase(db: Connection, person: Person, names: Names, at: str) -> list[str]:
    """Take a person out; returns the SIDs of the voice messages they left.

    Whoever is called by the key already was the same number in an earlier life: what holds now is what counts.
    """
    values = {
        "id": person.id,
        "line": person.line_id,
        "number": person.number,
        "nobody": NOBODY,
        "at": at,
        "name": names.now,
        "by_key": names.by_key,
        "anybody": f"erased:{person.id}",
    }
    voices = [sid for (sid,) in db.execute(_VOICES, values).fetchall()]
    sids = [sid for (sid,) in db.execute(_SIDS, values).fetchall()]
    db.executemany("INSERT OR IGNORE INTO erased_sids VALUES (?, ?)", [(_hash(sid), at) for sid in sids])
    for statement in _STATEMENTS:
        db.execute(statement, values)
    db.memo.clear()  # others of this transaction have asked before whether anybody is erased
    return voices


def is_erased(db: Connection, sid: str) -> bool:
    """Whether a call, a text or a voice message was of somebody erased since: the carrier may tell of it again."""
    if "erased" not in db.memo:
        db.memo["erased"] = db.execute("SELECT 1 FROM erased_sids LIMIT 1").fetchone() is not None
    if not db.memo["erased"]:
        return False
    return db.execute("SELECT 1 FROM erased_sids WHERE hash = ?", (_hash(sid),)).fetchone() is not None


def forget_sids(db: Connection, before: str) -> None:
    """Forget which calls and texts were erased long ago: nobody tells of them any more."""
    db.execute("DELETE FROM erased_sids WHERE at < ?", (before,))


def scrub_audit(db: Connection, number: str, line: str, name: str) -> int:
    """Put a name in place of a number where operators of a line looked somebody up; returns how many rows had it."""
    return changed(
        db,
        "UPDATE audit SET details = replace(details, :quoted, :name_quoted),"
        " subject = CASE subject WHEN :number THEN :name ELSE subject END"
        " WHERE (instr(details, :quoted) > 0 OR subject = :number)"
        " AND (instr(details, '\"line\": ') = 0 OR instr(details, :line) > 0)",
        {
            "number": number,
            "quoted": f'"{number}"',
            "line": f'"line": "{line}"',
            "name": name,
            "name_quoted": f'"{name}"',
        },
    )


def _hash(sid: str) -> bytes:
    return hashlib.sha256(sid.encode()).digest()


_CALLS = "SELECT sid FROM calls WHERE number = :number AND line_id = :line"
_VOICES = f"SELECT sid FROM voice_messages WHERE call_sid IN ({_CALLS})"  # noqa: S608
_SENT = "SELECT sid FROM messages WHERE number = :number AND line_id = :line AND sid IS NOT NULL"
_SIDS = f"{_CALLS} UNION ALL {_VOICES} UNION ALL {_SENT}"
_MESSAGES = "SELECT id FROM messages WHERE number = :number AND line_id = :line"
_STATEMENTS = (
    "INSERT INTO forgetting (message_id, body, number) SELECT id, body, number FROM messages"
    " WHERE number = :number AND line_id = :line AND direction = 'in'",
    "INSERT INTO forgetting (call_id, number) SELECT id, number FROM calls WHERE number = :number AND line_id = :line",
    f"DELETE FROM voice_messages WHERE call_sid IN ({_CALLS})",  # noqa: S608
    f"DELETE FROM call_keys WHERE call_sid IN ({_CALLS})",  # noqa: S608
    f"DELETE FROM media WHERE message_id IN ({_MESSAGES})",  # noqa: S608
    f"DELETE FROM message_events WHERE message_id IN ({_MESSAGES})",  # noqa: S608
    "DELETE FROM strays WHERE number = :number",
    "UPDATE calls SET number = :nobody, sid = 'erased:' || id, city = NULL, state = NULL, forwarded_from = NULL,"
    " verification = NULL WHERE number = :number AND line_id = :line",
    "UPDATE messages SET number = :nobody, sid = CASE direction WHEN 'in' THEN 'erased:' || id END, body = '',"
    " why = NULL, city = NULL, state = NULL, media = 0, media_url = NULL, status = CASE WHEN status IN"
    " ('queued', 'sending', 'doubt') THEN 'cancelled' ELSE status END WHERE number = :number AND line_id = :line",
    "DELETE FROM members WHERE person_id = :id",
    "DELETE FROM name_words WHERE person_id = :id",
    "DELETE FROM notes WHERE person_id = :id",
    "DELETE FROM person_tags WHERE person_id = :id",
    "DELETE FROM tags WHERE line_id = :line AND NOT EXISTS (SELECT 1 FROM person_tags WHERE tag_id = tags.id)",
    "UPDATE consents SET number = :name, address = '', browser = '', wording = CASE WHEN source IN"
    " ('text', 'carrier', 'operator') THEN '' ELSE wording END WHERE person_id = :id",
    "UPDATE opt_outs SET number = :name, wording = '', sid = NULL WHERE number = :number AND line_id = :line",
    "UPDATE people SET number = :anybody WHERE number = :by_key AND line_id = :line",
    "UPDATE people SET number = :name, country = NULL, member_since = NULL, left_at = :at,"
    " link_counter = link_counter + 1 WHERE id = :id",
)
