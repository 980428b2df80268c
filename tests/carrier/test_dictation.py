"""What a step of recording a greeting says: digits, a recording by its SID, and what our own address carries."""

import pytest

from ivr.carrier.dictation import Dictation, dictation
from ivr.carrier.forms import Form, read_query
from ivr.errors import BadWebhook

SID, RECORDING = "CA" + "1" * 32, "RE" + "2" * 32
CALL = [("CallSid", SID), ("From", "+12025550143"), ("To", "+17735550100")]


def test_digits_and_counts_are_read() -> None:
    found = dictation(Form([*CALL, ("Digits", "123456")]), read_query("turn=2&look=3"))
    assert found == Dictation(SID, "+12025550143", "+17735550100", "123456", "", False, 2, 3)


@pytest.mark.parametrize(
    ("form", "query"), [([("RecordingSid", RECORDING)], ""), ([], f"RecordingSid={RECORDING}&turn=1")]
)
def test_a_recording_is_the_webhooks_or_the_one_in_our_address(form: list[tuple[str, str]], query: str) -> None:
    assert dictation(Form([*CALL, *form]), read_query(query)).recording == RECORDING


def test_hanging_up_is_not_a_key() -> None:
    assert dictation(Form([*CALL, ("Digits", "hangup"), ("RecordingSid", RECORDING)]), Form([])).hung_up
    assert not dictation(Form([*CALL, ("Digits", "#")]), Form([])).hung_up


@pytest.mark.parametrize("form", [[], [("CallSid", "CA1")], [*CALL, ("RecordingSid", "../x")]])
def test_what_no_carrier_sends_is_refused(form: list[tuple[str, str]]) -> None:
    with pytest.raises(BadWebhook):
        dictation(Form(form), Form([]))


@pytest.mark.parametrize("query", ["", "turn=&look=x", "turn=-1&look=99999999999999999"])
def test_counts_that_are_none_are_the_first(query: str) -> None:
    found = dictation(Form(CALL), read_query(query))
    assert (found.turn, found.look) == (1, 0)
