"""Personal links: derived from a key of ours, the person and a counter, so that a repeat gives the same link.

There are two, which do not tell each other: the one to sign up, which people pass on, and the one to what we hold of
somebody, which is sent to members alone.

A token is the person's id and a secret, the first 128 bits of an HMAC (OWASP ASVS 5.0 11.5.1 asks for as many). The
database does not hold the secret, so who reads it cannot open anybody's page: the id leads to the person, and their
secret is worked out anew and compared. The id is hidden by a mask made of the secret, since it would tell how many
people there are. A link lives for thirty days, or until the counter moves.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import datetime

from ivr import clock
from ivr.store import Connection, people
from ivr.store.people import Person

LIFE_DAYS = 30
SECRET_BYTES = 16
ID_BYTES = 4
LENGTH = 27
"""Characters: base64 of 20 bytes."""
PAGES = {"link": "/j/", "me": "/me/"}
"""The page of each link; its name in a text is `{link}` or `{me}`."""
NOBODY = Person(0, "+00000000000", "2026-01-01T00:00:00.000Z", "en", None, None, None, 0, "2026-01-01T00:00:00.000Z")
"""Who is compared with where a link leads to nobody."""
_SHAPE = re.compile(f"[A-Za-z0-9_-]{{{LENGTH}}}")


def token_of(person: Person, key: str, page: str = "link") -> str:
    """The token of the person's present link. `first_at` is in it, so that a number's next owner gets another."""
    secret = _secret(person, key, page)
    return urlsafe_b64encode(_masked(person.id.to_bytes(ID_BYTES), secret, key) + secret)[:LENGTH].decode()


def filled_in(body: str, person: Person | None, public_url: str, key: str) -> str:
    """`body` with the person's own links where they stand."""
    if person is None:
        return body
    for page, path in PAGES.items():
        if f"{{{page}}}" in body:
            body = body.replace(f"{{{page}}}", f"{public_url}{path}{token_of(person, key, page)}")
    return body


def fresh(db: Connection, person: Person, at: datetime) -> Person:
    """The person with a link that lives on for a while: a link past half of its life is replaced by a new one."""
    if person.link_at > clock.before(at, days=LIFE_DAYS / 2):
        return person
    renewed = replace(person, link_counter=person.link_counter + 1, link_at=clock.written(at))
    people.renew_link(db, renewed)
    return renewed


def owner(db: Connection, token: str, at: datetime, key: str, page: str = "link") -> Person | None:
    """Whose living link this is; None when there never was such a link, or it has been replaced, or is too old."""
    if not _SHAPE.fullmatch(token):
        return None
    content = urlsafe_b64decode(token + "=")
    hidden, secret = content[:ID_BYTES], content[ID_BYTES:]
    person = people.of_id(db, int.from_bytes(_masked(hidden, secret, key)))
    right = hmac.compare_digest(token_of(person or NOBODY, key, page), token)  # as much work where there is nobody
    if person is None or not right:
        return None
    return person if person.link_at > clock.before(at, days=LIFE_DAYS) else None


def _secret(person: Person, key: str, page: str) -> bytes:
    text = f"{page}|{person.id}|{person.line_id}|{person.number}|{person.first_at}|{person.link_counter}"
    return hmac.digest(key.encode(), text.encode(), "sha256")[:SECRET_BYTES]


def _masked(number: bytes, secret: bytes, key: str) -> bytes:
    """An id hidden, or a hidden one told: the mask is as random as the secret, and undoes itself."""
    mask = hmac.digest(key.encode(), b"mask|" + secret, "sha256")[:ID_BYTES]
    return (int.from_bytes(number) ^ int.from_bytes(mask)).to_bytes(ID_BYTES)
