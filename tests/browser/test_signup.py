"""From a text on the phone to "you are in", in a real browser: on a small phone, in both languages, without scripts."""

import pytest
from browsing import assert_accessible, assert_fits, shot, watched
from playwright.sync_api import Browser
from running import NUMBER, Product, until
from signing_up import SMALL, fill, link_of

from ivr.simulator import Simulator
from ivr.translating import LANGUAGES

TEXTS = {"en": ("+13125551601", "Hello, how do I join?"), "ar": ("+201001234601", "مرحباً، كيف أنضم؟")}


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_a_text_leads_to_a_form_and_that_to_being_in(
    browser: Browser, pair: tuple[Product, Simulator], language: str, scheme: str
) -> None:
    product, carrier = pair
    number, body = TEXTS[language]
    path = link_of(carrier, number, body)
    options = {"viewport": SMALL, "color_scheme": scheme, "locale": language, "java_script_enabled": False}
    with watched(browser, product.settings.public_url, **options) as seen:
        page = seen.page()
        page.goto(path)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        shot(page, f"signup-{language}")
        page.keyboard.press("Tab")
        page.locator("form button").focus()
        page.keyboard.press("Enter")
        page.locator(".wrong").nth(1).wait_for()
        shot(page, f"signup-{language}-wrong")
        fill(page, "آدا لوفلايس" if language == "ar" else "Ada O'Brien-Ñúñez")
        page.locator("form button").focus()
        page.keyboard.press("Enter")
        page.locator("h1", has_text="أهلاً بك معنا" if language == "ar" else "You are in").wait_for()
        shot(page, f"joined-{language}")
    texts = until(lambda: [one.body for one in carrier.received(number)][1:])
    assert "STOP" in texts[0]
    assert carrier.text(number, NUMBER, "And now?").messages == ()  # a member's text is for the inbox


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_accessible_and_small(
    browser: Browser, pair: tuple[Product, Simulator], language: str, phone: str
) -> None:
    product, carrier = pair
    path = link_of(carrier, phone, "hello")
    with watched(browser, product.settings.public_url, viewport=SMALL) as seen:
        page = seen.page()
        sizes = []
        page.on("response", lambda answer: sizes.append(len(answer.body())))
        page.goto(f"{path}?language={language}")
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
        assert_fits(page)
        assert sum(sizes) < 30_000
        assert len(sizes) <= 3
        page.locator("form button").click()
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_a_text_on_the_phone_page_to_the_card(
    browser: Browser, pair: tuple[Product, Simulator], phone: str, language: str
) -> None:
    with watched(browser, pair[1].url, viewport=SMALL) as seen:
        page = seen.page()
        page.goto("/")
        page.fill("#from", phone)
        page.fill("#body", TEXTS[language][1])
        page.locator("#texting button").click()
        with page.expect_popup() as opened:
            page.locator(".theirs a").first.click()
        form = opened.value
        assert form.locator("html").get_attribute("lang") == language
        fill(form, "Ada")
        form.keyboard.press("Enter")
        with form.expect_download() as saved:
            form.locator(".button").click()
        assert "BEGIN:VCARD" in saved.value.path().read_text()
        sent_along = page.locator(".theirs a[href*='.vcf']")
        sent_along.wait_for()
        shot(page, f"phone-joined-{language}")
        assert f"/card/{NUMBER}.vcf" in (sent_along.get_attribute("href") or "")
