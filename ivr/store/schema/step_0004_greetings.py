"""Greetings and prompts of a line's own: every version a row, the live one a pointer; codes to record by telephone."""

NAME = "0004-greetings"

GREETINGS = """
CREATE TABLE greetings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    line_id INTEGER NOT NULL REFERENCES lines (id),
    language TEXT NOT NULL,
    clip TEXT NOT NULL,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    original TEXT NOT NULL,
    original_name TEXT NOT NULL,
    original_bytes INTEGER NOT NULL,
    seconds REAL NOT NULL,
    report TEXT NOT NULL,
    notes TEXT NOT NULL,
    made_by TEXT NOT NULL,
    door TEXT NOT NULL CHECK (door IN ('command', 'console', 'telephone')),
    at TEXT NOT NULL,
    UNIQUE (line_id, language, clip, version)
) STRICT;
CREATE TABLE live_greetings (
    line_id INTEGER NOT NULL REFERENCES lines (id),
    language TEXT NOT NULL,
    clip TEXT NOT NULL,
    greeting_id INTEGER REFERENCES greetings (id),
    before_id INTEGER REFERENCES greetings (id),
    since TEXT NOT NULL,
    PRIMARY KEY (line_id, language, clip)
) STRICT, WITHOUT ROWID;
CREATE TABLE greeting_codes (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    line_id INTEGER NOT NULL REFERENCES lines (id),
    language TEXT NOT NULL,
    clip TEXT NOT NULL,
    operator_id INTEGER,
    operator TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0,
    call_sid TEXT UNIQUE,
    recording_sid TEXT,
    greeting_id INTEGER,
    fault TEXT
) STRICT;
CREATE INDEX greeting_codes_line ON greeting_codes (line_id, ends_at)
"""

STATEMENTS = (GREETINGS,)
