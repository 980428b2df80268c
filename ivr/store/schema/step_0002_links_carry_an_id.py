"""People without the hash of their link, whose index cost a fifth of keeping a text.

A link is derived from the person and carries their id: nothing has to be kept to find its owner.
"""

NAME = "0002-links-carry-an-id"

PEOPLE_WITHOUT_HASHES = """
CREATE TABLE people_without_hashes (
    id INTEGER PRIMARY KEY,
    line_id INTEGER NOT NULL REFERENCES lines (id),
    number TEXT NOT NULL,
    first_at TEXT NOT NULL,
    language TEXT NOT NULL,
    country TEXT,
    opted_out_at TEXT,
    member_since TEXT,
    link_counter INTEGER NOT NULL,
    link_at TEXT NOT NULL,
    UNIQUE (line_id, number)
) STRICT;
INSERT INTO people_without_hashes SELECT id, line_id, number, first_at, language, country, opted_out_at, member_since,
    link_counter, link_at FROM people;
DROP TABLE people;
ALTER TABLE people_without_hashes RENAME TO people
"""

STATEMENTS = (PEOPLE_WITHOUT_HASHES,)
