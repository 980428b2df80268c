"""The pages for everybody, looked at in a real browser: nothing that anybody would stumble over, on any screen."""

import re

import pytest
from browsing import NARROW, assert_accessible, assert_fits, shot, watched
from playwright.sync_api import Browser, Page
from running import NAME, NUMBER, Product, until

from ivr.simulator import Simulator

PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
ENDED = "/j/" + "A" * 27
WRITERS = {"en": ("+12025551901", "hello"), "ar": ("+12025551902", "مرحباً")}


@pytest.fixture(scope="session")
def own_links(morning: tuple[Product, Simulator]) -> dict[str, str]:
    """The paths of two people's links, by their language, as the texts with them arrived on their phones."""
    _, carrier = morning
    for phone, words in WRITERS.values():
        carrier.text(phone, NUMBER, words)
    bodies = {language: until(lambda it=it: _first(carrier, it)) for language, (it, _) in WRITERS.items()}
    return {language: re.findall(r"/j/[\w-]+", body)[0] for language, body in bodies.items()}


def _first(carrier: Simulator, phone: str) -> str:
    return next((text.body for text in carrier.received(phone) if "/j/" in text.body), "")


def pages_of(own_link: str) -> dict[str, str]:
    """The path of every public page, by its name."""
    pages = {"home": "/", "join": "/join", "link": own_link, "link-ended": ENDED, "not-found": "/nothing-here"}
    return {**pages, "privacy": f"/privacy/{NUMBER}", "privacy-lines": "/privacy"}


def assert_fits_every_phone(page: Page) -> None:
    """Fail when a page must be pushed sideways on a phone, however narrow."""
    for size in (PHONE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert_fits(page)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_every_public_page_is_accessible_and_fits_every_screen(
    browser: Browser, morning: tuple[Product, Simulator], own_links: dict[str, str], language: str, scheme: str
) -> None:
    base = morning[0].settings.public_url
    with watched(browser, base, color_scheme=scheme, locale=language) as seen:
        page = seen.page()
        for name, path in pages_of(own_links[language]).items():
            page.set_viewport_size(WIDE)  # type: ignore[arg-type]
            page.goto(path)
            assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
            shot(page, f"public-{name}-{language}-{scheme}")
            assert_accessible(page)
            assert_fits_every_phone(page)
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            shot(page, f"public-{name}-{language}-{scheme}-phone")
            assert_accessible(page)


def test_the_public_pages_need_no_script(
    browser: Browser, morning: tuple[Product, Simulator], own_links: dict[str, str]
) -> None:
    with watched(browser, morning[0].settings.public_url, java_script_enabled=False) as seen:
        page = seen.page()
        for path in pages_of(own_links["en"]).values():
            page.goto(path)
            assert page.locator("script").count() == 0
            assert page.locator("h1").is_visible()
            assert_fits_every_phone(page)


def test_who_opens_their_link_reads_whose_it_is_and_can_text_the_number(
    browser: Browser, morning: tuple[Product, Simulator], own_links: dict[str, str]
) -> None:
    with watched(browser, morning[0].settings.public_url) as seen:
        page = seen.page()
        page.goto(own_links["en"])
        assert page.locator("h1").inner_text() == NAME
        focused = page.locator("a.number")
        focused.focus()
        assert focused.get_attribute("href") == f"sms:{NUMBER}"
        assert focused.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"


def test_the_writing_is_arabic_from_right_to_left_but_numbers_are_not(
    browser: Browser, morning: tuple[Product, Simulator], own_links: dict[str, str]
) -> None:
    with watched(browser, morning[0].settings.public_url, viewport=PHONE, locale="ar") as seen:
        page = seen.page()
        page.goto("/join")
        heading = page.locator("h1").bounding_box()
        assert heading is not None
        text = page.evaluate(
            "(() => { const range = document.createRange(); range.selectNodeContents(document.querySelector('h1'));"
            " return range.getBoundingClientRect().toJSON(); })()"
        )
        assert text["right"] == pytest.approx(heading["x"] + heading["width"], abs=1)
        assert text["left"] > heading["x"] + 1
        assert page.locator("a.number").evaluate("link => getComputedStyle(link).direction") == "ltr"


def test_a_name_as_one_long_word_fits_every_phone(
    browser: Browser, morning: tuple[Product, Simulator], own_links: dict[str, str]
) -> None:
    with watched(browser, morning[0].settings.public_url) as seen:
        page = seen.page()
        for path in ("/join", own_links["en"]):
            page.goto(path)
            page.locator("h1 bdi, .lines strong").evaluate("name => name.textContent = 'Rechtsschutz'.repeat(8)")
            assert_fits_every_phone(page)


def test_a_fault_is_said_in_arabic_or_marked_as_english(browser: Browser, morning: tuple[Product, Simulator]) -> None:
    with watched(browser, morning[0].settings.public_url, locale="ar") as seen:
        page = seen.page()
        page.goto("/nothing-here")
        assert page.locator("html").get_attribute("lang") == "ar"
        assert page.locator(".lead").inner_text() == "لا توجد صفحة كهذه."
        page.goto("/join")
        page.evaluate("document.body.innerHTML = '<form method=post action=/card/1.vcf><button>x</button></form>'")
        page.locator("button").click()
        assert page.locator(".lead[lang=en]").inner_text() == "Use GET."


def test_a_public_page_looks_different_in_the_dark(browser: Browser, morning: tuple[Product, Simulator]) -> None:
    papers = {}
    for scheme in ("light", "dark"):
        with watched(browser, morning[0].settings.public_url, color_scheme=scheme) as seen:
            page = seen.page()
            page.goto("/")
            papers[scheme] = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert papers["light"] != papers["dark"]


def test_a_lost_visitor_finds_the_way_home(browser: Browser, morning: tuple[Product, Simulator]) -> None:
    with watched(browser, morning[0].settings.public_url) as seen:
        page = seen.page()
        page.goto("/nothing-here")
        page.locator("main a").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(morning[0].settings.public_url + "/")
        assert page.locator(".lines li").count() == 1
