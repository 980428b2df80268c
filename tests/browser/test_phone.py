"""The phone in a real browser: calls that are heard on its audio clock, keys, texts both ways, by keyboard alone."""

import struct
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from math import cos, pi

import pytest
from browsing import NARROW, assert_accessible, assert_fits, shot, watched
from playwright.sync_api import Browser, Page
from running import NUMBER, Product, until

from ivr.ringing import cadence_of
from ivr.simulator import Simulator

Pair = tuple[Product, Simulator]
RINGBACK = """async ([cadence, seconds, stop]) => {
    const { ringback } = await import("/static/sounds.js");
    const context = new OfflineAudioContext(1, seconds * 8000, 8000);
    const end = ringback(context, context.destination, cadence, 0, seconds);
    if (stop) end(stop);
    const samples = (await context.startRendering()).getChannelData(0);
    const bytes = new Uint8Array(samples.buffer);
    let letters = "";
    for (const byte of bytes) letters += String.fromCharCode(byte);
    return btoa(letters);
}"""
KEY = """async (key) => {
    const { keyTone } = await import("/static/sounds.js");
    const context = new OfflineAudioContext(1, 8000 * 0.12, 8000);
    keyTone(context, context.destination, key, 0);
    return [...(await context.startRendering()).getChannelData(0)];
}"""
BAND = """async (frequency) => {
    const { band } = await import("/static/sounds.js");
    const context = new OfflineAudioContext(1, 48000, 48000);
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(band(context, context.destination));
    tone.start();
    const samples = (await context.startRendering()).getChannelData(0).slice(24000);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}"""


@contextmanager
def phone(browser: Browser, carrier: Simulator, number: str, **options: object) -> Iterator[Page]:
    """The phone's page of somebody, watched."""
    with watched(browser, carrier.url, permissions=["microphone"], **options) as seen:
        page = seen.page()
        page.goto("/")
        page.fill("#from", number)
        yield page


def rendered(page: Page, country: str, seconds: float, stop: float = 0) -> tuple[float, ...]:
    """The ringing of a country as an offline context plays it, 8000 samples a second."""
    cadence = cadence_of(country)
    tone = cadence.tone
    told = {
        "pattern_ms": list(cadence.pattern_ms),
        "tone": {
            "frequencies_hz": list(tone.frequencies_hz),
            "modulated_by_hz": tone.modulated_by_hz,
            "depth": tone.depth,
        },
    }
    content = b64decode(page.evaluate(RINGBACK, [told, seconds, stop]))
    return struct.unpack(f"<{len(content) // 4}f", content)


def loud(samples: tuple[float, ...]) -> list[tuple[float, float]]:
    """From when to when something is heard, to 10 ms."""
    step = 80
    frames = [max(map(abs, samples[at : at + step]), default=0) > 0.005 for at in range(0, len(samples), step)]
    edges = [at for at in range(len(frames) + 1) if (at and frames[at - 1]) != (at < len(frames) and frames[at])]
    return [(begin / 100, end / 100) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def power(samples: tuple[float, ...] | list[float], frequency: float) -> float:
    """How much of a frequency there is (Goertzel)."""
    turn, before, last = 2 * cos(2 * pi * frequency / 8000), 0.0, 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    return (before * before + last * last - turn * before * last) / len(samples) ** 2


@pytest.mark.parametrize("country", ["US", "GB", "FR", "SA", "JP"])
def test_it_rings_as_in_the_country_and_falls_silent_on_the_instant(browser: Browser, pair: Pair, country: str) -> None:
    with phone(browser, pair[1], "+12025550143") as page:
        cadence = cadence_of(country)
        third = cadence.ring(3)[1]
        heard = loud(rendered(page, country, third + 1))
        assert sum(end - begin for begin, end in heard) == pytest.approx(
            3 * sum(cadence.pattern_ms[::2]) / 1000, abs=0.2
        )
        assert heard[-1][1] == pytest.approx(third, abs=0.02)
        tones = rendered(page, country, cadence.pattern_ms[0] / 1000)
        wanted = min(power(tones, frequency) for frequency in cadence.tone.frequencies_hz)
        assert wanted > 50 * power(tones, 1000)
        cut = loud(rendered(page, country, cadence.pattern_ms[0] / 1000, stop=0.2))
        assert cut[-1][1] == pytest.approx(0.2, abs=0.02)


def test_keys_sound_as_keys_and_voices_pass_a_telephones_band(browser: Browser, pair: Pair) -> None:
    with phone(browser, pair[1], "+12025550143") as page:
        for key, low, high in (("1", 697, 1209), ("5", 770, 1336), ("#", 941, 1477), ("0", 941, 1336)):
            samples = page.evaluate(KEY, key)
            others = [power(samples, one) for one in (697, 770, 852, 941, 1209, 1336, 1477) if one not in (low, high)]
            assert min(power(samples, low), power(samples, high)) > 10 * max(others), key
        level = {frequency: page.evaluate(BAND, frequency) for frequency in (60, 300, 1000, 3400, 6000)}
        assert level[300] / level[1000] == pytest.approx(0.707, abs=0.03)
        assert level[3400] / level[1000] == pytest.approx(0.707, abs=0.03)
        assert level[60] < 0.05 * level[1000]
        assert level[6000] < 0.15 * level[1000]


def test_a_call_rings_three_times_is_answered_on_its_instant_and_takes_key_1(browser: Browser, pair: Pair) -> None:
    with phone(browser, pair[1], "+447400123457") as page:
        page.locator("#call").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Ring 1", exact=True).first.wait_for()
        shot(page, "phone-ringing")
        page.locator("#keypad button:enabled").first.wait_for(timeout=40_000)
        pickup, planned, rings = page.evaluate(
            "[phoneCall.pickup - phoneCall.start, phoneCall.planned - phoneCall.start, phoneCall.rings]"
        )
        assert rings == 3
        assert pickup == planned  # an instant of the audio clock, known in advance
        assert planned == pytest.approx(15, abs=1)  # the webhook's own time comes on top
        until(lambda: page.locator("#level").evaluate("meter => meter.value") > -50)
        shot(page, "phone-answered")
        page.keyboard.press("1")
        page.locator("#messages .theirs a").wait_for()
        page.get_by_text("Ended: completed").wait_for(timeout=20_000)
        assert page.locator("#call").is_enabled()
        page.locator("#exchanges summary", has_text="/webhooks/voice ·").click()
        opened = page.locator("#exchanges details[open]")
        assert '<Pause length="15"/>' in opened.inner_text()
        assert "/console/contacts/CA" in (opened.locator("a").get_attribute("href") or "")
        shot(page, "phone-exchange")


def test_texts_go_both_ways_in_arabic_and_stop_is_obeyed_by_keyboard(browser: Browser, pair: Pair) -> None:
    with phone(browser, pair[1], "+201001234999", locale="ar-EG") as page:
        page.locator("#body").focus()
        page.keyboard.type("مرحباً")
        page.get_by_text("1 message segment").wait_for()
        page.keyboard.press("Enter")
        page.locator("#messages .theirs", has_text="arrived").wait_for()
        assert page.locator("#messages .theirs p").evaluate("text => getComputedStyle(text).direction") == "rtl"
        assert (
            page.locator("#messages .theirs a")
            .get_attribute("href")
            .startswith(  # type: ignore[union-attr]
                pair[0].settings.public_url
            )
        )
        page.keyboard.type("STOP")
        page.keyboard.press("Enter")
        page.locator("#messages .mine", has_text="STOP").wait_for()
        page.keyboard.type("hello again")
        page.keyboard.press("Enter")
        page.locator("#messages .mine", has_text="hello again").wait_for()
        assert page.locator("#messages .theirs").count() == 1
        page.check("#picture")
        page.locator("#texting button").click()
        page.locator("#messages .mine img").wait_for()


@pytest.mark.drill
def test_three_tabs_are_three_phones(browser: Browser, pair: Pair) -> None:
    people = ["+12025551701", "+12025551702", "+12025551703"]
    with watched(browser, pair[1].url) as seen:
        pages = [seen.page() for _ in people]
        for page, number in zip(pages, people, strict=True):
            page.goto("/")
            page.fill("#from", number)
            page.fill("#body", f"I am {number}")
            page.locator("#texting button").click()
        for page, number in zip(pages, people, strict=True):
            page.locator("#messages .theirs", has_text="arrived").wait_for()
            assert page.locator("#messages .mine").all_inner_texts()[0].startswith(f"I am {number}")
            page.reload()
            assert page.locator("#from").input_value() == number


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_phone_is_accessible_small_and_fits_a_narrow_one(browser: Browser, pair: Pair, scheme: str) -> None:
    with watched(browser, pair[1].url, color_scheme=scheme) as seen:
        page = seen.page()
        sizes = []
        page.on("response", lambda answer: sizes.append(len(answer.body())))
        page.goto("/")
        page.wait_for_load_state("networkidle")
        assert sum(sizes) < 100_000
        assert_accessible(page)
        shot(page, f"phone-{scheme}")
        page.set_viewport_size(NARROW)
        assert_fits(page)
        shot(page, f"phone-{scheme}-narrow")


def test_a_number_that_is_none_is_said_beside_the_button(browser: Browser, pair: Pair) -> None:
    with phone(browser, pair[1], "12") as page:
        page.locator("#call").click()
        page.get_by_text("from must be a number such as").wait_for()
        assert page.locator("#call").is_enabled()
        assert NUMBER in page.locator("#line").input_value()
