"""What `ivr doctor` finds: good where all is well, and the fault by name where it is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from inside import house_with_carrier
from running import NUMBER

from ivr import lines, provisioning
from ivr.diagnosis import BAD, GOOD, WARNING, examine
from ivr.house import House
from ivr.simulator import Simulator

Pair = tuple[House, Simulator]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Pair]:
    """An installation whose number points at it, and its carrier."""
    with house_with_carrier(tmp_path, timeout=5) as (house, carrier):
        provisioning.provision(house.carrier, house.settings, NUMBER, dry_run=False)
        yield house, carrier


def graded(house: House, grade: str) -> dict[str, str]:
    """What was found of one grade, by subject."""
    return {finding.subject: finding.words for finding in examine(house) if finding.grade == grade}


def test_a_healthy_installation_has_nothing_bad(both: Pair) -> None:
    house, _ = both
    assert graded(house, BAD) == {}
    assert set(graded(house, WARNING)) <= {"PUBLIC_URL", "SQLite", "recordings"}
    good = graded(house, GOOD)
    assert {"database", "integrity", "lines", "disk", "spool", "clock", "carrier", NUMBER} <= set(good)
    assert "wal" in good["database"] and good["spool"] == "empty" and "active" in good["carrier"]


def test_a_carrier_that_cannot_be_reached_is_bad_and_the_rest_is_still_looked_at(house: House) -> None:
    assert "cannot be reached" in graded(house, BAD)["carrier"]
    assert "database" in graded(house, GOOD)


def test_wrong_credentials_are_named(both: Pair) -> None:
    house, carrier = both
    carrier.misbehave({"account.fetch": ["401"]})
    assert "TWILIO_AUTH_TOKEN" in graded(house, BAD)["carrier"]


def test_a_number_that_points_elsewhere_is_named_with_what_to_do(both: Pair) -> None:
    house, _ = both
    lines.change(house.store, NUMBER, name="Still the same")
    there = house.carrier.webhooks(NUMBER)
    house.carrier.set_webhooks(type(there)(**{**there.__dict__, "sms": "https://example.com/sms"}))
    assert "sms not as it should be: run `ivr provision`" in graded(house, BAD)[NUMBER]


def test_contacts_that_wait_in_the_spool_are_counted(both: Pair) -> None:
    house, _ = both
    house.store.spool.append({"n": 1})
    assert "1 contacts wait" in graded(house, WARNING)["spool"]
    house.store.spool.read_back(lambda entry: entry["no such"])
    assert "1 lines could not be read back in" in graded(house, WARNING)["spool"]


def test_a_database_that_is_gone_is_bad(both: Pair) -> None:
    house, _ = both
    house.store.path.unlink()
    assert "cannot be" in graded(house, BAD)["database"]
