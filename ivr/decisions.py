"""What a text gets: STOP, START, HELP, LINK, else the sign-up link or silence. Nothing is touched to decide it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.keywords import Ask, Reading
from ivr.store.lines import Line
from ivr.store.messages import Outgoing
from ivr.store.people import Person

LINKS_A_DAY = 3
HELPS_A_DAY = 3
MAY_BE_STOP = "it may ask to stop: a person should look"


@dataclass(frozen=True)
class Decision:
    """`reply` as the log shows it; `words` is the text that we send, by name, or None; `why` explains silence.

    `action` is the effect on the opt-out: `out`, `in` or None.
    """

    reply: str
    words: str | None = None
    why: str | None = None
    action: str | None = None


def decide(
    line: Line, person: Person, reading: Reading, recent: Sequence[Outgoing], opt_out_type: str | None
) -> Decision:
    """What a text gets. `recent` are our texts to this person of the last 24 hours."""
    carrier_answers = bool(opt_out_type) or (line.keywords == "carrier" and reading.carrier_answers)
    ask = _ask(reading, person, opt_out_type)
    why = "answered by the carrier" if carrier_answers else None
    if person.blocked_at:
        why = why or "was blocked"
    if ask is Ask.STOP:
        why = why or ("has opted out" if person.opted_out_at else None)
        return Decision("stop", None if why else "stop", why, "out")
    if ask is Ask.START and (carrier_answers or person.opted_out_at):
        return Decision("start", None if why else "start", why, "in" if person.opted_out_at else None)
    if carrier_answers:
        return Decision("help" if ask is Ask.HELP else "none", why=why)
    if person.opted_out_at:
        return Decision("none", why="has opted out")
    if person.blocked_at:
        return Decision("none", why="was blocked")
    if why := not_answered(line, person):
        return Decision("none", why=why)
    if ask is Ask.HELP:
        return _at_most("help", "help", HELPS_A_DAY, recent)
    if reading.may_be_stop:
        return Decision("none", why=MAY_BE_STOP)
    if ask is Ask.LINK and (person.member_since or person.left_at):
        return _at_most("keyword", "me", LINKS_A_DAY, recent)
    if person.member_since:
        return Decision("none", why="a member's text is for the inbox")
    if person.too_young_at:
        return Decision("none", why="cannot sign up yet")
    answered = any(sent.purpose == "reply" for sent in recent)
    if ask is Ask.LINK and answered:
        return _at_most("sign-up link", "link", LINKS_A_DAY, recent)
    if answered:
        return Decision("none", why="was answered less than 24 hours ago")
    return Decision("sign-up link", "reply")


def not_answered(line: Line, person: Person) -> str | None:
    """Why the line does not answer somebody's country; None when it does."""
    if line.countries and person.country not in line.countries:
        return f"{person.country or 'an unknown country'} is not answered"
    return None


def _ask(reading: Reading, person: Person, opt_out_type: str | None) -> Ask:
    if opt_out_type in {"STOP", "START", "HELP"}:
        return Ask[opt_out_type]
    if reading.ask is Ask.YES:
        return Ask.START if person.opted_out_at else Ask.NONE
    return reading.ask


def _at_most(reply: str, words: str, times: int, recent: Sequence[Outgoing]) -> Decision:
    if sum(sent.purpose == words for sent in recent) >= times:
        return Decision("none", why=f"has asked {times} times in 24 hours")
    return Decision(reply, words)
