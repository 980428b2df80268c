"""One contact's page: what happened, our answer, the person's story; pictures and voice messages, for who may see."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from inside import received, the_line
from operating import Browser, begun, browser
from running import ACCOUNT, NUMBER, PHONE, TOKEN, environment, set_up

from ivr import clock, create_app, voice_messages
from ivr.carrier.inbound import Attachment, IncomingText
from ivr.house import House
from ivr.roles import Role
from ivr.simulator import Account, Simulator, serve
from ivr.simulator.phones.pictures import png
from ivr.simulator.switchboard import Picture
from ivr.store import Connection, calls, lines, messages, queue
from ivr.store.calls import Call, VoiceMessage
from ivr.store.files import keep_file
from ivr.store.lines import Line

CALL, TEXT, RECORDING, KEPT = "CA" + "1" * 32, "MM" + "2" * 32, "RE" + "3" * 32, "ME" + "4" * 32
SOUND = b"RIFF" + bytes(2000)


@pytest.fixture
def carrier() -> Iterator[Simulator]:
    """A carrier that keeps one picture."""
    simulator = Simulator(Account(ACCOUNT, TOKEN), [NUMBER], seed=1)
    simulator._network.switchboard.pictures.put(Picture(KEPT, TEXT, "image/png", png()))
    with serve(simulator):
        yield simulator


@pytest.fixture
def app(tmp_path: Path, carrier: Simulator) -> Iterator[Flask]:
    """The application of an installation with this carrier."""
    made = create_app(set_up(environment(tmp_path, TWILIO_API_URL=carrier.url)))
    yield made
    made.extensions["house"].store.close()


@pytest.fixture
def viewer(app: Flask, house: House) -> Browser:
    """The browser of a viewer of the line."""
    return browser(app, begun(house, "Vera", Role.VIEWER, the_line(house.store).id))


@pytest.fixture
def stranger(app: Flask, house: House) -> Browser:
    """The browser of a viewer of another line."""
    house.store.write(lambda db: lines.add(db, Line("+442071838750", "Other", country="GB"), "x"))
    other = house.store.read(lambda db: lines.find(db, "+442071838750"))
    assert other
    return browser(app, begun(house, "Otto", Role.VIEWER, other.id))


def picture_url(house: House, sid: str = KEPT) -> str:
    """Where the carrier keeps a picture."""
    return f"{house.settings.api_url}/2010-04-01/Accounts/{ACCOUNT}/Messages/{TEXT}/Media/{sid}"


def texted(house: House, at: datetime, sid: str = TEXT, body: str = "look <b>here</b>", *urls: str) -> None:
    """Somebody texts, with pictures."""
    attached = tuple(Attachment(url, "image/png") for url in urls)
    received(house, IncomingText(sid, PHONE, NUMBER, body, attachments=attached), at)


def called(house: House, at: datetime) -> None:
    """Somebody calls, hears the greeting until they press 2, and leaves a message."""

    def later(seconds: int) -> str:
        return clock.written(at + timedelta(seconds=seconds))

    call = Call(the_line(house.store).id, CALL, PHONE, later(0), "ringing", "greeting", pause=9, greeting_seconds=12.0)
    house.store.write(lambda db: calls.receive(db, [call]))
    house.store.write(lambda db: calls.press(db, CALL, later(13), 1, "2"))
    house.store.write(lambda db: calls.end(db, CALL, "completed", 21, later(30)))
    house.store.write(
        lambda db: calls.add_voice_message(db, VoiceMessage(RECORDING, CALL, later(29), 4, "u", "waiting"))
    )


def kept(house: House) -> None:
    """The message was fetched."""
    keep_file(voice_messages.path_of(house, RECORDING), SOUND)
    house.store.write(lambda db: calls.settle_voice_message(db, RECORDING, "kept", None, len(SOUND)))


def test_a_call_is_drawn_with_its_keys_and_its_message(house: House, viewer: Browser, now: datetime) -> None:
    called(house, now)
    assert "<audio" not in viewer.get(f"/console/contacts/{CALL}").text
    kept(house)
    page = viewer.get(f"/console/contacts/{CALL}")
    assert page.status_code == 200
    for part in ("<svg", 'role="img"', "bar-rang", "bar-heard", "bar-message", "<kbd>2</kbd>", f"{RECORDING}.wav"):
        assert part in page.text, part
    assert "style=" not in page.text


def test_a_text_is_shown_as_it_is_with_our_answer_and_its_picture(house: House, viewer: Browser, now: datetime) -> None:
    texted(house, now, TEXT, "look <b>here</b>", picture_url(house), "http://evil.example/x.png")
    page = viewer.get(f"/console/contacts/{TEXT}").text
    assert "look &lt;b&gt;here&lt;/b&gt;" in page and "{link}" in page
    assert page.count("<img") == 1 and "evil.example" not in page


def test_an_old_text_still_shows_our_answer(house: House, viewer: Browser, now: datetime) -> None:
    texted(house, now, TEXT, "the first")
    for number in range(60):
        texted(house, now + timedelta(minutes=1 + number), f"SM{number:032x}", f"again {number}")
    page = viewer.get(f"/console/contacts/{TEXT}").text
    before_the_story = page[: page.index('id="story"')]
    assert "{link}" in before_the_story and "again 59" in page and "again 0<" not in page


def test_a_story_is_read_page_by_page_to_its_beginning(house: House, viewer: Browser, now: datetime) -> None:
    for number in range(205):
        texted(house, now + timedelta(minutes=number), f"SM{number:032x}", f"no. {number}.")
    path = f"/console/people/{the_line(house.store).id}/{PHONE}"
    pages = [viewer.get(path).text]
    while 'rel="next"' in pages[-1]:
        before = pages[-1].partition('rel="next" href="')[2].partition('"')[0]
        pages.append(viewer.get(path + before).text)
    assert len(pages) == 2
    assert all(sum(page.count(f"no. {number}.") for page in pages) == 1 for number in range(205))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["from us: reminder to sign up", "not sent", "has signed up meanwhile", "from us: welcome after"]),
        ("ar", ["تذكير بالتسجيل", "لم يُرسل", "سجّل في هذه الأثناء", "ترحيب بعد التسجيل"]),
    ],
)
def test_a_story_tells_what_each_text_of_ours_was_for_and_why_it_was_not_sent(
    house: House, viewer: Browser, now: datetime, language: str, said: list[str]
) -> None:
    texted(house, now)
    line, moment = the_line(house.store), clock.written(now)

    def work(db: Connection) -> None:
        nudge = messages.compose(db, line, PHONE, moment, "sign up {link}", "nudge", due_at=moment)
        messages.compose(db, line, PHONE, moment, "you are in", "joined", due_at=moment)
        assert queue.claim(db, moment, 1)
        queue.mark_skipped(db, nudge.id, "has signed up")
        db.execute("UPDATE operators SET language = ?", (language,))

    house.store.write(work)
    page = viewer.get(f"/console/contacts/{TEXT}").text
    assert [one for one in said if one not in page] == []
    assert "purpose" not in page


def test_a_picture_is_passed_on_and_kept_nowhere(house: House, viewer: Browser, now: datetime) -> None:
    texted(house, now, TEXT, "look", picture_url(house))
    found = viewer.get(first_picture(viewer))
    assert (found.status_code, found.content_type, found.data) == (200, "image/png", png())
    assert found.headers["Cache-Control"] == "private, no-store"
    assert found.headers["X-Content-Type-Options"] == "nosniff"


def first_picture(viewer: Browser) -> str:
    """The address of the first picture on the page of the text."""
    return str(
        viewer.get(f"/console/contacts/{TEXT}").text.partition('<img class="picture" src="')[2].partition('"')[0]
    )


def test_a_picture_that_the_carrier_does_not_give_is_answered_in_words(
    house: House, viewer: Browser, carrier: Simulator, now: datetime
) -> None:
    texted(house, now, TEXT, "look", picture_url(house, "ME" + "9" * 32))
    assert viewer.get(first_picture(viewer)).status_code == 502
    carrier.misbehave({"media.fetch": ["503"]})
    assert viewer.get(first_picture(viewer)).status_code == 504
    assert viewer.get(first_picture(viewer).rpartition("/")[0] + "/5").status_code == 404


def test_a_voice_message_can_be_heard_from_any_second(house: House, viewer: Browser, now: datetime) -> None:
    called(house, now)
    path = f"/console/voice-messages/{RECORDING}.wav"
    assert viewer.get(path).status_code == 404, "it is not fetched yet"
    kept(house)
    with viewer.get(path) as whole, viewer.get(path, Range="bytes=100-199") as part:
        assert (whole.data, part.data, part.status_code) == (SOUND, SOUND[100:200], 206)
        assert whole.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "condition",
    [
        {"If-Modified-Since": "Mon, 01 Jan 0000000000000000000 00:00:00 GMT"},
        {"If-Modified-Since": "Fri, 31 Dec 99999 23:59:59 GMT"},
        {"Range": "bytes=0-1,3-4"},
        {"Range": "seconds=1-2"},
        {"If-Range": "Fri, 31 Dec 99999 23:59:59 GMT", "Range": "bytes=0-1"},
    ],
)
def test_conditions_that_nobody_follows_harm_nothing(
    house: House, viewer: Browser, now: datetime, condition: dict[str, str]
) -> None:
    called(house, now)
    kept(house)
    with viewer.get(f"/console/voice-messages/{RECORDING}.wav", **condition) as found:
        assert found.status_code in (200, 206)


def test_of_another_line_nothing_is_there(house: House, viewer: Browser, stranger: Browser, now: datetime) -> None:
    called(house, now)
    kept(house)
    texted(house, now, TEXT, "look", picture_url(house))
    line_id = the_line(house.store).id
    for path in (
        f"/console/contacts/{CALL}",
        f"/console/contacts/{TEXT}",
        f"/console/people/{line_id}/{PHONE}",
        f"/console/voice-messages/{RECORDING}.wav",
        first_picture(viewer),
    ):
        with viewer.get(path) as seen, stranger.get(path) as hidden:
            assert (seen.status_code, hidden.status_code) == (200, 404), path
