"""A new figure from nothing, as its staff does it: a number, a line, a voice, words of its own, the first member.

Everything happens in pages: the console's, and the phone's of the simulated carrier.
"""

import re
from dataclasses import dataclass

import pytest
from browsing import assert_accessible, shot, watched
from operating import PASSWORD, begun
from playwright.sync_api import Browser, BrowserContext, Page
from running import Product
from signing_up import fill

from ivr import clock
from ivr.house import House
from ivr.simulator import Simulator
from ivr.store import operators
from ivr.web.console.words import words

Pair = tuple[Product, Simulator]


@dataclass(frozen=True)
class Figure:
    """Who gets a line, who runs it, who calls: and what is written in two languages."""

    number: str
    name: str
    staff: str
    caller: str
    first_words: str
    member: str


FIGURES = {
    "en": Figure("+17735550161", "Grace Example", "Sara", "+13125551901", "Hello, how do I join?", "Ada Lovelace"),
    "ar": Figure("+17735550162", "هدى مثال", "ليلى", "+201001234901", "مرحباً، كيف أنضم؟", "آدا لوفلايس"),
}
REPLIES = {
    "en": "This is {name}. I am glad that you write. Sign up here: {link} Text STOP to stop.",
    "ar": "هنا {name}. تسرّني رسالتك. سجّل هنا: {link} أرسل STOP للتوقف.",
}


@pytest.mark.parametrize("language", FIGURES)
def test_a_new_figure_comes_to_its_first_member(browser: Browser, pair: Pair, language: str) -> None:
    product, carrier = pair
    figure, say = FIGURES[language], words(language)
    _get_number(browser, carrier, figure)
    with watched(browser, product.settings.public_url, locale=language) as admins:
        _sign_in(admins.context, product, language)
        link = _add_line(admins.page(), figure, say)
    with watched(browser, product.settings.public_url, locale=language, permissions=["microphone"]) as staffs:
        page = staffs.page()
        _begin(page, link)
        page.goto("/console/lines")
        assert page.locator(".line-list li").count() == 1  # only theirs
        page.locator(".line-list a strong").click()
        base = page.url
        _record(page, say)
        _write(page, base, say)
        _ring_once(page, base, say)
        link = _call_and_text(browser, carrier, figure, language)
        page.goto(link)
        fill(page, figure.member)
        page.locator("form button").click()
        page.locator("h1").wait_for()
        page.goto("/console/people")
        page.locator(".people", has_text=figure.member).wait_for()
        shot(page, f"new-figure-people-{language}")
        page.goto("/console/log")
        assert page.locator("#log li").count() == 2  # the call and the text, and nothing of another line


def _get_number(browser: Browser, carrier: Simulator, figure: Figure) -> None:
    """Get the number on the phone's page."""
    with watched(browser, carrier.url) as seen:
        page = seen.page()
        page.goto("/")
        page.get_by_text("Another number").click()
        page.fill("#new-number", figure.number)
        page.locator("#get-number").click()
        page.get_by_text("is the carrier's now").wait_for()
        assert page.locator("#line").input_value() == figure.number


def _sign_in(context: BrowserContext, product: Product, language: str) -> None:
    house = House.open(product.settings)
    session = begun(house, f"Admin {language} {clock.now():%H%M%S%f}")
    house.store.write(lambda db: [operators.set_form(db, one.id, language, "UTC") for one in operators.everyone(db)])
    house.store.close()
    cookie = {"name": "third-ring-session", "value": session, "url": product.settings.public_url}
    context.add_cookies([cookie])  # type: ignore[list-item]


def _add_line(page: Page, figure: Figure, say: dict[str, str]) -> str:
    """Add the line, point its number here, invite its staff; returns the path of their one-time link."""
    page.goto("/console/lines")
    page.get_by_role("link", name=say["add line"]).click()
    assert_accessible(page)
    page.fill("#number", figure.number)
    page.locator(".line-form button").click()
    page.locator(".beside").wait_for()  # a name is missing, and the number is kept
    assert page.locator("#number").input_value() == figure.number
    page.fill("#name", figure.name)
    page.locator(".line-form button").click()
    page.wait_for_url("**/number?added")
    shot(page, f"new-figure-number-{page.locator('html').get_attribute('lang')}")
    assert_accessible(page)
    page.get_by_role("button", name=say["point it"]).click()
    page.get_by_text(say["pointed"]).wait_for()
    page.locator(".line-pages").get_by_role("link", name=say["operators"]).click()
    page.fill("#name", figure.staff)
    page.select_option("#role", "admin")
    page.get_by_role("button", name=say["invite"]).click()
    assert_accessible(page)
    return re.sub(r"^https?://[^/]*", "", page.locator("code.secret").inner_text())


def _begin(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/console/*")


def _record(page: Page, say: dict[str, str]) -> None:
    """Record a greeting in the browser, and make it live."""
    page.locator(".line-pages").get_by_role("link", name=say["greetings"]).click()
    page.locator("#record").click()
    page.get_by_text("0:02").wait_for()
    page.locator("#stop").click()
    page.wait_for_url(re.compile(r"/console/greetings/\d+$"))
    page.get_by_role("button", name=say["make live"]).click()
    page.get_by_text(say["now live"]).wait_for()


def _write(page: Page, base: str, say: dict[str, str]) -> None:
    """Write the reply in two languages."""
    for tongue, text in REPLIES.items():
        page.goto(f"{base}/replies?language={tongue}")
        page.fill("#reply-words", text)
        page.locator(".saving button").first.click()
        page.get_by_text(say["holds from now"]).wait_for()


def _ring_once(page: Page, base: str, say: dict[str, str]) -> None:
    page.goto(f"{base}/calls")
    page.select_option("#rings", "1")
    page.locator("#picture svg .bar-wanted").nth(1).wait_for(state="detached")  # the picture follows
    page.locator(".line-form button").click()
    page.get_by_text(say["holds from now"]).wait_for()
    assert_accessible(page)


def _call_and_text(browser: Browser, carrier: Simulator, figure: Figure, language: str) -> str:
    """Call until the greeting is heard, text, and get the answer in the new words; returns the link in it."""
    with watched(browser, carrier.url, locale=language) as seen:
        page = seen.page()
        page.goto("/")
        page.fill("#from", figure.caller)
        page.select_option("#line", figure.number)
        page.locator("#call").click()
        page.locator("#keypad button:enabled").first.wait_for(timeout=30_000)  # answered
        page.locator("#hang-up").click()
        page.fill("#body", figure.first_words)
        page.locator("#texting button").click()
        answer = page.locator("#messages .theirs", has_text=REPLIES[language].partition("{name}")[2][2:12])
        answer.wait_for()
        assert figure.name in answer.inner_text()
        return answer.locator("a").get_attribute("href") or ""
