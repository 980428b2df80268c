"""A line's texts before anybody gets them: filled in as they will be, counted, priced, and what is wrong with them.

What is typed becomes a change of the line by `lines.change`, which takes what `changes` makes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ivr import cards, links, message_segments, wording
from ivr.errors import WrongLine
from ivr.house import House
from ivr.message_segments import GSM, Counted
from ivr.plain_text import clean
from ivr.store.lines import Line

LONGEST_READ = 10**6
"""Characters. No form is as long; what is too long for a text is said, not cut."""
SAMPLE = "a sample"
"""In place of the key: a link that leads nowhere, as long as everybody's."""
TOO_LONG_FILLED = "With its gaps filled in this text is too long: the carrier takes at most 1600 characters."


@dataclass(frozen=True)
class Plainer:
    """The same words in plain characters, and how many message segments that would save (none: it only makes room)."""

    words: str
    saves: int


@dataclass(frozen=True)
class Preview:
    """A text as somebody will get it, how it goes over the air, and what it costs in the line's currency (None: no
    price is set). `plainer` is there when plain characters would make it cheaper, or all of it of the cheap alphabet.
    """

    text: str
    counted: Counted
    cost: Decimal | None
    plainer: Plainer | None


def preview(house: House, line: Line, language: str, name: str, words: str) -> Preview:
    """The text `name` as it will be when `words` are its words; with none, ours."""
    words = cleaned(words) or wording.ours(language, name)
    text = sent(house, line, language, name, words)
    counted = message_segments.counted(text)
    cost = counted.segments * Decimal(line.segment_price) if line.segment_price else None
    plain = message_segments.plain(words)
    then = message_segments.counted(sent(house, line, language, name, plain))
    saves = counted.segments - then.segments
    is_better = saves > 0 or (saves == 0 and then.alphabet == GSM != counted.alphabet)
    return Preview(text, counted, cost, Plainer(plain, saves) if is_better else None)


def sent(house: House, line: Line, language: str, name: str, words: str) -> str:
    """`words` as they go to somebody: with the line's name, and with links as long as everybody's."""
    text = wording.with_name(line, language, words)
    if name == "joined":
        text = cards.with_address(house, line, language, text)
    return links.filled_in(text, links.NOBODY, house.settings.public_url, SAMPLE)


def cleaned(words: str) -> str:
    """Words as they would be kept."""
    return clean(words, LONGEST_READ).strip()


def changes(line: Line, language: str, typed: Mapping[str, str]) -> dict[str, str | None]:
    """What a form says of texts, as words for `lines.change`: what is empty, or as we ship it, is ours (None)."""
    found: dict[str, str | None] = {}
    for name, words in typed.items():
        key, text = f"{name}.{language}", cleaned(words)
        own = line.wordings.get(key)
        found[key] = text if text == own else None if text in ("", wording.ours(language, name)) else text
    return found


def faults_of(house: House, line: Line, language: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with texts that were typed: a sentence for each, by name. What stands there already is let be."""
    found: dict[str, str] = {}
    for key, text in changes(line, language, typed).items():
        name = key.partition(".")[0]
        if text is None or text == line.wordings.get(key):
            continue
        try:
            wording.check(language, name, text)
        except WrongLine as wrong:
            found[name] = wrong.faults.get(key, str(wrong))
        else:
            if len(sent(house, line, language, name, text)) > wording.LONGEST:
                found[name] = TOO_LONG_FILLED
    return found
