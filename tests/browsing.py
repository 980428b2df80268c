"""A real browser for tests: the system's Chromium, asked to look at pages of a running product.

Every page is watched: a request to another host, an error of a script or of the content policy fails the test.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, ViewportSize

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--use-fake-device-for-media-stream",  # a microphone that beeps, and nobody to ask for it
    "--use-fake-ui-for-media-stream",
)
NARROW: ViewportSize = {"width": 320, "height": 640}
"""The narrowest phone, and a wide window at four times the size (WCAG 2.2, 1.4.10)."""
EXPECTED = ("Failed to load resource", "Password forms should have")


def chromium(playwright: Playwright) -> str | None:
    """Where a Chromium is: the system's, else Playwright's own, else None."""
    system = next((path for name in NAMES if (path := shutil.which(name))), None)
    own = playwright.chromium.executable_path
    return system or (own if Path(own).exists() else None)


@dataclass
class Watched:
    """A browser's context with what happened in it."""

    context: BrowserContext
    host: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def page(self) -> Page:
        """A new page, watched."""
        page = self.context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self.requests.append(request.url))
        return page

    def check(self) -> None:
        """Fail when a page asked another host, or a script or the content policy complained."""
        strangers = [url for url in self.requests if urlsplit(url).netloc != self.host]
        assert not strangers, strangers
        assert not self.errors, self.errors

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.errors.append(message.text)


@contextmanager
def watched(browser: Browser, base: str, **options: object) -> Iterator[Watched]:
    """A context of its own (cookies, language, size), checked at the end."""
    context = browser.new_context(base_url=base, **{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    seen = Watched(context, urlsplit(base).netloc)
    try:
        yield seen
        seen.check()
    finally:
        context.close()


class Desk(Protocol):
    """Opens a watched page of an operator who has signed in and reads `language`; of nobody with None."""

    def __call__(self, language: str | None = "en", **options: object) -> AbstractContextManager[Page]:
        """`options`: as `watched` has them."""


def assert_accessible(page: Page) -> None:
    """Fail when axe finds what a screen reader or a keyboard would stumble over, once the page has its colours."""
    page.wait_for_load_state()
    results = Axe().run(page)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


def assert_fits(page: Page) -> None:
    """Fail when a page is wider than its window, once it is laid out."""
    page.wait_for_load_state()
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window, f"{page.url}: {wide} pixels in {window}"


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
