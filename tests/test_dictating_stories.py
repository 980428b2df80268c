"""An operator records the greeting by telephone, told end to end: gunicorn, SQLite and a carrier with phones."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dictation import silence, speech
from running import NUMBER, PHONE, TOKEN, Product, running_with_carrier, sign, until

from ivr import clock, lines
from ivr.greeting_codes import make_code
from ivr.operators import COMMAND_LINE
from ivr.simulator import Moment, Number, Simulator
from ivr.store import greetings as table
from ivr.store import lines as line_table
from ivr.store.greeting_codes import MOST_WRONG
from ivr.store.greetings import Greeting, Place

Pair = tuple[Product, Simulator]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A server and its carrier for these stories alone: they change what callers hear."""
    with running_with_carrier(tmp_path_factory.mktemp("dictating")) as started:
        yield started


@pytest.fixture
def sentence(tmp_path: Path) -> Path:
    """What the operator says."""
    return speech(tmp_path)


def code_of(product: Product, number: str = NUMBER, language: str = "en", clip: str = "greeting") -> str:
    """A new code."""
    line = product.store.read(lambda db: line_table.find(db, number))
    assert line
    place = Place(line.id, language, clip)
    return make_code(product.store, product.settings.secret_key, place, COMMAND_LINE, clock.now())


def call(pair: Pair, code: str, *keys: str, **more: Any) -> list[Moment]:
    """A call in which the star, a code and more keys are pressed."""
    return pair[1].dial(PHONE, NUMBER, keys=["*", code, *keys], **more)


def versions(product: Product, number: str = NUMBER) -> list[Greeting]:
    """The versions of a line, newest first."""
    line = product.store.read(lambda db: line_table.find(db, number))
    assert line
    return sorted(product.store.read(lambda db: table.of_line(db, line.id)), key=lambda one: -one.id)


def is_live(product: Product, one: Greeting) -> bool:
    """Whether a version is live."""
    return one.id in product.store.read(lambda db: table.live_ids(db, one.line_id))


def told(moments: list[Moment], what: str = "say") -> str:
    """The words of all moments of a kind."""
    return " ".join(moment.text for moment in moments if moment.what == what)


def played(moments: list[Moment]) -> list[str]:
    """The digests of what is played, in order."""
    return re.findall(r"/audio/([0-9a-f]{32})\.wav", told(moments, "play"))


def test_an_operator_enters_a_code_speaks_hears_it_back_and_makes_it_live(pair: Pair, sentence: Path) -> None:
    product, _ = pair
    moments = call(pair, code_of(product), "#", "1", says=sentence)
    newest = versions(product)[0]
    assert [moment.what for moment in moments if moment.what in ("beep", "recorded")] == ["beep", "recorded"]
    assert played(moments)[-1] == newest.digest
    assert "It is live" in told(moments)
    assert (newest.door, newest.made_by, newest.version) == ("telephone", COMMAND_LINE.name, newest.version)
    assert product.settings.instance_path.joinpath("greetings", newest.original).read_bytes() == sentence.read_bytes()
    heard = pair[1].dial("+12025550199", NUMBER)
    assert played(heard)[0] == newest.digest


def test_who_hangs_up_after_hearing_it_has_a_version_that_is_not_live(pair: Pair, sentence: Path) -> None:
    before = len(versions(pair[0]))
    moments = call(pair, code_of(pair[0]), "#", says=sentence)
    assert "it is not live" in told(moments)
    assert len(versions(pair[0])) == before + 1 and not is_live(pair[0], versions(pair[0])[0])


def test_who_hangs_up_while_speaking_has_a_version_too(pair: Pair, sentence: Path) -> None:
    product, _ = pair
    before = len(versions(product))
    whole = call(pair, code_of(product), "#", says=sentence)
    begins = next(moment.at for moment in whole if moment.what == "record")
    until(lambda: len(versions(product)) == before + 1)
    moments = call(pair, code_of(product), says=sentence, hang_up_after=begins + 2)
    assert moments[-2].what == "caller-hangs-up"
    until(lambda: len(versions(product)) == before + 2)
    assert not is_live(product, versions(product)[0])


def test_2_records_again_and_1_makes_the_second_live(pair: Pair, sentence: Path) -> None:
    before = len(versions(pair[0]))
    moments = call(pair, code_of(pair[0]), "#", "2", "#", "1", says=sentence)
    assert len(versions(pair[0])) == before + 2
    assert is_live(pair[0], versions(pair[0])[0]) and not is_live(pair[0], versions(pair[0])[1])
    assert told(moments, "beep") == "beep beep"


def test_any_other_key_plays_it_again(pair: Pair, sentence: Path) -> None:
    moments = call(pair, code_of(pair[0]), "#", "7", says=sentence)
    newest = versions(pair[0])[0].digest
    assert played(moments)[-2:] == [newest, newest]


def test_what_is_silent_is_refused_in_its_own_words_and_recorded_again(pair: Pair, tmp_path: Path) -> None:
    before = len(versions(pair[0]))
    moments = call(pair, code_of(pair[0]), "#", says=silence(tmp_path), hang_up_after=90)
    assert "Nothing was to be heard." in told(moments)
    assert told(moments, "beep").startswith("beep beep")
    assert len(versions(pair[0])) == before


def test_silence_again_and_again_ends_the_call(pair: Pair, tmp_path: Path) -> None:
    moments = call(pair, code_of(pair[0]), says=silence(tmp_path))
    assert len(re.findall("beep", told(moments, "beep"))) == 10
    assert "Please try again later." in told(moments)


def test_a_recording_that_is_not_there_yet_is_waited_for(pair: Pair, sentence: Path) -> None:
    product, carrier = pair
    carrier.misbehave({"recordings.media": ["404", "404", "503"]})
    before = len(versions(product))
    assert "It is live" in told(call(pair, code_of(product), "#", "1", says=sentence))
    assert len(versions(product)) == before + 1


def test_wrong_codes_are_asked_for_again_twice(pair: Pair) -> None:
    product, _ = pair
    code = code_of(product)
    moments = call(pair, *[f"{(int(code) + more) % 10**6:06}" for more in (1, 2, 3)], code)
    assert told(moments, "gather").count("keys") == 4
    assert told(moments).count("That code does not work.") == 3
    assert "record" not in {moment.what for moment in moments}


def test_the_right_code_after_a_wrong_one_opens(pair: Pair, sentence: Path) -> None:
    code = code_of(pair[0])
    moments = call(pair, f"{(int(code) + 1) % 10**6:06}", code, "#", says=sentence)
    assert "recorded" in {moment.what for moment in moments}


def test_after_five_wrong_tries_in_two_calls_the_right_code_is_dead(pair: Pair) -> None:
    code = code_of(pair[0])
    wrong = [f"{(int(code) + more) % 10**6:06}" for more in range(1, MOST_WRONG + 1)]
    call(pair, *wrong[:3])
    moments = call(pair, *wrong[3:], code)
    assert told(moments).count("That code does not work.") == 3
    assert "record" not in {moment.what for moment in moments}


def test_a_code_works_once(pair: Pair, sentence: Path) -> None:
    code = code_of(pair[0])
    assert "recorded" in {moment.what for moment in call(pair, code, "#", says=sentence)}
    assert "recorded" not in {moment.what for moment in call(pair, code, "#", says=sentence)}


def test_a_code_of_another_line_opens_nothing(pair: Pair) -> None:
    product, carrier = pair
    second = "+442071838750"
    lines.add(product.store, second, "Second Figure", clock.now())
    url = product.settings.public_url
    carrier.set_number(Number(second, voice_url=f"{url}/webhooks/voice", sms_url=f"{url}/webhooks/sms"))
    assert "That code does not work." in told(call(pair, code_of(product, second)))


def test_a_code_may_be_for_another_language_and_a_prompt(pair: Pair, sentence: Path) -> None:
    moments = call(pair, code_of(pair[0], language="fr", clip="key-1"), "#", "1", says=sentence)
    assert "You are recording the prompt key 1 in French." in told(moments)
    newest = versions(pair[0])[0]
    assert (newest.language, newest.clip, is_live(pair[0], newest)) == ("fr", "key-1", True)


def test_without_a_code_the_keys_are_offered_again(pair: Pair) -> None:
    moments = pair[1].dial(PHONE, NUMBER, keys=["*", "w" * 40 + "0"])
    assert "redirect" in {moment.what for moment in moments}
    assert told(moments).count("code") == 1
    assert len(set(played(moments))) < len(played(moments))  # 0 repeated the greeting


@pytest.mark.parametrize("step", ["code", "recorded", "choice"])
def test_a_step_that_no_code_was_entered_for_leads_nowhere(pair: Pair, call_form: Any, step: str) -> None:
    path = f"/webhooks/voice/greeting/{step}?turn=1"
    form = call_form(Digits="1", RecordingSid="RE" + "1" * 32)
    answer = pair[0].webhook(path, form)
    assert answer.status == 200 and "<Record" not in answer.text and "<Play" not in answer.text
    assert pair[0].webhook(path, form, signature="").status == 403
    cut = path.replace("turn=1", "turn=2")
    assert pair[0].webhook(cut, form, signature=sign(pair[0].settings.public_url + path, form, TOKEN)).status == 403
    assert pair[0].webhook(path, call_form(CallSid="CA1", RecordingSid="RE1")).status == 400
