"""Importing members: who is taken, who is refused and why, and that a second run changes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from imports import ADA, WORDS, everything, imported, run
from inside import person_of, rows, the_line, with_values
from running import PHONE, environment, set_up
from the_people import Crowd

from ivr import importing, member_files, taking_out
from ivr.house import House
from ivr.importing import Wish
from ivr.signup import version_of
from ivr.store import members
from ivr.store.audit import COMMAND_LINE
from ivr.store.segments import Segment


@pytest.fixture
def other(tmp_path: Path) -> Iterator[House]:
    """Another installation."""
    opened = House.open(set_up(environment(tmp_path / "other")))
    yield opened
    opened.store.close()


def test_a_plain_file_makes_members_with_the_consent_that_they_gave(
    house: House, tmp_path: Path, now: datetime
) -> None:
    omar = {
        "number": "'+201001234567",
        "name": "عمر",
        "consent_at": "2026-11-03 20:15:00+02:00",
        "consent_wording": WORDS,
    }
    done = imported(house, tmp_path, now, ADA, omar)
    assert [one.what for one in done] == ["added", "added"]
    version = version_of(WORDS)
    assert rows(
        house.store, "SELECT number, at, wording, version, language, action, source FROM consents ORDER BY id"
    ) == [
        (PHONE, "2026-11-01T00:00:00.000Z", WORDS, version, "en", "given", "import"),
        ("+201001234567", "2026-11-03T18:15:00.000Z", WORDS, version, "en", "given", "import"),
    ]
    found = rows(house.store, "SELECT name, country, language, joined_at, consent_id FROM members ORDER BY person_id")
    assert found == [
        ("Ada Lovelace", "US", "en", "2026-11-01T00:00:00.000Z", 1),
        ("عمر", "EG", "ar", "2026-11-03T18:15:00.000Z", 2),
    ]
    assert person_of(house.store, PHONE).member_since == "2026-11-01T00:00:00.000Z"
    assert rows(house.store, "SELECT * FROM messages") == [], "nothing is sent for it"
    assert rows(house.store, "SELECT subject FROM audit WHERE action = 'members imported'") == [("members.csv",)]


def test_an_export_read_elsewhere_makes_the_same_export(
    house: House, other: House, tmp_path: Path, now: datetime
) -> None:
    crowd = Crowd(house, now - timedelta(days=3))
    for place, name in enumerate(("'Abd al-Raḥmān", "=Ada", "王小明", "+Grace", "O’Brien-Ñúñez")):
        told = {"gender": "unsaid", "born": "2000-02-29", "city": "'s-Gravenhage", "email": f"a{place}@example.org"}
        crowd.member(f"+1202555014{place}", name, **(told if place % 2 else {}))
    crowd.opts_in(crowd.member("+12025550149", "Back", language="ar"))
    crowd.opts_out(crowd.member("+12025550150", "Gone"))
    first = exported(house, tmp_path / "first.csv", now)
    done = run(other, tmp_path / "first.csv", now, Wish(COMMAND_LINE, other.settings.secret_key))
    assert {one.what for one in done} == {"added"}
    again = exported(other, tmp_path / "again.csv", now)
    assert sorted(again.splitlines()) == sorted(first.splitlines())
    assert "Gone" not in again


def exported(house: House, path: Path, now: datetime) -> str:
    """All members as CSV."""
    pages = taking_out.people(house.store, the_line(house.store), Segment(), {}, COMMAND_LINE, now)
    member_files.keep(path, member_files.in_csv(pages))
    return path.read_text(encoding="utf-8")


def test_a_second_run_and_a_trial_run_change_nothing(house: House, tmp_path: Path, now: datetime) -> None:
    grace = {**ADA, "number": "+12025550144", "name": "Grace", "consent_at": ""}
    empty = everything(house)
    trial = imported(house, tmp_path, now, ADA, grace, dry_run=True)
    assert [one.what for one in trial] == ["added", "refused"]
    assert everything(house) == empty
    assert imported(house, tmp_path, now, ADA, grace) == trial
    kept = everything(house)
    for update in (False, True):
        again = imported(house, tmp_path, now + timedelta(days=1), ADA, grace, update=update)
        assert [one.what for one in again] == ["unchanged", "refused"]
        assert everything(house) == kept


def test_known_members_stay_as_they_are_unless_an_update_is_asked_for(
    house: House, tmp_path: Path, now: datetime
) -> None:
    person = Crowd(house, now).member(PHONE, "Ada", city="London")
    row = {**ADA, "born": "1990-12-10", "city": "", "language": "ar"}
    assert [one.what for one in imported(house, tmp_path, now, row)] == ["unchanged"]
    assert house.store.read(lambda db: members.details(db, person.id)) == members.Details("Ada", city="London")
    assert [one.what for one in imported(house, tmp_path, now, row, update=True, dry_run=True)] == ["updated"]
    assert [one.what for one in imported(house, tmp_path, now, row, update=True)] == ["updated"]
    assert house.store.read(lambda db: members.details(db, person.id)) == members.Details(
        "Ada Lovelace", None, "1990-12-10", "London"
    )
    assert person_of(house.store, PHONE).language == "ar"
    assert len(rows(house.store, "SELECT * FROM consents")) == 1, "their own consent stands"


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"consent_at": ""}, "consent_at", "no consent"),
        ({"consent_wording": " "}, "consent_wording", "no consent"),
        ({"consent_action": "withdrawn"}, "consent_action", "no consent"),
        ({"opted_out_at": "2026-11-01"}, "opted_out_at", "opted out"),
        ({"state": "opted-out"}, "state", "Only members"),
        ({"number": "12"}, "number", "country code"),
        ({"number": "+1"}, "number", "phone number"),
        ({"number": "+442071838750"}, "number", "cannot be texted"),
        ({"number": ""}, "number", "phone number"),
        ({"name": ""}, "name", "name"),
        ({"name": "x" * 101}, "name", "100 characters"),
        ({"name": "buy at https://x.example"}, "name", "link"),
        ({"gender": "lady"}, "gender", "female"),
        ({"born": "31.12.1990"}, "born", "1990-12-31"),
        ({"born": "1990-02-30"}, "born", "no such day"),
        ({"born": "2020-01-01"}, "born", "younger than 13"),
        ({"city": "x" * 101}, "city", "100 characters"),
        ({"email": "ada"}, "email", "address"),
        ({"language": "tlh"}, "language", "We speak en"),
        ({"joined_at": "yesterday"}, "joined_at", "2026-11-03"),
        ({"consent_at": "2026-13-01"}, "consent_at", "2026-11-03"),
        ({"consent_at": "2999-01-01"}, "consent_at", "in the future"),
        ({"consent_at": "0001-01-01T00:00+14:00"}, "consent_at", "2026-11-03"),
        ({"consent_language": "!"}, "consent_language", "two letters"),
        ({"consent_source": "hearsay"}, "consent_source", "sign-up page"),
        ({"consent_wording": "x" * 10_001}, "consent_wording", "10000"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_column(
    house: House, tmp_path: Path, now: datetime, cells: dict[str, str], column: str, told: str
) -> None:
    (one,) = imported(house, tmp_path, now, {**ADA, **cells})
    assert (one.row, one.what, one.column) == (2, "refused", column)
    assert told in one.why
    assert len(one.why.splitlines()) == 1
    assert rows(house.store, "SELECT * FROM people") == []


def test_a_row_of_other_length_and_a_number_that_comes_twice_are_refused(
    house: House, tmp_path: Path, now: datetime
) -> None:
    path = tmp_path / "members.csv"
    row = f"{PHONE},Ada,2026-11-01,I agree\n"
    path.write_text(f"number,name,consent_at,consent_wording\n{row}{row}{PHONE},Ada\n")
    done = run(house, path, now, Wish(COMMAND_LINE, house.settings.secret_key))
    assert [(one.row, one.what) for one in done] == [(2, "added"), (3, "refused"), (4, "refused")]
    assert "stands in row 2 already" in done[1].why
    assert "has 2 cells, the header 4" in done[2].why


def test_the_least_age_counts_for_who_tells_theirs(house: House, tmp_path: Path, now: datetime) -> None:
    with_values(house, minimum_age=30)
    done = imported(house, tmp_path, now, {**ADA, "born": "2000-01-01"}, {**ADA, "number": "+12025550144", "born": ""})
    assert [one.what for one in done] == ["refused", "added"]


def test_a_batch_that_cannot_be_kept_leaves_those_before_it_and_a_second_run_goes_on(
    house: House, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    some = [{**ADA, "number": f"+1202555014{place}"} for place in range(5)]
    breaking = (
        "CREATE TRIGGER breaks BEFORE INSERT ON members WHEN NEW.person_id = 4 BEGIN SELECT RAISE (ABORT, 'x'); END"
    )
    house.store.write(lambda db: db.execute(breaking))
    with pytest.raises(Exception, match="x"):
        imported(house, tmp_path, now, *some)
    assert len(rows(house.store, "SELECT * FROM members")) == len(rows(house.store, "SELECT * FROM people")) == 2
    house.store.write(lambda db: db.execute("DROP TRIGGER breaks"))
    again = imported(house, tmp_path, now, *some)
    assert [one.what for one in again] == ["unchanged"] * 2 + ["added"] * 3


def test_an_export_that_cannot_be_noted_is_not_given(house: House, now: datetime) -> None:
    Crowd(house, now).member(PHONE)
    refusing = "CREATE TRIGGER refuses BEFORE INSERT ON audit BEGIN SELECT RAISE (ABORT, 'full'); END"
    house.store.write(lambda db: db.execute(refusing))
    with pytest.raises(Exception, match="full"):
        taking_out.people(house.store, the_line(house.store), Segment(), {}, COMMAND_LINE, now)
