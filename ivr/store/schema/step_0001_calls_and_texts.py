"""The first schema: lines, people, opt-outs, messages, calls and the log over them."""

NAME = "0001-calls-and-texts"

LINES = """
CREATE TABLE lines (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    country TEXT NOT NULL,
    rings INTEGER NOT NULL CHECK (rings BETWEEN 0 AND 6),
    cadence TEXT NOT NULL CHECK (cadence IN ('line', 'caller')),
    adjust INTEGER NOT NULL CHECK (adjust BETWEEN -30 AND 30),
    says_keys INTEGER NOT NULL CHECK (says_keys IN (0, 1)),
    takes_messages INTEGER NOT NULL CHECK (takes_messages IN (0, 1)),
    keywords TEXT NOT NULL CHECK (keywords IN ('carrier', 'us')),
    ceiling INTEGER CHECK (ceiling > 0),
    countries TEXT NOT NULL,
    wordings TEXT NOT NULL CHECK (json_valid(wordings)),
    added_at TEXT NOT NULL
) STRICT;
CREATE TABLE answers_per_minute (
    line_id INTEGER NOT NULL REFERENCES lines (id),
    minute TEXT NOT NULL,
    answers INTEGER NOT NULL,
    PRIMARY KEY (line_id, minute)
) STRICT, WITHOUT ROWID
"""

PEOPLE = """
CREATE TABLE people (
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
    link_hash BLOB NOT NULL UNIQUE,
    UNIQUE (line_id, number)
) STRICT;
CREATE TABLE opt_outs (
    id INTEGER PRIMARY KEY,
    line_id INTEGER NOT NULL REFERENCES lines (id),
    number TEXT NOT NULL,
    at TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('out', 'in')),
    source TEXT NOT NULL CHECK (source IN ('text', 'carrier', 'operator')),
    wording TEXT NOT NULL,
    sid TEXT
) STRICT;
CREATE INDEX opt_outs_number ON opt_outs (number, line_id);
CREATE TRIGGER opt_outs_are_kept BEFORE DELETE ON opt_outs BEGIN
    SELECT RAISE (ABORT, 'the ledger of opt-outs is append-only'); END;
CREATE TRIGGER opt_outs_stand BEFORE UPDATE ON opt_outs BEGIN
    SELECT RAISE (ABORT, 'the ledger of opt-outs is append-only'); END
"""

MESSAGES = """
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    line_id INTEGER NOT NULL REFERENCES lines (id),
    number TEXT NOT NULL,
    sid TEXT,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('received', 'queued', 'sending', 'sent', 'delivered', 'undelivered',
        'failed', 'cancelled', 'skipped', 'doubt')),
    why TEXT,
    media INTEGER NOT NULL DEFAULT 0,
    reply TEXT,
    answer_id INTEGER REFERENCES messages (id),
    city TEXT,
    state TEXT,
    country TEXT,
    purpose TEXT,
    way TEXT CHECK (way IN ('answer', 'outbox')),
    due_at TEXT,
    claimed_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    looks INTEGER NOT NULL DEFAULT 0,
    error_code INTEGER,
    CHECK ((direction = 'in') = (status = 'received'))
) STRICT;
CREATE UNIQUE INDEX messages_sid ON messages (sid) WHERE sid IS NOT NULL;
CREATE INDEX messages_received ON messages (at) WHERE direction = 'in';
CREATE INDEX messages_number ON messages (number, at);
CREATE INDEX messages_waiting ON messages (due_at) WHERE status = 'queued';
CREATE INDEX messages_unsettled ON messages (claimed_at) WHERE status IN ('sending', 'doubt');
CREATE TABLE media (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    content_type TEXT NOT NULL,
    refused TEXT,
    PRIMARY KEY (message_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE message_events (
    id INTEGER PRIMARY KEY,
    message_id INTEGER REFERENCES messages (id),
    sid TEXT NOT NULL,
    at TEXT NOT NULL,
    status TEXT NOT NULL,
    error_code INTEGER,
    applied INTEGER NOT NULL CHECK (applied IN (0, 1))
) STRICT;
CREATE INDEX message_events_message ON message_events (message_id);
CREATE INDEX message_events_parked ON message_events (sid) WHERE message_id IS NULL
"""

CALLS = """
CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    sid TEXT NOT NULL UNIQUE,
    line_id INTEGER NOT NULL REFERENCES lines (id),
    number TEXT NOT NULL,
    at TEXT NOT NULL,
    status TEXT NOT NULL,
    reply TEXT NOT NULL,
    language TEXT,
    pause INTEGER,
    greeting_seconds REAL,
    seconds INTEGER,
    ended_at TEXT,
    greeting_heard INTEGER CHECK (greeting_heard IN (0, 1)),
    forwarded_from TEXT,
    verification TEXT,
    city TEXT,
    state TEXT,
    country TEXT
) STRICT;
CREATE INDEX calls_at ON calls (at);
CREATE INDEX calls_number ON calls (number, at);
CREATE TABLE call_keys (
    id INTEGER PRIMARY KEY,
    call_sid TEXT NOT NULL,
    at TEXT NOT NULL,
    offer INTEGER NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (call_sid, offer)
) STRICT;
CREATE TABLE voice_messages (
    id INTEGER PRIMARY KEY,
    sid TEXT NOT NULL UNIQUE,
    call_sid TEXT NOT NULL,
    at TEXT NOT NULL,
    seconds INTEGER,
    url TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'kept', 'absent', 'refused', 'failed')),
    why TEXT,
    bytes INTEGER,
    due_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX voice_messages_call ON voice_messages (call_sid);
CREATE INDEX voice_messages_waiting ON voice_messages (due_at) WHERE status = 'waiting';
CREATE TABLE strays (
    id INTEGER PRIMARY KEY,
    sid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    dialled TEXT NOT NULL,
    number TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT
"""

# The casts give both halves the same affinities: only then SQLite merges them in the order of their indexes instead
# of sorting the whole log (sqlite.org/optoverview.html#flattening, rule 17h).
CONTACTS = """
CREATE VIEW contacts AS
SELECT calls.sid, 'call' AS kind, lines.number AS line, calls.number, calls.at, calls.status, calls.seconds,
    CAST(NULL AS TEXT) AS body, CAST(0 AS INTEGER) AS media, calls.reply, calls.city, calls.state, calls.country
FROM calls JOIN lines ON lines.id = calls.line_id
UNION ALL
SELECT messages.sid, 'text', lines.number, messages.number, messages.at, messages.status, CAST(NULL AS INTEGER),
    messages.body, messages.media, messages.reply, messages.city, messages.state, messages.country
FROM messages JOIN lines ON lines.id = messages.line_id
WHERE messages.direction = 'in'
"""

STATEMENTS = (LINES, PEOPLE, MESSAGES, CALLS, CONTACTS)
