"""Calls: ringing, who hangs up when, and what the product is told."""

import pytest

from ivr.simulator import DEFAULT_PHONE, NoSuchNumber, Number, Simulator, WrongCadence, WrongKeys

from .a_product import ACCOUNT, LINE, PHONE, SECOND_LINE, Answer, Product, line_of, tone


def test_the_greeting_begins_after_the_third_ring(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Pause length="15"/><Play>/greeting.wav</Play><Hangup/>')
    assert line_of(simulator.dial(PHONE, LINE)) == [
        (0.0, "ring"),
        (2.0, "ring-ends"),
        (6.0, "ring"),
        (8.0, "ring-ends"),
        (12.0, "ring"),
        (14.0, "ring-ends"),
        (15.0, "answered"),
        (15.0, "play"),
        (20.0, "hangup"),
        (20.0, "ended"),
    ]
    assert simulator.quiet()
    voice, greeting, status = product.asked()
    assert (voice.path, greeting.path, status.path) == ("/voice", "/greeting.wav", "/status")
    assert voice.form["CallStatus"] == "ringing" and voice.is_signed and voice.method == "POST"
    assert (greeting.method, greeting.form) == ("GET", {})
    form = status.form
    assert (form["CallStatus"], form["CallDuration"], form["Duration"]) == ("completed", "5", "1")
    assert form["SequenceNumber"] == "0" and form["CallbackSource"] == "call-progress-events"
    assert form["Timestamp"].endswith("+0000") and status.is_signed


def test_the_webhook_says_who_calls_whom_and_from_where(simulator: Simulator, product: Product) -> None:
    product.says("/voice", "<Hangup/>")
    simulator.dial("+17735550155", LINE)
    form = product.asked("/voice")[0].form
    assert form["CallSid"].startswith("CA") and len(form["CallSid"]) == 34
    assert (form["From"], form["Caller"], form["To"], form["Called"]) == ("+17735550155",) * 2 + (LINE,) * 2
    assert (form["FromCity"], form["CallerState"], form["FromCountry"], form["CalledCountry"]) == (
        "CHICAGO",
        "IL",
        "US",
        "US",
    )
    assert (form["AccountSid"], form["ApiVersion"], form["Direction"]) == (ACCOUNT.sid, "2010-04-01", "inbound")
    simulator.dial("anonymous", LINE)
    form = product.asked("/voice")[-1].form
    assert form["From"] == "anonymous" and "FromCountry" not in form


def test_ringing_follows_the_line_or_the_caller_or_a_named_country(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Pause length="7"/>')
    simulator.set_number(Number(SECOND_LINE, voice_url=f"{product.url}/voice"))

    def rings(**how: str) -> list[float]:
        return [moment.at for moment in simulator.dial(PHONE, SECOND_LINE, **how) if moment.what == "ring"]

    assert rings() == [0.0, 3.0, 6.0]
    assert rings(cadence="caller") == [0.0, 6.0]
    assert rings(cadence="DE") == [0.0, 5.0]
    with pytest.raises(WrongCadence):
        simulator.dial(PHONE, SECOND_LINE, cadence="loud")


def test_set_up_time_comes_before_the_pause(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Pause length="15"/><Play>/greeting.wav</Play>')
    moments = simulator.dial(PHONE, LINE, set_up=2)
    assert (17.0, "answered") in line_of(moments)
    assert [moment.text for moment in moments if moment.what == "ring"][-1] == "ring 3 begins"


def test_hanging_up_while_it_rings_is_no_answer(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Pause length="15"/><Play>/greeting.wav</Play>')
    assert line_of(simulator.dial(PHONE, LINE, hang_up_after=7)) == [
        (0.0, "ring"),
        (2.0, "ring-ends"),
        (6.0, "ring"),
        (7.0, "caller-hangs-up"),
        (7.0, "ended"),
    ]
    assert simulator.quiet()
    form = product.asked("/status")[0].form
    assert (form["CallStatus"], form["CallDuration"]) == ("no-answer", "0")


def test_hanging_up_in_the_greeting_counts_from_the_answer(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Pause length="15"/><Play>/greeting.wav</Play>')
    moments = simulator.dial(PHONE, LINE, hang_up_after=17.5)
    assert line_of(moments)[-2:] == [(17.5, "caller-hangs-up"), (17.5, "ended")]
    assert simulator.quiet()
    assert product.asked("/status")[0].form["CallDuration"] == "3"


def test_a_caller_does_not_wait_for_ever(simulator: Simulator, product: Product) -> None:
    product.says("/voice", '<Pause length="900"/>')
    assert line_of(simulator.dial(PHONE, LINE))[-1] == (120.0, "ended")


def test_redirect_and_hangup_are_obeyed(simulator: Simulator, product: Product) -> None:
    product.says("/voice", "<Redirect>/next</Redirect><Say>never heard</Say>")
    product.says("/next", "<Hangup/><Say>never heard</Say>")
    moments = simulator.dial(PHONE, LINE)
    assert line_of(moments, "ring", "ring-ends") == [
        (0.0, "answered"),
        (0.0, "redirect"),
        (0.0, "hangup"),
        (0.0, "ended"),
    ]


@pytest.mark.parametrize(("twiml", "status"), [("<Reject/>", "no-answer"), ('<Reject reason="busy"/>', "busy")])
def test_a_rejected_call_is_never_answered(simulator: Simulator, product: Product, twiml: str, status: str) -> None:
    product.says("/voice", twiml)
    moments = simulator.dial(PHONE, LINE)
    assert "answered" not in [moment.what for moment in moments]
    assert simulator.quiet()
    assert product.asked("/status")[0].form["CallStatus"] == status


def test_an_empty_answer_is_a_call_answered_and_hung_up(simulator: Simulator, product: Product) -> None:
    product.says("/voice", "")
    assert line_of(simulator.dial(PHONE, LINE))[1:] == [(0.0, "answered"), (0.0, "hangup"), (0.0, "ended")]


def test_a_live_call_lives_by_the_wall(simulator: Simulator, product: Product) -> None:
    product.says("/voice", "<Play>/blip.wav</Play>")
    product.says("/blip.wav", Answer(tone(0.05), content_type="audio/wav"))
    moments = simulator.dial(PHONE, LINE, live=True)
    assert moments[-1].what == "ended" and moments[-1].at >= 0.05
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)


def test_what_cannot_be_dialled_or_pressed_is_said_at_once(simulator: Simulator) -> None:
    with pytest.raises(NoSuchNumber, match=r"\+17735550199"):
        simulator.listen(DEFAULT_PHONE, "+17735550199")
    with pytest.raises(WrongKeys, match="ring twice"):
        simulator.listen(PHONE, LINE, keys=["ring twice"])
