"""Erasing a person who asks for it (GDPR article 17): what they said and told goes, at once and everywhere we keep it.

The log still counts what happened, but of nobody. Consents and opt-outs stay without the number, since they must be
shown for years. One thing may lead back: of who had opted out a keyed hash of the number is kept, so that the opt-out
is still obeyed when they are met again. The carrier keeps records of its own, which are not ours to erase.
"""

import hmac
import secrets
from datetime import datetime

from ivr import clock
from ivr.house import House
from ivr.store import Connection, audit, consents, erasing, lines, people
from ivr.store.audit import Actor
from ivr.store.consents import Consent
from ivr.store.people import Person
from ivr.voice_messages import path_of

THEMSELVES = Actor(None, "the person themselves", "")


def erase(house: House, person: Person, by: Actor, at: datetime) -> None:
    """Erase somebody. Raises `StoreUnavailable`: then nothing is gone. Erasing twice changes nothing."""
    moment = clock.written(at)

    def work(db: Connection) -> list[str]:
        now = people.of_id(db, person.id)
        if now is None or now.number != person.number:
            return []
        if now.member_since and (given := consents.last_given(db, now.id)):
            withdrawn = Consent("", given.version, given.language, action="withdrawn", source="own page")
            consents.append(db, now, withdrawn, moment)
        key = house.settings.secret_key
        name = pseudonym(key, now.line_id, now.number) if now.opted_out_at else f"erased:{secrets.token_hex(16)}"
        voices = erasing.erase(db, now, name, moment)
        erasing.scrub_audit(db, now.number, name)
        audit.append(db, by, "person erased", lines.number_of(db, now.line_id), {"person": name}, moment)
        return voices

    for sid in house.store.write(work):
        path_of(house, sid).unlink(missing_ok=True)


def pseudonym(key: str, line_id: int, number: str) -> str:
    """What a number that has opted out is called once it is erased: only who has the key can tell which it was."""
    return "erased:" + hmac.digest(key.encode(), f"erased|{line_id}|{number}".encode(), "sha256").hex()[:32]


def opted_out_at(db: Connection, key: str, line_id: int, number: str) -> str | None:
    """Since when a number that nobody has here has opted out, in a life that was erased; None: it has not."""
    if not people.is_anybody_erased(db, line_id):
        return None
    before = people.find_on(db, line_id, pseudonym(key, line_id, number))
    return before.opted_out_at if before else None
