"""What every part of a call stands on: the network, the dialled number, the caller, the webhooks' form."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field

from ivr.simulator.account import Number
from ivr.simulator.moment import Moment
from ivr.simulator.network import Network
from ivr.simulator.phones.caller import Caller


@dataclass(frozen=True)
class Turn:
    """Where the call goes next: a document to ask for and the fields it adds to the form.

    `is_fallback` marks the fallback address, which has no fallback of its own.
    """

    url: str
    method: str = "POST"
    form: Mapping[str, str] = field(default_factory=dict)
    is_fallback: bool = False
    is_redirect: bool = False


Steps = Generator[Moment, None, Turn | None]
"""What a verb does: moments as they pass; in the end where to go, or None for the next verb."""


@dataclass(frozen=True)
class Ground:
    """One call's surroundings. `form` is what every webhook of the call says, `CallStatus` apart."""

    network: Network
    number: Number
    caller: Caller
    call_sid: str
    form: Mapping[str, str]


class LineHangsUp(Exception):
    """`<Hangup>`: nothing of the document comes after it."""
