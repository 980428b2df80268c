"""Which recording a caller hears: in their language, the line's own before the one we ship, words where both fail.

Once a line has recorded a greeting, only the languages it recorded count: what we ship holds the figure's place and
is not to be heard instead of the figure. A prompt that is missing in the caller's language is heard in the line's.
"""

from audio.library import CLIPS as CLIPS
from audio.library import Clip
from ivr import languages
from ivr.carrier.twiml import Spoken
from ivr.house import House
from ivr.store.lines import Line
from ivr.store.lines import Spoken as Own

GREETING = "greeting"


def language_for(house: House, line: Line, country: str | None) -> str:
    """In which language a caller from `country` is greeted."""
    return languages.choose(country=country, line=line.language, available=greeted_in(house, line))


def greeted_in(house: House, line: Line) -> tuple[str, ...]:
    """The languages in which the line greets: those of its own recordings, else those that we ship."""
    own = [language for (language, clip), one in line.spoken.items() if clip == GREETING and house.own.find(one.digest)]
    return tuple(own) or house.library.languages


def recorded(house: House, line: Line, language: str, clip: str) -> Own | Clip | None:
    """The recording of a clip that is played: the line's own, as long as its file is there, else ours, else None."""
    own = line.spoken.get((language, clip))
    return own if own and house.own.find(own.digest) else house.library.clip(language, clip)


def spoken(house: House, line: Line, language: str, clip: str) -> Spoken:
    """What the caller hears for a clip, as TwiML takes it."""
    for wish in (language, line.language, *house.library.languages):
        if found := recorded(house, line, wish, clip):
            return Spoken("", wish, house.url(f"/audio/{found.digest}.wav"))
        if wish in house.library.languages:
            return Spoken(house.library.words(wish, clip), wish)
    raise LookupError(clip)  # a library without a language does not open
