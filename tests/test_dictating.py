"""The steps of a call in which a greeting is recorded: what each says, and that none fails."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from dictation import RECORDING, SID, count, entered, heard, recorded, said, settled, speech, verbs, with_carrier
from inside import rows, the_line
from operating import begun
from running import NUMBER, PHONE
from writers import a_stranger_writes

from ivr import answering, dictating, greetings, recorded_greetings, spoken_words
from ivr.carrier.inbound import KeyPressed
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.store import greetings as table
from ivr.store import operators as operator_table
from ivr.store.audit import Actor

Steps = Callable[..., str]


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The carrier is asked again at once."""
    monkeypatch.setattr(recorded_greetings, "TRIES", (0.0,) * 3)


@pytest.fixture
def sentence(tmp_path: Path) -> bytes:
    """What the operator says."""
    return speech(tmp_path).read_bytes()


@pytest.mark.parametrize(("number", "words"), [(PHONE, "If you have a code"), ("+201001234567", "إذا كان لديك رمز")])
def test_the_star_asks_for_a_code_in_one_sentence(house: House, now: datetime, number: str, words: str) -> None:
    answer = answering.answer_key(house, KeyPressed(SID, number, NUMBER, "*", 1), now)
    assert verbs(answer) == ["Gather", "Say", "Redirect"]
    assert said(answer).startswith(words)
    assert 'numDigits="6"' in answer and "/webhooks/voice/menu?offer=2" in answer


def test_a_right_code_leads_to_the_tone(house: House, now: datetime) -> None:
    answer = entered(house, now)
    assert verbs(answer)[:2] == ["Say", "Record"]
    assert said(answer).startswith("You are recording the greeting in English.")
    assert 'maxLength="120"' in answer and 'finishOnKey="#"' in answer and 'playBeep="true"' in answer


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "أنت تسجّل التحية باللغة: الإنجليزية"),
        ("es", "Estás grabando el saludo en inglés."),
        ("fr", "Vous enregistrez le message d'accueil en anglais."),
    ],
)
def test_operators_hear_their_own_language(house: House, now: datetime, language: str, words: str) -> None:
    begun(house, "Sara")
    sara = house.store.read(lambda db: operator_table.find(db, "Sara"))
    assert sara
    house.store.write(lambda db: operator_table.set_form(db, sara.id, language, "UTC"))
    answer = entered(house, now, "en", Actor(sara.id, "Sara", "192.0.2.7"))
    assert words in said(answer)


def test_a_wrong_code_says_nothing_of_why(house: House, now: datetime) -> None:
    answers = [dictating.answer_code(house, heard("123456", turn=turn), now) for turn in (1, 2, 3)]
    assert [verbs(answer)[0] for answer in answers] == ["Gather", "Gather", "Say"]
    assert verbs(answers[2]) == ["Say", "Hangup"]
    assert "code?turn=3" in answers[1]
    assert said(answers[1]).endswith("Goodbye.")  # who enters nothing more


def test_a_recording_is_played_back_with_the_choice(house: House, now: datetime, sentence: bytes) -> None:
    house = with_carrier(house, sentence)
    entered(house, now)
    answer = recorded(house, now)
    assert verbs(answer)[:3] == ["Gather", "Play", "Say"]
    ((digest, name, door),) = rows(house.store, "SELECT digest, original_name, door FROM greetings")
    assert f"/audio/{digest}.wav" in answer
    assert (name, door) == (f"{RECORDING}.wav", "telephone")


def test_who_hangs_up_is_not_waited_for_and_has_a_version(house: House, now: datetime, sentence: bytes) -> None:
    house = with_carrier(house, sentence)
    entered(house, now)
    assert verbs(dictating.answer_recording(house, heard("hangup", RECORDING), now)) == []
    settled(house)
    assert count(house) == 1
    assert rows(house.store, "SELECT greeting_id FROM live_greetings") == []


def test_1_makes_it_live_by_the_operator_and_says_so(house: House, now: datetime, sentence: bytes) -> None:
    house = with_carrier(house, sentence)
    entered(house, now)
    recorded(house, now)
    assert "It is live" in said(dictating.answer_choice(house, heard("1"), now))
    assert the_line(house.store).spoken["en", "greeting"]
    actions = rows(house.store, "SELECT operator, action, address FROM audit ORDER BY id")
    assert [(who, where) for who, action, where in actions if action.startswith("greeting made live")] == [
        (COMMAND_LINE.name, PHONE)
    ]


def test_a_version_that_was_removed_meanwhile_is_recorded_again(house: House, now: datetime, sentence: bytes) -> None:
    house = with_carrier(house, sentence)
    entered(house, now)
    recorded(house, now)
    ((greeting_id,),) = rows(house.store, "SELECT id FROM greetings")
    found = house.store.read(lambda db: table.of_id(db, greeting_id))
    assert found
    greetings.remove(house.store, found, COMMAND_LINE, now)
    for key in ("1", "7"):
        assert "Record" in verbs(dictating.answer_choice(house, heard(key), now))


def test_before_anything_is_recorded_no_key_makes_anything_live(house: House, now: datetime) -> None:
    entered(house, now)
    assert verbs(dictating.answer_choice(house, heard("1"), now)) == ["Hangup"]


def test_a_recording_is_not_taken_for_ever(house: House, now: datetime, sentence: bytes) -> None:
    house = with_carrier(house, sentence)
    entered(house, now)
    recorded(house, now)
    answer = dictating.answer_choice(house, heard("2", turn=dictating.MOST_RECORDINGS), now)
    assert verbs(answer)[-1] == "Hangup" and "Record" not in verbs(answer)


def test_a_call_without_a_code_gets_nothing_from_any_step(house: House, now: datetime) -> None:
    assert verbs(recorded(house, now)) == ["Hangup"]
    assert verbs(dictating.answer_choice(house, heard("1"), now)) == ["Hangup"]
    other = replace(heard("123456"), dialled="+14155550199")
    assert verbs(dictating.answer_code(house, other, now)) == ["Hangup"]


@pytest.mark.parametrize("step", [dictating.answer_code, dictating.answer_recording, dictating.answer_choice])
def test_with_the_database_gone_every_step_apologises(house: House, now: datetime, step: Steps) -> None:
    entered(house, now)
    house.store.close()
    house.store.path.rename(house.store.path.with_name("away.db"))
    answer = step(house, heard("123456", RECORDING), now)
    assert verbs(answer) == ["Say", "Hangup"]
    assert "not possible right now" in said(answer)


def test_with_the_database_locked_a_code_is_apologised_for(house: House, now: datetime) -> None:
    with a_stranger_writes(house.store.path):
        assert "not possible right now" in said(dictating.answer_code(house, heard("123456"), now))


def test_a_mistake_of_ours_is_apologised_for_too(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch, sentence: bytes
) -> None:
    house = with_carrier(house, sentence)
    entered(house, now)
    monkeypatch.setattr(recorded_greetings.greetings, "add", lambda *_: 1 / 0)
    assert "not possible right now" in said(recorded(house, now))
    monkeypatch.setattr(dictating, "_what_became", lambda *_: 1 / 0)
    assert "not possible right now" in said(recorded(house, now))


def test_everything_that_is_said_is_there_in_every_language() -> None:
    for sentence in spoken_words.sentences().values():
        assert set(sentence) == set(spoken_words.LANGUAGES)
        gaps = [{gap for gap in ("{tongue}", "{clip}") if gap in words} for words in sentence.values()]
        assert all(gap == gaps[0] for gap in gaps)
    known = spoken_words.sentences()
    assert set(recorded_greetings.TOLD) <= set(known)
    assert {"quiet", "clipped", "noisy"} <= set(known)
