"""The tables: strict, with a ledger that only grows, and a log that any SQLite can read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from ivr.store import Store, calls, lines, messages, opt_outs, people, photos, waiting
from ivr.store.calls import Call
from ivr.store.contacts import COLUMNS
from ivr.store.database import Connection, connect, prepare
from ivr.store.lines import Line
from ivr.store.messages import Received
from ivr.store.opt_outs import OptOut
from ivr.store.people import Person
from ivr.store.schema import migrations

AT = "2026-11-03T20:15:00.000Z"
PHONE = "+12025550143"

# What the design promises to whoever queries the log.
PROMISED = tuple("sid kind line number at status seconds body media reply city state country".split(" "))  # noqa: SIM905


def before(path: Path, step: str) -> Connection:
    """A database as it was before a step of the schema, with a line."""
    path.touch()
    connection = connect(path)
    migrations.apply(Database(connection, execute_plugins=False), stop_before=step)
    connection.execute(
        "INSERT INTO lines (id, number, name, language, country, rings, cadence, adjust, says_keys, takes_messages,"
        " keywords, countries, wordings, added_at) VALUES (1, '+17735550100', 'Ada', 'en', 'US', 3, 'line', 0, 1, 0,"
        " 'carrier', '', '{}', 'x')"
    )
    return connection


def test_every_table_is_strict(path: Path) -> None:
    connection = connect(path)
    found = connection.execute(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
    ).fetchall()
    loose = {name for name, strict in found if not strict}
    assert loose <= {"marks", "sqlite_schema", "sqlite_sequence", "_sqlite_migrations"}
    assert {"lines", "people", "opt_outs", "messages", "calls"} <= {name for name, _ in found}
    connection.close()


@pytest.mark.parametrize("statement", ["DELETE FROM opt_outs", "UPDATE opt_outs SET action = 'in'"])
def test_the_ledger_of_opt_outs_only_grows(store: Store, line: Line, statement: str) -> None:
    store.write(lambda db: opt_outs.append(db, line, OptOut(PHONE, AT, "out", "text", "stop")))
    with pytest.raises(Exception, match="append-only"):
        store.write(lambda db: db.execute(statement))
    assert len(store.read(lambda db: opt_outs.of(db, line, PHONE))) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO messages (direction, line_id, number, at, body, status) VALUES ('in', 1, 'x', 'x', 'x', 'queued')",
        "INSERT INTO messages (direction, line_id, number, at, body, status) VALUES ('out', 1, 'x', 'x', 'x', 'gone')",
        "INSERT INTO calls (sid, line_id, number, at, status, reply) VALUES ('x', 99, 'x', 'x', 'x', 'x')",
        "UPDATE lines SET rings = 7",
        "UPDATE lines SET rings = 'three'",
        "UPDATE lines SET ceiling = 0",
    ],
)
def test_what_cannot_be_is_refused_by_the_tables_themselves(store: Store, line: Line, statement: str) -> None:
    with pytest.raises(Exception, match=r"constraint failed|cannot store"):
        store.write(lambda db: db.execute(statement))


def test_a_sid_is_kept_once(store: Store, line: Line) -> None:
    text = Received(line.id, "SM1", PHONE, AT, "hello", "none")
    store.write(lambda db: messages.receive(db, [text]))
    with pytest.raises(Exception, match="UNIQUE"):
        store.write(lambda db: messages.receive(db, [text]))


def test_the_log_has_exactly_the_promised_columns(store: Store) -> None:
    columns = store.read(lambda db: [row[1] for row in db.execute("PRAGMA table_info(contacts)")])
    assert tuple(columns) == PROMISED == COLUMNS


def test_the_log_can_be_read_by_the_standard_librarys_sqlite(store: Store, path: Path, line: Line) -> None:
    store.write(lambda db: calls.receive(db, [Call(line.id, "CA1", PHONE, AT, "completed", "greeting", city="CAIRO")]))
    text = Received(line.id, "SM1", PHONE, AT, "hello", "sign-up link")
    store.write(lambda db: messages.receive(db, [text]))
    program = (
        "import json, sqlite3, sys; db = sqlite3.connect(sys.argv[1]);"
        "print(json.dumps(db.execute('SELECT * FROM contacts ORDER BY sid').fetchall()))"
    )
    output = subprocess.run(  # a process of its own: two copies of SQLite in one break its locks
        [sys.executable, "-c", program, str(path)], check=True, capture_output=True, text=True
    ).stdout
    assert json.loads(output) == [
        ["CA1", "call", line.number, PHONE, AT, "completed", None, None, 0, "greeting", "CAIRO", None, None],
        ["SM1", "text", line.number, PHONE, AT, "received", None, "hello", 0, "sign-up link", None, None, None],
    ]


def test_the_answers_that_we_send_are_not_contacts(store: Store, line: Line) -> None:
    store.write(lambda db: messages.compose(db, line, PHONE, AT, "hi", "reply"))
    assert store.read(lambda db: db.execute("SELECT count(*) FROM contacts").fetchone()) == (0,)


def test_people_of_the_first_schema_are_kept_when_links_carry_their_id(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    connection = connect(path)
    database = Database(connection, execute_plugins=False)
    migrations.apply(database, stop_before="0002-links-carry-an-id")
    connection.execute(
        "INSERT INTO lines VALUES (1, '+17735550100', 'Ada', 'en', 'US', 3, 'line', 0, 1, 0, 'carrier', NULL, '', '{}',"
        " 'x')"
    )
    connection.execute(
        "INSERT INTO people VALUES (7, 1, ?, ?, 'ar', 'EG', 'out', 'since', 2, ?, x'00')", (PHONE, AT, AT)
    )
    connection.close()
    assert prepare(path)[0] == "0002-links-carry-an-id"
    connection = connect(path, writable=False)
    assert people.of_id(connection, 7) == Person(1, PHONE, AT, "ar", "EG", "out", "since", 2, AT, id=7)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_members_of_the_fifth_schema_keep_their_consents_and_are_found_by_their_city(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = before(path, "0006-people-and-consents")
    for person_id, city, opted_out_at in ((7, "São Paulo", None), (8, "ÉVRY", AT)):
        connection.execute(
            "INSERT INTO people VALUES (?, 1, ?, ?, 'en', 'US', ?, ?, 0, ?)",
            (person_id, f"+1202555010{person_id}", AT, opted_out_at, AT, AT),
        )
        connection.execute(
            "INSERT INTO members VALUES (?, 'Ada', NULL, NULL, ?, NULL, ?, ?)", (person_id, city, AT, AT)
        )
        connection.execute(
            "INSERT INTO consents (person_id, line_id, number, at, wording, version, language, address, browser)"
            " VALUES (?, 1, 'x', ?, 'I agree', 'v', 'en', '', '')",
            (person_id, AT),
        )
    connection.close()
    assert prepare(path)[0] == "0006-people-and-consents"
    connection = connect(path, writable=False)
    kept = connection.execute("SELECT city_key, consent_id, silenced FROM members ORDER BY person_id").fetchall()
    assert kept == [("sao paulo", 1, 0), ("evry", None, 1)]
    assert connection.execute("SELECT person_id, action FROM consents ORDER BY id").fetchall() == [
        (7, "given"),
        (8, "given"),
        (8, "withdrawn"),
    ]
    connection.close()


def test_a_photo_of_the_sixth_schema_stays_on_its_lines_card(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = before(path, "0007-line-versions")
    connection.execute("INSERT INTO photos VALUES (1, 'PNG', x'01', ?)", (AT,))
    connection.close()
    assert prepare(path)[0] == "0007-line-versions"
    connection = connect(path, writable=False)
    (line,) = lines.everyone(connection)
    assert photos.of(connection, line) == photos.Photo("PNG", b"\x01")
    assert (line.version, line.opens, line.closes, line.currency) == (1, 10, 17, "USD")
    connection.close()


def test_members_of_the_schema_before_are_found_by_name_and_who_waits_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = before(path, "0009-notes-and-tags")
    for person, member_since in ((1, AT), (2, None), (3, None)):
        connection.execute(
            "INSERT INTO people (id, line_id, number, first_at, language, link_counter, link_at, member_since)"
            " VALUES (?, 1, ?, ?, 'en', 0, ?, ?)",
            (person, f"+1202555011{person}", AT, AT, member_since),
        )
    connection.execute(
        "INSERT INTO members (person_id, line_id, name, city_key, language, joined_at, changed_at)"
        " VALUES (1, 1, 'Émilie du Châtelet', '', 'fr', ?, ?)",
        (AT, AT),
    )
    connection.close()
    assert prepare(path) == ["0009-notes-and-tags"]
    connection = connect(path, writable=False)
    words = [word for (word,) in connection.execute("SELECT word FROM name_words WHERE person_id = 1").fetchall()]
    assert words == ["#11105552021", "chatelet", "du", "emilie"]
    assert waiting.count(connection, 1) == 2
    connection.close()
