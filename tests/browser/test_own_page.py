"""A member's own page, in a real browser: on a small phone, in both directions, by keyboard, without scripts."""

import pytest
from browsing import assert_accessible, assert_fits, shot, watched
from playwright.sync_api import Browser
from running import NUMBER, Product
from signing_up import SMALL, fill, link_of

from ivr.simulator import Simulator


def own_link(carrier: Simulator, number: str) -> str:
    """The path of the page that the word LINK brings to a member."""
    (answer,) = carrier.text(number, NUMBER, "link").messages
    return "/me/" + answer.body.partition("/me/")[2].split()[0]


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_a_member_corrects_reads_leaves_and_is_erased(
    browser: Browser, pair: tuple[Product, Simulator], phone: str, language: str, scheme: str
) -> None:
    product, carrier = pair
    options = {"viewport": SMALL, "color_scheme": scheme, "locale": language}
    with watched(browser, product.settings.public_url, **options) as seen:
        page = seen.page()
        page.goto(f"{link_of(carrier, phone, 'hello')}?language={language}")
        fill(page, "Ada")
        page.keyboard.press("Enter")
        page.locator(".button[href^='/card/']").wait_for()
        page.goto(own_link(carrier, phone))
        assert page.locator("html").get_attribute("lang") == language
        assert_accessible(page)
        assert_fits(page)
        shot(page, f"me-{language}")
        page.locator("#city").fill("Chicago")
        page.locator("#city").press("Enter")
        page.locator("[role=status]").wait_for()
        page.locator("a[href*='everything?']").click()
        page.locator("dd", has_text="Chicago").wait_for()
        assert_accessible(page)
        assert_fits(page)
        shot(page, f"everything-{language}")
        page.go_back()
        page.locator("form[action$=leave] button").click()
        page.locator(".lead[role=status]").wait_for()
        assert_accessible(page)
        shot(page, f"left-{language}")
        page.locator("a[href*='/erase']").click()
        assert_accessible(page)
        shot(page, f"erase-{language}")
        page.locator("form button").click()
        page.locator(".wrong").wait_for()
        page.locator("#sure").focus()
        page.keyboard.press("Space")
        page.locator("form button").click()
        page.locator("form").wait_for(state="detached")
        assert_accessible(page)
        shot(page, f"erased-{language}")
