"""People with a whole life: invited, nudged, left, blocked, erased; consents that are given and withdrawn; segments.

What a segment asks of members (gender, day of birth, city, country, language, since when, whether they were silenced)
stands in one table, so that one index answers it; a trigger keeps the last of these as `people` has it. Nothing can be
queued for sending to many without a consent that stands: a trigger looks.
"""

from typing import Any

from ivr.folding import folded

NAME = "0006-people-and-consents"

PEOPLE = """
ALTER TABLE people ADD COLUMN left_at TEXT;
ALTER TABLE people ADD COLUMN blocked_at TEXT;
ALTER TABLE people ADD COLUMN too_young_at TEXT;
ALTER TABLE people ADD COLUMN nudged_at TEXT
"""

# Erasing is the one change that a ledger allows: the number goes, and what the person wrote; what was agreed to stays.
CONSENTS = """
ALTER TABLE consents ADD COLUMN action TEXT NOT NULL DEFAULT 'given' CHECK (action IN ('given', 'withdrawn'));
ALTER TABLE consents ADD COLUMN source TEXT NOT NULL DEFAULT 'sign-up page' CHECK (source IN
    ('sign-up page', 'own page', 'text', 'carrier', 'operator', 'import'));
DROP TRIGGER consents_stand;
CREATE TRIGGER consents_stand BEFORE UPDATE ON consents WHEN NOT (NEW.number LIKE 'erased:%' AND NEW.address = ''
    AND NEW.browser = ''
    AND (NEW.wording = OLD.wording OR (NEW.wording = '' AND OLD.source IN ('text', 'carrier', 'operator')))
    AND (NEW.id, NEW.person_id, NEW.line_id, NEW.at, NEW.version, NEW.language, NEW.action, NEW.source)
    = (OLD.id, OLD.person_id, OLD.line_id, OLD.at, OLD.version, OLD.language, OLD.action, OLD.source)) BEGIN
    SELECT RAISE (ABORT, 'consents are append-only'); END;
DROP TRIGGER opt_outs_stand;
CREATE TRIGGER opt_outs_stand BEFORE UPDATE ON opt_outs WHEN NOT (NEW.number LIKE 'erased:%' AND NEW.wording = ''
    AND NEW.sid IS NULL
    AND (NEW.id, NEW.line_id, NEW.at, NEW.action, NEW.source)
    = (OLD.id, OLD.line_id, OLD.at, OLD.action, OLD.source)) BEGIN
    SELECT RAISE (ABORT, 'the ledger of opt-outs is append-only'); END;
DROP TRIGGER audit_stands;
CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
    WHEN NOT ((NEW.details LIKE '%erased:%' OR NEW.subject LIKE 'erased:%')
    AND NEW.operator_id IS OLD.operator_id AND (NEW.id, NEW.at, NEW.operator, NEW.action, NEW.address)
    = (OLD.id, OLD.at, OLD.operator, OLD.action, OLD.address)) BEGIN
    SELECT RAISE (ABORT, 'the audit is append-only'); END
"""

# Where both indexes would do, SQLite reads all of the one that was made last; what is short comes first in that.
MEMBERS = """
CREATE TABLE members_of_segments (
    person_id INTEGER PRIMARY KEY REFERENCES people (id),
    line_id INTEGER NOT NULL REFERENCES lines (id),
    name TEXT NOT NULL,
    gender TEXT CHECK (gender IN ('female', 'male', 'non-binary', 'another', 'unsaid')),
    born TEXT,
    city TEXT,
    city_key TEXT NOT NULL,
    email TEXT,
    country TEXT,
    language TEXT NOT NULL,
    consent_id INTEGER REFERENCES consents (id),
    joined_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    silenced INTEGER NOT NULL DEFAULT 0 CHECK (silenced IN (0, 1))
) STRICT;
INSERT INTO consents (person_id, line_id, number, at, wording, version, language, address, browser, action, source)
    SELECT person_id, last.line_id, last.number, people.opted_out_at, '', version, last.language, '', '', 'withdrawn',
    'text' FROM consents AS last JOIN people ON people.id = last.person_id WHERE people.opted_out_at IS NOT NULL
    AND last.id = (SELECT max(id) FROM consents WHERE person_id = last.person_id);
INSERT INTO members_of_segments SELECT person_id, line_id, name, gender, born, city, '', email,
    country, language, CASE WHEN people.opted_out_at IS NULL THEN
    (SELECT max(id) FROM consents WHERE consents.person_id = members.person_id) END, joined_at,
    changed_at, people.opted_out_at IS NOT NULL FROM members JOIN people ON people.id = members.person_id;
DROP TABLE members;
ALTER TABLE members_of_segments RENAME TO members;
CREATE TRIGGER members_are_silenced AFTER UPDATE OF opted_out_at, blocked_at ON people BEGIN UPDATE members
    SET silenced = (NEW.opted_out_at IS NOT NULL OR NEW.blocked_at IS NOT NULL) WHERE person_id = NEW.id; END;
CREATE INDEX members_cities ON members
    (line_id, silenced, city_key, born, gender, joined_at, country, language, consent_id);
CREATE INDEX members_segments ON members
    (line_id, silenced, country, gender, language, consent_id, born, joined_at, city_key);
CREATE INDEX members_email ON members (email) WHERE email IS NOT NULL;
CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    line_id INTEGER NOT NULL REFERENCES lines (id),
    name TEXT NOT NULL,
    expression TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (line_id, name)
) STRICT
"""

SENDING = """
ALTER TABLE messages ADD COLUMN media_url TEXT;
CREATE VIEW may_be_broadcast_to AS SELECT people.line_id, people.number FROM people
    JOIN members ON members.person_id = people.id JOIN consents ON consents.id = members.consent_id
    WHERE people.opted_out_at IS NULL AND people.blocked_at IS NULL AND people.too_young_at IS NULL
    AND consents.action = 'given' AND consents.number = people.number AND consents.line_id = people.line_id;
CREATE TRIGGER nothing_is_broadcast_without_consent BEFORE INSERT ON messages WHEN NEW.purpose = 'broadcast'
    AND NOT EXISTS (SELECT 1 FROM may_be_broadcast_to AS one
    WHERE one.line_id = NEW.line_id AND one.number = NEW.number)
    BEGIN SELECT RAISE (ABORT, 'no consent, no broadcast'); END;
CREATE TRIGGER nothing_becomes_a_broadcast_without_consent BEFORE UPDATE OF purpose, number, line_id ON messages
    WHEN NEW.purpose = 'broadcast' AND NEW.number <> 'erased'
    AND NOT EXISTS (SELECT 1 FROM may_be_broadcast_to AS one
    WHERE one.line_id = NEW.line_id AND one.number = NEW.number)
    BEGIN SELECT RAISE (ABORT, 'no consent, no broadcast'); END;
CREATE TABLE nudging (
    line_id INTEGER PRIMARY KEY REFERENCES lines (id),
    person_id INTEGER NOT NULL
) STRICT
"""

LINES = """
ALTER TABLE lines ADD COLUMN nudges INTEGER NOT NULL DEFAULT 0 CHECK (nudges IN (0, 1));
ALTER TABLE lines ADD COLUMN keep_texts INTEGER CHECK (keep_texts > 0);
ALTER TABLE lines ADD COLUMN keep_voice INTEGER CHECK (keep_voice > 0);
ALTER TABLE lines ADD COLUMN keep_refusals INTEGER NOT NULL DEFAULT 30 CHECK (keep_refusals > 0);
ALTER TABLE lines ADD COLUMN privacy_url TEXT NOT NULL DEFAULT '';
ALTER TABLE lines ADD COLUMN terms_url TEXT NOT NULL DEFAULT '';
CREATE TABLE photos (
    line_id INTEGER PRIMARY KEY REFERENCES lines (id),
    kind TEXT NOT NULL CHECK (kind IN ('JPEG', 'PNG')),
    content BLOB NOT NULL,
    at TEXT NOT NULL
) STRICT
"""

# Not only signing in may be tried so often only.
TRIES = "ALTER TABLE sign_in_tries RENAME TO tries"

# What the search index must still forget; the ids are never used twice, so that it knows what it has done. And what the
# carrier may still tell of, though it was erased.
FORGETTING = """
CREATE TABLE erased_sids (hash BLOB PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE forgetting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER,
    body TEXT NOT NULL DEFAULT '',
    number TEXT,
    call_id INTEGER
) STRICT
"""

# How far each line's texts and voice messages have been gone through, what this run has done, and when the next begins.
# Texts of ours that nobody knows the end of yet are come back to.
RETENTION = """
CREATE TABLE retention (
    line_id INTEGER PRIMARY KEY REFERENCES lines (id),
    texts_id INTEGER NOT NULL DEFAULT 0,
    voice_id INTEGER NOT NULL DEFAULT 0,
    texts INTEGER NOT NULL DEFAULT 0,
    voice_messages INTEGER NOT NULL DEFAULT 0,
    refusals INTEGER NOT NULL DEFAULT 0,
    due_at TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE unsettled_texts (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id),
    line_id INTEGER NOT NULL REFERENCES lines (id)
) STRICT;
CREATE INDEX people_too_young ON people (line_id, too_young_at) WHERE too_young_at IS NOT NULL
"""

STATEMENTS = (PEOPLE, CONSENTS, MEMBERS, SENDING, LINES, TRIES, FORGETTING, RETENTION)


def finish(db: Any) -> None:
    """Cities are compared as Python folds them, which SQL cannot."""
    cities = db.execute("SELECT DISTINCT city FROM members WHERE city IS NOT NULL").fetchall()
    db.executemany(
        "UPDATE members SET city_key = ? WHERE city = ?", [(" ".join(folded(city)), city) for (city,) in cities]
    )
