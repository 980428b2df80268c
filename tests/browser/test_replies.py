"""A line's texts in a real browser: counted while they are typed, saved, and what the next text brings."""

import re
from collections.abc import Iterator

import pytest
from browsing import NARROW, Desk, assert_accessible, assert_fits, shot
from inside import the_line
from playwright.sync_api import Page, expect
from running import NUMBER, Product

from ivr import lines
from ivr.simulator import Simulator

PATH = "/console/lines/1/replies"
WORDS = {
    "en": ("Now it’s {name}: {link}", "message segment", "Save", "hello there"),
    "ar": ("جديدنا من {name}، تفضلوا: {link}", "مقطع", "حفظ", "مرحباً، كيف أنضم؟"),
}


@pytest.fixture
def line(morning: tuple[Product, Simulator]) -> Iterator[None]:
    """The line with a price; its words and its price are as they were in the end."""
    store = morning[0].store
    before = the_line(store)
    lines.change(store, NUMBER, segment_price="0.0083")
    yield
    words = dict.fromkeys(the_line(store).wordings) | before.wordings
    lines.change(store, NUMBER, segment_price=before.segment_price, words=words)
    store.close()


def count_of(page: Page, name: str) -> str:
    """What is said of a text's segments."""
    return page.locator(f"#{name}-count").inner_text()


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_words_are_counted_while_they_are_typed_and_saved_and_the_next_text_brings_them(
    desk: Desk, morning: tuple[Product, Simulator], language: str, phone: str
) -> None:
    words, said, save, body = WORDS[language]
    with desk(language) as page:
        page.goto(f"{PATH}?language={language}")
        field = page.locator("#reply-words")
        before = count_of(page, "reply")
        assert said in before and "0.0" in before
        field.fill("")
        page.keyboard.type(words)
        expect(page.locator("#reply .bubble")).to_contain_text(words.partition("{")[0])
        expect(page.locator("#reply .bubble")).to_contain_text("/j/")  # all of it, not what was typed until then
        assert count_of(page, "reply") != before
        shot(page, f"replies-typed-{language}")
        page.get_by_role("button", name=save, exact=True).click()
        page.wait_for_url("**/replies?*saved=*")
        assert page.locator("#reply .own").count() == 1
        (answer,) = morning[1].text(phone, NUMBER, body).messages
    assert re.fullmatch(re.escape(words).replace(r"\{name\}", ".+").replace(r"\{link\}", r"http\S+"), answer.body)


@pytest.mark.usefixtures("line")
def test_what_is_wrong_is_said_while_it_is_typed_and_curly_quotes_are_made_plain(desk: Desk) -> None:
    with desk() as page:
        page.goto(PATH)
        page.locator("#reply-words").fill("no way in")
        expect(page.locator("#reply-fault")).to_contain_text("{link}")
        expect(page.locator("#reply-words")).to_have_attribute("aria-invalid", "true")
        page.locator("#reply-words").fill("{link}")
        expect(page.locator("#reply-words")).not_to_have_attribute("aria-invalid", "true")
        page.locator("#help-words").fill("It’s “on”… " * 8)
        page.locator("#help").get_by_role("button", name="Use plain characters").click()
        page.wait_for_url("**/replies#help")
        assert page.locator("#help-words").input_value() == 'It\'s "on"... ' * 8
        assert page.locator("#reply-words").input_value() == "{link}"
        assert page.get_by_text("Nothing was saved yet").count() == 1


def test_without_scripts_a_button_counts_and_nothing_is_saved(desk: Desk) -> None:
    with desk(java_script_enabled=False) as page:
        page.goto(PATH)
        page.locator("#help-words").fill("م" * 71)
        page.get_by_role("button", name="Count and show").click()
        expect(page.locator("#help-count")).to_contain_text("2 message segments")
        page.goto(PATH)
        assert page.locator("#help .own").count() == 0


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark"), ("en", "dark"), ("ar", "light")])
def test_the_page_is_accessible_and_fits_a_phone(desk: Desk, language: str, scheme: str) -> None:
    with desk(language, color_scheme=scheme) as page:
        for tongue in (language, "es"):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(f"{PATH}?language={tongue}")
            page.locator("#help-words").fill("It’s “on”… " * 8)
            page.locator("#reply-words").fill("no way in")
            expect(page.locator("#reply-fault")).to_contain_text("{link}")
            expect(page.locator("#help .dear")).to_have_count(2)
            shot(page, f"replies-{language}-{tongue}-{scheme}")
            assert_accessible(page)
            page.set_viewport_size(NARROW)
            assert_fits(page)
            shot(page, f"replies-{language}-{tongue}-{scheme}-phone")
