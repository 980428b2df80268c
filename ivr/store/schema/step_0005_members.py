"""Members: who has signed up, what they told us, and to what exactly they agreed, which is never changed."""

NAME = "0005-members"

MEMBERS = """
CREATE TABLE members (
    person_id INTEGER PRIMARY KEY REFERENCES people (id),
    name TEXT NOT NULL,
    gender TEXT CHECK (gender IN ('female', 'male', 'non-binary', 'another', 'unsaid')),
    born TEXT,
    city TEXT,
    email TEXT,
    joined_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE TABLE consents (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    line_id INTEGER NOT NULL REFERENCES lines (id),
    number TEXT NOT NULL,
    at TEXT NOT NULL,
    wording TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL
) STRICT;
CREATE INDEX consents_person ON consents (person_id);
CREATE TRIGGER consents_are_kept BEFORE DELETE ON consents BEGIN
    SELECT RAISE (ABORT, 'consents are append-only'); END;
CREATE TRIGGER consents_stand BEFORE UPDATE ON consents BEGIN
    SELECT RAISE (ABORT, 'consents are append-only'); END;
CREATE TABLE too_young (
    line_id INTEGER NOT NULL REFERENCES lines (id),
    day TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (line_id, day)
) STRICT, WITHOUT ROWID
"""

LINES = """
ALTER TABLE lines ADD COLUMN minimum_age INTEGER NOT NULL DEFAULT 13 CHECK (minimum_age BETWEEN 0 AND 120);
ALTER TABLE lines ADD COLUMN required TEXT NOT NULL DEFAULT 'born'
"""

STATEMENTS = (MEMBERS, LINES)
