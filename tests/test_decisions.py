"""What a text gets: every state of a person against every kind of word. Nothing is touched to decide it."""

from dataclasses import replace

import pytest

from ivr import keywords
from ivr.decisions import HELPS_A_DAY, LINKS_A_DAY, Decision, decide
from ivr.store.lines import Line
from ivr.store.messages import Outgoing
from ivr.store.people import Person

AT = "2026-11-03T20:15:00.000Z"
LINE = Line("+17735550100", "Ada Example", id=1)
NEW = Person(1, "+12025550143", AT, "en", "US", None, None, 0, AT)
PERSONS = {
    "new": NEW,
    "member": replace(NEW, member_since=AT),
    "opted out": replace(NEW, opted_out_at=AT),
    "opted-out member": replace(NEW, opted_out_at=AT, member_since=AT),
}
BY_CARRIER = "answered by the carrier"


def sent(purpose: str, times: int = 1) -> list[Outgoing]:
    """Texts of ours of the last 24 hours."""
    return [Outgoing(n, 1, NEW.number, AT, "hi", "sent", purpose, "answer") for n in range(times)]


def decided(
    state: str, body: str, line: Line = LINE, recent: list[Outgoing] | None = None, kind: str | None = None
) -> Decision:
    """What somebody in this state gets for this text; `kind` is the carrier's OptOutType."""
    return decide(line, PERSONS[state], keywords.read(body), recent or [], kind)


# state, text, who answers keywords → reply, words of ours, effect on the opt-out
TABLE = [
    ("new", "hello", "carrier", "sign-up link", "reply", None),
    ("new", "", "carrier", "sign-up link", "reply", None),
    ("new", "STOP", "carrier", "stop", None, "out"),
    ("new", "stop", "us", "stop", None, "out"),
    ("new", "please stop", "carrier", "stop", "stop", "out"),
    ("new", "توقف", "carrier", "stop", "stop", "out"),
    ("new", "START", "carrier", "start", None, None),
    ("new", "YES", "carrier", "none", None, None),
    ("new", "yes please", "us", "sign-up link", "reply", None),
    ("new", "HELP", "carrier", "help", None, None),
    ("new", "مساعدة", "carrier", "help", "help", None),
    ("new", "LINK", "carrier", "sign-up link", "reply", None),
    ("new", "stop the war", "carrier", "sign-up link", "reply", None),
    ("member", "hello", "carrier", "none", None, None),
    ("member", "LINK", "carrier", "keyword", "me", None),
    ("member", "please stop", "carrier", "stop", "stop", "out"),
    ("member", "مساعدة", "carrier", "help", "help", None),
    ("opted out", "hello", "carrier", "none", None, None),
    ("opted out", "LINK", "carrier", "none", None, None),
    ("opted out", "مساعدة", "carrier", "none", None, None),
    ("opted out", "HELP", "carrier", "help", None, None),
    ("opted out", "STOP", "carrier", "stop", None, "out"),
    ("opted out", "please stop", "carrier", "stop", None, "out"),
    ("opted out", "START", "carrier", "start", None, "in"),
    ("opted out", "UNSTOP", "carrier", "start", None, "in"),
    ("opted out", "YES", "carrier", "start", None, "in"),
    ("opted-out member", "START", "carrier", "start", None, "in"),
    ("opted-out member", "hello", "carrier", "none", None, None),
]


@pytest.mark.parametrize(("state", "body", "who", "reply", "words", "action"), TABLE)
def test_every_state_and_word_has_its_answer(
    state: str, body: str, who: str, reply: str, words: str | None, action: str | None
) -> None:
    if who == "us" and body == "stop":
        words = "stop"  # the carrier's own word, answered by us because the line says so
    decision = decided(state, body, replace(LINE, keywords=who))
    assert (decision.reply, decision.words, decision.action) == (reply, words, action)
    assert decision.words or decision.why or decision.reply == "start"


@pytest.mark.parametrize(
    ("state", "body", "words"),
    [
        ("new", "STOP", "stop"),
        ("new", "HELP", "help"),
        ("new", "INFO", "help"),
        ("opted out", "START", "start"),
        ("opted out", "YES", "start"),
        ("new", "START", "reply"),
        ("new", "YES", "reply"),
    ],
)
def test_where_the_line_answers_keywords_itself_the_carriers_words_are_answered_once(
    state: str, body: str, words: str
) -> None:
    assert decided(state, body, replace(LINE, keywords="us")).words == words


@pytest.mark.parametrize("who", ["carrier", "us"])
@pytest.mark.parametrize(
    ("state", "kind", "reply", "action"),
    [
        ("new", "STOP", "stop", "out"),
        ("opted out", "START", "start", "in"),
        ("new", "START", "start", None),
        ("new", "HELP", "help", None),
        ("new", "SOMETHING", "none", None),
    ],
)
def test_what_the_carrier_says_it_answered_is_obeyed_and_not_answered_again(
    who: str, state: str, kind: str, reply: str, action: str | None
) -> None:
    decision = decided(state, "any words at all", replace(LINE, keywords=who), kind=kind)
    assert decision == Decision(reply, None, BY_CARRIER, action)


def test_the_reply_comes_once_in_24_hours() -> None:
    assert decided("new", "hello again", recent=sent("reply")) == Decision(
        "none", why="was answered less than 24 hours ago"
    )
    assert decided("new", "hello again", recent=sent("link")).words == "reply"


def test_the_word_link_brings_it_three_times_a_day_even_after_the_reply() -> None:
    assert decided("new", "LINK", recent=sent("reply") + sent("link", LINKS_A_DAY - 1)).words == "link"
    refused = decided("new", "LINK", recent=sent("reply") + sent("link", LINKS_A_DAY))
    assert (refused.reply, refused.words, refused.why) == ("none", None, "has asked 3 times in 24 hours")


def test_help_is_answered_three_times_a_day() -> None:
    assert decided("new", "مساعدة", recent=sent("help", HELPS_A_DAY - 1)).words == "help"
    assert decided("new", "مساعدة", recent=sent("help", HELPS_A_DAY)).words is None


@pytest.mark.parametrize("body", ["hello", "LINK", "مساعدة"])
def test_countries_that_a_line_does_not_answer_get_silence(body: str) -> None:
    assert decided("new", body, replace(LINE, countries=("EG", "GB"))).why == "US is not answered"
    assert decided("new", body, replace(LINE, countries=("EG", "US"))).words is not None


def test_a_stop_is_obeyed_and_confirmed_from_any_country() -> None:
    assert decided("new", "please stop", replace(LINE, countries=("EG",))).action == "out"
