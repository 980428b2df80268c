"""The crowd's page in Chromium: a crowd comes, is watched, stopped and proved; the carrier misbehaves and behaves."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import Event

import pytest
from browsing import NARROW, Watched, assert_accessible, assert_fits, shot, watched
from playwright.sync_api import APIResponse, Browser, Page, Route, expect
from running import NUMBER, Product, running_with_carrier

from ivr.cli.proving import log_of
from ivr.simulator import Simulator
from ivr.simulator.crowd.crowds import Crowds, InLog
from ivr.simulator.crowd.proof import Kept
from ivr.simulator.crowd_page import CROWDS


@pytest.fixture(scope="module")
def carrier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Simulator]]:
    """A product with a carrier that can look into its log, as `ivr demo` has it."""
    with running_with_carrier(tmp_path_factory.mktemp("crowd")) as running:
        yield running


@pytest.fixture(autouse=True)
def crowds(carrier: tuple[Product, Simulator]) -> Iterator[None]:
    """No crowd is left of the test before, and none is left behind."""
    product, simulator = carrier
    put_in(simulator, log_of(product.settings))
    yield
    simulator.crowds.stop()
    assert simulator.crowds.wait(30)


def put_in(simulator: Simulator, in_log: InLog) -> None:
    """Let the crowds of now be proved by what `in_log` finds."""
    simulator.crowds = simulator.app.extensions[CROWDS] = Crowds(simulator._network.switchboard.messages, in_log)


def opened(seen: Watched) -> Page:
    page = seen.page()
    page.goto("/crowd")
    return page


def start(page: Page, **wanted: str) -> None:
    """Fill in what is wanted and start, by keyboard."""
    for name, value in wanted.items():
        page.focus(f"#{name}")
        page.keyboard.press("Control+A")
        page.keyboard.type(value)
    page.keyboard.press("Enter")


def test_a_crowd_comes_is_seen_and_is_proved(browser: Browser, carrier: tuple[Product, Simulator]) -> None:
    with watched(browser, carrier[1].url) as seen:
        page = opened(seen)
        start(page, seed="7", texts="150", calls="20", over="3")
        expect(page.locator("#state")).to_have_text("They come.")
        expect(page.locator("#start")).to_be_disabled()
        assert page.evaluate("document.activeElement.id") == "stop"
        expect(page.locator("#bars rect").nth(1)).to_be_visible(timeout=15_000)
        expect(page.locator("#verdict")).to_contain_text("Proved: every contact", timeout=30_000)
        assert page.locator("#sum-came").inner_text() == page.locator("#sum-answered").inner_text() == "170"
        figures = page.locator("#figures tr").all_inner_texts()
        assert [row.split("\t")[1:] for row in figures] == [
            ["170", "170", "yes"],
            ["0", "0", "yes"],
            ["170", "170", "yes"],
            ["0", "0", "yes"],
            ["0", "0", "yes"],
            ["0", "0", "yes"],
        ]
        assert page.locator("#errors li").count() == 0
        assert "answers arrived" in page.locator("#remarks").inner_text()
        assert "at most" in (page.locator("#picture").get_attribute("aria-label") or "")
        assert page.evaluate("document.activeElement.id") == "start"
        shot(page, "crowd")
        assert_accessible(page)


def test_the_focus_goes_back_to_start_after_the_log_was_looked_at_for_a_while(
    browser: Browser, carrier: tuple[Product, Simulator]
) -> None:
    product, simulator = carrier
    seen_proving = Event()

    def look(sids: Sequence[str], since: datetime) -> Kept:
        seen_proving.wait(20)
        return log_of(product.settings)(sids, since)

    put_in(simulator, look)
    with watched(browser, simulator.url) as seen:
        page = opened(seen)
        start(page, texts="20", calls="0", over="1")
        expect(page.locator("#state")).to_have_text("They came. The log is looked at.", timeout=30_000)
        seen_proving.set()
        expect(page.locator("#verdict")).to_contain_text("Proved", timeout=30_000)
        assert page.evaluate("document.activeElement.id") == "start"


def test_a_contact_that_is_lost_afterwards_is_missed_by_the_page(
    browser: Browser, carrier: tuple[Product, Simulator]
) -> None:
    product, simulator = carrier
    put_in(simulator, lambda sids, since: log_of(product.settings)([*sids[1:]], since))
    with watched(browser, simulator.url) as seen:
        page = opened(seen)
        start(page, texts="20", calls="0", over="1")
        expect(page.locator("#verdict")).to_contain_text(
            "Not proved. These differ: in the log, of those that were sent.", timeout=30_000
        )
        assert "no" in page.locator("#figures tr").nth(2).inner_text()


def test_a_crowd_can_be_stopped_and_what_came_is_proved(browser: Browser, carrier: tuple[Product, Simulator]) -> None:
    with watched(browser, carrier[1].url) as seen:
        page = opened(seen)
        start(page, texts="2000", calls="0", over="600")
        expect(page.locator("#rows tr").nth(1)).to_be_attached(timeout=15_000)
        page.focus("#stop")
        page.keyboard.press("Enter")
        expect(page.locator("#verdict")).to_contain_text("roved", timeout=30_000)
        expect(page.locator("#stop")).to_be_disabled()
        assert int(page.locator("#sum-came").inner_text().replace(",", "")) < 2_000


@pytest.mark.drill
def test_a_second_crowd_is_asked_for_once_and_the_verdict_on_the_first_goes(
    browser: Browser, carrier: tuple[Product, Simulator]
) -> None:
    with watched(browser, carrier[1].url) as seen:
        page = opened(seen)
        start(page, texts="20", calls="0", over="1")
        expect(page.locator("#verdict")).to_contain_text("Proved", timeout=30_000)
        asked: list[Route] = []
        page.route("**/simulator/crowd/start", lambda route: asked.append(route))
        with page.expect_request("**/simulator/crowd/start"):
            start(page, texts="2000", over="600")
        page.keyboard.press("Enter")
        expect(page.locator("#verdict")).to_contain_text("Proved")
        asked[0].continue_()
        expect(page.locator("#verdict")).to_have_text("There is none before it is over.")
        expect(page.locator("#state")).to_have_text("They come.")
        page.keyboard.press("Enter")
        expect(page.locator("#verdict")).to_contain_text("roved", timeout=30_000)
        assert len(asked) == 1


@pytest.mark.drill
def test_an_answer_about_the_crowd_before_comes_too_late_to_be_shown(
    browser: Browser, carrier: tuple[Product, Simulator]
) -> None:
    with watched(browser, carrier[1].url) as seen:
        page = opened(seen)
        start(page, texts="20", calls="0", over="1")
        expect(page.locator("#verdict")).to_contain_text("Proved", timeout=30_000)
        late: list[tuple[Route, APIResponse]] = []
        page.route("**/simulator/crowd?since=0", lambda route: late.append((route, route.fetch())), times=1)
        with page.expect_request("**/simulator/crowd?since=0"):
            page.reload()
        start(page, texts="30", calls="0", over="1")
        expect(page.locator("#state")).to_have_text("They come.")
        route, answer = late[0]
        route.fulfill(response=answer)
        expect(page.locator("#verdict")).to_contain_text("Proved", timeout=30_000)
        assert page.locator("#sum-came").inner_text() == "30"


def test_what_cannot_be_is_said(browser: Browser, carrier: tuple[Product, Simulator]) -> None:
    with watched(browser, carrier[1].url) as seen:
        page = opened(seen)
        for name in ("US", "GB", "EG"):
            page.locator(f"[name=country][value={name}]").uncheck()
        start(page, texts="20", calls="0", over="1")
        expect(page.locator("#state")).to_contain_text("Nobody lives in no country here")


def test_the_carrier_is_made_to_misbehave_by_keyboard_and_to_behave_again(
    browser: Browser, carrier: tuple[Product, Simulator]
) -> None:
    _, simulator = carrier
    ill = simulator._network.misbehaviour
    with watched(browser, simulator.url) as seen:
        page = opened(seen)
        page.focus("[name=fault][value=twice]")
        page.keyboard.press("Space")
        expect(page.locator("#misbehaves")).to_contain_text("every webhook comes twice")
        page.focus("[name=fault][value=shuffle]")
        page.keyboard.press("Space")
        expect(page.locator("#misbehaves")).to_contain_text("any order")
        page.locator("[name=sending][value=taken]").check()
        expect(page.locator("#misbehaves")).to_contain_text("says it failed")
        assert (ill.webhooks.duplicates, ill.callbacks.shuffle, ill.callbacks.drop) == (1, True, 0.0)
        assert_accessible(page)
        page.reload()
        expect(page.locator("[name=fault][value=twice]")).to_be_checked()
        start(page, texts="60", calls="10", over="1")
        expect(page.locator("#verdict")).to_contain_text("Proved: every contact", timeout=30_000)
        page.focus("#behave")
        page.keyboard.press("Enter")
        expect(page.locator("#misbehaves")).to_have_text("The carrier behaves.")
        expect(page.locator("[name=fault]:checked")).to_have_count(0)
        assert (ill.webhooks.duplicates, ill.callbacks.shuffle) == (0, False)
        assert ill.next_act("messages.create") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_narrowest_phone_in_the_dark_too(
    browser: Browser, carrier: tuple[Product, Simulator], scheme: str
) -> None:
    with watched(browser, carrier[1].url, viewport=NARROW, color_scheme=scheme) as seen:
        page = opened(seen)
        assert page.locator(f"#line option[value='{NUMBER}']").count() == 1
        assert_fits(page)
        assert_accessible(page)
        shot(page, f"crowd-{scheme}")
