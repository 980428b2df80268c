"""The texts of a line in the console: looked at and counted in every language, changed together or not at all."""

import re
from html import unescape

import pytest
from flask import Flask
from inside import rows, the_line, with_values
from operating import Browser, begun, browser
from running import NUMBER

from ivr import clock, lines, wording
from ivr.house import House
from ivr.roles import Role
from ivr.translating import LANGUAGES

PATH = "/console/lines/1/replies"


@pytest.fixture
def admin(app: Flask, house: House) -> Browser:
    """An admin of everything."""
    return browser(app, begun(house, "Grace"))


def words_on(page: str) -> dict[str, str]:
    """What stands in the fields of a page."""
    found = re.findall(r'<textarea id="\w+-words" name="(\w+)"[^>]*>\n?([^<]*)</textarea>', page)
    return {name: unescape(words) for name, words in found}


def told(page: str, name: str) -> str:
    """What is said to be wrong with a text."""
    found = re.search(rf'id="{name}-fault">([^<]*)<', page)
    return unescape(found[1]) if found else ""


def form(page: str, do: str = "save", **typed: str) -> dict[str, str]:
    """The form of a page, with other words in some of its fields."""
    hidden = dict(re.findall(r'<input type="hidden" name="(seen|language)" value="([^"]*)"', page))
    return {**hidden, **words_on(page), "do": do, **typed}


def own(house: House) -> dict[str, str]:
    """The line's own words."""
    return the_line(house.store).wordings


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_ours_is_there_with_what_it_is_for_and_how_it_goes_out(
    house: House, admin: Browser, language: str
) -> None:
    page = admin.get(f"{PATH}?language={language}").text
    assert words_on(page) == {name: wording.ours(language, name) for name in wording.NAMES}
    assert page.count("Characters left in the last segment") == len(wording.NAMES)
    bubbles = re.findall(r'<p class="bubble said" lang="(\w+)" dir="auto">([^<]*)</p>', page)
    assert {tongue for tongue, _ in bubbles} == {language}
    first = unescape(bubbles[0][1])
    assert re.search(rf"{house.settings.public_url}/j/[\w-]{{27}}", first) and the_line(house.store).name in first


def test_who_may_only_look_has_no_form_and_changes_nothing(app: Flask, house: House) -> None:
    other = lines.add(house.store, "+442071838750", "Second Figure", clock.now())
    for role in (Role.VIEWER, Role.WRITER, Role.SENDER):
        looking = browser(app, begun(house, f"Ada {role}", role, the_line(house.store).id))
        page = looking.get(PATH).text.partition("<main")[2].partition("</main")[0]
        assert "readonly" in page and "<form" not in page and "<button" not in page
        for path in (PATH, f"{PATH}/count"):
            assert looking.post(path, {"do": "save", "help": "x"}).status_code == 403
        assert looking.get(f"/console/lines/{other.id}/replies").status_code == 404
    assert own(house) == {}


def test_who_is_admin_of_another_line_finds_nothing_here(app: Flask, house: House) -> None:
    other = lines.add(house.store, "+442071838750", "Second Figure", clock.now())
    elsewhere = browser(app, begun(house, "Eve", Role.ADMIN, other.id))
    assert elsewhere.get(PATH).status_code == 404
    for path in (PATH, f"{PATH}/count"):
        assert elsewhere.post(path, {"do": "save", "help": "x"}).status_code == 404
    assert own(house) == {}


def test_what_is_saved_is_the_lines_own_and_can_be_taken_back(house: House, admin: Browser) -> None:
    page = admin.get(f"{PATH}?language=ar").text
    saved = admin.post(PATH, form(page, help="اكتبوا إلينا", reply="أهلاً، {name}\r\n{link}"))
    assert (saved.status_code, saved.location) == (303, f"{PATH}?language=ar&saved=2")
    assert own(house) == {"help.ar": "اكتبوا إلينا", "reply.ar": "أهلاً، {name}\n{link}"}
    assert rows(house.store, "SELECT operator FROM audit WHERE action = 'line changed'") == [("Grace",)]
    after = admin.get(saved.location).text
    assert "It holds from the next call or text on." in after and 'name="version" value="2"' in after
    assert after.count('class="mark own"') == 2
    admin.post("/console/lines/1/undo", {"version": "2"})
    assert own(house) == {}


def test_a_form_that_changes_nothing_is_no_version(house: House, admin: Browser) -> None:
    lines.change(house.store, NUMBER, words={"help.en": "ask {name}"})
    assert admin.post(PATH, form(admin.get(PATH).text)).location == f"{PATH}?language=en&saved="
    assert the_line(house.store).version == 2


@pytest.mark.parametrize("words", ["", "  ", wording.ours("en", "help")])
def test_what_is_empty_or_as_we_ship_it_is_ours_again(house: House, admin: Browser, words: str) -> None:
    lines.change(house.store, NUMBER, words={"help.en": "ask {name}", "stop.en": "bye"})
    admin.post(PATH, form(admin.get(PATH).text, help=words))
    assert own(house) == {"stop.en": "bye"}


def test_what_is_wrong_stands_beside_its_text_and_all_that_was_typed_is_kept(house: House, admin: Browser) -> None:
    typed = {
        "reply": "no way in",
        "help": "ask {name} <b>",
        "me": "{link}",
        "stop": "x" * 1601,
        "start": "{name}" + "x" * 1594,
    }
    answer = admin.post(PATH, form(admin.get(PATH).text, **typed))
    assert answer.status_code == 422
    assert "{link}" in told(answer.text, "reply") and "{me}" in told(answer.text, "me")
    assert "1600" in told(answer.text, "stop") and told(answer.text, "help") == ""
    assert "gaps filled in" in told(answer.text, "start")
    assert answer.text.count('aria-invalid="true"') == 4
    assert {name: words_on(answer.text)[name] for name in typed} == typed
    only_when_filled = form(admin.get(PATH).text, start=typed["start"])
    assert admin.post(PATH, only_when_filled).status_code == 422
    assert own(house) == {}


def test_counting_without_saving_shows_how_it_would_be(house: House, admin: Browser) -> None:
    with_values(house, segment_price="0.0083")
    answer = admin.post(PATH, form(admin.get(PATH).text, "preview", help="م" * 71))
    assert (answer.status_code, own(house)) == (200, {})
    assert "Nothing was saved yet" in answer.text and words_on(answer.text)["help"] == "م" * 71
    section = answer.text.partition('id="help-count">')[2].partition("</p>")[0]
    assert all(words in section for words in ("2 message segments", "$0.0166", "$16.60", "UCS-2", "segment: 63"))


def test_without_a_price_the_page_says_where_it_is_set(house: House, admin: Browser) -> None:
    page = admin.get(PATH).text
    assert "/console/lines/1/texts#segment_price" in page and "0.0083 USD" in page and "$" not in page
    with_values(house, segment_price="0.05", currency="EUR")
    assert "€0.05" in admin.get(PATH).text


def test_curly_quotes_are_named_and_made_plain_by_a_button(house: House, admin: Browser) -> None:
    typed = form(admin.get(PATH).text, "preview", help="It’s fine. " * 12)
    page = admin.post(PATH, typed).text
    assert "Right single quotation mark" in page and "segments saved: 1" in page
    assert "Arabic letter" not in admin.post(PATH, {**typed, "help": "مرحبا"}).text, "they need to be there"
    plain = admin.post(PATH, {**typed, "do": "plain-help"}).text
    assert words_on(plain)["help"] == "It's fine. " * 12
    assert "Right single quotation mark" not in plain and own(house) == {}


def test_ours_again_is_put_into_the_field_and_saved_only_then(house: House, admin: Browser) -> None:
    lines.change(house.store, NUMBER, words={"help.en": "ask {name}"})
    page = admin.post(PATH, form(admin.get(PATH).text, "ours-help", stop="bye")).text
    assert (words_on(page)["help"], words_on(page)["stop"]) == (wording.ours("en", "help"), "bye")
    assert own(house) == {"help.en": "ask {name}"}
    admin.post(PATH, form(page))
    assert own(house) == {"stop.en": "bye"}


def test_two_people_who_change_different_texts_at_once_both_do(house: House, admin: Browser, app: Flask) -> None:
    other, page = browser(app, begun(house, "Ada")), admin.get(PATH).text
    assert other.post(PATH, form(page, stop="bye")).status_code == 303
    assert admin.post(PATH, form(page, help="ask")).status_code == 303
    assert own(house) == {"stop.en": "bye", "help.en": "ask"}


def test_who_would_overwrite_another_sees_both_and_can_still_do_it(house: House, admin: Browser, app: Flask) -> None:
    other, page = browser(app, begun(house, "Ada")), admin.get(PATH).text
    other.post(PATH, form(page, stop="theirs", start="yes"))
    answer = admin.post(PATH, form(page, stop="mine", help="ask"))
    assert answer.status_code == 409
    assert "Ada has changed the same meanwhile" in answer.text
    assert re.search(r"<blockquote[^>]*>theirs</blockquote>", answer.text)
    fields = words_on(answer.text)
    assert (fields["stop"], fields["help"], fields["start"]) == ("mine", "ask", "yes")
    assert own(house) == {"stop.en": "theirs", "start.en": "yes"}
    assert admin.post(PATH, form(answer.text)).status_code == 303
    assert own(house) == {"stop.en": "mine", "start.en": "yes", "help.en": "ask"}


def test_one_text_is_counted_while_it_is_typed(house: House, admin: Browser) -> None:
    answer = admin.post(f"{PATH}/count", {"language": "en", "name": "reply", "words": "<i> " + "a" * 160})
    assert answer.status_code == 200
    assert "2 message segments" in answer.text and "&lt;i&gt;" in answer.text and "<html" not in answer.text
    assert "{link}" in told(answer.text, "reply")
    for odd in ({}, {"name": "farewell", "language": "xx", "words": "\0"}, {"name": "reply", "words": "{name" * 9}):
        assert admin.post(f"{PATH}/count", odd).status_code == 200
    assert own(house) == {}


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"do": "plain-", "language": "../"},
        {"do": "ours-farewell", "seen": "9" * 40, "help": "x"},
        {"do": "save", "seen": "-1", "language": "xx", "farewell": "x"},
        {"do": "save", "seen": "²", "help": "\0\u202e"},
    ],
)
def test_whatever_is_posted_is_answered_and_nothing_is_lost(house: House, admin: Browser, odd: dict[str, str]) -> None:
    assert admin.post(PATH, odd).status_code in (200, 303)
    assert own(house) == {}


def test_all_texts_at_their_longest_fit_into_one_form_and_more_is_refused(house: House, admin: Browser) -> None:
    page = admin.get(PATH).text
    long = {name: wording.NEEDED.get(name, "") + "🦄" * 1400 for name in wording.NAMES}
    assert admin.post(PATH, form(page, **long)).status_code == 303
    assert len(own(house)) == len(wording.NAMES)
    assert admin.post(PATH, form(page, help="x" * 300_000)).status_code == 413


def test_what_a_script_needs_is_not_called_dear(admin: Browser) -> None:
    assert 'class="dear"' not in admin.get(f"{PATH}?language=ar").text
    page = admin.get(f"{PATH}?language=en").text
    assert 'class="dear"' in admin.post(PATH, form(page, do="preview", help="Ask “{name}”.")).text
