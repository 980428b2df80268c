"""Who is in a crowd, when they come, and the webhooks that are made of them."""

import random
from urllib.parse import parse_qsl

import phonenumbers
import pytest
from twilio.request_validator import RequestValidator

from ivr.phone_numbers import can_be_texted, country_of
from ivr.simulator.crowd.curve import arrivals
from ivr.simulator.crowd.forms import Address, Forms
from ivr.simulator.crowd.people import COUNTRIES, TEXT, Country, Person, chosen, people, sids
from ivr.simulator.crowd.plan import Plan, Target, WrongCrowd
from ivr.simulator.delivery import FATES

from .a_product import ACCOUNT, LINE

URL = "http://127.0.0.1:8000/webhooks"
TARGET = Target(
    *("127.0.0.1", 8000, LINE, f"{URL}/sms#rc=3&rp=all", f"{URL}/voice", f"{URL}/voice/status"),
    *(ACCOUNT.sid, ACCOUNT.auth_token),
)


def a_plan(**more: object) -> Plan:
    return Plan(TARGET, **{"texts": 900, "calls": 100, "seed": 7, "countries": tuple(COUNTRIES), **more})  # type: ignore[arg-type]


def test_exactly_so_many_come_within_the_time_most_of_them_early() -> None:
    moments = arrivals(10_000, 60.0, random.Random(1))
    assert len(moments) == 10_000
    assert moments == sorted(moments)
    assert moments[0] >= 0
    assert moments[-1] < 60
    by_second = [sum(second <= moment < second + 1 for moment in moments) for second in range(60)]
    peak = by_second.index(max(by_second))
    assert 2 <= peak <= 9
    assert by_second[0] < max(by_second) / 2
    assert max(by_second) > 2.5 * 10_000 / 60
    assert all(by_second[30:])
    assert sum(by_second[30:]) < 2_000


def test_the_same_seed_brings_the_same_crowd_with_new_sids() -> None:
    first, again, other = (list(people(a_plan(**more))) for more in ({}, {}, {"seed": 8}))
    assert [(one.kind, one.number, one.body) for one in first] == [(one.kind, one.number, one.body) for one in again]
    assert {one.number for one in first} != {one.number for one in other}
    assert not {one.sid for one in first} & {one.sid for one in again}
    assert arrivals(50, 9, random.Random(3)) == arrivals(50, 9, random.Random(3))


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_number_is_valid_of_its_country_can_be_texted_and_comes_once(country: str) -> None:
    found = list(people(a_plan(countries=(country,), texts=400, calls=0)))
    assert len({one.number for one in found}) == 400
    for one in found:
        assert phonenumbers.is_valid_number(phonenumbers.parse(one.number)), one.number
        assert country_of(one.number) == country
        assert can_be_texted(one.number), one.number
        assert one.number[-4:] not in FATES


def test_numbers_at_which_texts_fail_are_nobodys_and_no_number_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COUNTRIES, "US", Country(("+120220000",), 2, ("en",)))
    found = {one.number for one in people(a_plan(countries=("US",), texts=95, calls=0))}
    assert len(found) == 95
    assert found.isdisjoint(f"+12022000{fate}" for fate in FATES)
    with pytest.raises(WrongCrowd):
        list(people(a_plan(countries=("US",), texts=96, calls=0)))


def test_people_write_in_many_languages_and_not_always_nicely() -> None:
    bodies = {one.body for one in people(a_plan(texts=6_000)) if one.kind == TEXT}
    assert {"STOP", "توقف", "HELP", "", "<script>alert(1)</script>"} <= bodies
    assert any("👍🏽" in body for body in bodies)
    assert any(len(body) > 1_000 for body in bodies)
    assert max(map(len, bodies)) <= 1_500
    for letter in "مéñãさ":
        assert any(letter in body for body in bodies), letter


def test_sids_are_known_without_asking_the_crowd() -> None:
    plan = a_plan()
    assert sids(plan, 1_000) == [one.sid for one in people(plan)]
    assert sids(plan, 10) == sids(plan, 1_000)[:10]
    assert sum(sid.startswith("CA") for sid in sids(plan, 1_000)) == 100
    assert len(set(sids(plan, 1_000))) == 1_000


@pytest.mark.parametrize(("names", "found"), [("us", ("US",)), (" GB, eg ,gb", ("GB", "EG"))])
def test_countries_are_read_as_they_are_typed(names: str, found: tuple[str, ...]) -> None:
    assert chosen(names) == found


@pytest.mark.parametrize("names", ["xx", "us,atlantis", "", ","])
def test_a_country_without_people_is_refused(names: str) -> None:
    with pytest.raises(WrongCrowd):
        chosen(names)


@pytest.mark.parametrize("more", [{"texts": 0, "calls": 0}, {"texts": -1}, {"over": 0}, {"over": float("nan")}])
def test_a_crowd_that_cannot_be_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(WrongCrowd):
        a_plan(**more)


@pytest.mark.parametrize("host", ["example.org", "192.0.2.1", "0.0.0.0", "127.0.0.1.example.org", "[::]", ""])
def test_a_crowd_goes_to_this_machine_only(host: str) -> None:
    with pytest.raises(WrongCrowd):
        Target(host, 80, LINE, URL, URL, URL, ACCOUNT.sid, ACCOUNT.auth_token)


def test_a_plan_survives_the_way_to_its_program() -> None:
    plan = a_plan()
    assert Plan.from_json(plan.as_json()) == plan


SOMEBODY = Person("SM" + "0f" * 16, TEXT, "+201001234567", "EG", "100% {sure} & +1\n مرحبا 👍🏽")


def read(request: bytes) -> tuple[str, dict[str, str], str]:
    """The path, the form and the signature of a request; its length must be right."""
    head, body = request.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines[1:])
    assert int(fields["Content-Length"]) == len(body)
    form = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
    return lines[0].split(" ")[1], form, fields["X-Twilio-Signature"]


def test_every_webhook_carries_the_signature_that_twilio_would_make() -> None:
    forms, answered = Forms(TARGET), f"{URL}/sms/status?message=12"
    for path, request in (
        ("/webhooks/sms", forms.text(SOMEBODY)),
        ("/webhooks/voice", forms.call(SOMEBODY)),
        ("/webhooks/voice/menu?offer=1", forms.key(SOMEBODY, f"{URL}/voice/menu?offer=1#rc=3", "1")),
        ("/webhooks/voice/status", forms.ended(SOMEBODY, "completed", 61)),
        ("/webhooks/sms/status?message=12", forms.delivery(SOMEBODY, answered, "SM" + "1" * 32, "sent")),
        ("/webhooks/sms/status?message=12", forms.delivery(SOMEBODY, answered, "SM" + "1" * 32, "failed", 21610)),
    ):
        asked, form, signature = read(request)
        assert asked == path
        assert RequestValidator(ACCOUNT.auth_token).validate("http://127.0.0.1:8000" + path, form, signature), path


def test_a_text_says_what_twilio_says() -> None:
    _, form, _ = read(Forms(TARGET).text(SOMEBODY))
    assert form["Body"] == SOMEBODY.body
    assert (form["From"], form["To"], form["FromCountry"], form["ToCountry"]) == ("+201001234567", LINE, "EG", "US")
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == SOMEBODY.sid
    assert (form["NumSegments"], form["NumMedia"], form["SmsStatus"]) == ("1", "0", "received")


def test_an_address_of_https_is_signed_without_its_port() -> None:
    assert Address.of("https://line.example:8443/a?b=c#rc=3") == Address(
        "https://line.example/a?b=c", "line.example:8443", "/a?b=c"
    )
