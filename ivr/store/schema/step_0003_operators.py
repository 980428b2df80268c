"""Operators with their sessions and roles, the audit, webhooks that were refused, and texts that did not arrive.

Of whatever lets somebody in (sessions, one-time links, recovery codes, known browsers) only a hash is kept.
"""

NAME = "0003-operators"

OPERATORS = """
CREATE TABLE operators (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    language TEXT NOT NULL,
    zone TEXT NOT NULL,
    factor_since TEXT,
    factor_counter INTEGER NOT NULL DEFAULT 1,
    factor_step INTEGER NOT NULL DEFAULT 0,
    invited_at TEXT NOT NULL,
    disabled_at TEXT
) STRICT;
CREATE TABLE operator_roles (
    operator_id INTEGER NOT NULL REFERENCES operators (id),
    line_id INTEGER REFERENCES lines (id),
    role TEXT NOT NULL CHECK (role IN ('viewer', 'writer', 'sender', 'admin'))
) STRICT;
CREATE UNIQUE INDEX operator_roles_once ON operator_roles (operator_id, coalesce(line_id, 0));
CREATE TABLE one_time_links (
    hash BLOB PRIMARY KEY,
    operator_id INTEGER NOT NULL REFERENCES operators (id),
    made_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    used_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE recovery_codes (
    operator_id INTEGER NOT NULL REFERENCES operators (id),
    hash BLOB NOT NULL,
    used_at TEXT,
    PRIMARY KEY (operator_id, hash)
) STRICT, WITHOUT ROWID
"""

SESSIONS = """
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    operator_id INTEGER NOT NULL REFERENCES operators (id),
    stage TEXT NOT NULL CHECK (stage IN ('password', 'whole')),
    begun_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE INDEX sessions_open ON sessions (operator_id) WHERE ended_at IS NULL;
CREATE TABLE known_browsers (
    hash BLOB PRIMARY KEY,
    operator_id INTEGER NOT NULL REFERENCES operators (id),
    since TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sign_in_tries (
    bucket TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX sign_in_tries_bucket ON sign_in_tries (bucket, at);
CREATE INDEX sign_in_tries_at ON sign_in_tries (at)
"""

AUDIT = """
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    operator_id INTEGER,
    operator TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;
CREATE INDEX audit_operator ON audit (operator, id);
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN
    SELECT RAISE (ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_stands BEFORE UPDATE ON audit BEGIN
    SELECT RAISE (ABORT, 'the audit is append-only'); END
"""

FAILURES = """
CREATE TABLE refusals (
    hour TEXT NOT NULL,
    reason TEXT NOT NULL,
    path TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_at TEXT NOT NULL,
    last_address TEXT NOT NULL,
    PRIMARY KEY (hour, reason, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_failed ON messages (line_id, error_code, (status = 'doubt'), at)
    WHERE status IN ('undelivered', 'failed', 'doubt');
CREATE INDEX strays_at ON strays (at)
"""

STATEMENTS = (OPERATORS, SESSIONS, AUDIT, FAILURES)
