"""How Twilio writes things: SIDs, times, error answers. The words that every part of the simulator shares."""

from datetime import UTC, datetime
from email.utils import format_datetime
from uuid import uuid4

API_VERSION = "2010-04-01"

ERROR_WORDS = {
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
}
"""Error code of a message → Twilio's words for it (twilio.com/docs/api/errors)."""


class Refused(Exception):
    """A REST request is refused: `status` is the HTTP status, `code` Twilio's error code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        self.status = status
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")

    def as_json(self) -> dict[str, object]:
        """The body of the answer, as twilio.com/docs/usage/twilios-response describes it."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def new_sid(prefix: str) -> str:
    """A fresh SID: two letters and 32 hexadecimal digits (twilio.com/docs/glossary/what-is-a-sid)."""
    return prefix + uuid4().hex


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def rfc2822(at: datetime | None) -> str | None:
    """A time as the REST API writes it: `Mon, 23 Nov 2026 16:47:00 +0000`; None stays None."""
    return None if at is None else format_datetime(at)


def iso(at: datetime) -> str:
    """A time as our own log writes it: ISO 8601, milliseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
