"""What a text asks of the number itself: stop, start, help, the link, or nothing.

An opt-out may come in any reasonable words (47 CFR 64.1200(a)(10); CTIA Messaging Principles 2023: "please
opt me out" must be obeyed), yet "stop the war" is none. The words are in `keywords.toml`: some count when
they are the whole text, some wherever they occur in a short one, the rest only when all that surrounds them
is about texting too. Reading looks at `LONGEST_READ` characters at most, in time linear in their number.
"""

import enum
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from ivr.phrases import LONGEST_READ, Phrases, Words, bare_words, joined, words_of

LONGEST_ASK = 160
"""Characters after clean-up: whoever writes more than one classic SMS is telling, not asking."""


class Ask(enum.Enum):
    """What a text asks for. `YES` counts as `START` only for who is opted out, which the caller knows."""

    STOP = "stop"
    START = "start"
    YES = "yes"
    HELP = "help"
    LINK = "link"
    NONE = "none"


@dataclass(frozen=True)
class Reading:
    """How a text was read.

    `carrier_answers`: an ordinary Twilio number answers this exact text by itself, so that we stay silent.
    `may_be_stop`: read as no opt-out, but a person should look: one is asked for in a long text, say.
    """

    ask: Ask
    carrier_answers: bool = False
    may_be_stop: bool = False


CARRIER_WORDS = {
    **dict.fromkeys(["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL"], Ask.STOP),
    **dict.fromkeys(["REVOKE", "OPTOUT", "CANCEL"], Ask.STOP),
    **dict.fromkeys(["START", "UNSTOP"], Ask.START),
    **dict.fromkeys(["HELP", "INFO"], Ask.HELP),
    "YES": Ask.YES,
}
"""What a Twilio long code answers when it is the whole message in any case (Twilio docs, "Advanced Opt-Out",
default keywords; REVOKE and OPTOUT since April 2025)."""

_NOTHING = Reading(Ask.NONE)
_REACTION = re.compile(r"(?:(?:Lik|Lov|Dislik|Emphasiz|Question)ed|Laughed at|Reacted \S{1,16} to) [“\"«]")
"""How a telephone without iMessage or RCS shows a reaction: our own text, quoted."""
_SENTENCE_END = re.compile(r"[.!?؟;\n]+")
_SHORT_SENTENCE = 24
_LINE_PART = re.compile(r"<([^>?]+)(\??)>|([^\s<>]+)")


def read(body: str) -> Reading:
    """What the text of an inbound message asks for. Never raises; any text, also empty, has a reading."""
    exact = body.strip().upper() if len(body) < 50 and body.isascii() else ""
    if exact in CARRIER_WORDS:
        return Reading(CARRIER_WORDS[exact], carrier_answers=True)
    if _REACTION.match(body):
        return _NOTHING
    bare = bare_words(body)
    spoken = joined(bare)
    lexicon = _lexicon()
    if lexicon.anchors.isdisjoint(spoken):
        return _NOTHING
    if sum(map(len, spoken)) + len(spoken) > LONGEST_ASK:
        return Reading(Ask.NONE, may_be_stop=any(lexicon.stop_hints.found_in(spoken)))
    # what is spelt letter by letter may end within a sentence, and is then no word of the whole text
    may_stop_at_an_end = len(spoken) != len(bare) or not lexicon.ends_of_stops.isdisjoint(spoken)
    return _read_short(spoken, lexicon, body if may_stop_at_an_end else "")


@dataclass(frozen=True)
class _Lexicon:
    courtesy: Phrases
    whole: dict[Words, Ask]
    stop_anywhere: Phrases
    stop_closed: Phrases
    stop_around: frozenset[str]
    stop_never: Phrases
    stop_hints: Phrases
    link_closed: Phrases
    link_around: frozenset[str]

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Of everything that can be asked the longest word: a text with none of these asks nothing."""
        tables = (self.stop_anywhere, self.stop_closed, self.stop_hints, self.link_closed)
        asked = set(self.whole).union(*(table.phrases for table in tables))
        return frozenset(max(words, key=len) for words in asked)

    @cached_property
    def ends_of_stops(self) -> frozenset[str]:
        """The last word of everything that is an opt-out as a whole."""
        return frozenset(words[-1] for words, ask in self.whole.items() if ask is Ask.STOP)


def _read_short(spoken: Words, lexicon: _Lexicon, sentences: str) -> Reading:
    """The reading of a short text; `sentences` is the text as it was written, empty when none can be an opt-out."""
    core = _without_courtesy(spoken, lexicon.courtesy)
    asked = lexicon.whole.get(core)
    # A courtesy may be the whole point of a yes: "yes sir" is talk, and a wrong YES breaks an opt-out.
    if asked and (asked is not Ask.YES or spoken in lexicon.whole):
        return Reading(asked)
    anywhere, hints = lexicon.stop_anywhere.starts_in(spoken), lexicon.stop_hints.starts_in(spoken)
    closed = _is_closed(core, lexicon.stop_closed, lexicon.stop_around)
    undone = _covered(lexicon.stop_never.found_in(spoken)) if anywhere or hints or closed else set()
    if not undone.issuperset(anywhere) or (closed and not undone):
        return Reading(Ask.STOP)
    if _is_closed(core, lexicon.link_closed, lexicon.link_around):
        return Reading(Ask.LINK)
    stops = _stop_sentences(sentences, lexicon) if sentences else []
    if stops and stops[-1]:
        return Reading(Ask.STOP)
    may_be_stop = any(stops) or not undone.issuperset(hints)
    return Reading(Ask.NONE, may_be_stop=True) if may_be_stop else _NOTHING


def _stop_sentences(body: str, lexicon: _Lexicon) -> list[bool]:
    """Of each sentence, whether it is an opt-out by itself. At the end of a text it counts as one ("I never
    signed up for this. Stop."); before more words it may be a figure of speech ("Stop! In the name of love").
    """
    stops = []
    for sentence in map(str.strip, _SENTENCE_END.split(body[:LONGEST_READ])):
        spoken = words_of(sentence) if len(sentence) < _SHORT_SENTENCE else (sentence,)
        if spoken:
            core = _without_courtesy(spoken, lexicon.courtesy)
            stops.append(lexicon.whole.get(core) is Ask.STOP)
    return stops


def _without_courtesy(spoken: Words, courtesy: Phrases) -> Words:
    """The text without "please", "thank you" and the like at its beginning and end."""
    if spoken[0] not in courtesy.lengths and spoken[-1] not in courtesy.lasts:
        return spoken
    start, end = 0, len(spoken)
    while length := courtesy.length_at(spoken[start:end], 0):
        start += length
    lengths = range(courtesy.longest, 0, -1)
    while length := next((n for n in lengths if spoken[max(start, end - n) : end] in courtesy.phrases), 0):
        end = max(start, end - length)
    return spoken[start:end]


def _is_closed(spoken: Words, phrases: Phrases, around: frozenset[str]) -> bool:
    """Whether a phrase occurs and every word outside of phrases is one of `around`."""
    covered = _covered(phrases.found_in(spoken))
    return bool(covered) and all(place in covered or word in around for place, word in enumerate(spoken))


def _covered(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


@cache
def _lexicon() -> _Lexicon:
    """The words of `keywords.toml`, read from the package once."""
    tables = tomllib.loads(files("ivr").joinpath("keywords.toml").read_text(encoding="utf-8"))
    sets = {name: [words_of(entry) for entry in entries] for name, entries in tables["sets"].items()}

    def phrases(table: str, key: str) -> Phrases:
        return Phrases(words for line in tables[table][key] for words in _expanded(line, sets))

    polite = phrases("courtesy", "phrases")

    def words(table: str) -> frozenset[str]:
        return frozenset(itertools.chain(*phrases(table, "around").phrases, *polite.phrases))

    asks = [ask for ask in Ask if ask is not Ask.NONE]
    return _Lexicon(
        courtesy=polite,
        whole={words: ask for ask in asks for words in phrases(ask.value, "whole").phrases},
        stop_anywhere=phrases("stop", "anywhere"),
        stop_closed=phrases("stop", "closed"),
        stop_around=words("stop"),
        stop_never=phrases("stop", "never"),
        stop_hints=phrases("stop", "hints"),
        link_closed=phrases("link", "closed"),
        link_around=words("link"),
    )


def _expanded(line: str, sets: dict[str, list[Words]]) -> Iterator[Words]:
    """Every phrase that a line of the table stands for."""
    choices: list[list[Words]] = []
    for set_name, absent, word in _LINE_PART.findall(line):
        entries = sets[set_name] if set_name else [words_of(word)]
        choices.append([*entries, ()] if absent else entries)
    for chosen in itertools.product(*choices):
        yield tuple(itertools.chain(*chosen))
