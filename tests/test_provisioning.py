"""Pointing a number at us: what is set, what is left alone, what a dry run does not do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from inside import house_with_carrier, the_line
from running import NUMBER

from ivr import provisioning
from ivr.errors import CarrierRefused
from ivr.house import House
from ivr.provisioning import OVERRIDES, provision
from ivr.simulator import Number, Simulator

Pair = tuple[House, Simulator]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Pair]:
    """An installation and its carrier, whose number points nowhere."""
    with house_with_carrier(tmp_path) as pair:
        yield pair


def test_a_number_is_pointed_at_us_and_told_to_try_again(both: Pair) -> None:
    house, _ = both
    changed = provision(house.carrier, house.settings, NUMBER, dry_run=False)
    present = house.carrier.webhooks(NUMBER)
    url = house.settings.public_url
    assert present.voice == f"{url}/webhooks/voice{OVERRIDES}"
    assert present.sms == f"{url}/webhooks/sms{OVERRIDES}"
    assert present.call_status == f"{url}/webhooks/voice/status{OVERRIDES}"
    assert {name for name, _, _ in changed} == {"voice", "voice_fallback", "sms", "sms_fallback", "call_status"}
    assert "rc=3" in OVERRIDES and "rp=all" in OVERRIDES


def test_a_dry_run_says_the_same_and_changes_nothing(both: Pair) -> None:
    house, _ = both
    said = provision(house.carrier, house.settings, NUMBER, dry_run=True)
    assert house.carrier.webhooks(NUMBER).voice == ""
    assert provision(house.carrier, house.settings, NUMBER, dry_run=False) == said


def test_a_second_time_nothing_is_to_be_changed(both: Pair) -> None:
    house, _ = both
    provision(house.carrier, house.settings, NUMBER, dry_run=False)
    assert provision(house.carrier, house.settings, NUMBER, dry_run=False) == []


def test_fallbacks_that_point_elsewhere_stay_and_applications_that_override_us_go(both: Pair) -> None:
    house, carrier = both
    elsewhere = "https://handler.twilio.com/twiml/EH1"
    carrier.set_number(
        Number(NUMBER, voice_fallback_url=elsewhere, voice_application_sid="AP1", sms_application_sid="AP2")
    )
    provision(house.carrier, house.settings, NUMBER, dry_run=False)
    present = house.carrier.webhooks(NUMBER)
    assert present.voice_fallback == elsewhere
    assert (present.voice_application, present.sms_application) == ("", "")


def test_a_number_that_the_account_does_not_have_is_said(both: Pair) -> None:
    house, _ = both
    with pytest.raises(CarrierRefused, match=r"has no number \+14155550101"):
        provision(house.carrier, house.settings, "+14155550101", dry_run=False)


def test_the_fallback_rings_as_the_line_does_and_asks_nothing_of_us(house: House) -> None:
    words = provisioning.fallback_twiml(the_line(house.store))
    assert '<Pause length="15"' in words and "<Say" in words
    assert house.settings.public_url not in words
