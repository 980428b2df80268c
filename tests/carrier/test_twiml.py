"""TwiML: every document is well-formed, knows only the carrier's verbs, and shows people's words as they are."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.carrier import twiml
from ivr.carrier.twiml import Spoken

# docs voice/twiml and messaging/twiml: the verbs that the product uses, and what may stand on each.
VERBS = {
    "Response": set(),
    "Pause": {"length"},
    "Gather": {"numDigits", "timeout", "action", "method", "finishOnKey"},
    "Redirect": {"method"},
    "Play": set(),
    "Say": {"voice", "language"},
    "Hangup": set(),
    "Reject": set(),
    "Record": {"action", "method", "finishOnKey", "maxLength", "timeout", "playBeep", "recordingStatusCallback"}
    | {"recordingStatusCallbackMethod", "recordingStatusCallbackEvent"},
    "Message": {"action", "method"},
    "Body": set(),
}
PLAYED = Spoken("Hello.", "en", "https://line.example.org/audio/0.wav")
SAID = Spoken("أهلاً وسهلاً", "ar")
ACTION = "https://line.example.org/webhooks/voice/menu?offer=1&a=%22"
MAKERS: dict[str, Callable[[str], str]] = {
    "keys": lambda words: twiml.ring_then_offer_keys(15, (PLAYED, Spoken(words, "en")), ACTION),
    "hang up": lambda words: twiml.speak_and_hang_up((PLAYED, Spoken(words, "ar"))),
    "fallback": lambda words: twiml.ring_then_speak(15, (Spoken(words, "en"),)),
    "message taken": lambda words: twiml.take_message((Spoken(words, "en"),), ACTION, ACTION),
    "digits": lambda words: twiml.ask_digits((PLAYED, Spoken(words, "en")), 6, ACTION, (PLAYED,), ACTION),
    "greeting recorded": lambda words: twiml.record_greeting((Spoken(words, "ar"),), ACTION, (PLAYED,)),
    "waiting": lambda words: twiml.wait((Spoken(words, "en"),), 4, ACTION),
    "text": lambda words: twiml.message(words, ACTION),
}


def read(document: str) -> ElementTree.Element:
    """The document, which must be well-formed XML of verbs that the carrier knows."""
    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    root = ElementTree.fromstring(document.encode())
    assert root.tag == "Response"
    for verb in root.iter():
        assert set(verb.attrib) <= VERBS[verb.tag]
    return root


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("words", ["hello", "a < b & \"c\" 'd' ]]>", "<Hangup/>", "مرحبا 😀", "👩‍👩‍👧", "", "\n\t"])
def test_words_come_out_as_they_went_in(make: Callable[[str], str], words: str) -> None:
    root = read(make(words))
    assert (words or None) in [verb.text for verb in root.iter() if verb.tag in {"Say", "Body"}]


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@given(words=st.text())
def test_no_words_make_a_document_that_cannot_be_read(make: Callable[[str], str], words: str) -> None:
    read(make(words))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_control_characters_and_lone_surrogates_cannot_get_in(make: Callable[[str], str]) -> None:
    root = read(make("a\x00b\x08\x0b\x1b\ufffe\ud800c"))
    assert "abc" in [verb.text for verb in root.iter()]


def test_a_call_rings_then_speaks_into_the_taking_of_a_key_and_hangs_up() -> None:
    root = read(twiml.ring_then_offer_keys(15, (PLAYED, SAID), ACTION))
    assert [verb.tag for verb in root] == ["Pause", "Gather", "Hangup"]
    assert root[0].attrib == {"length": "15"}
    assert root[1].attrib == {"numDigits": "1", "timeout": "5", "action": ACTION, "method": "POST"}
    assert [(verb.tag, verb.text) for verb in root[1]] == [("Play", PLAYED.url), ("Say", SAID.words)]


def test_without_a_pause_the_first_verb_answers() -> None:
    assert [verb.tag for verb in read(twiml.ring_then_offer_keys(0, (PLAYED,), ACTION))] == ["Gather", "Hangup"]
    assert [verb.tag for verb in read(twiml.speak_and_hang_up((PLAYED,)))] == ["Play", "Hangup"]
    assert [verb.tag for verb in read(twiml.speak_and_hang_up(()))] == ["Hangup"]


def test_an_answer_that_needs_nothing_else_of_us_rings_speaks_and_hangs_up() -> None:
    assert [verb.tag for verb in read(twiml.ring_then_speak(15, (SAID,)))] == ["Pause", "Say", "Hangup"]


@pytest.mark.parametrize(
    ("language", "voice", "spoken"),
    [
        ("ar", "Polly.Zeina", "arb"),
        ("en", "Polly.Joanna", "en-US"),
        ("es", "Polly.Lupe", "es-US"),
        ("fr", "Polly.Lea", "fr-FR"),
        ("tr", "Polly.Joanna", "en-US"),
    ],
)
def test_what_is_missing_as_a_recording_is_said_by_a_voice_of_its_language(
    language: str, voice: str, spoken: str
) -> None:
    (said, _) = read(twiml.speak_and_hang_up((Spoken("Merhaba", language),)))
    assert said.attrib == {"voice": voice, "language": spoken}


def test_a_message_is_taken_with_one_key_to_end_it_and_reported_apart() -> None:
    record = read(twiml.take_message((PLAYED,), "https://a.example/?x=1&y=2", "https://b.example/")).find("Record")
    assert record is not None
    assert record.attrib["action"] == "https://a.example/?x=1&y=2"
    assert record.attrib["recordingStatusCallback"] == "https://b.example/"
    assert record.attrib["recordingStatusCallbackEvent"] == "completed absent"
    assert (record.attrib["finishOnKey"], record.attrib["maxLength"]) == ("#", "120")


def test_a_text_is_answered_with_one_text_whose_fate_is_reported() -> None:
    root = read(twiml.message("hello", "https://a.example/?message=17&x=1"))
    assert [verb.tag for verb in root] == ["Message"]
    assert root[0].attrib == {"action": "https://a.example/?message=17&x=1", "method": "POST"}


def test_silence_and_rejection_are_documents_too() -> None:
    assert list(read(twiml.NOTHING)) == []
    assert [verb.tag for verb in read(twiml.REJECT)] == ["Reject"]


def test_the_longest_text_is_as_long_as_the_carrier_takes() -> None:
    body = read(twiml.message("é" * 5000, ACTION)).find("Message/Body")
    assert body is not None
    assert len(body.text or "") == 1600
