"""ivr greeting: adding, hearing before, making live, going back, removing; what goes wrong says what to do."""

import json
import wave
from pathlib import Path

import pytest
from running import NUMBER, environment, ivr, set_up

from audio.library import SHIPPED

SOUND = str(SHIPPED / "en" / "thanks.wav")


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The settings of an installation with a line."""
    variables = environment(tmp_path / "instance")
    set_up(variables)
    return variables


def test_a_recording_is_added_made_live_taken_back_and_removed(installed: dict[str, str], tmp_path: Path) -> None:
    def said(*words: str) -> str:
        done = ivr("greeting", *words, variables=installed, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    added = said("add", SOUND, "--notes", "for Eid")
    assert "greeting.en version 1" in added
    assert "dBov" in added
    assert "ivr greeting activate 1" in added
    said("add", SOUND, "--language", "ar", "--activate")
    rows = [json.loads(row) for row in said("list", "--json").splitlines()]
    assert [(row["language"], row["live"], row["notes"]) for row in rows] == [
        ("ar", True, ""),
        ("en", False, "for Eid"),
    ]
    assert rows[0]["line"] == NUMBER
    assert "Undo: ivr greeting back" in said("activate", "1")
    shown = said("show", "1")
    assert "live" in shown
    assert "original (thanks.wav" in shown
    assert json.loads(said("show", "1", "--json"))["report"]["faults"] == []
    assert "ships is live again" in said("back")
    assert "version 1 is removed" in said("remove", "1")
    assert said("list").count("\n") == 1


def test_a_preview_is_written_and_nothing_kept(installed: dict[str, str], tmp_path: Path) -> None:
    done = ivr("greeting", "preview", SOUND, variables=installed, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with wave.open(str(tmp_path / "thanks.heard.wav"), "rb") as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
    again = ivr("greeting", "preview", SOUND, variables=installed, cwd=tmp_path)
    assert again.returncode == 2
    assert "--out" in again.stderr
    assert "ivr greeting add" in ivr("greeting", "list", variables=installed, cwd=tmp_path).stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "missing.wav"), "does not exist"),
        (("add", "/etc/hostname"), "not a sound file"),
        (("add", SOUND, "--language", "xx"), "language is one of"),
        (("add", SOUND, "--clip", "intro"), "key-1"),
        (("add", SOUND, "--line", "+442071838750"), "ivr line list"),
        (("activate", "99"), "ivr greeting list"),
        (("show", "99999999999999999999999999"), "ivr greeting list"),
        (("back",), "nothing to go back to"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    installed: dict[str, str], tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = ivr("greeting", *words, variables=installed, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["-i.wav", "concat:a|b.wav", "new\nline.wav"])
def test_a_file_is_a_file_whatever_it_is_called(installed: dict[str, str], tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(Path(SOUND).read_bytes())
    done = ivr("greeting", "add", "--", name, variables=installed, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "version 1" in done.stdout
