"""Texts: what the product is told, what the phone receives, and what the carrier does on its own."""

import pytest

from ivr.simulator import NoSuchNumber, Number, Received, Running, Simulator

from .a_product import ACCOUNT, LINE, PHONE, Answer, Product


def bodies(simulator: Simulator, text: str) -> list[str]:
    return [message.body for message in simulator.text(PHONE, LINE, text).messages]


def test_a_text_reaches_the_product_and_its_answer_the_phone(simulator: Simulator, product: Product) -> None:
    product.says("/sms", '<Message action="/sms/status?message=1">Hello &amp; welcome</Message>')
    texted = simulator.text(PHONE, LINE, "Hi, ça va? مرحبا")
    (asked,) = product.asked("/sms")
    form = asked.form
    assert asked.is_signed and asked.method == "POST"
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == texted.sid
    assert (form["From"], form["To"], form["Body"]) == (PHONE, LINE, "Hi, ça va? مرحبا")
    assert (form["NumMedia"], form["NumSegments"], form["SmsStatus"]) == ("0", "1", "received")
    assert (form["AccountSid"], form["FromCountry"], form["FromCity"]) == (ACCOUNT.sid, "US", "WASHINGTON")
    (received,) = texted.messages
    assert received == Received(received.sid, LINE, PHONE, "Hello & welcome")
    assert (texted.status, texted.warnings) == ("received", ())
    assert simulator.quiet()
    told = product.asked("/sms/status?message=1")
    assert [one.form["MessageStatus"] for one in told] == ["sent", "delivered"]
    assert {one.form["MessageSid"] for one in told} == {received.sid} and all(one.is_signed for one in told)


def test_pictures_are_told_of_and_can_be_answered_with(simulator: Simulator, product: Product) -> None:
    product.says("/sms", "<Message><Body>Nice</Body><Media>/cat.jpg</Media></Message>")
    texted = simulator.text(PHONE, LINE, "", ["http://example.org/dog.png"])
    form = product.asked("/sms")[0].form
    assert texted.sid.startswith("MM") and form["NumMedia"] == "1"
    assert (form["MediaUrl0"], form["MediaContentType0"]) == ("http://example.org/dog.png", "image/png")
    assert texted.messages[0].media == (f"{product.url}/cat.jpg",)


def test_several_messages_redirects_and_silence_are_obeyed(simulator: Simulator, product: Product) -> None:
    product.says("/sms", "<Message>One</Message><Redirect>/more</Redirect><Message>Never</Message>")
    product.says("/more", f'<Message>Two</Message><Message to="+12025550199" from="{LINE}">Elsewhere</Message>')
    assert bodies(simulator, "Hi") == ["One", "Two"]
    product.says("/sms", "")
    assert bodies(simulator, "Hi") == []
    product.says("/sms", Answer(b"", 204, ""))
    assert bodies(simulator, "Hi") == []
    product.says("/sms", Answer(b"Plain words", content_type="text/plain"))
    assert bodies(simulator, "Hi") == ["Plain words"]


def test_more_than_ten_messages_are_sent_with_a_warning(simulator: Simulator, product: Product) -> None:
    product.says("/sms", "<Message>x</Message>" * 11)
    texted = simulator.text(PHONE, LINE, "Hi")
    assert len(texted.messages) == 11
    assert [code for code, _ in texted.warnings] == [14109]


def test_stop_is_answered_and_obeyed_by_the_carrier_and_still_told_to_the_product(
    simulator: Simulator, product: Product
) -> None:
    product.says("/sms", '<Message action="/sms/status">From the product</Message>')
    texted = simulator.text(PHONE, LINE, "Stop")
    assert [message.sid for message in texted.messages] == [""]
    assert "unsubscribed" in texted.messages[0].body
    assert [code for code, _ in texted.warnings] == [21610]
    assert product.asked("/sms")[0].form["Body"] == "Stop"
    assert "OptOutType" not in product.asked("/sms")[0].form
    assert simulator.quiet()
    (told,) = product.asked("/sms/status")
    assert (told.form["MessageStatus"], told.form["ErrorCode"]) == ("failed", "21610")
    assert bodies(simulator, "STOP") == []
    assert len(bodies(simulator, "unstop")) == 2


@pytest.mark.parametrize("word", ["stop", "UNSUBSCRIBE", "End", "quit", "STOPALL", "revoke", "OptOut", "cancel"])
def test_every_stop_word_blocks_and_start_ends_it(simulator: Simulator, product: Product, word: str) -> None:
    product.says("/sms", "<Message>Hello</Message>")
    assert len(bodies(simulator, word)) == 1
    assert bodies(simulator, "Are you there?") == []
    assert len(bodies(simulator, "YES")) == 2
    assert bodies(simulator, "Are you there?") == ["Hello"]


def test_a_word_within_a_sentence_is_no_keyword(simulator: Simulator, product: Product) -> None:
    product.says("/sms", "<Message>Hello</Message>")
    for text in ("stop please", "Please, STOP", "help me", "توقف"):
        assert bodies(simulator, text) == ["Hello"]


def test_help_is_answered_by_the_carrier(simulator: Simulator, product: Product) -> None:
    product.says("/sms", "")
    assert (
        bodies(simulator, "HELP")
        == bodies(simulator, "info")
        == ["Reply STOP to unsubscribe. Msg&Data Rates May Apply."]
    )


def test_a_block_belongs_to_one_line(simulator: Simulator, product: Product) -> None:
    product.says("/sms", "<Message>Hello</Message>")
    other = "+17735550101"
    simulator.set_number(Number(other, sms_url=f"{product.url}/sms"))
    simulator.text(PHONE, LINE, "STOP")
    assert [message.body for message in simulator.text(PHONE, other, "Hi").messages] == ["Hello"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(b"", 503), 11200),
        (Answer(b"<Response>"), 12100),
        (Answer(b"<Response><Say>Hi</Say></Response>"), 12200),
        (Answer(b"<Response><Body>Hi</Body></Response>"), 12200),
        (Answer(b"{}", content_type="application/json"), 12300),
    ],
)
def test_what_cannot_be_obeyed_is_lost_with_twilios_code_unless_there_is_a_fallback(
    simulator: Simulator, product: Product, answer: Answer, code: int
) -> None:
    product.says("/sms", answer)
    texted = simulator.text(PHONE, LINE, "Hi")
    assert (texted.status, texted.messages) == ("failed", ())
    assert [given for given, _ in texted.warnings] == [code]
    product.says("/backup", "<Message>From the fallback</Message>")
    simulator.set_number(Number(LINE, sms_url=f"{product.url}/sms", sms_fallback_url=f"{product.url}/backup"))
    texted = simulator.text(PHONE, LINE, "Hi")
    assert [message.body for message in texted.messages] == ["From the fallback"]
    assert texted.status == "received"
    form = product.asked("/backup")[0].form
    assert (form["ErrorCode"], form["ErrorUrl"]) == (str(code), f"{product.url}/sms")


def test_an_answer_that_is_too_long_fails(simulator: Simulator, product: Product) -> None:
    product.says("/sms", f"<Message>{'x' * 1601}</Message>")
    texted = simulator.text(PHONE, LINE, "Hi")
    assert (texted.messages, [code for code, _ in texted.warnings]) == ((), [21617])


def test_an_unknown_attribute_earns_a_warning_and_nothing_more(simulator: Simulator, product: Product) -> None:
    product.says("/sms", '<Message colour="red">Hello</Message>')
    texted = simulator.text(PHONE, LINE, "Hi")
    assert texted.warnings == ((12200, "<Message> has no attribute 'colour'"),)
    assert len(texted.messages) == 1


def test_a_webhook_comes_twice_on_command_with_the_same_sid(simulator: Simulator, product: Product) -> None:
    product.says("/sms", "<Message>Hello</Message>")
    simulator.misbehave({"webhooks": {"duplicates": 1}})
    assert bodies(simulator, "Hi") == ["Hello"]
    first, again = product.asked("/sms")
    assert first.form == again.form


def test_a_slow_product_is_given_up(simulator: Simulator, product: Product) -> None:
    """The port accepts connections and nobody ever answers."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        simulator.set_number(Number(LINE, sms_url=f"http://127.0.0.1:{silent.getsockname()[1]}/sms#rt=100"))
        texted = simulator.text(PHONE, LINE, "Hi")
    assert (texted.status, [code for code, _ in texted.warnings]) == ("failed", [11200])


def test_only_the_carriers_own_numbers_can_be_texted(carrier: Running) -> None:
    with pytest.raises(NoSuchNumber):
        carrier.simulator.text(PHONE, "+17735550199", "Hi")
