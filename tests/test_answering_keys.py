"""What the keys do in a call: 1 texts the link, 2 takes a message, 0 repeats, anything else offers them again."""

from collections.abc import Callable

import pytest
from inside import caught_up, person_of, texts_to, with_values
from running import NUMBER, PHONE

from ivr import answering, clock, lines
from ivr.carrier.inbound import IncomingCall, KeyPressed
from ivr.house import House
from ivr.store import people

Press = Callable[..., str]


@pytest.fixture
def press(house: House, sid: Callable[[str], str]) -> Press:
    """Calls the line and presses a key; returns the TwiML."""
    one = sid("CA")
    answering.answer_call(house, IncomingCall(one, PHONE, NUMBER, "ringing"), clock.now())

    def make(key: str, number: str = PHONE, offer: int = 1, dialled: str = NUMBER) -> str:
        return answering.answer_key(house, KeyPressed(one, number, dialled, key, offer), clock.now())

    return make


def heard(house: House, answer: str, language: str = "en") -> list[str]:
    """The clips that are played, in their order."""
    clips = {house.library.clip(language, name): name for name in ("greeting", "key-0", "key-1", "key-2")}
    clips |= {house.library.clip(language, name): name for name in ("link-sent", "link-known", "leave-message")}
    clips |= {house.library.clip(language, name): name for name in ("goodbye", "not-taking", "no-text", "thanks")}
    places = {answer.find(f"/{clip.digest}.wav"): name for clip, name in clips.items() if clip}
    return [name for place, name in sorted(places.items()) if place >= 0]


def test_1_queues_the_link_once_however_often_the_key_is_announced(house: House, press: Press) -> None:
    for _ in range(3):
        assert heard(house, press("1")) == ["link-sent"]
    (text,) = texts_to(house.store, PHONE)
    assert (text.purpose, text.way, text.status) == ("reply", "outbox", "queued")  # the first link says who this is
    assert "{link}" in text.body


def test_after_the_first_and_three_more_a_day_no_link_is_sent_and_the_caller_is_told(
    house: House, press: Press
) -> None:
    answers = [heard(house, press("1", offer=offer)) for offer in range(1, 6)]
    assert answers == [["link-sent"]] * 4 + [["link-known"]]
    assert [text.purpose for text in texts_to(house.store, PHONE)] == ["link"] * 3 + ["reply"]


def test_who_opted_out_since_the_call_began_is_not_texted(house: House, press: Press) -> None:
    line = house.known_lines[NUMBER]
    house.store.write(lambda db: people.set_opted_out(db, line, PHONE, clock.written(clock.now())))
    assert heard(house, press("1")) == ["no-text"]
    assert texts_to(house.store, PHONE) == []
    assert person_of(house.store, PHONE).opted_out_at


def test_who_cannot_be_texted_hears_the_web_address_for_1(house: House, press: Press) -> None:
    assert "slash join" in press("1", number="anonymous")
    assert texts_to(house.store, "anonymous") == []


def test_2_takes_a_message_where_the_line_does_and_says_so_where_not(house: House, press: Press) -> None:
    assert heard(house, press("2")) == ["not-taking", "key-1", "key-0"]
    with_values(house, takes_messages=True)
    answer = press("2")
    assert heard(house, answer) == ["leave-message"]
    assert "<Record" in answer and answer.index("<Play>") < answer.index("<Record")


@pytest.mark.parametrize(
    ("key", "clips"), [("0", ["greeting", "key-1", "key-0"]), ("7", ["key-1", "key-0"]), ("", ["key-1", "key-0"])]
)
def test_0_repeats_the_greeting_and_any_other_key_the_offer(
    house: House, press: Press, key: str, clips: list[str]
) -> None:
    answer = press(key)
    assert heard(house, answer) == clips
    assert "menu?offer=2" in answer and "<Pause" not in answer


def test_after_the_last_offer_the_call_ends_but_1_still_works(house: House, press: Press) -> None:
    assert heard(house, press("0", offer=answering.MOST_OFFERS)) == ["goodbye"]
    assert heard(house, press("1", offer=answering.MOST_OFFERS)) == ["link-sent"]


def test_a_key_of_a_call_to_no_line_of_ours_ends_the_call(house: House, press: Press) -> None:
    assert "<Hangup" in press("1", dialled="+14155550199")


def test_with_the_database_locked_the_wish_is_spooled_and_granted_later(house: House, press: Press) -> None:
    house.store.close()
    house.store.path.rename(house.store.path.with_name("away.db"))
    assert heard(house, press("1")) == ["link-sent"]
    house.store.path.with_name("away.db").rename(house.store.path)
    assert caught_up(house) == 1
    assert [text.purpose for text in texts_to(house.store, PHONE)] == ["reply"]


def test_thanks_are_said_after_a_message(house: House) -> None:
    assert heard(house, answering.thank(house, PHONE, NUMBER)) == ["thanks"]
    assert heard(house, answering.thank(house, "+201001234567", NUMBER), "ar") == ["thanks"]


def test_a_key_works_though_this_process_has_not_met_the_line_yet(house: House, sid: Callable[[str], str]) -> None:
    lines.add(house.store, "+442071838750", "Second Figure", clock.now())
    press = KeyPressed(sid("CA"), PHONE, "+442071838750", "0", 1)
    assert heard(house, answering.answer_key(house, press, clock.now()))[0] == "greeting"
    assert heard(house, answering.thank(house, PHONE, "+442071838750")) == ["thanks"]
