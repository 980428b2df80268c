"""The second factor: codes that change every thirty seconds (TOTP, RFC 6238), and recovery codes.

The secret is derived from the server's key, the operator and a counter, as the personal links are: the database does
not hold it, and turning the factor off moves the counter.
"""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime

import pyotp

from ivr import clock, passwords
from ivr.errors import WrongOperator
from ivr.house import House
from ivr.store import Connection, Store, audit
from ivr.store import operators as table
from ivr.store.audit import Actor
from ivr.store.operators import Operator

STEP_SECONDS = 30
DRIFT = 1  # steps by which a phone's clock may be off
CLOCK_IS_BEHIND = 20  # steps in which a code is recognised as right but too late; of one to come nothing is told
CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def secret_of(operator: Operator, key: str) -> str:
    """The secret that an authenticator is given, in base 32 (RFC 4226 section 4: 160 bits)."""
    made = hmac.digest(key.encode(), f"second factor {operator.id} {operator.factor_counter}".encode(), "sha1")
    return b32encode(made).decode()


def address_of(operator: Operator, key: str, issuer: str) -> str:
    """The `otpauth:` address that the QR code holds."""
    return pyotp.TOTP(secret_of(operator, key)).provisioning_uri(name=operator.name, issuer_name=issuer)


def step_of(
    operator: Operator, key: str, code: str, at: datetime, behind: int = DRIFT, ahead: int = DRIFT
) -> int | None:
    """The time step that the code belongs to, nearest first, or None."""
    totp = pyotp.TOTP(secret_of(operator, key))
    now = int(at.timestamp()) // STEP_SECONDS
    digits = "".join(str(int(char)) for char in code if char.isdecimal())
    for distance in sorted(range(-behind, ahead + 1), key=abs):
        if hmac.compare_digest(totp.at((now + distance) * STEP_SECONDS), digits):
            return now + distance
    return None


def new_codes() -> list[str]:
    """Recovery codes to be written down: ten of ten characters, 49 bits each."""
    return ["-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2)) for _ in range(CODES)]


def hash_of_code(code: str, key: str) -> bytes:
    """What is kept of a recovery code."""
    plain = "".join(char for char in code.casefold() if char.isalnum())
    return hmac.digest(key.encode(), f"recovery code {plain}".encode(), "sha256")


def turn_on(house: House, operator: Operator, code: str, by: Actor, at: datetime) -> list[str]:
    """Ask this operator for a second factor from now on; returns their recovery codes, shown once. `WrongOperator`."""
    if operator.factor_since:
        raise WrongOperator("The second factor is on already.")
    key = house.settings.secret_key
    step = step_of(operator, key, code, at)
    if step is None:
        raise WrongOperator("That is not the code your authenticator shows now. Check the clock on your phone.")
    codes = new_codes()

    def work(db: Connection) -> None:
        moment = clock.written(at)
        if not table.use_step(db, operator.id, step):  # two forms with one code
            raise WrongOperator("The second factor is on already.")
        table.set_factor(db, operator.id, moment)
        table.set_recovery_codes(db, operator.id, [hash_of_code(code, key) for code in codes])
        audit.append(db, by, "second factor on", operator.name, {}, moment)

    house.store.write(work)
    return codes


def turn_off(store: Store, operator: Operator, password: str, by: Actor, at: datetime) -> None:
    """Ask this operator for their password alone. Raises `WrongOperator`."""
    if not passwords.fits(password, operator.password_hash):
        raise WrongOperator("The password is wrong.")

    def work(db: Connection) -> None:
        drop(db, operator)
        audit.append(db, by, "second factor off", operator.name, {}, clock.written(at))

    store.write(work)


def drop(db: Connection, operator: Operator) -> None:
    """Forget the factor: its secret and the recovery codes are dead."""
    table.set_factor(db, operator.id, None)
    table.set_recovery_codes(db, operator.id, [])
