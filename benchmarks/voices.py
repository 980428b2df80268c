"""Voices to measure with: of the speech synthesisers on this machine, else the clips we ship, higher and lower."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from audio import ffmpeg
from audio.library import Library

MOST = 12
WORDS = (
    "Hello. You have reached the office of the mayor. Please leave a message after the tone, "
    "or send a text to this number. Thank you for calling, and goodbye."
)
ESPEAK = [("en", 50), ("en+f3", 70), ("en+m5", 25), ("en+f2", 50)]
FLITE = ["slt", "awb", "rms", "kal16"]
PITCHES = [0.8, 1.25, 0.9, 1.1, 0.7, 1.4]
"""Of our clips. As they are they lie on the steps of mu-law already: it takes next to nothing from them, and 0.06 to
0.11 of PESQ once they are half a decibel louder or softer."""


@dataclass(frozen=True)
class Voice:
    """A recording of somebody who speaks, with half a second of silence around it: WAV, mono, 48 kHz."""

    name: str
    path: Path


def voices(folder: Path) -> list[Voice]:
    """As many as there are, at most `MOST`: synthesisers first."""
    found = []
    for name, path in islice(_spoken(folder), MOST):
        target = folder / f"voice-{len(found)}.wav"
        run_ffmpeg(path, target, "-af", "adelay=500,apad=pad_dur=0.5", "-ar", "48000", "-ac", "1")
        found.append(Voice(name, target))
    return found


def run_ffmpeg(source: Path, target: Path, *arguments: str, again: int = 0) -> None:
    """Make one file of another, played so many times more."""
    quiet = ("-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-stream_loop", str(again))
    subprocess.run([ffmpeg.executable(), *quiet, "-i", str(source), *arguments, str(target)], check=True)


def _spoken(folder: Path) -> Iterator[tuple[str, Path]]:
    path = folder / "spoken.wav"
    for voice, pitch in ESPEAK if shutil.which("espeak-ng") else []:
        _say("espeak-ng", "-v", voice, "-p", str(pitch), "-w", str(path), WORDS)
        yield f"espeak-ng {voice}", path
    for voice in FLITE if shutil.which("flite") else []:
        _say("flite", "-voice", voice, "-t", WORDS, "-o", str(path))
        yield f"flite {voice}", path
    if shutil.which("text2wave"):
        subprocess.run(["text2wave", "-o", str(path)], input=WORDS.encode(), check=True, capture_output=True)
        yield "festival", path
    for pitch in PITCHES:
        for language in ("en", "ar"):
            clip = Library.open().clip(language, "greeting")
            if clip is not None:
                path.write_bytes(clip.content)
                higher = folder / "higher.wav"
                run_ffmpeg(path, higher, "-af", f"asetrate=8000*{pitch},aresample=48000")
                yield f"our {language} clip, {pitch:g} times as high", higher


def _say(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
