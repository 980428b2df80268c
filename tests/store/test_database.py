"""Opening the database: how durable it is, what is refused, and that only `prepare` makes one."""

from pathlib import Path

import pytest
from writers import finish, prepare_database, start

from ivr.errors import StoreUnavailable, WrongSchema
from ivr.store import Store
from ivr.store.database import check_schema, connect, ends_transaction, integrity, journal_mode, prepare
from ivr.store.schema import migrations
from ivr.store.schema.step_0001_calls_and_texts import LINES


def change(path: Path, statement: str) -> None:
    """Change a database behind our back."""
    connection = connect(path)
    connection.execute(statement)
    connection.close()


def test_a_connection_is_durable_and_strict(path: Path) -> None:
    connection = connect(path)
    assert journal_mode(connection) == "wal"
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert not connection.in_transaction
    connection.execute("INSERT INTO marks VALUES ('one', 1)")
    assert not connection.in_transaction  # a transaction begins where we say
    with pytest.raises(Exception, match="FOREIGN KEY"):
        connection.execute("INSERT INTO answers_per_minute VALUES (99, '2026-11-03T20:15', 1)")
    connection.close()


def test_a_reading_connection_cannot_write(path: Path) -> None:
    connection = connect(path, writable=False)
    with pytest.raises(Exception, match="readonly"):
        connection.execute("INSERT INTO marks VALUES ('one', 1)")
    connection.close()


def test_connecting_never_makes_a_file(tmp_path: Path) -> None:
    for writable in (True, False):
        with pytest.raises(StoreUnavailable, match="cannot be opened"):
            connect(tmp_path / "gone.db", writable=writable)
    store = Store(tmp_path / "gone.db", tmp_path / "spool")
    with pytest.raises(StoreUnavailable):
        store.read(lambda db: None)
    with pytest.raises(StoreUnavailable):
        store.write(lambda db: None)
    assert not (tmp_path / "gone.db").exists()
    store.close()


@pytest.mark.parametrize("name", ["a name with spaces.db", "50%.db", "why?.db", "number#1.db", "اسم.db"])
def test_any_name_of_a_file_is_that_file(tmp_path: Path, name: str) -> None:
    prepare(tmp_path / name)
    connect(tmp_path / name).close()
    others = {path.name.removeprefix(name) for path in tmp_path.iterdir()}
    assert others <= {"", "-wal", "-shm", ".setup-lock"}


def test_preparing_names_what_was_applied_and_the_second_time_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "third-ring.db"
    assert prepare(path) == [migration.name for migration in migrations._migrations]
    assert prepare(path) == []
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_two_processes_may_prepare_at_once(tmp_path: Path) -> None:
    path = tmp_path / "third-ring.db"
    finish([start(prepare_database, path) for _ in range(3)])
    connection = connect(path)
    check_schema(connection)
    assert integrity(connection) == "ok"
    connection.close()


def test_a_newer_schema_is_refused_in_clear_words(path: Path) -> None:
    change(path, "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('third-ring', '9999-the-future')")
    with pytest.raises(WrongSchema, match=r"made by a newer Third Ring \(9999-the-future\): upgrade the program"):
        prepare(path)
    store = Store(path, path.parent / "spool")
    with pytest.raises(WrongSchema, match="newer"):
        store.check()
    with pytest.raises(StoreUnavailable, match="newer"):
        store.write(lambda db: None)
    store.close()


def test_an_older_schema_is_refused_in_clear_words(path: Path) -> None:
    change(path, "DELETE FROM _sqlite_migrations")
    store = Store(path, path.parent / "spool")
    with pytest.raises(WrongSchema, match="lacks 0001-calls-and-texts: stop the program"):
        store.check()
    store.close()


def test_an_empty_database_is_an_older_schema(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    store = Store(tmp_path / "empty.db", tmp_path / "spool")
    with pytest.raises(WrongSchema, match="lacks"):
        store.check()
    store.close()


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Ada, " * 1000)
    with pytest.raises(StoreUnavailable, match="not a database"):
        prepare(path)
    assert path.read_text().startswith("Dear Ada")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="cannot be prepared"):
        prepare(tmp_path / "file" / "third-ring.db")


def test_a_step_that_fails_half_way_leaves_nothing_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "third-ring.db"
    with monkeypatch.context() as broken:
        broken.setattr(
            "ivr.store.schema.step_0001_calls_and_texts.STATEMENTS", (LINES, "CREATE VIEW contacts AS SELECT")
        )
        with pytest.raises(StoreUnavailable):
            prepare(path)
    connection = connect(path)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables <= {"_sqlite_migrations", "sqlite_sequence"}
    connection.close()
    assert prepare(path) == [migration.name for migration in migrations._migrations]


def test_a_statement_that_is_wrong_is_told_from_a_database_that_is(path: Path) -> None:
    connection = connect(path)
    with pytest.raises(Exception, match="no such table") as wrong:
        connection.execute("SELECT 1 FROM nowhere")
    assert isinstance(wrong.value, Exception) and not ends_transaction(wrong.value)
    connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(Exception, match="full") as full:
        connection.execute("INSERT INTO marks VALUES (hex(zeroblob(1000000)), 0)")
    assert isinstance(full.value, Exception) and ends_transaction(full.value)
    connection.close()
