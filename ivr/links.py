"""The personal link: derived from a key of ours, the person and a counter, so that a repeat gives the same link.

The database holds a hash only: who reads it cannot open anybody's page. A link lives for thirty days, or until the
counter moves. It is 132 bits long (OWASP ASVS 5.0 11.5.1 asks for 128).
"""

import base64
import hashlib
import hmac
import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from ivr import clock
from ivr.store import Connection, people
from ivr.store.people import Person

LIFE_DAYS = 30
LENGTH = 22
_SHAPE = re.compile(f"[A-Za-z0-9_-]{{{LENGTH}}}")


def token_of(person: Person, key: str) -> str:
    """The token of the person's present link. `first_at` is in it, so that a number's next owner gets another."""
    return _token(f"link|{person.line_id}|{person.number}|{person.first_at}|{person.link_counter}", key)


@lru_cache(maxsize=1024)
def _token(text: str, key: str) -> str:
    """The token of a text. A new person's is needed twice: for its hash, and in the answer."""
    digest = hmac.digest(key.encode(), text.encode(), "sha256")
    return base64.urlsafe_b64encode(digest)[:LENGTH].decode()


def hash_of(token: str) -> bytes:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode()).digest()


def filled_in(body: str, person: Person | None, public_url: str, key: str) -> str:
    """`body` with the person's own link where `{link}` stands."""
    if person is None or "{link}" not in body:
        return body
    return body.replace("{link}", f"{public_url}/j/{token_of(person, key)}")


def fresh(db: Connection, person: Person, at: datetime, key: str) -> Person:
    """The person with a link that lives on for a while: a link past half of its life is replaced by a new one."""
    if person.link_at > clock.before(at, days=LIFE_DAYS / 2):
        return person
    renewed = replace(person, link_counter=person.link_counter + 1, link_at=clock.written(at))
    people.renew_link(db, renewed, hash_of(token_of(renewed, key)))
    return renewed


def owner(db: Connection, token: str, at: datetime) -> Person | None:
    """Whose living link this is; None when there never was such a link, or it has been replaced, or is too old."""
    if not _SHAPE.fullmatch(token):
        return None
    person = people.find_by_link(db, hash_of(token))
    if person is None or person.link_at <= clock.before(at, days=LIFE_DAYS):
        return None
    return person
