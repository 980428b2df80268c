"""Every page of the console: accessible, and no wider than a phone; in both directions, by day and by night."""

import re

import pytest
from browsing import NARROW, Desk, assert_accessible, assert_fits, shot

DESKTOP = {"width": 1280, "height": 900}
LOOKS = [("en", "light"), ("ar", "dark")]
"""Directions and colours do not depend on each other: two looks have all of both."""
PAGES = (
    *("today", "today?by=minutes", "today?by=days&day=2026-11-03", "today/people", "today/opt-outs"),
    *("log", "log?kind=call&country=QA", "failures", "failures/30007", "greetings"),
    *(
        "people",
        "people?state=invited&age_from=18",
        "people?q=3125",
        "people?q=!",
        "people/1/+17735550182/erase",
        "waiting",
        "waiting?wrote=no&going=2&staying=1",
        "people/1/+17735550182",
        "people/1/+13125551301",
        "lines/1/joining",
    ),
    *("lines/1/joining", "lines/1/calibrate", "lines/1/calibrate?was=3&heard=3.5"),
    *("lines", "lines/new", "lines/1", "lines/1/card", "lines/1/calls", "lines/1/texts", "lines/1/sign-up"),
    *("lines/1/keeping", "lines/1/number", "lines/1/operators", "lines/1/history", "lines/1/replies?language=ar"),
    *("audit", "operators", "account", "nothing"),
)
CONTACTS = {"long": "Rechtsschutz", "hostile": "hacked", "voice": "0182", "picture": "street", "failed": "arrive"}


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_page_is_accessible_and_fits_a_phone(desk: Desk, language: str, scheme: str) -> None:
    with desk(language, color_scheme=scheme) as page:
        for path in PAGES:
            name = f"{re.sub(r'[/?=&]', '-', path)}-{language}-{scheme}"
            page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
            page.goto(f"/console/{path}")
            assert page.locator("html").get_attribute("lang") == language
            shot(page, name)
            assert_accessible(page)
            page.set_viewport_size(NARROW)
            assert_fits(page)
            shot(page, f"{name}-phone")


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_contact_is_accessible_and_fits_a_phone(desk: Desk, language: str, scheme: str) -> None:
    with desk(language, color_scheme=scheme, viewport=NARROW) as page:
        for name, word in CONTACTS.items():
            page.goto(f"/console/log?q={word}")
            assert_fits(page)
            page.locator("#log a.open").first.click()
            page.wait_for_url("**/console/contacts/*")
            shot(page, f"contact-{name}-{language}-{scheme}-phone")
            assert_accessible(page)
            assert_fits(page)


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_the_ways_in_are_accessible_and_fit_a_phone(desk: Desk, link: str, language: str, scheme: str) -> None:
    with desk(None, locale=language, color_scheme=scheme, viewport=NARROW) as page:
        for path in ("/console/sign-in", link, link[:-3]):
            page.goto(path)
            assert page.locator("html").get_attribute("lang") == language
            assert_accessible(page)
            assert_fits(page)
