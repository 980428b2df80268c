"""Today in a browser: the figures renew themselves, and what is open stays open; without JavaScript it is all there."""

from browsing import Desk
from playwright.sync_api import Page, expect
from running import NUMBER, Product

from ivr.simulator import Simulator

FIGURE = ".cards li:nth-child(2) strong"
"""How many texts came."""


def texts(page: Page) -> int:
    """How many texts the page tells of."""
    return int(page.locator(FIGURE).inner_text())


def test_the_figures_renew_without_loading_the_page_again(desk: Desk, morning: tuple[Product, Simulator]) -> None:
    _, carrier = morning
    with desk() as page:
        page.goto("/console/today")
        expect(page.locator(FIGURE)).not_to_have_text("0", timeout=20_000)
        page.evaluate("window.here = true")
        page.locator("#as-table summary").click()
        page.locator("h1").click()
        page.evaluate("document.activeElement.blur()")
        before = texts(page)
        carrier.text("+13125551398", NUMBER, "One more while you looked")
        expect(page.locator(FIGURE)).not_to_have_text(str(before), timeout=20_000)
        assert page.evaluate("window.here")
        assert page.locator("#as-table").get_attribute("open") is not None


def test_a_column_leads_to_its_rows(desk: Desk) -> None:
    with desk() as page:
        page.goto("/console/today")
        expect(page.locator(FIGURE)).not_to_have_text("0", timeout=20_000)
        page.locator("svg.contacts a:has(rect.of-texts)").last.click()
        page.wait_for_url("**/console/log?**")
        assert page.locator("#log li").count() > 0


def test_it_is_all_there_without_javascript(desk: Desk) -> None:
    with desk("en", java_script_enabled=False) as page:
        page.goto("/console/today")
        assert texts(page) > 5
        page.locator("#day").fill("2026-01-01")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**day=2026-01-01**")
        assert "1 January 2026" in page.locator("h1").inner_text()
        assert texts(page) == 0
