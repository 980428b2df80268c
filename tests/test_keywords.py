"""What a text asks for: every labelled opt-out is heard, and "stop the war" is not one."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.keywords import CARRIER_WORDS, LONGEST_ASK, Ask, Reading, read
from ivr.phrases import LONGEST_READ, words_of

# `perhaps`: no opt-out, but one that a person should look at.
ROWS = [
    (row["text"], row["ask"], row["language"])
    for row in csv.DictReader(Path(__file__).with_name("keywords.csv").read_text(encoding="utf-8").splitlines())
]
LABELLED = [(text, ask) for text, ask, _ in ROWS]
OPT_OUTS = [text for text, ask in LABELLED if ask == "stop"]
OTHERS = [text for text, ask in LABELLED if ask != "stop"]

any_text = st.one_of(
    st.text(alphabet=st.characters(codec=None, exclude_categories=())),
    st.text(alphabet="stop \x00\u200b\ud800.!\n🛑"),
    st.lists(st.sampled_from(["stop", "don't", "texting", "me", "link", "توقف", "الرسائل"])).map(" ".join),
)
invisible = st.text(alphabet="\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f", max_size=3)
ends = st.text(alphabet=" .,!?…\"'()*🛑❤️\u200b\n", max_size=6)


def test_the_labelled_texts_are_many_and_in_four_languages() -> None:
    assert len(LABELLED) == len(dict(LABELLED)) >= 320
    assert len(OPT_OUTS) >= 150 and len(OTHERS) >= 150
    for language in ("en", "ar", "es", "fr"):
        stops = [ask == "stop" for _, ask, spoken in ROWS if spoken == language]
        assert sum(stops) >= 40 and len(stops) - sum(stops) >= 40


def test_every_labelled_opt_out_is_obeyed() -> None:
    assert [text for text in OPT_OUTS if read(text).ask is not Ask.STOP] == []


def test_false_opt_outs_are_at_most_two_in_a_hundred() -> None:
    wrong = [text for text in OTHERS if read(text).ask is Ask.STOP]
    assert len(wrong) <= len(OTHERS) * 0.02, wrong


@pytest.mark.parametrize(("text", "ask"), LABELLED)
def test_a_labelled_text_is_read_as_labelled(text: str, ask: str) -> None:
    if ask == "perhaps":
        assert read(text) == Reading(Ask.NONE, may_be_stop=True)
    else:
        assert read(text).ask is Ask(ask)


@pytest.mark.parametrize(
    "text",
    ["ＳＴＯＰ", "st\u200bop", "s\u00adtop", "“stop”", "STOP 🛑", "OPT-OUT", "\ufeffstop", "ｏｐｔ　ｏｕｔ",
     "𝐒𝐓𝐎𝐏", "s t o p", "S.T.O.P.", "stoooop", "Ｓtöp", "سـتـوب", "تَوَقَّفْ", "stop\x00", "\u3164stop"],
)  # fmt: skip
def test_disguised_opt_outs_are_understood(text: str) -> None:
    assert read(text) == Reading(Ask.STOP, carrier_answers=False)


@pytest.mark.parametrize("word", sorted(CARRIER_WORDS))
def test_the_carrier_answers_its_own_words_in_any_case_with_white_space_around(word: str) -> None:
    for body in (word, word.lower(), word.title(), f"  {word}\n"):
        assert read(body) == Reading(CARRIER_WORDS[word], carrier_answers=True)


@pytest.mark.parametrize("word", sorted(CARRIER_WORDS))
def test_only_we_understand_the_same_words_with_anything_else_on_them(word: str) -> None:
    for body in (word + "!", word + " please", word + "\u200b", f"“{word}”"):
        assert read(body) == Reading(CARRIER_WORDS[word], carrier_answers=False)


@pytest.mark.parametrize("body", ["توقف", "مساعدة", "stop please", "opt out", "remove", "alto", "ſtop"])
def test_what_only_we_understand_is_not_answered_by_the_carrier(body: str) -> None:
    assert not read(body).carrier_answers


def test_yes_is_left_to_whoever_knows_whether_the_person_is_opted_out() -> None:
    assert read("YES") == Reading(Ask.YES, carrier_answers=True)
    assert read("نعم") == Reading(Ask.YES)
    assert read("yes we can").ask is Ask.NONE


def test_a_reaction_that_quotes_our_text_asks_for_nothing() -> None:
    assert read("Disliked “Reply STOP to stop texting me”") == Reading(Ask.NONE)


def test_a_long_text_is_no_opt_out_but_a_person_should_look() -> None:
    story = "I have followed you for many years and I think that you are right about nearly everything. " * 2
    assert len(story) > LONGEST_ASK
    assert read(story) == Reading(Ask.NONE)
    for wish in ("But please stop texting me.", "Pero ya no me escriban.", "Mais ne m'écrivez plus."):
        assert read(story + wish) == Reading(Ask.NONE, may_be_stop=True)


def test_the_last_sentence_counts_and_an_earlier_one_is_left_to_a_person() -> None:
    assert read("I never asked for this. Stop.").ask is Ask.STOP
    assert read("Stop! In the name of love") == Reading(Ask.NONE, may_be_stop=True)
    assert read("No. Dejen de escribirme.").ask is Ask.STOP
    assert read("No dejen de escribirme.") == Reading(Ask.NONE, may_be_stop=True)


def test_a_text_of_any_size_is_looked_at_only_so_far() -> None:
    assert words_of("a b " * 10**6) == words_of(("a b " * 10**6)[:LONGEST_READ])
    assert read("x" * 10**6 + " stop texting me") == Reading(Ask.NONE)


@pytest.mark.parametrize("body", ["", " ", "\n", "👍", "\u200b", "\x00", "\ud800", "…", "thank you"])
def test_a_text_without_words_of_its_own_asks_for_nothing(body: str) -> None:
    assert read(body) == Reading(Ask.NONE)


@given(any_text)
def test_any_text_has_a_reading(body: str) -> None:
    reading = read(body)
    assert isinstance(reading.ask, Ask)
    assert not (reading.may_be_stop and reading.ask is not Ask.NONE)


@given(any_text)
def test_bare_words_hold_nothing_but_letters_and_digits(body: str) -> None:
    assert all(word.isalnum() for word in words_of(body))


@given(st.sampled_from(OPT_OUTS), ends, ends)
def test_an_opt_out_survives_case_and_whatever_stands_around_it(text: str, before: str, after: str) -> None:
    assert read(before + text.upper() + after).ask is Ask.STOP


@given(st.sampled_from(LABELLED), invisible, st.integers(0, 200))
def test_invisible_characters_change_nothing(labelled: tuple[str, str], hidden: str, place: int) -> None:
    text = labelled[0]
    at = min(place, len(text))
    reading, disguised = read(text), read(text[:at] + hidden + text[at:])
    assert disguised.ask is reading.ask
    assert disguised.may_be_stop == reading.may_be_stop


def test_a_word_that_is_spelt_at_the_end_is_heard_though_the_whole_text_runs_it_into_others() -> None:
    assert read("how do I join? a. s t o p.").ask is Ask.STOP
