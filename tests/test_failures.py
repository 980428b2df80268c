"""What the carrier's codes mean: for each a sentence and what to do, in both languages."""

import pytest

from ivr.failures import meaning

CODES = (
    *(*range(30001, 30009), 30010, 30011, 30019, 30022, 30023, 30032, 30034, 30035, 30036, 30038, 30039),
    *(21211, 21408, 21610, 21611, 21612, 21614, 21617, 20003, 20429),
)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("cause", [*map(str, CODES), "doubt", "unsaid"])
def test_a_cause_has_a_sentence_and_what_to_do(cause: str, language: str) -> None:
    said = meaning(cause, language)
    assert said != meaning("99999", language), "it is not in the table"
    for sentence in (said.means, said.what_to_do):
        assert sentence.endswith(".") and "{" not in sentence
        assert any("\u0600" <= letter <= "\u06ff" for letter in sentence) == (language == "ar")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_unknown_code_is_named_with_where_to_look_it_up(language: str) -> None:
    said = meaning("31337", language)
    assert "31337" in said.means and "twilio.com/docs/api/errors/31337" in said.what_to_do


def test_a_refusal_without_a_code_of_the_carriers_names_its_status() -> None:
    assert "HTTP status 400" in meaning("400", "en").means


def test_another_language_reads_english() -> None:
    assert meaning("30003", "fr") == meaning("30003", "en")
