"""The library: what is whole is held in memory, what is damaged is left out and told."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from audio import library, wav
from audio.library import CLIPS, Library

TONE = wav.telephone_file(bytes(range(256)) * 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two languages: words for all clips, recordings for English only."""
    for language in ("en", "fr"):
        words = {name: {"say": f"{language} {name}"} for name in CLIPS}
        (tmp_path / f"{language}.json").write_text(json.dumps(words))
    (tmp_path / "en").mkdir()
    for number, name in enumerate(CLIPS):
        (tmp_path / "en" / f"{name}.wav").write_bytes(wav.telephone_file(bytes([number]) * 4000))
    return tmp_path


def test_a_clip_has_its_recording_and_its_words(folder: Path) -> None:
    clip = Library.open(folder).clip("en", "greeting")
    assert clip is not None
    assert (clip.language, clip.name, clip.words, clip.seconds) == ("en", "greeting", "en greeting", 0.5)
    assert clip.path == folder / "en" / "greeting.wav"
    assert clip.content == clip.path.read_bytes()
    assert clip.digest == hashlib.sha256(clip.content).hexdigest()[:32]
    assert clip.modified == clip.path.stat().st_mtime


def test_a_clip_is_found_by_its_digest(folder: Path) -> None:
    opened = Library.open(folder)
    clip = opened.clip("en", "key-2")
    assert clip is not None
    assert opened.by_digest(clip.digest) is clip
    assert opened.by_digest("0" * 32) is None
    assert opened.by_digest("") is None


def test_the_greeting_is_still_there_when_the_disk_is_gone(folder: Path) -> None:
    opened = Library.open(folder)
    shutil.rmtree(folder)
    clip = opened.clip("en", "greeting")
    assert clip is not None
    assert wav.read(clip.content).fits_telephone


def test_a_language_without_recordings_has_its_words(folder: Path) -> None:
    opened = Library.open(folder)
    assert opened.languages == ("en", "fr")
    assert opened.clip("fr", "greeting") is None
    assert opened.words("fr", "greeting") == "fr greeting"
    assert len(opened.faults) == len(CLIPS)


def test_a_language_nobody_speaks_has_no_clip_and_no_words(folder: Path) -> None:
    opened = Library.open(folder)
    assert opened.clip("xx", "greeting") is None
    with pytest.raises(KeyError):
        opened.words("xx", "greeting")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a WAV file"),
        (TONE[:-500], "cut off"),
        (TONE[:24] + (16000).to_bytes(4, "little") + TONE[28:], "at 16000 Hz, not for a telephone"),
        (b"\0" * (library.LONGEST + 1), "more than"),
    ],
)
def test_a_damaged_recording_is_left_out_but_its_words_stay(folder: Path, content: bytes, reason: str) -> None:
    (folder / "en" / "thanks.wav").write_bytes(content)
    opened = Library.open(folder)
    assert opened.clip("en", "thanks") is None
    assert opened.words("en", "thanks") == "en thanks"
    (fault,) = (fault for fault in opened.faults if "/en/" in fault)
    assert "thanks.wav is left out and its words are said: " in fault
    assert reason in fault


def test_a_missing_recording_is_told(folder: Path) -> None:
    (folder / "en" / "goodbye.wav").unlink()
    assert (
        f"{folder}/en/goodbye.wav is left out and its words are said: No such file or directory"
        in Library.open(folder).faults
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("{", "Expecting"),
        ("[]", "does not map"),
        ("{}", "nothing to say for greeting"),
        ('{"greeting": "Hello"}', "nothing to say for greeting"),
        ('{"greeting": {"say": " "}}', "nothing to say for greeting"),
        ('{"greeting": {"say": "Hello", "spoken": 3}}', "say and spoken"),
        ('{"greeting": {"say": "Hello", "sung": "La"}}', "say and spoken"),
        ('{"ode": {"say": "O"}}', "no clip named ode"),
    ],
)
def test_a_language_whose_words_are_not_whole_is_left_out(folder: Path, words: str, reason: str) -> None:
    (folder / "fr.json").write_text(words)
    opened = Library.open(folder)
    assert opened.languages == ("en",)
    (fault,) = opened.faults
    assert reason in fault


def test_words_that_are_not_even_text_are_told(folder: Path) -> None:
    (folder / "fr.json").write_bytes(b"\xff\xfe\x00")
    (fault,) = Library.open(folder).faults
    assert "fr.json is left out" in fault


def test_a_folder_without_any_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(library.NoWords, match="has no words files"):
        Library.open(tmp_path)


def test_the_product_plays_clips_without_loading_pydub() -> None:
    code = "import sys, audio.library; audio.library.Library.open(); sys.exit('pydub' in sys.modules)"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=Path(library.__file__).parents[1])
