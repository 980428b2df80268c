"""Tallies: what the console's first page shows, kept as it happens instead of being counted at each look.

Rows are counted by the background work, up to the ids in `tallied`; ids are given in the order of commits. What changes
in a row that was counted already is told by a trigger, in `tally_changes`: a row that was not will be read as it is.
The only one of these changes that is common is the end of a call: one row more at the end of a table.
"""

NAME = "0008-tallies"

TALLIES = """
CREATE TABLE tallied (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    people_id INTEGER NOT NULL,
    calls_id INTEGER NOT NULL,
    messages_id INTEGER NOT NULL,
    consents_id INTEGER NOT NULL,
    opt_outs_id INTEGER NOT NULL,
    events_id INTEGER NOT NULL
) STRICT;
INSERT INTO tallied VALUES (1, 0, 0, 0, 0, 0, 0);
CREATE TABLE tally_changes (
    id INTEGER PRIMARY KEY,
    line_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    which TEXT NOT NULL,
    n INTEGER NOT NULL
) STRICT;
CREATE TABLE tally_quarters (
    line_id INTEGER NOT NULL REFERENCES lines (id),
    quarter TEXT NOT NULL,
    calls INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    people INTEGER NOT NULL,
    sign_ups INTEGER NOT NULL,
    opt_outs INTEGER NOT NULL,
    heard INTEGER NOT NULL,
    unheard INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    PRIMARY KEY (line_id, quarter)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally_minutes (
    minute TEXT NOT NULL,
    line_id INTEGER NOT NULL REFERENCES lines (id),
    calls INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    people INTEGER NOT NULL,
    sign_ups INTEGER NOT NULL,
    opt_outs INTEGER NOT NULL,
    PRIMARY KEY (minute, line_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally_parts (
    line_id INTEGER NOT NULL REFERENCES lines (id),
    what TEXT NOT NULL CHECK (what IN ('country', 'language', 'answer', 'failure')),
    quarter TEXT NOT NULL,
    which TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (line_id, what, quarter, which)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally_people (
    quarter TEXT PRIMARY KEY,
    lowest INTEGER NOT NULL,
    highest INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""

# A call whose end was heard of first gets its time later, and with it whether the greeting was heard.
CALLS = """
CREATE TRIGGER calls_are_heard AFTER UPDATE OF greeting_heard, at ON calls
    WHEN OLD.id <= (SELECT calls_id FROM tallied)
    AND (OLD.greeting_heard IS NOT NEW.greeting_heard OR OLD.at <> NEW.at) BEGIN
    INSERT INTO tally_changes (line_id, at, what, which, n)
    SELECT OLD.line_id, OLD.at, iif(OLD.greeting_heard, 'heard', 'unheard'), '', -1
    WHERE OLD.greeting_heard IS NOT NULL
    UNION ALL SELECT NEW.line_id, NEW.at, iif(NEW.greeting_heard, 'heard', 'unheard'), '', 1
    WHERE NEW.greeting_heard IS NOT NULL; END;
CREATE TRIGGER calls_are_moved AFTER UPDATE OF at, country ON calls
    WHEN (OLD.at <> NEW.at OR OLD.country IS NOT NEW.country) AND OLD.id <= (SELECT calls_id FROM tallied) BEGIN
    INSERT INTO tally_changes (line_id, at, what, which, n) VALUES
    (OLD.line_id, OLD.at, 'calls', '', -1), (OLD.line_id, OLD.at, 'country', coalesce(OLD.country, ''), -1),
    (NEW.line_id, NEW.at, 'calls', '', 1), (NEW.line_id, NEW.at, 'country', coalesce(NEW.country, ''), 1); END
"""

PEOPLE = """
CREATE TRIGGER people_change_their_language AFTER UPDATE OF language ON people
    WHEN OLD.language <> NEW.language AND OLD.id <= (SELECT people_id FROM tallied) BEGIN
    INSERT INTO tally_changes (line_id, at, what, which, n) VALUES
    (OLD.line_id, OLD.first_at, 'language', OLD.language, -1),
    (NEW.line_id, NEW.first_at, 'language', NEW.language, 1); END
"""

MESSAGES = """
CREATE TRIGGER texts_fail AFTER UPDATE OF status, error_code ON messages
    WHEN (NEW.status IN ('undelivered', 'failed') OR OLD.status IN ('undelivered', 'failed'))
    AND (OLD.status <> NEW.status OR OLD.error_code IS NOT NEW.error_code)
    AND OLD.id <= (SELECT messages_id FROM tallied) BEGIN
    INSERT INTO tally_changes (line_id, at, what, which, n)
    SELECT OLD.line_id, OLD.at, 'failure', coalesce(OLD.error_code, 'unsaid'), -1
    WHERE OLD.status IN ('undelivered', 'failed')
    UNION ALL SELECT NEW.line_id, NEW.at, 'failure', coalesce(NEW.error_code, 'unsaid'), 1
    WHERE NEW.status IN ('undelivered', 'failed'); END
"""

# That a text arrived is known by its event; `answers_in_seconds` is how long that took. Events are the only rows of
# these that go, with an erased person: then their highest id may be given again, and is to be counted again.
EVENTS = """
CREATE VIEW answers_in_seconds AS SELECT message_events.id, messages.line_id, messages.at,
    max(0, round((julianday(message_events.at) - julianday(messages.at)) * 86400, 3)) AS seconds
    FROM message_events CROSS JOIN messages ON messages.id = message_events.message_id
    WHERE message_events.applied = 1 AND message_events.status = 'delivered'
    AND messages.purpose NOT IN ('broadcast', 'nudge');
CREATE VIEW answers_in_time AS SELECT id, line_id, at, CASE WHEN seconds <= 1 THEN '1' WHEN seconds <= 2 THEN '2'
    WHEN seconds <= 3 THEN '3' WHEN seconds <= 5 THEN '5' WHEN seconds <= 10 THEN '10' WHEN seconds <= 20 THEN '20'
    WHEN seconds <= 30 THEN '30' WHEN seconds <= 60 THEN '60' WHEN seconds <= 300 THEN '300'
    WHEN seconds <= 3600 THEN '3600' ELSE '' END AS bound FROM answers_in_seconds;
CREATE TRIGGER answers_arrive_later AFTER UPDATE OF applied, message_id ON message_events
    WHEN NEW.applied = 1 AND OLD.applied = 0 AND OLD.id <= (SELECT events_id FROM tallied) BEGIN
    INSERT INTO tally_changes (line_id, at, what, which, n)
    SELECT line_id, at, 'answer', bound, 1 FROM answers_in_time WHERE id = NEW.id; END;
CREATE TRIGGER answers_are_erased BEFORE DELETE ON message_events WHEN OLD.id <= (SELECT events_id FROM tallied) BEGIN
    INSERT INTO tally_changes (line_id, at, what, which, n)
    SELECT line_id, at, 'answer', bound, -1 FROM answers_in_time WHERE id = OLD.id; END;
CREATE TRIGGER ids_of_events_are_given_again AFTER DELETE ON message_events BEGIN
    UPDATE tallied SET events_id = min(events_id, (SELECT coalesce(max(id), 0) FROM message_events)); END
"""

# What the page's figures lead to.
LISTS = """
CREATE INDEX consents_of_the_page ON consents (line_id, at) WHERE action = 'given' AND source = 'sign-up page';
CREATE INDEX opt_outs_out ON opt_outs (line_id, at) WHERE action = 'out'
"""

STATEMENTS = (TALLIES, CALLS, PEOPLE, MESSAGES, EVENTS, LISTS)
