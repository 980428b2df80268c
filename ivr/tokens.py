"""Tokens that let somebody in: random, and kept as a hash only."""

import hashlib
import secrets

BYTES = 24  # 192 bits; OWASP ASVS 5.0, 7.2.3: at least 128


def new() -> str:
    """A token that nobody can guess, fit for a path and a cookie."""
    return secrets.token_urlsafe(BYTES)


def hash_of(token: str) -> bytes:
    """What is kept of a token. It has too many bits to be found from its hash, so nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
