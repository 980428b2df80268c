"""How long sounds last, and what a caller says after the beep: a recording, or a tone that stands for it."""

import io
import math
import struct
import wave

from ivr.errors import ThirdRingError
from ivr.simulator.webhooks import Answer, WebhookFailed

PLAYABLE = frozenset(
    f"audio/{kind}"
    for kind in (
        "mpeg",
        "wav",
        "wave",
        "x-wav",
        "aiff",
        "x-aifc",
        "x-aiff",
        "x-gsm",
        "gsm",
        "ulaw",
    )
)
"""The types that `<Play>` takes (twilio.com/docs/voice/twiml/play)."""
WORDS_PER_SECOND = 2.5
"""How fast `<Say>` is taken to speak: 150 words a minute."""
RATE_HZ = 8000

_BYTES_PER_SECOND = {"audio/mpeg": 16000, "audio/ulaw": 8000, "audio/gsm": 1650, "audio/x-gsm": 1650}


def seconds_of(sound: Answer) -> float:
    """The length of a fetched sound: a WAV's from its header, another's guessed from its size.

    Raises WebhookFailed 12300 for a type that cannot be played or a WAV that is none.
    """
    if sound.content_type not in PLAYABLE:
        raise WebhookFailed(12300, sound.url, f"{sound.content_type or 'no content type'} cannot be played")
    if sound.content_type in ("audio/wav", "audio/wave", "audio/x-wav"):
        seconds = wav_seconds(sound.body)
        if seconds is None:
            raise WebhookFailed(12300, sound.url, "what is served as WAV is none")
        return seconds
    return len(sound.body) / _BYTES_PER_SECOND.get(sound.content_type, 16000)


def wav_seconds(file: bytes) -> float | None:
    """The length of a WAV of any encoding: the size of its samples by the bytes a second in its header.

    None when it is no WAV (the `wave` module refuses mu-law, so the chunks are read here).
    """
    if file[:4] != b"RIFF" or file[8:12] != b"WAVE":
        return None
    position, bytes_per_second = 12, 0
    while position + 8 <= len(file):
        name, size = file[position : position + 4], int.from_bytes(file[position + 4 : position + 8], "little")
        position += 8
        if name == b"fmt " and position + 12 <= len(file):
            bytes_per_second = int.from_bytes(file[position + 8 : position + 12], "little")
        if name == b"data" and bytes_per_second:
            return min(size, len(file) - position) / bytes_per_second
        position += size + size % 2
    return None


def say_seconds(text: str) -> float:
    """How long it takes to say the text; never less than half a second."""
    return max(len(text.split()) / WORDS_PER_SECOND, 0.5)


class WrongSound(ThirdRingError, ValueError):
    """What a caller shall say is no WAV file of plain samples."""


def spoken_seconds(says: bytes) -> float:
    """The length of what a caller says. Raises WrongSound unless it is a WAV of plain samples (PCM)."""
    try:
        with wave.open(io.BytesIO(says)) as sound:
            frame = sound.getnchannels() * sound.getsampwidth()
            return float(len(sound.readframes(sound.getnframes())) / frame / sound.getframerate())  # headers may lie
    except (wave.Error, EOFError, ZeroDivisionError) as error:
        raise WrongSound(f"A caller can say a WAV file of plain samples (PCM), and this is none: {error}") from None


def beginning(says: bytes, seconds: float) -> bytes:
    """The first `seconds` of what a caller says, as a WAV file."""
    file = io.BytesIO()
    with wave.open(io.BytesIO(says)) as sound, wave.open(file, "wb") as out:
        out.setparams(sound.getparams()._replace(nframes=0))
        out.writeframes(sound.readframes(round(seconds * sound.getframerate())))
    return file.getvalue()


def tone(seconds: float) -> bytes:
    """A WAV with a tone of 440 Hz: 8 kHz, 16 bits, mono, as Twilio's recordings are."""
    second = b"".join(
        struct.pack("<h", round(8000 * math.sin(2 * math.pi * 440 * n / RATE_HZ))) for n in range(RATE_HZ)
    )
    whole = second * (math.ceil(seconds) or 1)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(whole[: round(seconds * RATE_HZ) * 2])
    return file.getvalue()
