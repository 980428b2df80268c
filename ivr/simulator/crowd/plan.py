"""What a crowd is told to do: how many people, in how long, from where, against which line."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ivr.errors import ThirdRingError
from ivr.simulator.account import Account, Number
from ivr.simulator.loopback import is_loopback
from ivr.simulator.misbehaviour import Deliveries

MOST = 1_000_000
LONGEST_SECONDS = 3600.0
CONNECTIONS = 64
"""Connections of the carrier that are used at the same time, each again and again."""


class WrongCrowd(ThirdRingError, ValueError):
    """A crowd that cannot be: the message says why."""


def any_seed() -> int:
    """A seed that nobody chose, short enough to be typed."""
    return secrets.randbelow(1_000_000)


@dataclass(frozen=True)
class Target:
    """The line that is called and texted: `host` and `port` are where the product listens, on this machine only.

    The addresses are its webhooks, for which requests are signed; their fragments are Twilio's connection overrides.
    """

    host: str
    port: int
    line: str
    sms_url: str
    voice_url: str
    status_url: str
    account_sid: str
    token: str = field(repr=False)

    @classmethod
    def of(cls, number: Number, account: Account) -> "Target":
        """A number of the carrier, at its webhooks. Raises WrongCrowd unless they are on this machine."""
        if not (number.sms_url and number.voice_url):
            raise WrongCrowd(f"{number.phone_number} has no webhooks yet.")
        parts = urlsplit(number.sms_url)
        if parts.scheme != "http":
            raise WrongCrowd("A crowd speaks plain http to this machine: it is never sent over a network.")
        return cls(
            *(parts.hostname or "", parts.port or 80, number.phone_number),
            *(number.sms_url, number.voice_url, number.status_callback, account.sid, account.auth_token),
        )

    def __post_init__(self) -> None:
        if not is_loopback(self.host):
            raise WrongCrowd(f"A crowd is for this machine only, and {self.host or 'nothing'} is not it.")


@dataclass(frozen=True)
class Plan:
    """One crowd. The same `seed` brings the same people; `run` makes their SIDs new, so that they are new contacts."""

    target: Target
    texts: int = 2_000
    calls: int = 100
    over: float = 20.0
    countries: tuple[str, ...] = ("US", "GB", "EG")
    seed: int = field(default_factory=any_seed)
    run: str = field(default_factory=lambda: secrets.token_hex(8))
    connections: int = CONNECTIONS
    callbacks: Deliveries = field(default_factory=Deliveries)
    webhooks: Deliveries = field(default_factory=Deliveries)

    def __post_init__(self) -> None:
        if self.texts < 0 or self.calls < 0 or not 0 < self.contacts <= MOST:
            raise WrongCrowd(f"A crowd is of 1 to {MOST:,} people.")
        if not 0 < self.over <= LONGEST_SECONDS:
            raise WrongCrowd(f"A crowd comes within a second to an hour, not {self.over:g} s.")

    @property
    def contacts(self) -> int:
        """How many people there are."""
        return self.texts + self.calls

    def as_json(self) -> str:
        """The plan as one line, for the program that carries it out."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> "Plan":
        """Reads what `as_json` wrote."""
        fields: Mapping[str, Any] = json.loads(line)
        parts = {
            "target": Target(**fields["target"]),
            "countries": tuple(fields["countries"]),
            "callbacks": Deliveries(**fields["callbacks"]),
            "webhooks": Deliveries(**fields["webhooks"]),
        }
        return cls(**{**fields, **parts})
