"""The watch that every test in a browser keeps: what it must not overlook."""

from contextlib import AbstractContextManager

import pytest
from browsing import Desk, Watched, assert_accessible, assert_fits, watched
from playwright.sync_api import Browser, Page
from running import Product

from ivr.simulator import Simulator


def test_a_script_that_the_policy_stops_is_noticed(browser: Browser, morning: tuple[Product, Simulator]) -> None:
    with pytest.raises(AssertionError, match="Content Security Policy"), _home(browser, morning) as seen:
        page = seen.page()
        page.goto("/")
        with page.expect_event("console"):
            _add(page, "<img src='/icon.svg' onerror='window.hacked = 1'>")


def test_a_request_to_another_host_is_noticed(browser: Browser, morning: tuple[Product, Simulator]) -> None:
    with pytest.raises(AssertionError, match="http://localhost:9/"), _home(browser, morning) as seen:
        page = seen.page()
        page.goto("/")
        with page.expect_event("requestfailed"):
            page.evaluate("location = 'http://localhost:9/'")


def test_a_mistake_of_a_script_is_noticed(desk: Desk) -> None:
    with pytest.raises(AssertionError, match="a mistake"), desk() as page:
        page.goto("/console/log")
        with page.expect_event("pageerror"):
            page.evaluate("setTimeout(() => { throw new Error('a mistake') })")


@pytest.mark.parametrize(
    "wrong", ["<img src='/static/icon.svg'>", "<p><font color='#bbb'>pale</font></p>", "<input name='nameless'>"]
)
def test_what_a_screen_reader_stumbles_over_is_noticed(desk: Desk, wrong: str) -> None:
    with desk() as page:
        page.goto("/console/account")
        _add(page, wrong)
        with pytest.raises(AssertionError):
            assert_accessible(page)


def test_a_page_that_is_too_wide_is_noticed(desk: Desk) -> None:
    with desk() as page:
        page.goto("/console/account")
        _add(page, f"<pre>{'wide ' * 400}</pre>")
        with pytest.raises(AssertionError, match="pixels in 1280"):
            assert_fits(page)


def _home(browser: Browser, morning: tuple[Product, Simulator]) -> AbstractContextManager[Watched]:
    return watched(browser, morning[0].settings.public_url)


def _add(page: Page, content: str) -> None:
    page.evaluate("content => document.querySelector('main').insertAdjacentHTML('beforeend', content)", content)
