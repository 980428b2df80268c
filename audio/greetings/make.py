"""Makes every recording that Third Ring ships with anew from its words: `python -m audio.greetings.make`.

English, Spanish and French are spoken by SVOX Pico (Apache-2.0; Debian counts its voices as non-free, since their
sources are not given) and Arabic by eSpeak NG (GPL-3.0-or-later): both let what they say be given away. sox brings it
to the telephone's sample rate. They are needed here only, never by the product or its tests. These voices hold the
place of the figure's own recording.

No better Arabic voice that may be given away was found in Debian, PyPI or npm (2026-11): Piper's and Supertonic's come
from elsewhere when they first speak, MBROLA's and Meta's MMS are not for commerce, Pico and Flite have no Arabic. So
eSpeak's is helped along instead: its sounds and their stress in `arabic`, its tone and its pace here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from audio import telephone
from audio.greetings.arabic import for_espeak, stressed
from audio.library import SHIPPED, read_words

PACKAGES = {"pico2wave": "libttspico-utils", "espeak-ng": "espeak-ng", "sox": "sox"}
"""The Debian package that brings each program."""

PICO = {"en": "en-US", "es": "es-ES", "fr": "fr-FR"}
"""Pico's voices, by language; the others are eSpeak's. Its one Spanish voice is of Spain: `es.json` spells its c and z
as s, as most of those who speak Spanish say them."""

WORDS_A_MINUTE = "165"
"""Of eSpeak: slower than its own 175, at which its Arabic is hard to follow on a telephone, and the greeting just under
the twenty seconds that callers listen to."""

TONE = {
    "ar": ("equalizer", "480", "1q", "8", "equalizer", "950", "1.5q", "-5", "treble", "-4", "2300"),
    "en": ("treble", "12", "1100", "1s"),
    "es": ("bass", "-8", "250", "1s", "treble", "6", "1100", "1s"),
    "fr": ("bass", "-12", "250", "1s", "treble", "5", "1100", "1s"),
}
"""Correction of a voice, by language, against how people sound (Byrne et al., 1994, the long-term average of speech in
twelve languages). Pico is duller above 1 kHz, English by 8 to 11 dB and the others by 5, and what is so faint there
drowns in the noise of mu-law. At 200 Hz its Spanish has 9 dB too much and its French 15: a telephone does not carry
that, so 4 and 6 dB of their loudness would be lost on the way. Corrected they lose 2, about as much as English.
eSpeak's Arabic is thin: it has 7 to 11 dB too little between 400 and 630 Hz, and 5 to 7 too much from 800 to 1000 and
above 2.5 kHz. Of the 6 dB that it is off between 315 Hz and 3.15 kHz (RMS of thirds of octaves) 3.5 remain."""

TIME_LIMIT = 60
"""Seconds one program may take for one clip; they take well under one."""


def main() -> int:
    """Make the recordings of every language; exit status 1 when a program is missing."""
    missing = [program for program in PACKAGES if shutil.which(program) is None]
    if missing:
        print(_how_to_get(missing), file=sys.stderr)
        return 1
    for words in sorted(SHIPPED.glob("*.json")):
        folder = SHIPPED / words.stem
        folder.mkdir(exist_ok=True)
        for name, entry in read_words(words).items():
            content = recording(words.stem, entry["spoken"])
            (folder / f"{name}.wav").write_bytes(content)
            print(f"{words.stem}/{name}.wav  {len(content)} bytes")
    return 0


def recording(language: str, spoken: str) -> bytes:
    """A telephone-ready WAV file of a sentence. Raises `subprocess.SubprocessError` when a program fails."""
    with tempfile.TemporaryDirectory() as folder:
        raw, narrow = Path(folder, "raw.wav"), Path(folder, "narrow.wav")
        _run(*_synthesiser(language, spoken, raw))
        tone = TONE.get(language, ())
        # -D: no dither, so pauses stay silent and every run gives the same file; -v: no alias of the hisses.
        effects = ("gain", "-14", "highpass", "90", *tone, "rate", "-v", "8000")
        _run("sox", "-D", raw, "-b", "16", "-c", "1", narrow, *effects)
        return telephone.for_telephone(narrow)


def _synthesiser(language: str, spoken: str, output: Path) -> tuple[str | Path, ...]:
    """The command that speaks a sentence into a WAV file."""
    if language in PICO:
        return "pico2wave", "-l", PICO[language], "-w", output, spoken
    return *_espeak(language), "-w", output, _for_espeak(spoken) if language == "ar" else spoken


def _espeak(language: str) -> tuple[str, ...]:
    return "espeak-ng", "-v", language, "-s", WORDS_A_MINUTE


def _for_espeak(arabic: str) -> str:
    """What eSpeak is to speak, by the sounds that it makes of the letters."""
    text = for_espeak(arabic)
    said = _run(*_espeak("ar"), "-q", "-x", text)
    return stressed(text, said.splitlines())


def _run(*command: str | Path) -> str:
    """Run a program, quietly, within the time limit; what it said."""
    # The words are the project's own, and no shell reads them.
    done = subprocess.run(command, check=True, timeout=TIME_LIMIT, capture_output=True, encoding="utf-8")  # noqa: S603
    return done.stdout


def _how_to_get(missing: list[str]) -> str:
    """One message on what to install."""
    packages = [PACKAGES[program] for program in missing]
    lines = [f"Missing: {', '.join(missing)}. On Debian or Ubuntu: sudo apt install {' '.join(packages)}"]
    if "pico2wave" in missing:
        lines.append("(libttspico-utils is in Debian's non-free and Ubuntu's multiverse: enable that first.)")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
