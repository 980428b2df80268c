"""A call: how long it rings, what is heard, and that the greeting plays whatever becomes of the log."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from inside import contacts_of, person_of, rows, with_values
from running import NUMBER, PHONE
from writers import a_stranger_writes

from audio.library import Library
from ivr import answering, clock
from ivr.carrier import twiml
from ivr.carrier.inbound import IncomingCall
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.ringing import pause_seconds
from ivr.store import Store, people

Sid = Callable[[str], str]
EGYPTIAN = "+201001234567"
BRITISH = "+447400123456"
LANDLINE = "+442079460000"


@pytest.fixture
def call(house: House, sid: Sid) -> Callable[..., str]:
    """Calls the line; returns the TwiML."""

    def make(number: str = PHONE, at: datetime | None = None, within: House = house, **fields: str) -> str:
        values = {"sid": sid("CA"), "number": number, "dialled": NUMBER, "status": "ringing", **fields}
        incoming = IncomingCall(**values)
        return answering.answer_call(within, incoming, at or clock.now())

    return make


def pause_of(answer: str) -> int:
    """Seconds that it rings."""
    found = re.search(r'<Response><Pause length="(\d+)" ?/>', answer)
    return int(found[1]) if found else 0


def plays(house: House, answer: str, clip: str, language: str = "en") -> bool:
    """Whether this clip is heard."""
    found = house.library.clip(language, clip)
    assert found is not None
    return f"/audio/{found.digest}.wav" in answer


@pytest.mark.parametrize(
    ("values", "number", "seconds"),
    [
        ({}, PHONE, 15),
        ({}, EGYPTIAN, 15),  # the called exchange makes the tone
        ({"rings": 1}, PHONE, 3),
        ({"rings": 0}, PHONE, 0),
        ({"adjust": 4}, PHONE, 19),
        ({"adjust": -4}, PHONE, 11),
        ({"country": "GB"}, PHONE, 7),
        ({"cadence": "caller"}, BRITISH, 7),
        ({"cadence": "caller"}, PHONE, 15),
        ({"cadence": "caller"}, "anonymous", 15),
    ],
)
def test_it_rings_as_often_as_the_line_says_by_the_cadence_it_says(
    house: House, call: Callable[..., str], values: dict[str, object], number: str, seconds: int
) -> None:
    with_values(house, **values)
    answer = call(number)
    assert pause_of(answer) == seconds
    assert rows(house.store, "SELECT pause FROM calls") == [(seconds,)]


def test_a_call_is_kept_once_and_greeted_however_often_it_is_announced(
    house: House, call: Callable[..., str], sid: Sid
) -> None:
    one = sid("CA")
    assert len({call(sid=one) for _ in range(5)}) == 1
    (contact,) = contacts_of(house.store, PHONE)
    assert (contact["kind"], contact["reply"], contact["line"]) == ("call", "greeting", NUMBER)
    assert person_of(house.store, PHONE).number == PHONE


def test_the_greeting_comes_first_then_the_keys_that_there_are(house: House, call: Callable[..., str]) -> None:
    answer = call()
    assert plays(house, answer, "greeting") and plays(house, answer, "key-1") and plays(house, answer, "key-0")
    assert not plays(house, answer, "key-2")
    assert answer.index("<Gather") < answer.index("<Play>") < answer.index("</Gather>") < answer.index("<Hangup")
    with_values(house, takes_messages=True)
    assert plays(house, call(), "key-2")


def test_a_line_that_says_no_keys_only_greets_but_still_takes_them(house: House, call: Callable[..., str]) -> None:
    with_values(house, says_keys=False)
    answer = call()
    assert answer.count("<Play>") == 1 and "<Gather" in answer
    assert call(number=LANDLINE).count("<Say") == 0


@pytest.mark.parametrize("number", ["", "anonymous", "+266696687", LANDLINE, "+882161234567"])
def test_who_cannot_be_texted_hears_the_web_address_instead(
    house: House, call: Callable[..., str], number: str
) -> None:
    answer = call(number)
    assert not plays(house, answer, "key-1")
    assert plays(house, answer, "no-text") and "slash join" in answer


def test_who_has_opted_out_hears_the_web_address(house: House, call: Callable[..., str]) -> None:
    call()
    line = house.known_lines[NUMBER]
    house.store.write(lambda db: people.set_opted_out(db, line, PHONE, "2026-11-03T20:15:00.000Z"))
    assert "slash join" in call()


def test_callers_from_countries_that_the_line_does_not_answer_are_offered_no_text(
    house: House, call: Callable[..., str]
) -> None:
    with_values(house, countries=("EG",))
    assert "slash join" in call()
    assert "slash join" not in call(EGYPTIAN)


def test_a_caller_from_an_arab_country_is_greeted_in_arabic(house: House, call: Callable[..., str]) -> None:
    answer = call(EGYPTIAN)
    assert plays(house, answer, "greeting", "ar") and plays(house, answer, "key-1", "ar")
    assert rows(house.store, "SELECT language FROM calls") == [("ar",)]


def test_where_a_recording_is_missing_its_words_are_said(
    house: House, call: Callable[..., str], tmp_path: Path
) -> None:
    folder = tmp_path / "greetings"
    folder.mkdir()
    words = Path(house.library.clip("en", "greeting").path).parent.parent  # type: ignore[union-attr]
    for name in ("en.json", "ar.json"):
        (folder / name).write_bytes((words / name).read_bytes())
    silent = replace(house, library=Library.open(folder))
    answer = call(within=silent)
    assert "<Play>" not in answer and '<Say language="en-US" voice="Polly.Joanna">' in answer
    assert "Polly.Zeina" in call(EGYPTIAN, within=silent)


def test_a_number_that_is_no_line_is_rejected_and_noted(house: House, call: Callable[..., str]) -> None:
    assert call(dialled="+14155550199") == twiml.REJECT
    assert contacts_of(house.store, PHONE) == []
    assert rows(house.store, "SELECT kind, dialled FROM strays") == [("call", "+14155550199")]


def impatient(house: House) -> House:
    """The same house, whose store gives up at once."""
    return replace(house, store=Store(house.store.path, house.settings.instance_path / "spool", patience=0.05))


def test_with_the_database_locked_the_greeting_plays_and_the_call_is_spooled(
    house: House, call: Callable[..., str]
) -> None:
    hasty = impatient(house)
    with a_stranger_writes(house.store.path):
        assert plays(house, call(within=hasty), "greeting")
    assert hasty.store.spool.count() == 1
    hasty.store.close()


def test_with_the_database_gone_the_greeting_plays_and_the_call_is_spooled(
    house: House, call: Callable[..., str]
) -> None:
    house.store.path.unlink()
    answer = call(EGYPTIAN)
    assert plays(house, answer, "greeting", "ar") and pause_of(answer) == 15
    assert house.store.spool.count() == 1


def test_with_the_spool_gone_too_the_greeting_still_plays(house: House, call: Callable[..., str]) -> None:
    house.store.path.unlink()
    (house.settings.instance_path / "spool").write_text("no folder")
    assert plays(house, call(), "greeting")


def test_with_a_fault_that_nobody_foresaw_the_greeting_still_plays(
    house: House, call: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.answering.meet", lambda *_: 1 / 0)
    assert plays(house, call(), "greeting")


def test_a_process_that_starts_without_the_database_greets_by_the_settings(
    house: House, call: Callable[..., str]
) -> None:
    house.store.path.unlink()
    reopened = House.open(house.settings)
    answer = call(within=reopened)
    assert plays(house, answer, "greeting") and pause_of(answer) == 15
    assert plays(house, call(within=reopened, dialled="+14155550199"), "greeting")  # a line added later, maybe


def test_without_the_database_the_line_of_the_settings_rings_as_its_country_does(
    house: House, call: Callable[..., str]
) -> None:
    egyptian = replace(house.settings, phone_number="+20227351234", database_path=house.store.path / "gone")
    answer = call(within=House.open(egyptian), dialled="+20227351234")
    assert pause_of(answer) == pause_seconds("EG")


@pytest.mark.parametrize(("lost", "pause"), [(0.0, 15), (3.2, 12), (5.0, 10), (60.0, 1), (-60.0, 15)])
def test_the_pause_shrinks_by_the_seconds_lost_waiting_and_never_grows(
    house: House, call: Callable[..., str], monkeypatch: pytest.MonkeyPatch, lost: float, pause: int
) -> None:
    at = clock.now()
    monkeypatch.setattr("ivr.clock.now", lambda: at + timedelta(seconds=lost))
    assert pause_of(call(at=at)) == pause


def test_calls_that_wait_at_the_same_moment_are_kept_each_as_its_own(house: House) -> None:
    other = "+12025550144"
    at = clock.now()
    calls = [
        IncomingCall("CA" + sid * 32, number, dialled, "ringing")
        for sid, number, dialled in (
            ("1", PHONE, NUMBER),
            ("2", other, "+14155550199"),
            ("3", "anonymous", NUMBER),
            ("1", PHONE, NUMBER),
            ("4", other, NUMBER),
        )
    ]
    line = next(iter(house.known_lines.values()))
    house.store.write(lambda db: meet(db, [Visitor(line, other, at)], "key"))
    house.store.write(lambda db: people.set_opted_out(db, line, other, "2026-11-03T20:15:00.000Z"))
    callers = house.store.write(
        lambda db: list(answering.receive(db, [answering.CallArrival(house, call, at) for call in calls]))
    )
    assert [caller and caller.textable for caller in callers] == [True, None, False, True, False]
    assert rows(house.store, "SELECT sid, number FROM calls ORDER BY sid") == [
        ("CA" + "1" * 32, PHONE),
        ("CA" + "3" * 32, "anonymous"),
        ("CA" + "4" * 32, other),
    ]


def test_what_the_carrier_asks_in_a_call_it_tries_again_when_it_fails(call: Callable[..., str], house: House) -> None:
    with_values(house, takes_messages=True)
    (action,) = re.findall(r'<Gather action="([^"]+)"', call())
    assert action.endswith("/webhooks/voice/menu?offer=1#rc=3&amp;rp=all")
