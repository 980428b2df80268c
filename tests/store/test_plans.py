"""How SQLite finds what is asked often: by an index, never by reading a table of millions."""

import pytest

from ivr.store import Store
from ivr.store.contacts import COLUMNS

QUERIES = {
    "the newest of the log": f"SELECT {', '.join(COLUMNS)} FROM contacts ORDER BY at DESC, sid LIMIT 50",
    "one number's contacts": f"SELECT {', '.join(COLUMNS)} FROM contacts WHERE number = 'n' ORDER BY at DESC LIMIT 50",
    "our texts to one number": "SELECT id FROM messages WHERE number = 'n' AND at > 't' AND direction = 'out'",
    "a message by its SID": "SELECT id FROM messages WHERE sid = 's'",
    "what waits": "SELECT id FROM messages WHERE status = 'queued' AND due_at <= 't' ORDER BY due_at",
    "what is unsettled": "SELECT id FROM messages WHERE status = 'doubt' AND status IN ('sending', 'doubt')",
    "a person": "SELECT id FROM people WHERE line_id = 1 AND number = 'n'",
    "a person by their link": "SELECT number FROM people WHERE id = 1",
    "who was too young": "SELECT id FROM people WHERE line_id = 1 AND too_young_at IS NOT NULL AND too_young_at < 't'",
    "voice messages to fetch": "SELECT sid FROM voice_messages WHERE status = 'waiting' AND due_at <= 't'",
}


@pytest.mark.parametrize("name", QUERIES)
def test_an_index_finds(name: str, store: Store) -> None:
    steps = [row[3] for row in store.read(lambda db: db.execute(f"EXPLAIN QUERY PLAN {QUERIES[name]}").fetchall())]
    scans = [step for step in steps if step.startswith("SCAN") and "USING" not in step]
    assert not scans, steps


def test_the_halves_of_the_log_are_merged_not_sorted(store: Store) -> None:
    query = f"EXPLAIN QUERY PLAN {QUERIES['the newest of the log']}"
    steps = [row[3] for row in store.read(lambda db: db.execute(query).fetchall())]
    assert steps[0] == "MERGE (UNION ALL)"
