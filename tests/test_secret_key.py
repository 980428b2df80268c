"""The key of the personal links: set, or made once and kept where only its owner can read it."""

import subprocess
import sys
from pathlib import Path

import pytest
from loading import faults_of, load

from ivr.settings import SAMPLE_KEYS

KEY = "k" * 32


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("key", [*sorted(SAMPLE_KEYS), "DEV", "ChangeMe", "short", "k" * 31])
def test_a_sample_or_short_key_is_refused(key: str) -> None:
    (fault,) = faults_of(SECRET_KEY=key)
    assert fault.startswith("SECRET_KEY")


def test_a_key_is_made_once_and_only_its_owner_can_read_it(elsewhere: Path) -> None:
    first, second = load(), load()
    assert first.secret_key == second.secret_key
    kept = elsewhere / "instance" / "secret_key"
    assert kept.read_text().strip() == first.secret_key
    assert kept.stat().st_mode & 0o777 == 0o600
    assert (elsewhere / "instance").stat().st_mode & 0o777 == 0o700
    assert [file.name for file in (elsewhere / "instance").iterdir()] == ["secret_key"]
    assert load(INSTANCE_PATH="another").secret_key != first.secret_key


def test_a_key_that_is_set_is_not_written_down(elsewhere: Path) -> None:
    assert load(SECRET_KEY=KEY).secret_key == KEY
    assert not (elsewhere / "instance" / "secret_key").exists()


def test_processes_that_make_the_key_at_once_get_the_same_one(elsewhere: Path) -> None:
    program = "import sys; from ivr.settings import Settings; sys.stdin.read(1); print(Settings.load({}).secret_key)"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=elsewhere
        )
        for _ in range(6)
    ]
    keys = {process.communicate("x", timeout=60)[0] for process in started}
    assert len(keys) == 1
    assert keys == {load().secret_key + "\n"}


def test_a_key_that_another_process_made_in_between_is_the_one(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = "t" * 43
    monkeypatch.setattr("os.fsync", lambda _: (elsewhere / "instance" / "secret_key").write_text(theirs))
    assert load().secret_key == theirs
    assert (elsewhere / "instance" / "secret_key").read_text() == theirs


def test_a_damaged_key_file_stops_the_start(elsewhere: Path) -> None:
    load()
    (elsewhere / "instance" / "secret_key").write_text("")
    (fault,) = faults_of()
    assert "is damaged" in fault
