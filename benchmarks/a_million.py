"""A million members of one line, made inside SQLite in seconds, in shares as a figure's fans might have them."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from ivr import clock
from ivr.store import lines, names
from ivr.store.database import Connection, connect, prepare
from ivr.store.lines import Line
from ivr.store.members import city_key

LINE = Line("+17735550100", "Ada Example")
DAYS = 730
CITIES = tuple(
    f"{name} {number}" for number in range(60) for name in ("Cairo", "القاهرة", "New York", "São Paulo", "Zürich")
)
"""The first are the largest: each thousandth of the people lives in one, by the square of its place."""

_QUICKLY = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-500000")
_DRAWN = """CREATE TEMP TABLE drawn AS WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted
    WHERE n < :members) SELECT n, abs(random()) % 1000 AS age, abs(random()) % 1000 AS gender,
    abs(random()) % 1000 AS city, abs(random()) % 1000 AS country, abs(random()) % 1000 AS language,
    abs(random()) % 1000 AS ended FROM counted"""
_NUMBER = "'+1' || (2000000000 + n * 7919 % 8000000000)"
_JOINED = "strftime('%Y-%m-%dT%H:%M:%fZ', :begin + n * :span * 1.0 / :members, 'unixepoch')"
_LANGUAGE = (
    "CASE WHEN language < 700 THEN 'en' WHEN language < 850 THEN 'ar' WHEN language < 950 THEN 'es' ELSE 'fr' END"
)
_OTHERS = "AEAUBRDEESFRINITJOKWMAMXNGPKQASASETRZA"
"""Nineteen countries of two letters each, of a tenth of the members."""
_COUNTRY = f"""CASE WHEN country < 600 THEN 'US' WHEN country < 700 THEN 'GB' WHEN country < 850 THEN 'EG'
    WHEN country < 900 THEN 'CA' ELSE substr('{_OTHERS}', 1 + country % 19 * 2, 2) END"""
_STATEMENTS = (
    f"""INSERT INTO people (id, line_id, number, first_at, language, country, link_counter, link_at, member_since,
    opted_out_at, blocked_at) SELECT n, 1, {_NUMBER}, {_JOINED}, {_LANGUAGE}, {_COUNTRY}, 0, {_JOINED}, {_JOINED},
    CASE WHEN ended < 40 THEN {_JOINED} END, CASE WHEN ended BETWEEN 40 AND 44 THEN {_JOINED} END FROM drawn""",
    f"""INSERT INTO consents (id, person_id, line_id, number, at, wording, version, language, address, browser)
    SELECT n, n, 1, {_NUMBER}, {_JOINED}, 'I agree that Ada Example may text me at this number.', 'abcdef012345',
    {_LANGUAGE}, '192.0.2.7', 'Firefox' FROM drawn""",
    f"""INSERT INTO members (person_id, line_id, name, gender, born, city, city_key, email, country, language,
    consent_id, joined_at, changed_at, silenced) SELECT n, 1, 'Given Family ' || n, CASE WHEN gender < 480 THEN 'female'
    WHEN gender < 900 THEN 'male' WHEN gender < 920 THEN 'non-binary' WHEN gender < 925 THEN 'another'
    WHEN gender < 960 THEN 'unsaid' END,
    CASE WHEN age < 970 THEN date(:today, '-13 years', '-' || (age * age / 45 + n % 23) || ' days') END,
    name, coalesce(key, ''), 'x' || n || '@example.org', {_COUNTRY}, {_LANGUAGE},
    CASE WHEN ended > 60 OR ended BETWEEN 40 AND 44 THEN n END, {_JOINED}, {_JOINED}, ended < 45
    FROM drawn LEFT JOIN cities ON cities.id = city * city * :cities / 1000000 AND city > 30""",
    f"""INSERT INTO name_words SELECT 1, word, n FROM (SELECT 'given' AS word, n FROM drawn UNION ALL
    SELECT 'family', n FROM drawn UNION ALL SELECT CAST(n AS TEXT), n FROM drawn UNION ALL
    SELECT backwards({_NUMBER}), n FROM drawn) ORDER BY word, n""",
)


def make(path: Path, members: int, now: datetime) -> float:
    """Put a line with so many members into a new database at `path`; returns the seconds that it took."""
    began = time.monotonic()
    prepare(path)
    db = connect(path)
    for pragma in _QUICKLY:
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")
    lines.add(db, LINE, clock.written(now))
    _fill(db, members, now)
    db.execute("COMMIT")
    db.close()
    prepare(path)  # into WAL mode again
    return time.monotonic() - began


def _fill(db: Connection, members: int, now: datetime) -> None:
    """Without the indexes of members, which are made afterwards as the schema has them."""
    indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'members'").fetchall()
    for name, _ in indexes:
        db.execute(f"DROP INDEX {name}")
    db.execute("CREATE TEMP TABLE cities (id INTEGER PRIMARY KEY, name TEXT, key TEXT)")
    db.executemany("INSERT INTO cities VALUES (?, ?, ?)", [(n, name, city_key(name)) for n, name in enumerate(CITIES)])
    values = {
        "members": members,
        "begin": (now - timedelta(DAYS)).timestamp(),
        "span": DAYS * 86_400,
        "today": f"{now:%Y-%m-%d}",
        "cities": len(CITIES),
    }
    db.create_function("backwards", 1, names.backwards, deterministic=True)
    for statement in (_DRAWN, *_STATEMENTS):
        db.execute(statement, values)
    for _, statement in indexes:
        db.execute(statement)
