"""One person in the console: written to, noted, tagged, blocked, opted out and in, erased."""

import re
from typing import Any

import pytest
from flask import Flask
from inside import person_of, rows, texts_to, the_line, with_values
from operating import Browser, begun, browser
from running import PHONE
from the_people import Crowd

from ivr import clock, lifting, lines
from ivr.house import House
from ivr.roles import Role
from ivr.store.audit import Actor

HOSTILE = "<script>alert(1)</script>\"'{link}"
EDSGER = Actor(None, "Edsger", "192.0.2.8")
PATH = f"/console/people/1/{PHONE}"


@pytest.fixture
def crowd(house: House) -> Crowd:
    """A member."""
    made = Crowd(house, clock.now())
    made.member(PHONE, "Ada Lovelace", city="Chicago")
    return made


@pytest.fixture
def writer(app: Flask, house: House, crowd: Crowd) -> Browser:
    """A writer."""
    return browser(app, begun(house, "Grace", Role.WRITER))


def once(page: str) -> str:
    """The key of the page's form."""
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


def write(writer: Browser, text: str, key: str = "") -> Any:
    """Send the form to write."""
    return writer.post(f"{PATH}/write", {"text": text, "once": key or once(writer.get(PATH).text)})


def test_a_text_is_written_shown_and_taken_back(house: House, writer: Browser) -> None:
    sent = write(writer, "Good morning, Ada!")
    assert sent.status_code == 303
    page = writer.get(sent.headers["Location"]).text
    assert "It goes in ten seconds" in page and "Good morning, Ada!" in page and "written by hand" in page
    (text,) = texts_to(house.store, PHONE)
    back = writer.post(f"{PATH}/take-back", {"message": str(text.id)})
    assert back.status_code == 303
    assert "does not go" in writer.get(back.headers["Location"]).text
    assert [one.status for one in texts_to(house.store, PHONE)] == ["cancelled"]
    assert writer.post(f"{PATH}/take-back", {"message": str(text.id)}).status_code == 409


def test_pressing_twice_writes_once(house: House, writer: Browser) -> None:
    key = once(writer.get(PATH).text)
    assert write(writer, "Hello", key).headers["Location"] == write(writer, "Hello", key).headers["Location"]
    assert len(texts_to(house.store, PHONE)) == 1
    assert write(writer, "Something else", key).status_code == 422


def test_what_has_gone_cannot_be_taken_back(house: House, writer: Browser) -> None:
    sent = write(writer, "Hello")
    (text,) = texts_to(house.store, PHONE)
    house.store.write(lambda db: db.execute("UPDATE messages SET status = 'sent'"))
    assert "Undo" not in writer.get(sent.headers["Location"]).text
    refused = writer.post(f"{PATH}/take-back", {"message": str(text.id)})
    assert (refused.status_code, "It is too late" in refused.text) == (409, True)


def test_message_segments_are_counted_before_anything_is_sent(house: House, writer: Browser) -> None:
    page = writer.post(f"{PATH}/write", {"text": "😀" * 80, "count": "yes"})
    assert (page.status_code, "3 message segments" in page.text, "😀" * 80 in page.text) == (200, True, True)
    assert "1 message segment" in writer.post(f"{PATH}/count", {"text": "Hello"}).text
    assert writer.post(f"{PATH}/count", {}).text.strip() == ""
    assert texts_to(house.store, PHONE) == []


@pytest.mark.parametrize(("text", "why"), [("  ", "Write what is to be sent"), ("x" * 1_601, "at most 1600")])
def test_what_is_wrong_with_a_text_stands_beside_it_and_it_is_kept(
    house: House, writer: Browser, text: str, why: str
) -> None:
    page = write(writer, text)
    assert page.status_code == 422
    assert why in page.text.partition('id="text-fault">')[2].partition("</span>")[0]
    assert f">{text}</textarea>" in page.text
    assert texts_to(house.store, PHONE) == []


def test_a_text_of_1600_emoji_is_no_larger_than_a_form(house: House, writer: Browser) -> None:
    assert write(writer, "😀" * 1_600).status_code == 303


def test_who_opted_out_while_the_text_was_typed_is_not_written_to_and_the_text_is_kept(
    house: House, crowd: Crowd, writer: Browser
) -> None:
    key = once(writer.get(PATH).text)
    crowd.opts_out(person_of(house.store, PHONE))
    page = write(writer, "See you tomorrow", key)
    assert (page.status_code, "They have opted out" in page.text, "See you tomorrow" in page.text) == (422, True, True)
    assert 'id="text"' not in writer.get(PATH).text


def test_notes_and_tags_are_added_and_removed(app: Flask, house: House, writer: Browser) -> None:
    assert writer.post(f"{PATH}/notes", {"note": HOSTILE}).status_code == 303
    assert writer.post(f"{PATH}/tags", {"tag": "VIP"}).status_code == 303
    page = writer.get(PATH).text
    assert "&lt;script&gt;" in page and "<script>alert" not in page and "VIP" in page
    assert "VIP" in writer.get("/console/people").text
    assert "People: 1" in writer.get("/console/people?tag=vip").text
    other = browser(app, begun(house, "Edsger", Role.ADMIN))
    note = str(rows(house.store, "SELECT id FROM notes")[0][0])
    assert other.post(f"{PATH}/notes/remove", {"note": note}).status_code == 409
    assert 'name="note" value' not in other.get(PATH).text
    assert writer.post(f"{PATH}/notes/remove", {"note": note}).status_code == 303
    assert writer.post(f"{PATH}/tags/remove", {"tag": "vip"}).status_code == 303
    assert rows(house.store, "SELECT * FROM notes") == rows(house.store, "SELECT * FROM person_tags") == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("notes", {"note": ""}),
        ("notes", {"note": "n" * 2_001}),
        ("tags", {"tag": "t" * 31}),
        ("tags", {"tag": "!?"}),
        ("opt-out", {"asked": "a" * 201}),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_changed(
    house: House, writer: Browser, path: str, form: dict[str, str]
) -> None:
    (field, value) = next(iter(form.items()))
    page = writer.post(f"{PATH}/{path}", form)
    assert (page.status_code, f'id="{field}-fault"' in page.text, value in page.text) == (422, True, True)
    assert rows(house.store, "SELECT 1 FROM audit WHERE action LIKE 'note%' OR action LIKE '%tag%'") == []


def test_blocking_is_done_once_and_taken_back_as_it_was_seen(house: House, writer: Browser) -> None:
    assert writer.post(f"{PATH}/block").status_code == 303
    assert writer.post(f"{PATH}/block").status_code == 409
    seen = person_of(house.store, PHONE).blocked_at or ""
    assert writer.post(f"{PATH}/unblock", {"seen": "2026-01-01T00:00:00.000Z"}).status_code == 409
    assert writer.post(f"{PATH}/unblock", {"seen": seen}).status_code == 303
    assert person_of(house.store, PHONE).blocked_at is None


def test_an_opt_out_is_lifted_for_a_reason_and_the_page_tells_the_truth_about_the_carrier(
    house: House, crowd: Crowd, writer: Browser
) -> None:
    crowd.opts_out(person_of(house.store, PHONE))
    page = writer.get(PATH).text
    assert "They opted out at the carrier, too" in page and "only START from their telephone does" in page
    seen = person_of(house.store, PHONE).opted_out_at or ""
    short = writer.post(f"{PATH}/lift", {"seen": seen, "reason": "ok"})
    assert (short.status_code, 'value="ok"' in short.text, "Say why" in short.text) == (422, True, True)
    lifted = writer.post(f"{PATH}/lift", {"seen": seen, "reason": "It was a mistake"})
    after = writer.get(lifted.headers["Location"]).text
    assert "The opt-out is lifted" in after and "still refuses our texts" in after
    assert person_of(house.store, PHONE).opted_out_at is None


def test_two_operators_do_not_overwrite_each_other(house: House, crowd: Crowd, writer: Browser) -> None:
    crowd.opts_out(person_of(house.store, PHONE))
    line, seen = the_line(house.store), person_of(house.store, PHONE).opted_out_at or ""
    lifting.lift(house.store, line, PHONE, "They called us", EDSGER, clock.now(), seen)
    late = writer.post(f"{PATH}/lift", {"seen": seen, "reason": "They wrote to us"})
    assert (late.status_code, "has changed this meanwhile" in late.text, "They wrote to us" in late.text) == (
        409,
        True,
        True,
    )
    lifting.opt_out(house.store, line, PHONE, "", EDSGER, clock.now())
    late = writer.post(f"{PATH}/opt-out", {"asked": "by letter"})
    said = "has changed this meanwhile" in late.text and "by letter" in late.text
    assert (late.status_code, said) == (409, True)
    assert [wording for (wording,) in rows(house.store, "SELECT wording FROM opt_outs")] == [
        "STOP",
        "They called us",
        "",
    ]


def test_pressing_twice_sends_the_link_once(house: House, writer: Browser) -> None:
    found = re.search(r'/link"><input type="hidden" name="once" value="([^"]+)"', writer.get(PATH).text)
    assert found
    for _ in range(2):
        assert writer.post(f"{PATH}/link", {"once": found[1]}).status_code == 303
    assert len(texts_to(house.store, PHONE)) == 1


def test_the_link_is_sent_again_until_it_is_enough(house: House, writer: Browser) -> None:
    for _ in range(3):
        assert writer.post(f"{PATH}/link").status_code == 303
    enough = writer.post(f"{PATH}/link")
    assert (enough.status_code, "That is enough" in enough.text) == (422, True)
    assert [text.purpose for text in texts_to(house.store, PHONE)] == ["me"] * 3
    assert len(rows(house.store, "SELECT * FROM audit WHERE action = 'link sent'")) == 3


@pytest.mark.parametrize("why", ["opted out", "blocked", "country"])
def test_the_link_is_not_sent_to_who_is_to_be_left_alone(house: House, crowd: Crowd, writer: Browser, why: str) -> None:
    person = person_of(house.store, PHONE)
    {"opted out": crowd.opts_out, "blocked": crowd.is_blocked}.get(why, lambda _: None)(person)
    if why == "country":
        with_values(house, countries=("EG",))
    assert writer.post(f"{PATH}/link").status_code == 422
    assert texts_to(house.store, PHONE) == []


def test_erasing_says_what_goes_asks_for_the_last_digits_and_is_for_admins(
    app: Flask, house: House, crowd: Crowd, writer: Browser
) -> None:
    assert writer.get(f"{PATH}/erase").status_code == 403
    assert writer.post(f"{PATH}/erase", {"last": PHONE[-4:]}).status_code == 403
    admin = browser(app, begun(house, "Anna", Role.ADMIN))
    assert "This goes, for good" in admin.get(f"{PATH}/erase").text
    wrong = admin.post(f"{PATH}/erase", {"last": "0000"})
    assert (wrong.status_code, 'value="0000"' in wrong.text, "not the last four" in wrong.text) == (422, True, True)
    assert person_of(house.store, PHONE).member_since
    digits = PHONE[-4:].translate({ord("0") + n: ord("٠") + n for n in range(10)})
    erased = admin.post(f"{PATH}/erase", {"last": digits})
    assert "They are erased" in admin.get(erased.headers["Location"]).text
    assert (admin.get(PATH).status_code, admin.get(f"{PATH}/erase").status_code) == (404, 404)
    assert admin.post(f"{PATH}/erase", {"last": digits}).status_code == 404


POSTS = (
    *("write", "take-back", "notes", "notes/remove", "tags", "tags/remove", "block", "unblock", "opt-out", "lift"),
    *("link", "erase"),
)


@pytest.mark.parametrize("path", POSTS)
def test_viewers_see_and_post_nothing_and_nobody_reaches_another_lines_people(
    app: Flask, house: House, crowd: Crowd, path: str
) -> None:
    viewer = browser(app, begun(house, "Vera", Role.VIEWER))
    assert '<form method="post" action="/console/people' not in viewer.get(PATH).text
    assert viewer.post(f"{PATH}/{path}", {}).status_code == 403
    lines.add(house.store, "+442071838750", "Other", clock.now())
    other = browser(app, begun(house, "Olga", Role.ADMIN, 2))
    assert other.post(f"{PATH}/{path}", {"tag": "x", "note": "x", "text": "x"}).status_code == 404
    mine = browser(app, begun(house, "Omar", Role.ADMIN))
    assert mine.post(f"/console/people/2/{PHONE}/{path}", {"tag": "x", "note": "x", "text": "x"}).status_code == 404
    assert rows(house.store, "SELECT 1 FROM audit WHERE action IN ('person tagged', 'note added')") == []
