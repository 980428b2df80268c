"""The time: one function that tells it, and the one way in which it is written down.

Everywhere in the house a moment is an aware `datetime` in UTC; in the database and in JSON it is ISO 8601 text
with milliseconds and a `Z`, which sorts as it runs.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=256)
def written(moment: datetime) -> str:
    """`moment` (UTC) as text: 2026-11-03T20:15:00.123Z. A contact's moment is written several times."""
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def read(text: str) -> datetime:
    """The moment that `written` wrote. Raises ValueError for any other text."""
    return datetime.fromisoformat(text)


def before(moment: datetime, **span: float) -> str:
    """`moment` less a span (hours=24, say), as text to compare with stored times."""
    return written(moment - timedelta(**span))
