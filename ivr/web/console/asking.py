"""What is asked of the log: an address's query read into a filter, and written back."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from ivr import searching
from ivr.errors import WrongQuestion
from ivr.searching import Question
from ivr.store.lines import Line
from ivr.store.log.rows import Chosen, Position
from ivr.web.console.formats import Reader

KINDS = ("call", "text")
REPLIES = ("greeting", "sign-up link", "stop", "start", "help", "keyword", "none")
CALL_STATUS = ("completed", "busy", "no-answer", "canceled", "failed", "ringing", "in-progress")
ANSWER_STATUS = ("delivered", "sent", "sending", "queued", "undelivered", "failed", "doubt", "skipped")
STATUSES = tuple(dict.fromkeys(("received", *ANSWER_STATUS, *CALL_STATUS)))
NAMES = ("q", "line", "kind", "status", "reply", "country", "heard", "since", "until")
HEARD = ("yes", "no")
UNKNOWN = "unknown"
"""The country of who comes from nobody knows where."""
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """A question to the log: `given` as it was typed, `chosen` and `question` as it is understood."""

    given: Mapping[str, str]
    chosen: Chosen
    question: Question | None
    after: Position | None

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked for but the newest."""
        return not self.given

    @property
    def can_follow(self) -> bool:
        """Whether new contacts can be added by themselves: on the first page, without a search or an end."""
        return self.after is None and self.question is None and "until" not in self.given

    def query(self, after: Position | None = None) -> str:
        """The address's query for this question, going on after a place."""
        place = {"after": after.written()} if after else {}
        return urlencode({**self.given, **place})


def read_asked(arguments: Mapping[str, str], lines: list[Line], reader: Reader) -> Asked:
    """The question that an address asks, on these lines. Raises `WrongQuestion`, which says what is wrong."""
    given = {name: arguments[name].strip() for name in NAMES if arguments.get(name, "").strip()}
    if any(len(value) > LONGEST for value in given.values()):
        raise WrongQuestion(f"Search may have at most {LONGEST} characters.")
    wanted = [line for line in lines if given.get("line") in (None, line.number)]
    if "line" in given and not wanted:
        raise WrongQuestion("There is no such line.")
    chosen = Chosen(
        line_ids=tuple(line.id for line in wanted),
        kind=_one_of(given, "kind", KINDS),
        status=_one_of(given, "status", STATUSES),
        reply=_one_of(given, "reply", REPLIES),
        country=_country(given),
        heard=None if _one_of(given, "heard", HEARD) is None else given["heard"] == "yes",
        since=reader.stored(given["since"]) if "since" in given else None,
        until=reader.stored(given["until"], end=True) if "until" in given else None,
    )
    countries = list(dict.fromkeys(line.country for line in wanted))
    question = searching.read_question(given["q"], countries) if "q" in given else None
    after = Position.read(arguments["after"]) if arguments.get("after") else None
    return Asked(given, chosen, question, after)


def read_id(text: str) -> int:
    """An id as an address gives it; 0, which nobody has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _one_of(given: Mapping[str, str], name: str, known: tuple[str, ...]) -> str | None:
    value = given.get(name)
    if value is not None and value not in known:
        raise WrongQuestion(f"{name.capitalize()} is one of {', '.join(known)}.")
    return value


def _country(given: Mapping[str, str]) -> str | None:
    if given.get("country") == UNKNOWN:
        return ""
    country = given.get("country", "").upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise WrongQuestion("A country is two letters, such as US or EG.")
    return country or None
