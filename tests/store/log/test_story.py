"""One person's story: everything between a number and a line, in order, page by page, and what belongs to each."""

import pytest

from ivr.errors import WrongQuestion
from ivr.store import Connection, Store, calls, lines, messages, opt_outs, queue
from ivr.store.calls import Call, VoiceMessage
from ivr.store.lines import Line
from ivr.store.log import story
from ivr.store.log.story import NEWEST, Moment, Place
from ivr.store.messages import Media, Outgoing, Received
from ivr.store.opt_outs import OptOut
from ivr.store.queue import Event

NUMBER = "+12025550143"
CALL, TEXT, RECORDING = "CA" + "1" * 32, "SM" + "2" * 32, "RE" + "3" * 32


def at(second: int) -> str:
    """A time."""
    return f"2026-11-03T20:15:{second:02}.000Z"


def told(db: Connection, line: Line, number: str, second: int, body: str, sid: str = "") -> Outgoing:
    """Somebody texts and is answered in the same moment; returns the answer."""
    answer = messages.draft(db, line, number, at(second), "Ada: {link}", "reply")
    sid = sid or f"SM{second:032x}"
    media = [Media("https://api.twilio.com/1", "image/png", None), Media("http://evil/", "image/png", "no")]
    text = Received(line.id, sid, number, at(second), body, "sign-up link", media=media, answer=answer)
    messages.receive(db, [text])
    return answer


def whole_story(store: Store, line: Line, most: int) -> list[Moment]:
    """The story, read in pages."""
    found: list[Moment] = []
    before = NEWEST
    while page := store.read(lambda db, before=before: story.story(db, line.id, NUMBER, before, most)):
        assert len(page) <= most
        found += page
        before = Place.read(page[-1].place.written())
    return found


def test_a_story_holds_calls_texts_ours_and_opt_outs_newest_first(store: Store, line: Line) -> None:
    def fill(db: Connection) -> None:
        calls.receive(db, [Call(line.id, CALL, NUMBER, at(1), "ringing", "greeting", pause=9)])
        calls.end(db, CALL, "completed", 7, at(20))
        told(db, line, NUMBER, 2, "hello", TEXT)
        told(db, line, NUMBER, 3, "STOP")
        opt_outs.append(db, line, OptOut(NUMBER, at(3), "out", "text", "STOP"))
        opt_outs.append(db, line, OptOut(NUMBER, at(4), "in", "operator", "by telephone"))

    store.write(fill)
    found = whole_story(store, line, 200)
    kinds = ["opted in", "sent", "opted out", "text", "sent", "text", "call"]
    assert [moment.kind for moment in found] == kinds
    call, text = found[-1], found[-2]
    assert (call.sid, call.seconds, call.reply, call.status) == (CALL, 7, "greeting", "completed")
    assert (text.sid, text.detail, text.reply, text.media) == (TEXT, "hello", "sign-up link", 2)
    assert (found[-3].detail, found[-3].reply) == ("Ada: {link}", "reply")
    assert (found[0].detail, found[0].reply) == ("by telephone", "operator")


def test_what_others_did_or_happened_on_other_lines_is_not_told(store: Store, line: Line) -> None:
    store.write(lambda db: lines.add(db, Line("+442071838750", "Other", country="GB"), "x"))
    other = store.read(lambda db: lines.find(db, "+442071838750"))
    assert other

    def fill(db: Connection) -> None:
        told(db, line, "+12025550144", 1, "somebody else")
        told(db, other, NUMBER, 2, "on another line")
        calls.receive(db, [Call(other.id, CALL, NUMBER, at(3), "ringing", "greeting")])
        opt_outs.append(db, other, OptOut(NUMBER, at(4), "out", "text", "STOP"))

    store.write(fill)
    assert whole_story(store, line, 200) == []


@pytest.mark.parametrize("most", [1, 2, 3, 200])
def test_no_page_loses_or_repeats_what_shares_a_moment(store: Store, line: Line, most: int) -> None:
    def fill(db: Connection) -> None:
        for number in range(4):
            told(db, line, NUMBER, 5, f"text {number}", f"SM{number:032x}")
            opt_outs.append(db, line, OptOut(NUMBER, at(5), "out", "text", "STOP"))
            opt_outs.append(db, line, OptOut(NUMBER, at(5), "in", "text", "START"))
            calls.receive(db, [Call(line.id, f"CA{number:032x}", NUMBER, at(5), "ringing", "greeting")])

    store.write(fill)
    found = whole_story(store, line, most)
    assert len(found) == len({(moment.kind, moment.id) for moment in found}) == 20
    assert [moment.place for moment in found] == sorted((moment.place for moment in found), reverse=True)


@pytest.mark.parametrize("text", ["", "~", "2026-11-03T20:15:00.000Z", "2026-11-03T20:15:00.000Z~0~x", "a~0~1"])
def test_a_place_that_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(WrongQuestion):
        Place.read(text)


def test_what_the_carrier_said_of_a_text_comes_in_its_order(store: Store, line: Line) -> None:
    answer = store.write(lambda db: told(db, line, NUMBER, 1, "hello"))

    def events(db: Connection) -> None:
        queue.apply_event(db, answer.id, Event("SM" + "9" * 32, at(2), "sent"))
        queue.apply_event(db, answer.id, Event("SM" + "9" * 32, at(3), "undelivered", 30003))
        queue.apply_event(db, answer.id, Event("SM" + "9" * 32, at(4), "delivered"))

    store.write(events)
    found = store.read(lambda db: story.events(db, answer.id))
    said = [(event.at, event.status, event.error_code, event.applied) for event in found]
    assert said == [
        (at(2), "sent", None, True),
        (at(3), "undelivered", 30003, True),
        (at(4), "delivered", None, False),
    ]
    ours = store.read(lambda db: story.sent(db, answer.id))
    assert ours and (ours.kind, ours.status, ours.error_code) == ("sent", "undelivered", 30003)


def test_an_inbound_text_is_no_text_of_ours(store: Store, line: Line) -> None:
    answer = store.write(lambda db: told(db, line, NUMBER, 1, "hello"))
    inbound = next(moment for moment in whole_story(store, line, 200) if moment.kind == "text")
    assert store.read(lambda db: story.sent(db, inbound.id)) is None
    assert store.read(lambda db: story.sent(db, answer.id)) is not None


def test_keys_and_voice_messages_belong_to_their_call(store: Store, line: Line) -> None:
    def fill(db: Connection) -> None:
        calls.receive(db, [Call(line.id, CALL, NUMBER, at(1), "ringing", "greeting")])
        for offer, key in ((2, "0"), (1, "2"), (3, "1")):
            calls.press(db, CALL, at(offer), offer, key)
        calls.press(db, "CA" + "8" * 32, at(1), 1, "9")
        calls.add_voice_message(db, VoiceMessage(RECORDING, CALL, at(9), 4, "u", "waiting"))
        calls.add_voice_message(db, VoiceMessage("RE" + "8" * 32, "CA" + "8" * 32, at(9), 4, "u", "waiting"))

    store.write(fill)
    assert [key.key for key in store.read(lambda db: story.keys(db, CALL))] == ["2", "0", "1"]
    (recording,) = store.read(lambda db: story.recordings(db, CALL))
    assert (recording.sid, recording.seconds, recording.status) == (RECORDING, 4, "waiting")


def test_a_voice_message_is_the_lines_on_which_it_was_left_once_it_is_kept(store: Store, line: Line) -> None:
    def line_of(sid: str) -> int | None:
        return store.read(lambda db: story.line_of_recording(db, sid))

    store.write(lambda db: calls.receive(db, [Call(line.id, CALL, NUMBER, at(1), "ringing", "greeting")]))
    store.write(lambda db: calls.add_voice_message(db, VoiceMessage(RECORDING, CALL, at(9), 4, "u", "waiting")))
    assert line_of(RECORDING) is None
    store.write(lambda db: calls.settle_voice_message(db, RECORDING, "kept", None, 100))
    assert line_of(RECORDING) == line.id
    assert line_of("RE" + "7" * 32) is None


def test_pictures_belong_to_their_text_in_their_order(store: Store, line: Line) -> None:
    store.write(lambda db: told(db, line, NUMBER, 1, "look"))
    text = next(moment for moment in whole_story(store, line, 200) if moment.kind == "text")
    found = store.read(lambda db: story.pictures(db, text.id))
    assert [(one.position, one.refused) for one in found] == [(0, None), (1, "no")]
    assert store.read(lambda db: story.line_of_message(db, text.id)) == line.id
    assert store.read(lambda db: story.line_of_message(db, 10_000)) is None


def test_a_story_is_found_by_indexes(store: Store) -> None:
    values = {"line": 1, "number": NUMBER, **NEWEST._asdict(), "most": 5}
    plan = store.read(lambda db: db.execute(f"EXPLAIN QUERY PLAN {story._STORY}", values).fetchall())
    searched = [row[3].partition(" (")[0] for row in plan if row[3].startswith("SEARCH")]
    assert searched == [
        "SEARCH calls USING INDEX calls_number",
        "SEARCH messages USING INDEX messages_number",
        "SEARCH opt_outs USING INDEX opt_outs_number",
        "SEARCH consents USING INDEX consents_person",
        "SEARCH people USING COVERING INDEX sqlite_autoindex_people_1",
    ]
