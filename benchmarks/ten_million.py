"""A database of ten million contacts, made in minutes: three calls for every seven texts, over four hundred days.

Of the six million people who made them a sixth are members, a million, and one in a hundred has opted out. It is made
inside SQLite, without its indexes, which are made again afterwards as the schema has them. What looks like chance is
arithmetic: multiples of odd numbers, wrapped around, fall evenly.
"""

import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

from benchmarks.places import LINES, thousandths
from benchmarks.report import progress
from benchmarks.ten_million_members import MEMBERS
from benchmarks.vocabulary import EVERYWHERE, PHRASES, RARE, phrases
from ivr import clock, searching
from ivr.store import Store, lines, schema, waiting
from ivr.store.database import Connection, connect, prepare
from ivr.store.lines import Line
from ivr.store.log.search_index import SearchIndex
from ivr.store.schema import step_0009_notes_and_tags
from ivr.translating import said
from ivr.wording import WORDS

CALLS_OF_TEN = 3
PEOPLE_OF_TEN = 6
DAYS = 400
AT_ONCE = 250_000
RARE_COUNTRY = "QA"
"""A country of one contact in a hundred thousand."""

_QUICKLY = (
    "journal_mode=OFF",
    "synchronous=OFF",
    "locking_mode=EXCLUSIVE",
    "foreign_keys=OFF",
    "cache_size=-3000000",
)
_WRAP = 1 << 32


def made(folder: Path, contacts: int) -> tuple[Path, float]:
    """The database of so many contacts in `folder`, made if it is not there yet; and the seconds that it took."""
    done, of_schema = folder / f"contacts-{contacts}.done", _schema()
    path = folder / f"contacts-{contacts}.db"
    if done.exists() and done.read_text() == of_schema:
        return path, 0.0
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{path.stem}.*"):
        old.unlink()
    seconds = make(path, contacts)
    done.write_text(of_schema)
    return path, seconds


def make(path: Path, contacts: int) -> float:
    """Put so many contacts into the database at `path`, which has none yet; returns the seconds that it took."""
    began = time.monotonic()
    prepare(path)
    _fill(path, contacts)
    prepare(path)  # into WAL mode again
    _count_who_waits(path)
    return time.monotonic() - began


def _count_who_waits(path: Path) -> None:
    """As the background work does it, to the end."""
    store = Store(path, path.with_suffix(".spool"))
    for line in store.read(lines.everyone):
        while store.read(lambda db, of=line.id: waiting.behind(db, of)):  # type: ignore[misc]
            store.write(lambda db, of=line.id: waiting.count_on(db, of))  # type: ignore[misc]
    store.close()


def feed(path: Path, index: SearchIndex) -> tuple[int, float]:
    """Feed the search as the product does, to the end; returns how many contacts, and the seconds that it took."""
    began, count = time.monotonic(), 0
    store = Store(path, path.with_suffix(".spool"))
    parts = SimpleNamespace(store=store, search_index=index)  # of a house, as much as feeding asks for
    while some := searching.feed(parts, clock.now()):  # type: ignore[arg-type]
        count += some
        progress(f"feeding the search: {count:,}")
    store.close()
    return count, time.monotonic() - began


def _schema() -> str:
    """What tells one schema from another: a database of another one is made anew."""
    return sha256(repr([step.STATEMENTS for step in schema.STEPS]).encode()).hexdigest()


def _fill(path: Path, contacts: int) -> None:
    db, begin = connect(path), clock.now() - timedelta(DAYS)
    for pragma in _QUICKLY:
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")
    for number, name, _ in LINES:
        lines.add(db, Line(number, name), clock.written(begin))
    indexes = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
        " ('calls', 'messages', 'message_events', 'voice_messages', 'members', 'consents')"
    ).fetchall()
    for name, _ in indexes:
        db.execute(f"DROP INDEX {name}")
    _prepare_drawing(db)
    calls = contacts * CALLS_OF_TEN // 10
    people = contacts * PEOPLE_OF_TEN // 10 // 1000 * 1000
    values = {"people": people, "each": max(1, people // 1000), "begin": begin.timestamp(), "span": DAYS * 86_400}
    _in_parts(db, "people", people, _PEOPLE, values)
    _in_parts(db, "members", people, MEMBERS, values)
    progress("making members: the words of their names")
    step_0009_notes_and_tags.finish(db)
    _in_parts(db, "calls", calls, _CALLS, values)
    _in_parts(db, "texts", contacts - calls, _TEXTS, values)
    _in_parts(db, "audit", contacts // 100, _AUDIT, values)
    for name, statement in indexes:
        progress(f"making {contacts:,} contacts: {name}")
        db.execute(statement)
    db.execute("COMMIT")
    db.close()


def _in_parts(db: Connection, what: str, count: int, statements: tuple[str, ...], values: dict[str, float]) -> None:
    for first in range(0, count, AT_ONCE):
        progress(f"making {what}: {first:,} of {count:,}")
        for statement in statements:
            db.execute(statement, {**values, "total": count, "first": first, "last": min(count, first + AT_ONCE) - 1})


def _prepare_drawing(db: Connection) -> None:
    """What rows are drawn from: a place for each thousandth of the people, phrases, our answers."""
    db.execute(
        "CREATE TEMP TABLE places (id INTEGER PRIMARY KEY, line INTEGER, prefix TEXT, low INTEGER, room INTEGER,"
        " city TEXT, state TEXT, country TEXT, arabic INTEGER)"
    )
    db.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", thousandths())
    db.execute("CREATE TEMP TABLE phrases (id INTEGER PRIMARY KEY, words TEXT)")
    db.executemany("INSERT INTO phrases VALUES (?, ?)", enumerate(phrases()))
    db.execute("CREATE TEMP TABLE answers (reply TEXT, arabic INTEGER, body TEXT, PRIMARY KEY (reply, arabic))")
    named = {"sign-up link": "reply", "stop": "stop", "help": "help"}
    db.executemany(
        "INSERT INTO answers VALUES (?, ?, ?)",
        [
            (reply, number, said(language, WORDS[words]).replace("{name}", "Ada Example"))
            for reply, words in named.items()
            for number, language in enumerate(("en", "ar"))
        ],
    )
    db.execute(_DRAWN)


def _chance(row: str, multiplier: int, most: int) -> str:
    """SQL for a number under `most`, by the row's number."""
    return f"((({row}) * {multiplier} & {_WRAP - 1}) * {most} >> 32)"


def _moment(row: str) -> str:
    """SQL for the time of a row: spread over all days, with more by day than by night."""
    seconds = f":span * 1.0 * {row} / :total"
    by_day = f"12000 * sin({seconds} * 6.283185307 / 86400)"
    return f"strftime('%Y-%m-%dT%H:%M:%fZ', :begin + {seconds} + {by_day}, 'unixepoch')"


def _number(person: str) -> str:
    """SQL for the number of a person in a place."""
    return (
        f"prefix || (low + {person} % :each * max(1, room / :each) + {_chance(person, 2654435761, 1000)}"
        " % max(1, room / :each))"
    )


def _counted(columns: str) -> str:
    """SQL that counts rows from :first to :last."""
    return (
        "WITH RECURSIVE counted (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM counted WHERE n < :last)"
        f" SELECT {columns} FROM counted"
    )


_PEOPLE = (
    "INSERT INTO people (id, line_id, number, first_at, language, country, link_counter, link_at, member_since,"
    " opted_out_at) SELECT n + 1, line, "
    + _number("who")
    + ", at, iif(arabic, 'ar', 'en'), country, 0, at, iif(n % 6, NULL, at), iif(n % 97, NULL, at) FROM ("
    + _counted(f"n, n * 48271 % :people AS who, {_moment('n')} AS at")  # ids in the order of time, as they are given
    + ") CROSS JOIN places ON places.id = who / :each",
    "INSERT INTO opt_outs (line_id, number, at, action, source, wording) SELECT line_id, number, opted_out_at, 'out',"
    " 'text', 'stop' FROM people WHERE id > :first AND id <= :last + 1 AND opted_out_at IS NOT NULL",
)
_HEARD = _chance("n", 3266489917, 1000)
_CALLS = (
    "INSERT INTO calls (id, sid, line_id, number, at, status, reply, language, pause, greeting_seconds, seconds,"
    " ended_at, greeting_heard, verification, city, state, country) "
    + "SELECT n + 1, 'CA' || lower(hex(randomblob(16))), line, "
    + _number("who")
    + ", at, CASE WHEN heard < 960 THEN 'completed' WHEN heard < 990 THEN 'no-answer' WHEN heard < 995 THEN 'busy'"
    " ELSE 'canceled' END, 'greeting', iif(arabic, 'ar', 'en'), 14, 11.5, iif(heard < 960, heard / 40 + 1, 0), at,"
    " heard BETWEEN 440 AND 960, 'TN-Validation-Passed-A', city, state, country FROM ("
    + _counted(f"n, n * 48271 % :people AS who, {_moment('n')} AS at, {_HEARD} AS heard")
    + ") CROSS JOIN places ON places.id = who / :each",
    "INSERT INTO voice_messages (sid, call_sid, at, seconds, url, status)"
    " SELECT 'RE' || substr(sid, 3), sid, at, 12, 'x', 'kept' FROM calls"
    " WHERE id > :first AND id <= :last + 1 AND id % 100 = 0",
    "INSERT INTO call_keys (call_sid, at, offer, key) SELECT sid, at, 1, '1' FROM calls"
    " WHERE id > :first AND id <= :last + 1 AND id % 20 = 0",
)
_AUDIT = (
    "INSERT INTO audit (at, operator_id, operator, action, subject, details, address) "
    + _counted(
        f"{_moment('n')}, 1, 'Operator ' || (n % 9), iif(n % 50, 'log looked at', 'signed in'), '',"
        " json_object('q', 'lines ' || (n % 5000), 'rows', 50), '192.0.2.7'"
    ),
)
_DRAWN = (
    "CREATE TEMP TABLE drawn (n INTEGER PRIMARY KEY, line INTEGER, number TEXT, at TEXT, body TEXT, reply TEXT,"
    " city TEXT, state TEXT, country TEXT, arabic INTEGER, fate INTEGER)"
)
_PLANTED = " || ".join(
    f"iif({_chance('n', 2246822519 + 15838 * place, 1_000_000)} < {round(1_000_000 / one.one_in)}, ' {one.word}', '')"
    for place, one in enumerate((EVERYWHERE, *RARE))
)
_REPLY = _chance("n", 668265263, 100)
_TEXTS = (
    "DELETE FROM drawn",
    "INSERT INTO drawn SELECT n, line, "
    + _number("who")
    + f", at, one.words || planted || ' ' || two.words, reply, city, state,"
    f" iif({_chance('n', 374761393, 100_000)} = 0, '{RARE_COUNTRY}', country), arabic, fate FROM ("
    + _counted(
        f"n, iif({_chance('n', 1103515245, 1000)} = 0, 0, n * 15485863 % :people) AS who, {_moment('n')} AS at,"
        f" {_chance('n', 2147483629, PHRASES)} AS first_words, {_chance('n', 1597334677, PHRASES)} AS last_words,"
        f" {_PLANTED} AS planted, {_chance('n', 3812015801, 10_000)} AS fate,"
        f" CASE WHEN {_REPLY} < 84 THEN 'sign-up link' WHEN {_REPLY} < 97 THEN 'none' WHEN {_REPLY} < 99 THEN 'stop'"
        " ELSE 'help' END AS reply"
    )
    + ") CROSS JOIN places ON places.id = who / :each"
    f" CROSS JOIN phrases AS one ON one.id = first_words + arabic * {PHRASES}"
    f" CROSS JOIN phrases AS two ON two.id = last_words + arabic * {PHRASES}",
    # as `messages.receive` keeps them: the answer has the id before its text's
    "INSERT INTO messages (id, direction, line_id, number, sid, at, body, status, why, media, reply, answer_id, city,"
    " state, country, purpose, way, claimed_at, attempts, looks, error_code)"
    " SELECT n * 2 + 1 + side, iif(side, 'in', 'out'), line, number, 'SM' || lower(hex(randomblob(16))), at,"
    " iif(side, drawn.body, answers.body), CASE WHEN side THEN 'received' WHEN fate < 9700 THEN 'delivered'"
    " WHEN fate < 9899 THEN 'sent' WHEN fate < 9970 THEN 'undelivered' WHEN fate < 9999 THEN 'failed' ELSE 'doubt' END,"
    " iif(side AND drawn.reply = 'none', 'was answered less than 24 hours ago', NULL), side AND n % 200 = 0,"
    " iif(side, drawn.reply, NULL), iif(side AND drawn.reply <> 'none', n * 2 + 1, NULL), iif(side, city, NULL),"
    " iif(side, state, NULL), iif(side, country, NULL), iif(side, NULL, 'reply'), iif(side, NULL, 'answer'),"
    " iif(side, NULL, at), 1 - side, iif(side, 0, 9), CASE WHEN side OR fate < 9899 OR fate = 9999 THEN NULL"
    " WHEN fate < 9930 THEN 30003 WHEN fate < 9950 THEN 30005 WHEN fate < 9970 THEN 30006 WHEN fate < 9985 THEN 30007"
    " WHEN fate < 9995 THEN 21610 ELSE 30008 END"
    " FROM drawn CROSS JOIN (SELECT 0 AS side UNION ALL SELECT 1)"
    " LEFT JOIN answers ON answers.reply = drawn.reply AND answers.arabic = drawn.arabic"
    " WHERE side OR drawn.reply <> 'none'",
    "INSERT INTO message_events (message_id, sid, at, status, applied) SELECT id, sid, at, status, 1 FROM messages"
    " WHERE id > :first * 2 AND id <= :last * 2 + 1 AND id % 40 = 1 AND status = 'delivered'",
    "INSERT INTO media SELECT id, 0, 'https://api.twilio.com/x', 'image/jpeg', NULL FROM messages"
    " WHERE id > :first * 2 AND id <= :last * 2 + 2 AND media",
)
