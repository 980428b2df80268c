"""What the search index is told at once: what is new in the database, and what is to be forgotten.

One look at the database tells both. So nothing is fed that was blanked before the look, and what is blanked after it is
forgotten with a later batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.store import forgetting
from ivr.store.database import Connection, snapshot
from ivr.store.forgetting import Forgotten

FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True)
class Batch:
    """What is to be fed at once: calls and inbound texts as (id, at, number, body), and the ids that it goes up to.

    `gone` is to be forgotten before that.
    """

    calls: Sequence[tuple[int, str, str]]
    texts: Sequence[tuple[int, str, str, str]]
    fed: tuple[int, int]
    up_to: tuple[int, int]
    gone: Sequence[Forgotten] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return self.up_to == self.fed and not self.gone


def unfed(db: Connection, fed: tuple[int, int], most: int) -> Batch:
    """What came to the database after `fed` (ids of calls and messages), the oldest first, at most so many of each.

    As long as there is more to be forgotten than is done at once, nothing is fed.
    """
    with snapshot(db):
        gone = forgetting.waiting(db, FORGOTTEN_AT_ONCE)
        if len(gone) == FORGOTTEN_AT_ONCE:
            return Batch([], [], fed, fed, gone)
        return _new(db, fed, most, gone)


def _new(db: Connection, fed: tuple[int, int], most: int, gone: Sequence[Forgotten]) -> Batch:
    calls = db.execute("SELECT id, at, number FROM calls WHERE id > ? ORDER BY id LIMIT ?", (fed[0], most)).fetchall()
    messages = db.execute(
        "SELECT id, at, number, body, direction FROM messages WHERE id > ? ORDER BY id LIMIT ?", (fed[1], most)
    ).fetchall()
    texts = [row[:4] for row in messages if row[4] == "in"]
    return Batch(calls, texts, fed, (calls[-1][0] if calls else fed[0], messages[-1][0] if messages else fed[1]), gone)
