"""People as operators know them: notes, tags, texts that an operator had sent; members found by name; who waits.

Nothing here costs a text anything: no index and no trigger looks at who is new.
"""

from typing import Any

from ivr.folding import folded

NAME = "0009-notes-and-tags"

NOTES = """
CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES people (id),
    at TEXT NOT NULL,
    operator_id INTEGER,
    operator TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX notes_person ON notes (person_id);
CREATE TRIGGER notes_stand BEFORE UPDATE ON notes BEGIN
    SELECT RAISE (ABORT, 'a note is never changed'); END
"""

TAGS = """
CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    line_id INTEGER NOT NULL REFERENCES lines (id),
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (line_id, key)
) STRICT;
CREATE TABLE person_tags (
    tag_id INTEGER NOT NULL REFERENCES tags (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (tag_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_tags_person ON person_tags (person_id)
"""

# Words of names, folded, and a member's number from its end, after a `#`, which no word has in it.
NAME_WORDS = """
CREATE TABLE name_words (
    line_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    PRIMARY KEY (line_id, word, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_words_person ON name_words (person_id);
CREATE TRIGGER nobody_else_has_name_words AFTER DELETE ON members BEGIN
    DELETE FROM name_words WHERE person_id = OLD.person_id; END
"""

# A text that an operator had sent; `once` is its form's, so that pressing twice sends once.
BY_OPERATORS = """
CREATE TABLE texts_by_operators (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id),
    operator_id INTEGER,
    operator TEXT NOT NULL,
    once TEXT UNIQUE
) STRICT
"""

# How many wait among those up to an id; who came after it is counted when asked. The trigger sees rare changes only.
WAITING = """
CREATE TABLE waiting_room (
    line_id INTEGER PRIMARY KEY REFERENCES lines (id),
    up_to INTEGER NOT NULL,
    people INTEGER NOT NULL
) STRICT;
INSERT INTO waiting_room SELECT line_id, max(id), count(CASE WHEN member_since IS NULL AND left_at IS NULL AND
    opted_out_at IS NULL AND blocked_at IS NULL AND too_young_at IS NULL THEN 1 END) FROM people GROUP BY line_id;
CREATE TRIGGER waiting_room_is_counted AFTER UPDATE OF member_since, left_at, opted_out_at, blocked_at, too_young_at
    ON people BEGIN UPDATE waiting_room SET people = people
    + (NEW.member_since IS NULL AND NEW.left_at IS NULL AND NEW.opted_out_at IS NULL AND NEW.blocked_at IS NULL
        AND NEW.too_young_at IS NULL)
    - (OLD.member_since IS NULL AND OLD.left_at IS NULL AND OLD.opted_out_at IS NULL AND OLD.blocked_at IS NULL
        AND OLD.too_young_at IS NULL)
    WHERE line_id = NEW.line_id AND up_to >= NEW.id; END
"""

STATEMENTS = (NOTES, TAGS, NAME_WORDS, BY_OPERATORS, WAITING)


def finish(db: Any) -> None:
    """Names are searched as Python folds them, which SQL cannot."""
    members = db.execute(
        "SELECT members.line_id, person_id, name, number FROM members JOIN people ON people.id = person_id"
    )
    while some := members.fetchmany(10_000):
        db.executemany(
            "INSERT OR IGNORE INTO name_words VALUES (?, ?, ?)",
            [
                (line_id, word, person_id)
                for line_id, person_id, name, number in some
                for word in {*folded(name), "#" + number[:0:-1]}
            ],
        )
