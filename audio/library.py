"""The clips the product plays: their recordings held in memory, their words for when there is no recording.

Everything is read once, at the start. From then on a call is answered from memory, with the disk and the
database gone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from audio import wav

CLIPS = (
    "greeting",
    "key-1",
    "key-2",
    "key-0",
    "link-sent",
    "link-known",
    "leave-message",
    "thanks",
    "no-text",
    "goodbye",
    "not-taking",
)
"""Every clip there is. A language has words for all of them, and recordings as far as they were made."""

SHIPPED = Path(__file__).with_name("greetings")
"""The folder of the clips that come with the product."""

LONGEST = 2_400_000
"""Bytes a recording may have: five minutes of telephone sound, far more than a caller listens to."""


class NoWords(ValueError):
    """No language has words for every clip, so a caller would hear nothing."""


@dataclass(frozen=True)
class Clip:
    """One recording, with its words. `content` is the WAV file, whole, in mu-law, mono, 8000 Hz.

    `digest` is the first 32 hex digits of the SHA-256 of `content`, `modified` the file's time (Unix,
    seconds), `seconds` how long it plays, `words` what is said instead where it cannot be played.
    """

    language: str
    name: str
    seconds: float
    digest: str
    path: Path
    content: bytes = field(repr=False)
    words: str
    modified: float


@dataclass(frozen=True)
class Library:
    """The clips of every language of one folder. `faults` are sentences on what was left out, and why."""

    languages: tuple[str, ...]
    faults: tuple[str, ...]
    _words: dict[tuple[str, str], str] = field(repr=False)
    _clips: dict[tuple[str, str], Clip] = field(repr=False)

    @classmethod
    def open(cls, folder: Path = SHIPPED) -> Library:
        """Read `folder`: `<language>.json` for the words, `<language>/<clip>.wav` for the recordings.

        What is damaged or missing is left out and told in `faults`: a recording by itself (its words remain),
        a language whose words are not complete as a whole. Raises `NoWords` when that leaves no language.
        """
        faults: list[str] = []
        words: dict[tuple[str, str], str] = {}
        for path in sorted(folder.glob("*.json")):
            try:
                words |= {(path.stem, name): entry["say"] for name, entry in read_words(path).items()}
            except (OSError, ValueError) as error:
                faults.append(f"{path} is left out: {error}")
        if not words:
            raise NoWords(f"no clip can be said from {folder}: " + ("; ".join(faults) or "it has no words files"))
        clips: dict[tuple[str, str], Clip] = {}
        for (language, name), sentence in words.items():
            path = folder / language / f"{name}.wav"
            try:
                clips[language, name] = _clip(path, sentence)
            except (OSError, ValueError) as error:
                faults.append(f"{path} is left out and its words are said: {_reason(error)}")
        return cls(tuple(sorted({language for language, _ in words})), tuple(faults), words, clips)

    def clip(self, language: str, name: str) -> Clip | None:
        """The recording of a clip, or None: then its `words` are said."""
        return self._clips.get((language, name))

    def words(self, language: str, name: str) -> str:
        """What a clip says, for every language of `languages` and name of `CLIPS`; else `KeyError`."""
        return self._words[language, name]

    def by_digest(self, digest: str) -> Clip | None:
        """The recording with this digest, or None."""
        return self._digests.get(digest)

    @cached_property
    def _digests(self) -> dict[str, Clip]:
        return {clip.digest: clip for clip in self._clips.values()}


def read_words(path: Path) -> dict[str, dict[str, str]]:
    """The words of one language, by clip, in the order of `CLIPS`: `say`, and `spoken` (`say` if not given).

    Raises `OSError` when the file cannot be read, `ValueError` when it is not as it should be; the message
    says how.
    """
    entries = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(entries, dict):
        raise ValueError("it does not map clips to words")
    if unknown := sorted(entries.keys() - set(CLIPS)):
        raise ValueError("there is no clip named " + ", ".join(unknown))
    return {name: _entry(name, entries.get(name)) for name in CLIPS}


def _entry(name: str, entry: object) -> dict[str, str]:
    """One clip's words, checked."""
    say = entry.get("say") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(say, str) or not say.strip():
        raise ValueError(f"it has nothing to say for {name}")
    spoken = entry.get("spoken", say)
    if not isinstance(spoken, str) or not spoken.strip() or entry.keys() - {"say", "spoken"}:
        raise ValueError(f"its entry for {name} may hold say and spoken, both text")
    return {"say": say, "spoken": spoken}


def _clip(path: Path, words: str) -> Clip:
    """One recording from the disk. Raises `OSError`, or `wav.BadSound` if no telephone could play it."""
    stat = path.stat()
    if stat.st_size > LONGEST:
        raise wav.BadSound(f"it has {stat.st_size} bytes, more than {LONGEST}")
    content = path.read_bytes()
    sound = wav.read(content)
    if not sound.fits_telephone:
        raise wav.BadSound(
            f"it is {sound.encoding} with {sound.channels} channels at {sound.rate} Hz, not for a telephone"
        )
    digest = hashlib.sha256(content).hexdigest()[:32]
    language, name = path.parent.name, path.stem
    return Clip(language, name, sound.seconds, digest, path, content, words, stat.st_mtime)


def _reason(error: OSError | ValueError) -> str:
    """The error without its path, which the sentence has already."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
