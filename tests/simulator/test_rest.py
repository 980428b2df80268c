"""The REST API, driven by Twilio's own client."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import NoSuchNumber, Running, Simulator

from .a_product import ACCOUNT, LINE, PHONE, SECOND_LINE, Product, connected


def refusal(client: Client, **fields: object) -> TwilioRestException:
    wanted = {"to": PHONE, "from_": LINE, "body": "Hello", **fields}
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(**{name: value for name, value in wanted.items() if value is not None})
    return caught.value


def test_a_message_is_taken_and_delivered_and_can_be_fetched(client: Client, carrier: Running) -> None:
    made = client.messages.create(to=PHONE, from_=LINE, body="Hello, Ada")
    assert (made.status, made.direction, made.num_segments) == ("queued", "outbound-api", "1")
    assert made.sid.startswith("SM") and len(made.sid) == 34
    assert carrier.simulator.quiet()
    fetched = client.messages(made.sid).fetch()
    assert (fetched.status, fetched.body, fetched.error_code) == ("delivered", "Hello, Ada", None)
    assert fetched.date_sent.tzinfo is not None
    assert [text.body for text in carrier.simulator.received(PHONE)] == ["Hello, Ada"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "+1555"}, 21211),
        ({"to": LINE}, 21266),
        ({"from_": "+17735550199"}, 21606),
        ({"from_": None}, 21603),
        ({"body": None}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"validity_period": 36001}, 20001),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(client: Client, fields: dict[str, object], code: int) -> None:
    refused = refusal(client, **fields)
    assert (refused.status, refused.code) == (400, code)
    assert client.messages.list() == []


def test_whoever_opted_out_is_refused_with_21610_until_they_start_again(client: Client, carrier: Running) -> None:
    carrier.simulator.text(PHONE, LINE, "stop")
    assert refusal(client).code == 21610
    carrier.simulator.text(PHONE, LINE, "Start")
    assert client.messages.create(to=PHONE, from_=LINE, body="Welcome back").status == "queued"


def test_a_list_comes_newest_first_in_pages_that_new_messages_do_not_shift(client: Client) -> None:
    for n in range(5):
        client.messages.create(to=PHONE, from_=LINE, body=str(n))
    first = client.messages.page(page_size=2)
    assert [message.body for message in first] == ["4", "3"]
    client.messages.create(to=PHONE, from_=LINE, body="late")
    second = client.messages.get_page(first.next_page_url)
    assert [message.body for message in second] == ["2", "1"]
    assert [message.body for message in client.messages.list(page_size=2)] == ["late", "4", "3", "2", "1", "0"]
    assert len(client.messages.list(limit=3)) == 3


def test_a_list_is_filtered_by_parties_and_date(client: Client, carrier: Running) -> None:
    client.messages.create(to=PHONE, from_=LINE, body="one")
    client.messages.create(to="+12025550144", from_=SECOND_LINE, body="two")
    assert carrier.simulator.quiet()
    today, hour = datetime.now(UTC), timedelta(hours=1)
    assert [message.body for message in client.messages.list(to=PHONE)] == ["one"]
    assert [message.body for message in client.messages.list(from_=SECOND_LINE)] == ["two"]
    assert len(client.messages.list(date_sent_after=today - hour, date_sent_before=today + hour)) == 2
    assert client.messages.list(date_sent_after=today + hour) == []
    assert client.messages.list(date_sent=(today - timedelta(days=2)).date()) == []


def test_a_queued_message_has_no_date_sent_and_meets_no_date_filter(client: Client, carrier: Running) -> None:
    carrier.simulator._network.switchboard.messages.put(
        dataclasses.replace(_one_message(client, carrier), sid="SM" + "0" * 32, sent=None, status="queued")
    )
    assert len(client.messages.list()) == 2
    assert len(client.messages.list(date_sent_after=datetime(2020, 1, 1))) == 1


def _one_message(client: Client, carrier: Running) -> object:
    made = client.messages.create(to=PHONE, from_=LINE, body="one")
    assert carrier.simulator.quiet()
    return carrier.simulator._network.switchboard.messages.get(made.sid)


def test_a_date_that_is_none_is_refused(client: Client, carrier: Running) -> None:
    client.messages.create(to=PHONE, from_=LINE, body="one")
    answer = requests.get(
        f"{carrier.url}/2010-04-01/Accounts/{ACCOUNT.sid}/Messages.json?DateSent%3E=yesterday",
        auth=(ACCOUNT.sid, ACCOUNT.auth_token),
        timeout=10,
    )
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_wrong_credentials_and_other_accounts_are_told_401(carrier: Running) -> None:
    for user, password in ((ACCOUNT.sid, "wrong"), ("AC" + "c" * 32, ACCOUNT.auth_token), ("", "")):
        answer = requests.get(
            f"{carrier.url}/2010-04-01/Accounts/{ACCOUNT.sid}.json", auth=(user, password), timeout=10
        )
        assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (401, 20003, 401)
    answer = requests.get(
        f"{carrier.url}/2010-04-01/Accounts/AC{'c' * 32}.json", auth=(ACCOUNT.sid, ACCOUNT.auth_token), timeout=10
    )
    assert answer.status_code == 401


def test_an_api_key_opens_the_api_too(carrier: Running) -> None:
    assert ACCOUNT.api_key is not None
    keyed = connected(carrier.url, *ACCOUNT.api_key)
    assert keyed.messages.create(to=PHONE, from_=LINE, body="Hello").status == "queued"


def test_the_account_can_be_fetched(client: Client) -> None:
    account = client.api.v2010.accounts(ACCOUNT.sid).fetch()
    assert (account.status, account.sid) == ("active", ACCOUNT.sid)


def test_numbers_are_listed_filtered_and_given_webhooks(client: Client, simulator: Simulator) -> None:
    assert {number.phone_number for number in client.incoming_phone_numbers.list()} == {LINE, SECOND_LINE}
    (number,) = client.incoming_phone_numbers.list(phone_number=SECOND_LINE)
    updated = client.incoming_phone_numbers(number.sid).update(
        voice_url="http://127.0.0.1:1/voice#rc=2", sms_url="http://127.0.0.1:1/sms", voice_method="POST"
    )
    assert updated.voice_url == "http://127.0.0.1:1/voice#rc=2"
    fetched = client.incoming_phone_numbers(number.sid).fetch()
    assert (fetched.sms_url, fetched.voice_fallback_url) == ("http://127.0.0.1:1/sms", "")
    with pytest.raises(TwilioRestException) as caught:
        client.incoming_phone_numbers(number.sid).update(voice_url="nonsense")
    assert caught.value.code == 21502


def test_another_number_is_had_once_and_given_webhooks(client: Client) -> None:
    got = client.incoming_phone_numbers.create(phone_number="+1 773 555 0177", voice_url="http://127.0.0.1:1/voice")
    assert (got.phone_number, got.voice_url, got.sms_url) == ("+17735550177", "http://127.0.0.1:1/voice", "")
    assert [one.sid for one in client.incoming_phone_numbers.list(phone_number="+17735550177")] == [got.sid]
    for number, code in (("+17735550177", 21422), ("hello", 21421)):
        with pytest.raises(TwilioRestException) as caught:
            client.incoming_phone_numbers.create(phone_number=number)
        assert (caught.value.status, caught.value.code) == (400, code)


def test_a_number_that_was_released_is_the_accounts_no_more(client: Client, simulator: Simulator) -> None:
    got = client.incoming_phone_numbers.create(phone_number="+17735550177")
    assert got.delete()
    assert client.incoming_phone_numbers.list(phone_number="+17735550177") == []
    with pytest.raises(NoSuchNumber):
        simulator.text(PHONE, "+17735550177", "hello")
    for again in (got.delete, got.fetch):
        with pytest.raises(TwilioRestException) as caught:
            again()
        assert (caught.value.status, caught.value.code) == (404, 20404)
    assert client.incoming_phone_numbers.create(phone_number="+17735550177").sid == got.sid


def test_calls_are_listed_and_fetched(client: Client, product: Product, simulator: Simulator) -> None:
    product.says("/voice", '<Pause length="15"/><Play>/greeting.wav</Play>')
    simulator.dial(PHONE, LINE)
    simulator.dial(PHONE, LINE, hang_up_after=3)
    missed, heard = client.calls.list(to=LINE)
    assert (missed.status, missed.duration) == ("no-answer", "0")
    assert (heard.status, heard.duration, heard.direction) == ("completed", "5", "inbound")
    assert [call.sid for call in client.calls.list(status="completed")] == [heard.sid]
    assert client.calls(heard.sid).fetch()._from == PHONE
    assert client.calls.list(start_time_after=datetime.now(UTC) + timedelta(days=1)) == []


def test_an_unknown_sid_is_not_found(client: Client) -> None:
    for unknown in (
        client.messages("SM" + "0" * 32),
        client.calls("CA" + "0" * 32),
        client.recordings("RE" + "0" * 32),
    ):
        with pytest.raises(TwilioRestException) as caught:
            unknown.fetch()
        assert (caught.value.status, caught.value.code) == (404, 20404)


def test_long_texts_count_their_segments_as_the_air_does(client: Client) -> None:
    def counted(body: str) -> str:
        return client.messages.create(to=PHONE, from_=LINE, body=body).num_segments

    assert [counted("a" * 160), counted("a" * 161), counted("€" * 80), counted("€" * 81)] == ["1", "2", "1", "2"]
    assert [counted("ش" * 70), counted("ش" * 71), counted("ش" * 134), counted("ش" * 135)] == ["1", "2", "2", "3"]
