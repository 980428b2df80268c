"""The page that calibrates a line by a call: what it shows, what it changes, who may, and the way back."""

from xml.etree import ElementTree

import pytest
from flask import Flask
from inside import the_line, with_values
from operating import Browser, begun, browser
from running import NUMBER

from ivr import calibrating, clock, lines, operators
from ivr.calibrating import Heard, infer, setting
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.roles import Role
from ivr.store import audit
from ivr.store.audit import Entry, Wanted
from ivr.store.lines import Line
from ivr.store.operators import Grant
from ivr.web.console.formats import Reader
from ivr.web.console.rings import drawn, legend
from ivr.web.console.timeline import EDGE, WIDTH
from ivr.web.console.words import words

ENGLISH, ARABIC = Reader("en", "UTC"), Reader("ar", "UTC")


@pytest.fixture
def admin(app: Flask, house: House) -> Browser:
    """The browser of an admin of the line."""
    return browser(app, begun(house, "Sara", Role.ADMIN, the_line(house.store).id))


def path_of(house: House) -> str:
    """The page of the line."""
    return f"/console/lines/{the_line(house.store).id}/calibrate"


def typed(house: House, heard: str, **fields: str) -> dict[str, str]:
    """The form as it is sent."""
    return {"as-called": setting(the_line(house.store)), "heard": heard, **fields}


def audited(house: House) -> list[Entry]:
    """What was done to the line, newest first."""
    found, _ = house.store.read(lambda db: audit.newest(db, Wanted(text="calibrat"), None))
    return [entry for entry in found if entry.subject == NUMBER]


def test_the_page_says_whom_to_call_and_what_to_count(house: House, admin: Browser) -> None:
    shown = admin.get(path_of(house))
    assert shown.status_code == 200
    assert 'href="tel:+17735550100"' in shown.text and "+1 773-555-0100" in shown.text
    assert "How many rings did you hear?" in shown.text and "The last one was cut short" in shown.text
    assert "from 14 to 18 s" in shown.text and "we wait 15 s" in shown.text
    assert f'href="{path_of(house)}"' in admin.get("/console/greetings").text


def test_what_was_heard_sets_the_line_and_undo_sets_it_back(house: House, admin: Browser) -> None:
    answer = admin.post(path_of(house), typed(house, "4", cut="yes"))
    assert answer.status_code == 303
    assert the_line(house.store).adjust == -3
    shown = admin.get(answer.headers["Location"]).text
    assert "It waits 12 s before it answers now; before it was 15 s." in shown
    assert "Call again to check." in shown
    assert "answered between 18 and 20 s" in shown
    answer = admin.post(f"{path_of(house)}/undo", {"adjust": "0"})
    assert the_line(house.store).adjust == 0
    assert "Undone: it waits 15 s" in admin.get(answer.headers["Location"]).text
    undone, calibrated = audited(house)
    assert (calibrated.operator, calibrated.action) == ("Sara", "line calibrated")
    assert calibrated.details == {"heard": "3.5", "before": 0, "adjust": -3}
    assert (undone.operator, undone.action) == ("Sara", "line calibration undone")


def test_what_is_right_is_said_and_changes_nothing(house: House, admin: Browser) -> None:
    answer = admin.post(path_of(house), typed(house, "3"))
    shown = admin.get(answer.headers["Location"]).text
    assert "That is right. Nothing was changed." in shown
    assert "Undo" not in shown
    assert audited(house) == []


def test_a_form_that_is_sent_twice_counts_once(house: House, admin: Browser) -> None:
    form = typed(house, "4", cut="yes")
    admin.post(path_of(house), form)
    again = admin.post(path_of(house), form)
    assert (again.status_code, "changed since you called" in again.text) == (422, True)
    assert the_line(house.store).adjust == -3


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"heard": "12"}, "count again"),
        ({"heard": ""}, "as a number"),
        ({"heard": '"><b>'}, "as a number"),
        ({"heard": "0", "cut": "yes"}, "count that one too"),
    ],
)
def test_what_cannot_be_is_said_and_kept_as_it_was_typed(
    house: House, admin: Browser, fields: dict[str, str], told: str
) -> None:
    answer = admin.post(path_of(house), {**typed(house, ""), **fields})
    assert (answer.status_code, told in answer.text) == (422, True)
    assert "<b>" not in answer.text
    assert ("checked" in answer.text) == ("cut" in fields)
    assert the_line(house.store).adjust == 0


def test_a_line_that_answers_at_once_has_nothing_to_count(house: House, admin: Browser) -> None:
    with_values(house, rings=0)
    shown = admin.get(path_of(house))
    assert shown.status_code == 200
    assert "Let it ring first" in shown.text and "<svg" not in shown.text
    assert admin.post(path_of(house), typed(house, "3")).status_code == 422


def test_where_the_callers_ring_counts_the_phone_tells_the_country(house: House, admin: Browser) -> None:
    assert 'name="country"' not in admin.get(path_of(house)).text
    with_values(house, cadence="caller")
    assert 'name="country"' in admin.get(path_of(house)).text
    answer = admin.post(path_of(house), typed(house, "3.5", country="gb"))
    assert the_line(house.store).adjust == -1
    shown = admin.get(answer.headers["Location"]).text
    assert "It waits 6 s before it answers now; before it was 7 s." in shown
    assert "United Kingdom" in shown


@pytest.mark.parametrize("query", ["was=5&heard=3.5", "was=0", "was=x&heard=3", "was=0&heard=%3Cb%3E", "heard=3"])
def test_an_address_cannot_tell_of_a_change_that_was_not_made(house: House, admin: Browser, query: str) -> None:
    shown = admin.get(f"{path_of(house)}?{query}")
    assert shown.status_code == 200
    assert 'role="status"' not in shown.text and "<b>" not in shown.text


def test_going_back_to_what_no_line_can_be_is_refused(house: House, admin: Browser) -> None:
    assert admin.post(f"{path_of(house)}/undo", {"adjust": "-15"}).status_code == 422
    assert admin.post(f"{path_of(house)}/undo", {"adjust": "soon"}).status_code == 400
    assert audited(house) == []


def test_an_admin_of_another_line_does_not_even_see_it(app: Flask, house: House) -> None:
    other = lines.add(house.store, "+442071838750", "Other Figure", clock.now())
    others_id = next(line.id for line in house.store.read(lines.table.everyone) if line.number == other.number)
    stranger = browser(app, begun(house, "Omar", Role.ADMIN, others_id))
    assert stranger.get(path_of(house)).status_code == 404
    assert stranger.post(path_of(house), typed(house, "4")).status_code == 404
    assert stranger.post(f"{path_of(house)}/undo", {"adjust": "1"}).status_code == 404
    assert the_line(house.store).adjust == 0


def test_who_only_reads_this_line_cannot_calibrate_it(app: Flask, house: House) -> None:
    other = lines.add(house.store, "+442071838750", "Other Figure", clock.now())
    others_id = next(line.id for line in house.store.read(lines.table.everyone) if line.number == other.number)
    session = begun(house, "Omar", Role.ADMIN, others_id)
    grants = [Grant(others_id, Role.ADMIN), Grant(the_line(house.store).id, Role.SENDER)]
    operators.give(house.store, "Omar", grants, COMMAND_LINE, clock.now())
    sender = browser(app, session)
    assert sender.get(f"/console/greetings?line={the_line(house.store).id}").status_code == 200
    assert "/calibrate" not in sender.get(f"/console/greetings?line={the_line(house.store).id}").text
    assert sender.post(path_of(house), typed(house, "4")).status_code == 404
    assert sender.post(f"{path_of(house)}/undo", {"adjust": "1"}).status_code == 404
    assert the_line(house.store).adjust == 0


def test_every_sentence_of_it_is_there_in_arabic() -> None:
    sentences = [said for name, said in vars(calibrating).items() if name.isupper() and isinstance(said, str)]
    assert len(sentences) == 8
    assert not [said for said in sentences if words("ar").get(said, said) == said]


def test_the_drawing_has_the_rings_the_silence_and_the_answer() -> None:
    drawing = drawn(Line(NUMBER, "Ada"), None, ENGLISH)
    kinds = [bar.kind for bar in drawing.bars]
    assert kinds == ["silence", "wanted", "wanted", "wanted", "unwanted", "waits", "expected"]
    second = (WIDTH - 2 * EDGE) / 20
    silence, expected = drawing.bars[0], drawing.bars[-1]
    assert silence.x == pytest.approx(EDGE + 14 * second, abs=0.1)
    assert silence.x < expected.x and expected.x + expected.width < silence.x + silence.width
    assert [bar.kind for bar in legend(drawing)] == ["silence", "wanted", "unwanted", "waits", "expected"]
    assert "from 14 to 18 s" in drawing.told and drawing.told.count("wanted") == 1


def test_the_drawing_shows_the_answer_that_was_heard_and_every_ring_until_then() -> None:
    line = Line(NUMBER, "Ada")
    drawing = drawn(line, infer(line, Heard(4, True)), ENGLISH)
    assert [bar.kind for bar in drawing.bars].count("unwanted") == 2
    assert drawing.bars[-1].kind == "answered" and "between 24 and 26 s" in drawing.told
    assert "answered" not in [bar.kind for bar in drawn(line, infer(line, Heard(0)), ENGLISH).bars]


def test_the_drawing_is_mirrored_for_who_reads_from_the_right() -> None:
    left, right = (drawn(Line(NUMBER, "Ada"), None, reader) for reader in (ENGLISH, ARABIC))
    for one, other in zip(left.bars, right.bars, strict=True):
        assert one.x == pytest.approx(WIDTH - other.x - other.width, abs=0.2)


def test_the_drawing_is_well_formed(house: House, admin: Browser) -> None:
    shown = admin.get(path_of(house)).text
    svg = shown[shown.index("<svg") : shown.index("</svg>") + 6]
    assert len(ElementTree.fromstring(svg).findall("rect")) == 7
