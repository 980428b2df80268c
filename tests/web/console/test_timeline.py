"""The drawing of a call: the times in it, where they come to lie, and the same in words."""

from datetime import timedelta
from importlib.resources import files
from xml.etree import ElementTree

import pytest
from flask import Flask, render_template_string

from ivr import clock
from ivr.store.log.rows import Contact
from ivr.store.log.story import Key, Recording
from ivr.web.console.formats import Reader
from ivr.web.console.timeline import EDGE, WIDTH, Drawing, Stretch, course, drawn

BEGAN = "2026-11-03T20:15:00.000Z"
ENGLISH, ARABIC = Reader("en", "UTC"), Reader("ar", "UTC")


def at(second: float) -> str:
    """So long after it began to ring."""
    return clock.written(clock.read(BEGAN) + timedelta(seconds=second))


def call(ended: float | None, seconds: int | None, pause: int | None = 9, greeting: float | None = 12.0) -> Contact:
    """A call that rang for `pause` seconds and was answered with a greeting of so many."""
    values = dict.fromkeys(Contact._fields)
    values |= {"kind": "call", "id": 1, "sid": "CA" + "1" * 32, "at": BEGAN, "status": "completed", "reply": "greeting"}
    values |= {"pause": pause, "greeting_seconds": greeting, "seconds": seconds, "voice_messages": 0}
    return Contact(**(values | {"ended_at": None if ended is None else at(ended)}))  # type: ignore[arg-type]


def message(told: float, seconds: int | None = 4) -> Recording:
    """A voice message of which we were told then."""
    return Recording("RE" + "3" * 32, at(told), seconds, "kept", None)


def test_a_call_that_heard_everything() -> None:
    it = course(call(ended=30.4, seconds=21), [], [])
    assert (it.rang, it.talked, it.heard) == (Stretch(0, 9), Stretch(9, 30), Stretch(9, 21))
    assert (it.unheard.seconds, it.ended) == (0, 30)


def test_who_hangs_up_in_the_greeting_has_not_heard_the_rest() -> None:
    it = course(call(ended=14, seconds=5), [], [])
    assert (it.heard, it.unheard, it.ended) == (Stretch(9, 14), Stretch(14, 21), 14)


def test_who_hangs_up_while_it_rings_rang_no_longer_and_heard_nothing() -> None:
    it = course(call(ended=4.5, seconds=0), [], [])
    assert (it.rang, it.talked.seconds, it.heard.seconds, it.ended) == (Stretch(0, 4.5), 0, 0, 4.5)
    assert it.unheard == Stretch(4.5, 16.5)


def test_a_key_ends_the_greeting_and_a_message_lies_before_we_were_told() -> None:
    it = course(call(ended=30, seconds=21), [Key(at(13), "2")], [message(28)])
    assert (it.heard, it.unheard.seconds) == (Stretch(9, 13), 0)
    assert (it.keys, it.messages) == (((13.0, "2"),), (Stretch(24, 28),))


def test_what_we_were_told_at_an_impossible_time_is_moved_to_a_possible_one() -> None:
    it = course(call(ended=30, seconds=21), [Key(at(0.1), "2"), Key(at(99), "1")], [message(95), message(0.2)])
    assert it.keys == ((9.0, "2"), (30.0, "1"))
    assert it.heard == Stretch(9, 21), "a key of which we do not know when cuts nothing"
    assert it.messages == (Stretch(26, 30), Stretch(26, 30))


def test_a_call_that_goes_on_is_drawn_as_far_as_it_is_known() -> None:
    it = course(call(ended=None, seconds=None), [], [])
    assert (it.rang, it.talked.seconds, it.unheard.seconds, it.ended) == (Stretch(0, 9), 0, 0, None)
    it = course(call(ended=None, seconds=None), [Key(at(13), "2")], [message(20)])
    assert (it.talked, it.heard, it.messages) == (Stretch(9, 20), Stretch(9, 13), (Stretch(16, 20),))


def test_a_completed_call_without_its_seconds_is_measured_by_its_end() -> None:
    assert course(call(ended=29, seconds=None), [], []).talked == Stretch(9, 29)
    assert course(call(ended=29, seconds=None)._replace(status="no-answer"), [], []).talked.seconds == 0


@pytest.mark.parametrize("ended", [None, 0.0, 3.0, 50.0])
@pytest.mark.parametrize("seconds", [None, 0, 1, 40])
@pytest.mark.parametrize("pause", [None, 0, 9])
@pytest.mark.parametrize("greeting", [None, 0.0, 12.4])
def test_whatever_is_missing_it_is_drawn_within_its_frame(
    ended: float | None, seconds: int | None, pause: int | None, greeting: float | None
) -> None:
    contact = call(ended, seconds, pause, greeting)
    keys, recordings = (
        [Key(at(n), "1") for n in (0, 10, 60)],
        [message(n, length) for n in (0, 60) for length in (None, 5)],
    )
    for reader in (ENGLISH, ARABIC):
        drawing = drawn(contact, keys, recordings, reader)
        assert drawing.told
        for bar in drawing.bars:
            assert bar.width >= 0 and bar.x >= EDGE and bar.x + bar.width <= WIDTH - EDGE + 0.11
        assert all(EDGE <= mark.x <= WIDTH - EDGE for mark in drawing.marks)


def test_the_words_tell_what_is_drawn() -> None:
    drawing = drawn(call(ended=14, seconds=5), [Key(at(12), "1")], [], ENGLISH)
    assert [bar.kind for bar in drawing.bars] == ["rang", "talked", "heard"]
    assert drawing.told == "Rang 9 s, Answered 5 s, heard 3 s, Keys: 1, hung up"
    assert drawn(call(ended=None, seconds=None), [], [], ENGLISH).told == "Rang 9 s, in progress"
    assert [bar.kind for bar in drawn(call(ended=14, seconds=5), [], [], ENGLISH).bars][-1] == "unheard"


def test_right_to_left_it_is_mirrored() -> None:
    contact, keys = call(ended=14, seconds=5), [Key(at(12), "1")]
    there, here = drawn(contact, keys, [], ENGLISH), drawn(contact, keys, [], ARABIC)
    for bar, mirrored in zip(there.bars, here.bars, strict=True):
        assert mirrored.x == pytest.approx(WIDTH - bar.x - bar.width, abs=0.11)
        assert mirrored.width == pytest.approx(bar.width, abs=0.11)
    assert [mark.x for mark in here.marks] == pytest.approx([WIDTH - mark.x for mark in there.marks], abs=0.11)


def svg(app: Flask, drawing: Drawing) -> ElementTree.Element:
    """The drawing as the page has it."""
    source = '{% from "console/timeline.html" import timeline %}<div>{{ timeline(drawing) }}</div>'
    with app.test_request_context():
        found = ElementTree.fromstring(render_template_string(source, drawing=drawing)).find("svg")
    assert found is not None
    return found


def test_the_picture_has_every_bar_and_mark_its_words_and_no_style(app: Flask) -> None:
    drawing = drawn(call(ended=30, seconds=21), [Key(at(13), "2")], [message(28)], ENGLISH)
    picture = svg(app, drawing)
    assert (picture.get("role"), picture.get("aria-label")) == ("img", drawing.told)
    assert len(picture.findall("rect")) == len(drawing.bars) and len(picture.findall("g")) == len(drawing.marks)
    assert [title.text for title in picture.iter("title")] == [one.label for one in (*drawing.bars, *drawing.marks)]
    for element in picture.iter():
        assert element.tag != "script" and not {"style", "onload", "onclick"} & set(element.keys())


def test_every_kind_of_bar_has_its_colour() -> None:
    sheet = files("ivr.web").joinpath("static/console.css").read_text(encoding="utf-8")
    early = drawn(call(ended=14, seconds=5), [], [], ENGLISH)
    with_message = drawn(call(ended=30, seconds=21), [], [message(28)], ENGLISH)
    kinds = {bar.kind for bar in (*early.bars, *with_message.bars)}
    assert kinds == {"rang", "talked", "heard", "unheard", "message"}
    for kind in kinds:
        assert f".bar-{kind} {{" in sheet
