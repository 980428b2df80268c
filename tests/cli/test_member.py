"""ivr member: listing, showing, segments, files, blocking; what goes wrong says what to do and ends with 2."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from inside import rows, the_line
from running import PHONE, environment, ivr, set_up, unset
from the_people import Crowd

from ivr.cli import main
from ivr.house import House

COMMANDS = ("", "list", "show", "export", "import", "erase", "block", "unblock", "tag", "untag", "segment")
SEGMENT_COMMANDS = ("segment list", "segment save", "segment remove", "segment count")


@dataclass(frozen=True)
class Told:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str


Says = Callable[..., Told]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An installation with one line, in a folder below the one where commands run."""
    opened = House.open(set_up(environment(tmp_path / "instance")))
    yield opened
    opened.store.close()


@pytest.fixture
def member(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Says:
    """Runs `ivr member` in this process."""
    for name in set(environment(tmp_path)) - set(unset()):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INSTANCE_PATH", str(house.settings.instance_path))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["ivr", "member", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        try:
            status = main() or 0
        except SystemExit as ending:
            status = ending.code
        return Told(int(status or 0), *capsys.readouterr())

    return run


@pytest.fixture
def crowd(house: House, now: datetime) -> Crowd:
    """A member in London, one in Cairo, and somebody who did not sign up."""
    crowd = Crowd(house, now)
    crowd.member(PHONE, "Ada Lovelace", city="London", born="1990-12-10", gender="female", email="ada@example.org")
    crowd.member("+201001234567", "عمر", city="القاهرة", language="ar", email="ada@example.org")
    crowd.invited("+12025550144")
    return crowd


@pytest.mark.parametrize("command", [*COMMANDS, *SEGMENT_COMMANDS])
def test_every_command_has_help(member: Says, command: str) -> None:
    told = member(*command.split(), "--help")
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("Usage:")


def test_people_are_listed_who_came_last_first(member: Says, crowd: Crowd) -> None:
    told = member("list")
    assert [row.split()[0] for row in told.out.splitlines()] == ["+201001234567", PHONE]
    assert "Ada Lovelace" in told.out
    assert "London" in told.out
    assert member("list", "-n", "1").out.count("\n") == 1
    assert member("list", "--where", "state=new,invited").out.startswith("+12025550144  –  invited")
    assert "state=new,invited" in member("list", "--where", "city=Paris").err
    (row,) = map(json.loads, member("list", "--json", "--where", "city=القاهره").out.splitlines())
    assert (row["number"], row["name"], row["state"], row["consent_action"]) == (
        "+201001234567",
        "عمر",
        "member",
        "given",
    )


def test_a_person_is_shown_with_everything(member: Says, crowd: Crowd, house: House) -> None:
    told = member("show", "+1 (202) 555-0143").out
    for word in (PHONE, "member", "Ada Lovelace", "1990-12-10", "London", "ada@example.org", "I agree that", "given"):
        assert word in told
    assert "1 more with this e-mail address: +201001234567" in told
    whole = json.loads(member("show", PHONE, "--json").out)
    assert (whole["state"], whole["details"]["city"], whole["same_email"]) == ("member", "London", ["+201001234567"])
    assert not {"link_counter", "link_at", "id"} & set(whole)
    assert "invited" in member("show", "+12025550144").out


def test_segments_are_saved_counted_used_and_removed(member: Says, crowd: Crowd) -> None:
    assert "was saved yet" in member("segment", "list").err
    saved = member("segment", "save", "Egypt", "--where", "country=EG")
    assert (saved.status, saved.out) == (0, "“Egypt” of Ada Example is saved: 1 person, 1 of them may be written to.\n")
    again = member("segment", "save", "Egypt", "--where", "country=EG language=ar").out
    assert again.endswith("Before it was: country=EG\n")
    assert member("segment", "list").out == "Egypt  1 person, 1 of them may be written to  country=EG language=ar\n"
    (row,) = map(json.loads, member("segment", "list", "--json").out.splitlines())
    assert (row["name"], row["people"], row["reachable"]) == ("Egypt", 1, 1)
    assert member("segment", "count").out == "2 people, 2 of them may be written to.\n"
    assert json.loads(member("segment", "count", "--segment", "Egypt", "--json").out) == {"people": 1, "reachable": 1}
    assert member("segment", "count", "--segment", "Egypt", "--where", "city=London").out.startswith("0 people")
    assert member("list", "--segment", "Egypt").out.startswith("+201001234567")
    assert member("segment", "remove", "Egypt").status == 0
    assert member("list", "--segment", "Egypt").status == 2


def test_who_is_blocked_is_no_member_until_it_is_taken_back(member: Says, crowd: Crowd, house: House) -> None:
    assert f"Undo: ivr member unblock {PHONE}" in member("block", PHONE).out
    assert "already" in member("block", PHONE).out
    assert member("list", "--where", "state=blocked").out.startswith(PHONE)
    assert "not blocked any more" in member("unblock", PHONE).out
    assert "was not blocked" in member("unblock", PHONE).out
    assert len(rows(house.store, "SELECT * FROM audit WHERE action LIKE 'person%'")) == 2


def test_a_tag_is_given_found_and_taken(member: Says, crowd: Crowd, house: House) -> None:
    assert member("tag", PHONE, "VIP").out == f"{PHONE} has the tag VIP.\n"
    assert "already" in member("tag", PHONE, "vip").out
    assert member("list", "--where", "tag=vip").out.startswith(PHONE)
    assert "tags  VIP" in member("show", PHONE).out
    assert json.loads(member("show", PHONE, "--json").out)["tags"] == ["VIP"]
    assert "no more" in member("untag", PHONE, "vip").out
    assert "did not have" in member("untag", PHONE, "vip").out
    assert (member("tag", PHONE, "!").status, member("tag", "+12025550199", "vip").status) == (2, 2)


def test_somebody_is_erased_when_it_is_meant(member: Says, crowd: Crowd, house: House) -> None:
    assert member("erase", PHONE).status == 130, "nobody answers the question"
    assert member("show", PHONE).status == 0
    assert member("erase", PHONE, "--yes").out == f"{PHONE} is erased.\n"
    assert member("show", PHONE).status == 2
    assert member("segment", "count", "--where", "state!=blocked").out.startswith("2 people")
    assert rows(house.store, "SELECT operator FROM audit WHERE action = 'person erased'") == [("command line",)]


def test_an_export_is_noted_before_it_begins_and_read_back_changes_nothing(
    member: Says, crowd: Crowd, house: House, tmp_path: Path
) -> None:
    sheet = member("export", "--where", "country=US").out
    (row,) = csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff"), newline=""))
    assert (row["number"], row["name"], row["state"]) == (f"'{PHONE}", "Ada Lovelace", "member")
    (exact,) = map(json.loads, member("export", "--where", "country=US", "--json").out.splitlines())
    assert exact["number"] == PHONE
    noted = [
        json.loads(one) for (one,) in rows(house.store, "SELECT details FROM audit WHERE action = 'members exported'")
    ]
    line = the_line(house.store).number
    assert noted == [{"line": line, "where": "country=US", "form": form} for form in ("csv", "json")]
    assert member("export", "--out", "members.csv").status == 0
    told = member("import", "members.csv", "--update")
    assert (told.status, told.out, told.err) == (0, "0 added, 0 updated, 2 unchanged, 0 refused.\n", "")


def test_an_import_tells_of_each_fault_with_row_and_column(member: Says, house: House, tmp_path: Path) -> None:
    rows_of = "+12025550150,Grace,2026-11-01,I agree\n+12025550151,,2026-11-01,I agree\n"
    (tmp_path / "new.csv").write_text(f"number,name,consent_at,consent_wording\n{rows_of}")
    trial = member("import", "new.csv", "--dry-run")
    assert trial.out.splitlines() == [
        "Row 2: +12025550150 added",
        "Row 3, name: refused. Please write your name, in any script.",
        "Nothing was changed. It would be: 1 added, 0 updated, 0 unchanged, 1 refused.",
    ]
    assert rows(house.store, "SELECT * FROM people") == []
    done = member("import", "new.csv")
    assert done.out == "1 added, 0 updated, 0 unchanged, 1 refused.\n"
    assert done.err == "Row 3, name: refused. Please write your name, in any script.\n"
    assert member("list").out.startswith("+12025550150  Grace  member since 2026-11-01")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("list", "--where", "height>3"), "asks for age"),
        (("list", "--segment", "None"), "ivr member segment list"),
        (("list", "--line", "+442071838750"), "is no line"),
        (("list", "--line", "12"), "country code"),
        (("list", "-n", "0"), "0 is not in the range"),
        (("show", "12"), "country code"),
        (("show", "+12025550199"), "knows nobody by +12025550199"),
        (("erase", "+12025550199"), "knows nobody by +12025550199"),
        (("block", "+12025550199"), "knows nobody by +12025550199"),
        (("unblock", "nobody"), "not a phone number"),
        (("segment", "count", "--where", "city=New York"), 'city="New York"'),
        (("segment", "save", "", "--where", ""), "needs a name"),
        (("segment", "save", "All"), "--where"),
        (("segment", "remove", "None"), "ivr member segment list"),
        (("import", "."), "is no file"),
        (("import", "absent.csv"), "No such file"),
        (("export", "--out", "."), "is no file"),
        (("export", "--out", "absent/x.csv"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(member: Says, words: tuple[str, ...], told: str) -> None:
    done = member(*words)
    assert done.status == 2
    assert told in done.err
    assert "Traceback" not in done.err


def test_no_progress_is_drawn_where_there_is_no_terminal_and_no_number_is_logged(house: House, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(f"number,name,consent_at,consent_wording\n{PHONE},Ada,2026-11-01,I agree\n")
    variables = {"INSTANCE_PATH": str(house.settings.instance_path)}
    done = ivr("member", "import", "new.csv", variables=variables, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 added, 0 updated, 0 unchanged, 0 refused.\n", "")
