"""An operator who records by telephone, for tests: what they say, and what they hear."""

import wave
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from inside import rows, the_line
from running import NUMBER, PHONE, until

from audio import level, wav
from audio.library import SHIPPED
from ivr import dictating
from ivr.carrier.dictation import Dictation
from ivr.greeting_codes import make_code
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.store.audit import Actor
from ivr.store.greetings import Place

RECORDING = "RE" + "5" * 32
SID = "CA" + "5" * 32


def speech(folder: Path, clip: str = "thanks") -> Path:
    """A WAV file of plain samples, as a telephone records: somebody who speaks a sentence."""
    content = (SHIPPED / "en" / f"{clip}.wav").read_bytes()
    sound = wav.read(content)
    return of_samples(folder, clip, level.from_mu_law(content[sound.start : sound.start + sound.size]))


def silence(folder: Path, seconds: float = 3) -> Path:
    """A WAV file in which nothing is to be heard."""
    return of_samples(folder, "silence", bytes(2 * round(seconds * wav.TELEPHONE_RATE)))


def of_samples(folder: Path, name: str, samples: bytes) -> Path:
    """A WAV file of these 16-bit samples."""
    path = folder / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, wav.TELEPHONE_RATE, 0, "NONE", ""))
        file.writeframes(samples)
    return path


def verbs(document: str) -> list[str]:
    """The verbs of an answer, those within others too."""
    return [verb.tag for verb in ElementTree.fromstring(document.encode()).iter()][1:]


def said(document: str) -> str:
    """The words that an answer says."""
    return " ".join(verb.text or "" for verb in ElementTree.fromstring(document.encode()).iter("Say"))


class Keeps:
    """A carrier that has one recording, or tells what is wrong; `asked` counts how often it was asked."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers, self.asked = list(answers), 0

    def fetch_recording(self, sid: str) -> bytes:
        """What it has to say now; its last answer again and again."""
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        return answer


def heard(digits: str = "", recording: str = "", turn: int = 1, look: int = 0, number: str = PHONE) -> Dictation:
    """What a step of the call says."""
    return Dictation(SID, number, NUMBER, digits, recording, digits == "hangup", turn, look)


def entered(house: House, now: datetime, language: str = "en", by: Actor = COMMAND_LINE) -> str:
    """The answer to a code that is right."""
    place = Place(the_line(house.store).id, language)
    code = make_code(house.store, house.settings.secret_key, place, by, now)
    return dictating.answer_code(house, heard(code), now)


def with_carrier(house: House, *answers: bytes | Exception) -> House:
    """The house with a carrier that answers so."""
    return replace(house, carrier=Keeps(*answers))  # type: ignore[arg-type]


def recorded(house: House, now: datetime, recording: str = RECORDING, turn: int = 1, look: int = 0) -> str:
    """The answer to a recording."""
    return dictating.answer_recording(house, heard("", recording, turn, look), now)


def count(house: House) -> int:
    """How many versions there are."""
    return len(rows(house.store, "SELECT id FROM greetings"))


def settled(house: House) -> None:
    """Wait until it is kept what became of the recording: a store must not be closed under a thread that writes."""
    query = "SELECT 1 FROM greeting_codes WHERE coalesce(greeting_id, fault) IS NOT NULL"
    until(lambda: rows(house.store, query))
