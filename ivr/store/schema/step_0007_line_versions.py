"""Lines whose changes are kept: who changed what, when, from what to what; and photos that can be gone back to.

What a message segment costs and the hours in which a line writes unasked are its own, too.
"""

import hashlib
from typing import Any

NAME = "0007-line-versions"

VERSIONS = """
CREATE TABLE line_versions (
    line_id INTEGER NOT NULL REFERENCES lines (id),
    version INTEGER NOT NULL,
    at TEXT NOT NULL,
    operator_id INTEGER,
    operator TEXT NOT NULL,
    undoes INTEGER,
    changes TEXT NOT NULL CHECK (json_valid(changes)),
    PRIMARY KEY (line_id, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER line_versions_are_kept BEFORE DELETE ON line_versions BEGIN
    SELECT RAISE (ABORT, 'the versions of lines are append-only'); END;
CREATE TRIGGER line_versions_stand BEFORE UPDATE ON line_versions BEGIN
    SELECT RAISE (ABORT, 'the versions of lines are append-only'); END
"""

LINES = """
ALTER TABLE lines ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE lines ADD COLUMN photo TEXT NOT NULL DEFAULT '';
ALTER TABLE lines ADD COLUMN opens INTEGER NOT NULL DEFAULT 10 CHECK (opens BETWEEN 0 AND 23);
ALTER TABLE lines ADD COLUMN closes INTEGER NOT NULL DEFAULT 17 CHECK (closes BETWEEN opens + 1 AND 24);
ALTER TABLE lines ADD COLUMN segment_price TEXT NOT NULL DEFAULT '';
ALTER TABLE lines ADD COLUMN currency TEXT NOT NULL DEFAULT 'USD'
"""

PHOTOS = """
ALTER TABLE photos RENAME TO photos_by_line;
CREATE TABLE photos (
    line_id INTEGER NOT NULL REFERENCES lines (id),
    digest TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('JPEG', 'PNG')),
    content BLOB NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (line_id, digest)
) STRICT
"""

STATEMENTS = (VERSIONS, LINES, PHOTOS)


def finish(db: Any) -> None:
    """Photos are named by their digest, which SQL cannot make."""
    for line_id, kind, content, at in db.execute("SELECT line_id, kind, content, at FROM photos_by_line").fetchall():
        digest = hashlib.sha256(content).hexdigest()
        db.execute("INSERT INTO photos VALUES (?, ?, ?, ?, ?)", (line_id, digest, kind, content, at))
        db.execute("UPDATE lines SET photo = ? WHERE id = ?", (digest, line_id))
    db.execute("DROP TABLE photos_by_line")
