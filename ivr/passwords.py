"""Passwords of operators: hashed with argon2id, refused when they are easy to guess.

Hashing takes 64 MiB and some tens of milliseconds (argon2-cffi's defaults, RFC 9106's second choice), so each process
does two at a time: a flood of sign-ins waits in a queue instead of taking the memory.
"""

import threading
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from ivr.errors import WrongOperator

SHORTEST, LONGEST = 12, 128  # OWASP ASVS 5.0, 6.2.1 and 6.2.9: at least 8, 15 advised; 64 and more allowed
HARD_ENOUGH = 3  # of zxcvbn's 0 to 4: more than 10^8 guesses
_LONGEST_ESTIMATED = 72  # zxcvbn's time grows with the square
_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """The hash of a password, with its salt and costs in it."""
    with _turns:
        return _hasher.hash(password)


def fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one of the hash. Without a hash it takes as long, and is False."""
    try:
        with _turns:
            _hasher.verify(password_hash or _nobodys(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def check(password: str, words_of_theirs: Sequence[str] = ()) -> None:
    """Raise `WrongOperator` unless the password is long enough and hard to guess, also for who knows these words."""
    if len(password) < SHORTEST:
        raise WrongOperator(f"A password needs at least {SHORTEST} characters. Four or five words do well.")
    if len(password) > LONGEST:
        raise WrongOperator(f"A password may have at most {LONGEST} characters.")
    if zxcvbn(password[:_LONGEST_ESTIMATED], user_inputs=list(words_of_theirs))["score"] < HARD_ENOUGH:
        raise WrongOperator("This password is easy to guess. Take four or five words that have nothing to do together.")


@cache
def _nobodys() -> str:
    """The hash of a password that nobody has, so that an unknown account costs as much as a known one."""
    return _hasher.hash("nobody has this password")
