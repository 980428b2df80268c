"""Greetings in the console: uploaded, looked at, listened to, made live, taken back; by whom, and what is refused."""

import io
from typing import Any

import pytest
from flask import Flask
from inside import the_line
from operating import Browser, begun, browser
from running import NUMBER

from audio.library import SHIPPED
from ivr import clock
from ivr.greetings import LARGEST
from ivr.house import House
from ivr.roles import Role
from ivr.store import greetings as table
from ivr.store import lines
from ivr.store.lines import Line
from ivr.web.console import uploading

SOUND = (SHIPPED / "en" / "thanks.wav").read_bytes()
OTHER = "+442071838750"


@pytest.fixture
def admin(app: Flask, house: House) -> Browser:
    """A browser of an admin."""
    return browser(app, begun(house, "Sara"))


def upload(who: Browser, content: bytes = SOUND, name: str = "memo.wav", **form: str) -> Any:
    """Send a recording with the form, as a browser does."""
    return who.send("/console/greetings/new", {"line": "1", **form}, {"recording": (io.BytesIO(content), name)})


def test_an_uploaded_recording_is_heard_before_it_is_live(house: House, admin: Browser) -> None:
    assert "Live" in admin.get("/console/greetings").text
    done = upload(admin, notes="for Eid <b>", language="ar")
    assert (done.status_code, done.headers["Location"]) == (303, "/console/greetings/1")
    shown = admin.get("/console/greetings/1").text
    assert "for Eid &lt;b&gt;" in shown
    assert "Arabic" in shown
    assert 'class="kept"' in shown
    assert "Make it live" in shown
    heard, original = admin.get("/console/greetings/1/heard.wav"), admin.get("/console/greetings/1/original")
    assert heard.data[:4] == b"RIFF"
    assert original.data == SOUND
    assert original.headers["Content-Type"] == "audio/wav"
    assert "sandbox" in original.headers["Content-Security-Policy"]
    assert heard.headers["Cache-Control"] == "private, no-store"
    assert the_line(house.store).spoken == {}


def test_it_is_made_live_taken_back_noted_and_removed(house: House, admin: Browser) -> None:
    upload(admin)
    assert admin.post("/console/greetings/1/activate").status_code == 303
    assert the_line(house.store).spoken["en", "greeting"]
    page = admin.get("/console/greetings/1?live").text
    assert "the next call hears it" in page
    assert "Go back to: The one that comes with Third Ring" in page
    refused = admin.post("/console/greetings/1/remove")
    assert refused.status_code == 422
    assert "is live" in refused.text
    form = {"line": "1", "language": "en", "clip": "greeting", "live": "1"}
    back = admin.post("/console/greetings/back", form)
    assert back.status_code == 303
    assert the_line(house.store).spoken == {}
    assert admin.post("/console/greetings/1/notes", {"notes": "softer"}).status_code == 303
    assert "softer" in admin.get("/console/greetings").text
    assert admin.post("/console/greetings/1/remove").status_code == 303
    assert admin.get("/console/greetings/1").status_code == 404
    assert "greeting removed" in admin.get("/console/audit").text


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (b"", 422, "empty"),
        (b"<script>alert(1)</script>", 422, "not a sound file"),
        (b"PK\x03\x04" + bytes(500), 422, "not a sound file"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", 422, "not a sound file"),
        (SOUND[:2000], 422, "under one second"),
    ],
)
def test_what_is_no_recording_gets_one_sentence_and_leaves_nothing(
    house: House, admin: Browser, content: bytes, status: int, told: str
) -> None:
    answer = upload(admin, content)
    assert answer.status_code == status
    assert answer.text.count('role="alert"') == 1
    assert told in answer.text
    assert house.store.read(table.digests) == set()
    assert not list(house.settings.instance_path.glob("greetings/*"))


def test_a_form_without_a_file_or_with_wrong_choices_is_answered_in_words(admin: Browser) -> None:
    missing = upload(admin, b"", "")
    assert (missing.status_code, "Choose a recording first" in missing.text) == (422, True)
    for form, told in (({"language": "xx"}, "language is one of"), ({"clip": "../x"}, "one of")):
        answer = upload(admin, **form)
        assert (answer.status_code, told in answer.text) == (422, True)
    assert upload(admin, line="99").status_code == 404
    assert admin.post("/console/greetings/back", {"line": "1", "language": "en", "clip": "greeting"}).status_code == 422


@pytest.mark.parametrize("name", ["../../etc/passwd", "-i", "a\0.mp3", "/abs", "x" * 300, "q\"uo'te;.wav", "نشيد.wav"])
def test_a_name_is_shown_and_never_becomes_a_path(house: House, admin: Browser, name: str) -> None:
    assert upload(admin, name=name).status_code == 303
    one = house.store.read(lambda db: table.of_id(db, 1))
    assert one is not None
    assert len(one.original_name) <= 120
    assert len(list(house.settings.instance_path.glob("greetings/*"))) == 3
    assert admin.get("/console/greetings/1").status_code == 200
    saved = admin.get("/console/greetings/1/original?download").headers["Content-Disposition"]
    assert saved.startswith("attachment")
    assert saved.isascii(), "a server that knows HTTP sends no other letters"
    if "." in one.original_name:
        assert "." + one.original_name.rpartition(".")[2] in saved


def test_a_page_in_disguise_is_never_shown_as_one(house: House, admin: Browser) -> None:
    upload(admin, b"RIFF" + SOUND[4:])
    house.store.write(
        lambda db: db.execute("""UPDATE greetings SET report = json_set(report, '$.original_type', 'text/html')""")
    )
    answer = admin.get("/console/greetings/1/original")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_too_much_is_refused_before_it_is_read(admin: Browser) -> None:
    answer = admin.send_announced("/console/greetings/new", LARGEST + 1_000_000)
    assert answer.status_code == 413
    assert "100 MB" in answer.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # werkzeug's half file
def test_an_upload_that_breaks_off_is_a_bad_request_and_leaves_nothing(house: House, admin: Browser) -> None:
    for cut in (10, 200, 3000, -30):
        answer = admin.send(
            "/console/greetings/new", {"line": "1"}, {"recording": (io.BytesIO(SOUND), "a.wav")}, cut=cut
        )
        assert answer.status_code in (400, 422), cut
    assert house.store.read(table.digests) == set()


def test_only_admins_of_a_line_change_its_greetings(app: Flask, house: House, admin: Browser) -> None:
    upload(admin)
    at = clock.written(clock.now())
    house.store.write(lambda db: lines.add(db, Line(OTHER, "Other Figure", country="GB"), at))
    other = house.store.read(lambda db: lines.find(db, OTHER))
    mine = house.store.read(lambda db: lines.find(db, NUMBER))
    assert other and mine
    reads = browser(app, begun(house, "Reader", Role.SENDER, mine.id))
    assert reads.get("/console/greetings/1/heard.wav").status_code == 200
    assert "new-greeting" not in reads.get("/console/greetings").text
    assert upload(reads).status_code == 403
    assert reads.post("/console/greetings/1/activate").status_code == 403
    stranger = browser(app, begun(house, "Stranger", Role.ADMIN, other.id))
    for path in ("/console/greetings/1", "/console/greetings/1/heard.wav", "/console/greetings/1/original"):
        assert stranger.get(path).status_code == 404
    assert upload(stranger).status_code == 404
    assert stranger.post("/console/greetings/1/activate").status_code == 404
    assert "Other Figure" in stranger.get("/console/greetings").text
    assert house.store.read(lambda db: len(table.of_line(db, 1))) == 1


def test_another_site_uploads_nothing(app: Flask, house: House, admin: Browser) -> None:
    answer = admin.send(
        "/console/greetings/new", {"line": "1"}, {"recording": (io.BytesIO(SOUND), "a.wav")}, site="cross-site"
    )
    assert answer.status_code == 403
    assert house.store.read(table.digests) == set()


def test_what_somebody_else_has_removed_is_said_and_nothing_is_undone_by_a_second_press(
    house: House, admin: Browser
) -> None:
    upload(admin)
    upload(admin)
    for number in (1, 2):
        admin.post(f"/console/greetings/{number}/activate")
    form = {"line": "1", "language": "en", "clip": "greeting", "live": "2"}
    assert admin.post("/console/greetings/back", form).status_code == 303
    again = admin.post("/console/greetings/back", form)
    assert (again.status_code, "changed meanwhile" in again.text) == (422, True)
    assert house.store.read(lambda db: table.live_ids(db, 1)) == {1}
    stale = house.store.read(lambda db: table.of_id(db, 2))
    assert stale is not None
    house.store.write(lambda db: table.remove(db, 2))
    upload(admin)
    assert admin.post("/console/greetings/2/activate").status_code == 404
    assert house.store.read(lambda db: [one.id for one in table.of_line(db, 1)]) == [3, 1], "an id is given once"
    assert "It is live" not in admin.get("/console/greetings/3?live").text


def test_what_was_typed_is_kept_beside_the_fault(admin: Browser) -> None:
    page = upload(admin, b"no sound", language="ar", clip="key-1", notes="for Eid").text
    assert 'value="for Eid"' in page
    assert '<option value="ar" selected>' in page
    assert '<option value="key-1" selected>' in page


def test_only_two_uploads_are_read_at_once(admin: Browser) -> None:
    with uploading._places, uploading._places:
        answer = upload(admin)
    assert (answer.status_code, "in a moment" in answer.text) == (503, True)
    assert upload(admin).status_code == 303
