"""How often something may be tried: counted in the database where it must be exact, in memory where it need not be."""

import ipaddress
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr import clock
from ivr.store import Connection, tries

LONGEST_SECONDS = 3600
"""Tries are forgotten after that: no limit may be longer."""
GUESSES, GUESS_SECONDS, MOST_KNOWN = 20, 60, 10_000


@dataclass(frozen=True)
class Limit:
    """At most so many tries within so many seconds, counted under a name."""

    bucket: str
    most: int
    seconds: int


def count(db: Connection, limits: Sequence[Limit], at: datetime) -> int:
    """Count a try under every limit; returns 0, or when one is full the seconds to wait, and nothing is counted."""
    waits = [wait for limit in limits if (wait := _wait(db, limit, at))]
    if not waits:
        long_ago = clock.before(at, seconds=LONGEST_SECONDS)
        tries.note(db, [limit.bucket for limit in limits], clock.written(at), long_ago)
    return max(waits, default=0)


def network_of(address: str) -> str:
    """Whose tries are counted together: one IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


class Guesses:
    """Wrong personal links by address, in one process: a guess shall not cost a write.

    The addresses that guessed last are known; who has more of them is not stopped by counting addresses, nor are others
    less counted for it.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._guesses: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, address: str, at: datetime) -> int:
        """Count a wrong link; returns 0, or the seconds to wait where too many came from this address in a minute."""
        network = network_of(address)
        with self._mutex:
            made = self._guesses.setdefault(network, deque(maxlen=GUESSES))
            self._guesses.move_to_end(network)
            while len(self._guesses) > MOST_KNOWN:
                self._guesses.popitem(last=False)
            if len(made) == GUESSES and (passed := (at - made[0]).total_seconds()) < GUESS_SECONDS:
                return max(1, round(GUESS_SECONDS - passed))
            made.append(at)
            return 0


def _wait(db: Connection, limit: Limit, at: datetime) -> int:
    tried = tries.since(db, limit.bucket, clock.before(at, seconds=limit.seconds))
    if len(tried) < limit.most:
        return 0
    passed = (at - clock.read(tried[-limit.most])).total_seconds()
    return max(1, round(limit.seconds - passed))
