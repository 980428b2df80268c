"""The browser that the tests of this folder share, and an installation that has had a morning."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browsing import ARGUMENTS, Desk, chromium, watched
from inside import person_of, the_line
from operating import PASSWORD, VISIT
from playwright.sync_api import Browser, Page, sync_playwright
from running import NUMBER, Product, running_with_carrier, until

from ivr import clock, operators, searching, signup
from ivr.house import House
from ivr.operators import BEGIN, COMMAND_LINE
from ivr.roles import Role
from ivr.signup import From
from ivr.simulator import Simulator
from ivr.simulator.phones.pictures import OWN
from ivr.store.members import Details
from ivr.store.operators import Grant

HOSTILE = '<script>window.hacked=1</script>"><img src=x onerror="window.hacked=1">{{7*7}}'
CALLER = "+17735550182"
ADMIN = [Grant(None, Role.ADMIN)]
NO_BROWSER = "No Chromium was found, so the tests in a browser were left out. On Debian: apt install chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window. Where there is none the tests are left out, loudly; in CI they fail."""
    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None and os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        if path is None:
            pytest.skip(NO_BROWSER)
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Simulator]]:
    """A running product and its carrier, after forty calls and texts.

    English, Arabic, hostile, one long word, with a picture, with a voice message, with an answer that failed.
    """
    folder = tmp_path_factory.mktemp("morning")
    with running_with_carrier(folder, {"takes_messages": True}) as (product, carrier):
        for number in range(30):
            carrier.text(f"+1312555{1200 + number}", NUMBER, f"Good morning! How do I join? ({number})")
        carrier.text(CALLER, NUMBER, "What is the plan for our school?")
        carrier.text("+201001234567", NUMBER, "مرحباً، كيف أنضم إلى الحملة؟")
        carrier.text("+13125551300", NUMBER, HOSTILE)
        carrier.text("+13125551301", NUMBER, "Rechtsschutzversicherungsgesellschaften" * 10)
        carrier.text("+13125551302", NUMBER, "Our street this morning", media=[OWN])
        carrier.text("+12025550007", NUMBER, "This answer will not arrive")
        carrier.dial("+13125551303", NUMBER, keys="1")
        carrier.dial("+13125551304", NUMBER, hang_up_after=4.0)
        carrier.dial(CALLER, NUMBER, keys="2")
        carrier.dial("+442079460123", NUMBER)
        _join(product)
        product.webhook("/webhooks/sms", {"Body": "forged"}, signature="forged")
        until(lambda: _heard(product) == 1)
        yield product, carrier


def _join(product: Product) -> None:
    """Three of them sign up: one with an ordinary name, one with a long one, one with a hostile one."""
    house, now = House.open(product.settings), clock.now()
    line = the_line(house.store)
    for number, name in (
        (CALLER, "آدا لوفلايس"),
        ("+13125551301", "Rechtsschutz" * 8),
        ("+13125551300", HOSTILE[:100]),
    ):
        told = Details(name, "female", "1990-12-10", "Chicago", "ada@example.org")
        assert signup.join(house, person_of(house.store, number), line, told, From("192.0.2.7", "Firefox", "en"), now)
    house.store.close()


@pytest.fixture
def link(morning: tuple[Product, Simulator]) -> str:
    """The path of an operator's one-time link: an admin's, named after the moment."""
    product, _ = morning
    name = f"Sara {clock.now():%H%M%S%f}"
    token = operators.invite(product.store, name, ADMIN, "en", COMMAND_LINE, clock.now())
    return BEGIN + token


@pytest.fixture(scope="session")
def sessions(morning: tuple[Product, Simulator]) -> dict[str, str]:
    """The session of a signed-in admin, by the language they read."""
    house = House.open(morning[0].settings)
    made = {}
    for language in ("en", "ar"):
        token = operators.invite(house.store, f"Noor {language}", ADMIN, language, COMMAND_LINE, clock.now())
        made[language] = operators.begin(house, token, PASSWORD, (language, "UTC"), VISIT, clock.now()).token
    house.store.close()
    return made


@pytest.fixture
def desk(browser: Browser, morning: tuple[Product, Simulator], sessions: dict[str, str]) -> Desk:
    """Opens pages of the console: `with desk("ar", viewport=NARROW) as page:`."""
    base = morning[0].settings.public_url

    @contextmanager
    def opened(language: str | None = "en", **options: object) -> Iterator[Page]:
        with watched(browser, base, **{"locale": language or "en", **options}) as seen:
            if language:
                cookie = {"name": "third-ring-session", "value": sessions[language], "url": base}
                seen.context.add_cookies([cookie])  # type: ignore[list-item]
            yield seen.page()

    return opened


def _heard(product: Product) -> int:
    """How many voice messages have been fetched, once everything is in the search index."""
    house = House.open(product.settings)
    if searching.feed(house, clock.now()):
        return 0
    found = product.store.read(
        lambda db: db.execute("SELECT count(*) FROM voice_messages WHERE status = 'kept'").fetchone()
    )
    return int(found[0])
