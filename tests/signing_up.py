"""Signing up as people do: a text brings the link, a small phone opens it, and the form is filled in by keyboard."""

from playwright.sync_api import Page, ViewportSize
from running import NUMBER

from ivr.simulator import Simulator

SMALL: ViewportSize = {"width": 360, "height": 740}


def link_of(carrier: Simulator, number: str, body: str) -> str:
    """Texts the line from a phone; the path of the link in the answer."""
    (answer,) = carrier.text(number, NUMBER, body).messages
    return "/j/" + answer.body.partition("/j/")[2].split()[0]


def fill(page: Page, name: str) -> None:
    """Fill the form in, by keyboard alone."""
    page.locator("#name").focus()
    page.keyboard.type(name)
    for part, value in (("month", "12"), ("day", "10"), ("year", "1990")):
        page.locator(f"#{part}").focus()
        page.keyboard.type(value)
    page.locator("#email").focus()
    page.keyboard.type("ada@example.org")
    page.locator("#agree").focus()
    page.keyboard.press("Space")
