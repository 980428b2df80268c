"""Erasing a person who asks for it (GDPR article 17): what they said and told goes, at once and everywhere we keep it.

The log still counts what happened, but of nobody. Consents and opt-outs stay without the number, since they must be
shown for years. One thing may lead back: of who had opted out, was blocked or was too young a keyed hash of the number
is kept, so that this still holds when they are met again. The carrier keeps records of its own, which are not ours to
erase.
"""

import hmac
import secrets
from datetime import datetime

from ivr import clock
from ivr.errors import StoreUnavailable
from ivr.house import House
from ivr.store import Connection, audit, consents, erasing, lines, people
from ivr.store.audit import Actor
from ivr.store.erasing import Names
from ivr.store.people import Person
from ivr.voice_messages import path_of

THEMSELVES = Actor(None, "the person themselves", "")
SIDS_KEPT_DAYS = 3
"""So long the carrier may still tell of a call or a text that was erased."""


def erase(house: House, person: Person, by: Actor, at: datetime) -> None:
    """Erase somebody. Raises `StoreUnavailable`: then nothing is gone. Erasing twice changes nothing.

    What waits in the spool may be theirs, so it is read back in first.
    """
    if house.store.spool.count():
        raise StoreUnavailable("What came while the database was away is still being read back in.")
    moment = clock.written(at)

    def work(db: Connection) -> list[str]:
        now = people.still(db, person)
        if now is None:
            return []
        source = "own page" if by == THEMSELVES else "operator"
        if now.member_since and (withdrawn := consents.withdrawal(db, now.id, source)):
            consents.append(db, now, withdrawn, moment)
        by_key = pseudonym(house.settings.secret_key, now.line_id, now.number)
        leads_back = now.is_silenced or now.too_young_at
        names = Names(by_key if leads_back else f"erased:{secrets.token_hex(16)}", by_key)
        voices = erasing.erase(db, now, names, moment)
        erasing.forget_sids(db, clock.before(at, days=SIDS_KEPT_DAYS))
        line = lines.number_of(db, now.line_id)
        erasing.scrub_audit(db, now.number, line, names.now)
        audit.append(db, by, "person erased", line, {"person": names.now}, moment)
        return voices

    for sid in house.store.write(work):
        path_of(house, sid).unlink(missing_ok=True)


def pseudonym(key: str, line_id: int, number: str) -> str:
    """What a number that must still be known is called once it is erased: only who has the key can tell which."""
    return "erased:" + hmac.digest(key.encode(), f"erased|{line_id}|{number}".encode(), "sha256").hex()[:32]


def before(db: Connection, key: str, line_id: int, number: str) -> Person | None:
    """Who had a number that nobody has here, in a life that was erased, if it must still be known; else None."""
    if not people.is_anybody_erased(db, line_id):
        return None
    return people.find_on(db, line_id, pseudonym(key, line_id, number))
