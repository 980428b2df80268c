"""The parts of an installation, joined: what every rule is handed.

One `House` in each process, opened after the fork. It also remembers the lines, because a caller hears the greeting
even when the database is gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from audio.library import Clip, Library
from ivr.carrier.rest import Account, Carrier
from ivr.carrier.signatures import Signatures
from ivr.errors import StoreUnavailable
from ivr.limits import Guesses
from ivr.lines import of_number
from ivr.refusals import Refusals
from ivr.settings import Settings
from ivr.store import Store, lines
from ivr.store.lines import Line
from ivr.store.log.search_index import SearchIndex
from ivr.store.recordings import Recording, Recordings

# docs usage/webhooks/webhooks-connection-overrides: three retries, on every kind of failure, in TwiML too. By default
# the carrier tries again once, and only when it could not connect. Every webhook of ours is idempotent, so it is safe.
OVERRIDES = "#rc=3&rp=all"


@dataclass(frozen=True)
class House:
    """Settings, store, carrier and recordings of one process: `library` is what we ship, `own` what lines recorded."""

    settings: Settings
    store: Store
    carrier: Carrier
    signatures: Signatures
    library: Library
    own: Recordings
    search_index: SearchIndex
    refusals: Refusals
    guesses: Guesses = field(default_factory=Guesses)
    known_lines: dict[str, Line] = field(default_factory=dict)

    @classmethod
    def open(cls, settings: Settings) -> "House":
        """Join the parts. A database that cannot be read now is no reason not to open: calls must be answered."""
        store = open_store(settings)
        house = cls(
            settings=settings,
            store=store,
            refusals=Refusals(store),
            carrier=Carrier(account_of(settings)),
            signatures=Signatures(settings.auth_tokens, settings.public_url),
            library=Library.open(),
            own=open_recordings(settings),
            search_index=SearchIndex(settings.database_path.with_suffix(".search.db")),
        )
        try:
            house.store.check()
            house.remember(house.store.read(lines.everyone))
        except StoreUnavailable:
            house.remember([of_number(settings.phone_number, settings.line_name)] if settings.phone_number else [])
        return house

    @property
    def recordings(self) -> Path:
        """Folder of the voice messages."""
        return self.settings.instance_path / "voice-messages"

    def recording(self, digest: str) -> Clip | Recording | None:
        """The recording of this digest, ours or a line's own, or None."""
        return self.library.by_digest(digest) or self.own.find(digest)

    def remember(self, known: Iterable[Line]) -> None:
        """Remember these lines for when the database cannot be asked."""
        self.known_lines.update({line.number: line for line in known})

    def url(self, path: str) -> str:
        """The public address of a path of ours."""
        return self.settings.public_url + path

    def webhook(self, path: str) -> str:
        """The address of a webhook of ours, which the carrier tries again when it fails."""
        return self.url(path) + OVERRIDES


def account_of(settings: Settings) -> Account:
    """Whom the settings let us ask as."""
    return Account(
        sid=settings.account_sid,
        token=settings.auth_tokens[0] if settings.auth_tokens else "",
        api_url=settings.api_url,
        key_sid=settings.api_key_sid,
        key_secret=settings.api_key_secret,
        messaging_service_sid=settings.messaging_service_sid,
    )


def open_store(settings: Settings) -> Store:
    """The store of an installation."""
    return Store(settings.database_path, settings.instance_path / "spool")


def open_recordings(settings: Settings) -> Recordings:
    """The recordings that the lines of an installation made their own."""
    return Recordings(settings.instance_path / "greetings")
