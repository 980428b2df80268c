"""A line's texts before anybody gets them: counted as they will go out, priced, and only what is new is a change."""

import os
import signal
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from inside import person_of, received, texts_to, the_line, with_values
from running import NUMBER, PHONE, Product, environment, running, until

from ivr import lines, replies, signup, wording
from ivr.carrier.inbound import IncomingText
from ivr.house import House
from ivr.message_segments import GSM, UCS2, counted
from ivr.replies import changes, faults_of, preview
from ivr.signup import From
from ivr.store.members import Details
from ivr.translating import LANGUAGES

ABROAD = "+447400123456"


def text_in(body: str, number: str = PHONE) -> IncomingText:
    """A text that comes in."""
    return IncomingText("SM" + "0" * 32, number, NUMBER, body)


@pytest.mark.parametrize(("language", "body"), [("en", "hello there"), ("ar", "مرحباً كيف حالكم")])
def test_a_text_is_counted_as_it_then_goes_out(house: House, now: datetime, language: str, body: str) -> None:
    lines.change(house.store, NUMBER, words={f"reply.{language}": "{name} — {link} 🦄", f"name.{language}": "آدا"})
    seen = preview(house, the_line(house.store), language, "reply", "{name} — {link} 🦄")
    answer = received(house, text_in(body), now).words
    assert answer is not None and "/j/" in answer
    assert seen.counted == counted(answer)
    assert [len(one) for one in seen.text.split()] == [len(one) for one in answer.split()]


def test_the_welcome_is_counted_with_the_address_of_the_card_that_goes_abroad_in_it(
    house: House, now: datetime
) -> None:
    received(house, text_in("hello there", ABROAD), now)
    told = Details("Ada", "female", "1990-12-10", "London", "ada@example.org")
    line = the_line(house.store)
    signup.join(house, person_of(house.store, ABROAD), line, told, From("192.0.2.7", "Firefox", "en"), now)
    sent = texts_to(house.store, ABROAD)[0]
    assert sent.purpose == "joined" and "/card/" in sent.body
    assert preview(house, line, "en", "joined", "").text == sent.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_left_empty_is_ours(house: House, language: str) -> None:
    line = the_line(house.store)
    for name in wording.NAMES:
        seen = preview(house, line, language, name, " \n")
        assert seen == preview(house, line, language, name, wording.ours(language, name))
        assert seen.text.startswith(wording.written(line, language, name).partition("{")[0])
        assert "{" not in seen.text
        assert seen.cost is None


def test_a_text_costs_its_segments_exactly(house: House) -> None:
    line = with_values(house, segment_price="0.0083", currency="USD")
    assert preview(house, line, "en", "help", "a" * 161).cost == Decimal("0.0166")
    assert preview(house, line, "en", "help", "م" * 135).cost == Decimal("0.0249")


def test_plain_characters_are_offered_where_they_save_something(house: House) -> None:
    line = the_line(house.store)
    curly = preview(house, line, "en", "help", "I’m here. " * 12)
    assert curly.counted.alphabet == UCS2 and curly.plainer
    assert (curly.plainer.words, curly.plainer.saves) == (("I'm here. " * 12).strip(), 1)
    short = preview(house, line, "en", "help", "I’m here.")
    assert short.plainer and short.plainer.saves == 0
    for words in ("I'm here.", "ça va – l’été", "مرحباً “بكم”"):
        assert preview(house, line, "en", "help", words).plainer is None, words
    assert preview(house, line, "en", "help", "I'm here.").counted.alphabet == GSM


def test_a_name_that_is_dear_itself_is_counted_with_it(house: House) -> None:
    line = with_values(house, name="O’Brien")
    seen = preview(house, line, "en", "help", "{name} isn’t here")
    assert (seen.counted.forcing, seen.plainer) == (("’",), None)


def test_only_what_differs_is_a_change_and_what_is_as_we_ship_it_is_ours(house: House) -> None:
    lines.change(house.store, NUMBER, words={"help.ar": "اسألوا {name}", "stop.ar": wording.ours("ar", "stop")})
    line = the_line(house.store)
    typed = {
        "reply": wording.ours("ar", "reply").replace("\n", "\r\n") + " \r\n",
        "link": "  ",
        "help": "اسألوا {name}",
        "stop": wording.ours("ar", "stop"),
        "start": "نعم",
    }
    made = changes(line, "ar", typed)
    assert made == {
        "reply.ar": None,
        "link.ar": None,
        "help.ar": "اسألوا {name}",
        "stop.ar": wording.ours("ar", "stop"),
        "start.ar": "نعم",
    }
    after = lines.change(house.store, NUMBER, seen=line.version, words=made)
    assert lines.differences(line, after).keys() - {"version"} == {"start.ar"}


def test_what_is_wrong_is_said_for_each_text_and_what_stands_there_is_let_be(house: House) -> None:
    line = the_line(house.store)
    long = "{name} " + "a" * (wording.LONGEST - 7)
    found = faults_of(house, line, "en", {"reply": "no link", "me": "{link}", "help": "a" * 1601, "stop": long})
    assert found == {
        "reply": wording.LINK_MISSING.format(gap="{link}"),
        "me": wording.LINK_MISSING.format(gap="{me}"),
        "help": wording.TOO_LONG,
        "stop": replies.TOO_LONG_FILLED,
    }
    lines.change(house.store, NUMBER, words={"stop.en": long})
    assert faults_of(house, the_line(house.store), "en", {"stop": long, "reply": ""}) == {}


def answer_without(worker: int, product: Product, form: dict[str, str]) -> str:
    """What a text is answered with while one worker takes no request; nothing when that worker was busy writing."""
    os.kill(worker, signal.SIGSTOP)
    try:
        answer = product.webhook("/webhooks/sms", form).text
    finally:
        os.kill(worker, signal.SIGCONT)
    return answer if "<Message" in answer else ""


def test_changed_words_are_in_force_for_the_next_text_in_every_worker(
    tmp_path: Path, text_form: Callable[..., dict[str, str]]
) -> None:
    with running(environment(tmp_path)) as product:
        workers = until(lambda: pids if len(pids := product.workers()) == 2 else [])
        numbers = (f"+1202555{number}" for number in range(1000, 2000))

        def answers() -> list[str]:
            """What each of the workers answers to somebody new."""
            return [
                until(lambda other=other: answer_without(other, product, text_form(From=next(numbers))))
                for other in workers
            ]

        for words, said in ((None, "Tap this link"), ("New words: {link}", "New words: http"), (None, "Tap this link")):
            lines.change(product.store, NUMBER, words={"reply.en": words})
            assert [said in answer for answer in answers()] == [True, True]
