"""What the carrier holds in memory: numbers, messages, calls, recordings, pictures, and who has opted out of whom."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Generic, Protocol, TypeVar

from ivr.errors import ThirdRingError
from ivr.simulator.account import Number


class NoSuchNumber(ThirdRingError):
    """The dialled number is not one of the carrier's."""


@dataclass(frozen=True)
class Message:
    """One message, inbound or outbound (twilio.com/docs/messaging/api/message-resource).

    `direction` is `inbound`, `outbound-api` or `outbound-reply`; `sent` is None while it is queued.
    """

    sid: str
    sender: str
    to: str
    body: str
    direction: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    media: tuple[str, ...] = ()
    segments: int = 1
    error_code: int | None = None
    service_sid: str | None = None
    callback: str = ""
    callback_method: str = "POST"
    validity_s: int = 36000


@dataclass(frozen=True)
class Call:
    """One incoming call (twilio.com/docs/voice/api/call-resource). `seconds` counts from the answer."""

    sid: str
    caller: str
    to: str
    number_sid: str
    status: str
    started: datetime
    ended: datetime | None = None
    seconds: int = 0


@dataclass(frozen=True)
class Recording:
    """One recording that a caller left: `audio` is a whole WAV file, `seconds` its length, rounded up."""

    sid: str
    call_sid: str
    started: datetime
    seconds: int
    audio: bytes


@dataclass(frozen=True)
class Picture:
    """One picture of a text."""

    sid: str
    message_sid: str
    content_type: str
    content: bytes


class _HasSid(Protocol):
    @property
    def sid(self) -> str: ...


Row = TypeVar("Row", bound=_HasSid)


class Shelf(Generic[Row]):
    """Rows by SID in the order in which they came; safe to use from many threads."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._lock = Lock()

    def put(self, row: Row) -> Row:
        """Adds the row, or puts it in the place of the one with its SID."""
        with self._lock:
            self._rows[row.sid] = row
        return row

    def change(self, sid: str, **fields: object) -> Row:
        """Changes fields of one row and returns it. Raises KeyError when there is none."""
        with self._lock:
            changed: Row = replace(self._rows[sid], **fields)  # type: ignore[type-var]
            self._rows[sid] = changed
        return changed

    def drop(self, sid: str) -> None:
        """Takes the row away; nothing when there is none."""
        with self._lock:
            self._rows.pop(sid, None)

    def get(self, sid: str) -> Row | None:
        """The row with this SID."""
        with self._lock:
            return self._rows.get(sid)

    def oldest_first(self) -> list[Row]:
        """All rows, as they came."""
        with self._lock:
            return list(self._rows.values())

    def newest_first(self) -> list[Row]:
        """All rows, the youngest first."""
        with self._lock:
            return list(reversed(self._rows.values()))


class Switchboard:
    """Everything one carrier holds. Nothing of it outlives the process; the log does."""

    def __init__(self, numbers: Iterable[Number | str]) -> None:
        self.numbers: Shelf[Number] = Shelf()
        self.messages: Shelf[Message] = Shelf()
        self.calls: Shelf[Call] = Shelf()
        self.recordings: Shelf[Recording] = Shelf()
        self.pictures: Shelf[Picture] = Shelf()
        self._blocked: set[tuple[str, str]] = set()
        self._lock = Lock()
        for number in numbers:
            self.numbers.put(Number(number) if isinstance(number, str) else number)

    def number(self, phone_number: str) -> Number:
        """The account's number with this E.164 form. Raises NoSuchNumber."""
        found = self.numbers.get(Number(phone_number).sid)
        if found is None:
            known = ", ".join(number.phone_number for number in self.numbers.newest_first()) or "none"
            raise NoSuchNumber(f"{phone_number} is not a number of this carrier (it has: {known})")
        return found

    def block(self, line: str, phone: str) -> bool:
        """The phone no longer takes texts of the line. True when that is new."""
        with self._lock:
            is_new = (line, phone) not in self._blocked
            self._blocked.add((line, phone))
        return is_new

    def unblock(self, line: str, phone: str) -> None:
        """The phone takes texts of the line again."""
        with self._lock:
            self._blocked.discard((line, phone))

    def is_blocked(self, line: str, phone: str) -> bool:
        """Whether the phone has opted out of the line (one number, one sender)."""
        with self._lock:
            return (line, phone) in self._blocked
