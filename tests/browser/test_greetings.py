"""A greeting in a real browser: uploaded, recorded with a microphone, heard, made live, played to the next caller."""

import pytest
from browsing import NARROW, Desk, assert_accessible, assert_fits, shot
from playwright.sync_api import FilePayload, Page
from running import NUMBER, Product

from audio.library import SHIPPED
from ivr.simulator import Simulator

SOUND = SHIPPED / "en" / "goodbye.wav"
LENGTH = """sound => new Promise(done => sound.readyState ? done(sound.duration)
    : (sound.onloadedmetadata = () => done(sound.duration), sound.load()))"""

PLAYLIST: FilePayload = {"name": "song.mp3", "mimeType": "audio/mpeg", "buffer": b"#EXTM3U\n/etc/passwd"}
WATCH_LEVELS = """() => {
    window.levels = [];
    const note = () => levels.push(document.querySelector("#level").value);
    new MutationObserver(note).observe(document.querySelector("#recorder-state"), { childList: true });
}"""


def upload(page: Page, notes: str = "") -> None:
    """Upload a recording, to its page."""
    page.goto("/console/greetings")
    page.fill("#notes", notes)
    page.set_input_files("#recording", SOUND)
    page.locator("#new-greeting button").click()
    page.wait_for_url("**/console/greetings/*")


def test_an_uploaded_greeting_is_heard_made_live_and_played_to_the_next_caller(
    desk: Desk, morning: tuple[Product, Simulator]
) -> None:
    _, carrier = morning
    with desk() as page:
        upload(page, "for the autumn")
        for sound in page.locator("main audio").all():
            assert sound.evaluate(LENGTH) == pytest.approx(2.9, abs=0.5)
        shot(page, "greeting")
        page.get_by_role("button", name="Make it live").click()
        page.get_by_text("the next call hears it").wait_for()
        shot(page, "greeting-live")
        heard = [one.text for one in carrier.dial("+13125551388", NUMBER)]
        digest = page.locator("audio").first.evaluate("sound => fetch(sound.src).then(answer => answer.status)")
        assert digest == 200
        assert not any("(19.4 s)" in text for text in heard), heard
        page.get_by_role("button", name="Go back to: The one that comes with Third Ring").click()
        page.get_by_text("live again").wait_for()
        heard = [one.text for one in carrier.dial("+13125551388", NUMBER)]
        assert any("(19.4 s)" in text for text in heard), heard


def test_a_greeting_is_recorded_in_the_browser_with_a_level_meter(desk: Desk) -> None:
    with desk() as page:
        page.goto("/console/greetings")
        page.evaluate(WATCH_LEVELS)
        page.locator("#record").click()
        page.get_by_text("0:03").wait_for()
        shot(page, "greeting-recording")
        assert max(page.evaluate("levels")) > -60
        page.keyboard.press("Enter")  # the focus is on "Stop"
        page.wait_for_url("**/console/greetings/*")
        assert page.locator("main audio").first.evaluate(LENGTH) > 0.5
        assert "from the console" in page.locator("main").inner_text()


def test_what_is_no_recording_is_said_beside_the_form(desk: Desk) -> None:
    with desk("ar") as page:
        page.goto("/console/greetings")
        page.set_input_files("#recording", PLAYLIST)
        page.locator("#new-greeting button").click()
        page.get_by_text("هذا ليس ملفاً صوتياً").wait_for()
        assert page.url.endswith("/console/greetings")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_the_page_of_a_greeting_is_accessible_and_fits_a_phone(desk: Desk, language: str, scheme: str) -> None:
    with desk(language, color_scheme=scheme) as page:
        upload(page)
        shot(page, f"greeting-{language}-{scheme}")
        assert_accessible(page)
        page.set_viewport_size(NARROW)
        assert_fits(page)
        shot(page, f"greeting-{language}-{scheme}-phone")
