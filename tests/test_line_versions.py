"""A line's versions: every change with who and when, taken back again, and nobody's overwritten by another's."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from inside import rows, the_line
from running import NUMBER

from ivr import calibrating, cards, lines
from ivr.calibrating import Heard
from ivr.errors import LineChanged, WrongLine
from ivr.house import House
from ivr.store import line_versions, photos
from ivr.store.audit import Actor
from ivr.store.line_versions import Version

AT = datetime(2026, 11, 3, 20, 15, tzinfo=UTC)
ADA, GRACE = Actor(1, "Ada", "192.0.2.1"), Actor(2, "Grace", "192.0.2.2")
JPEG, OTHER_JPEG = b"\xff\xd8\xff\xe0 one", b"\xff\xd8\xff\xe0 another"


def versions(house: House) -> list[Version]:
    """The line's versions, newest first."""
    line_id = the_line(house.store).id
    return house.store.read(lambda db: line_versions.newest(db, line_id))


def test_every_change_is_a_version_with_who_and_what_was_there_before(house: House) -> None:
    lines.change(house.store, NUMBER, ADA, rings=2, countries=("US", "CA"), words={"help.en": "Ask {name}."})
    newest = versions(house)[0]
    assert (newest.number, newest.operator, newest.undoes) == (2, "Ada", None)
    assert newest.changes == {"rings": (3, 2), "countries": ([], ["US", "CA"]), "help.en": (None, "Ask {name}.")}
    assert the_line(house.store).version == 2
    assert [one.changes for one in versions(house)[1:]] == [{}]


def test_a_change_that_changes_nothing_is_no_version(house: House) -> None:
    lines.change(house.store, NUMBER, ADA, rings=3, name=" Ada Example ", words={"help.en": None})
    assert the_line(house.store).version == 1
    assert rows(house.store, "SELECT 1 FROM audit WHERE action = 'line changed'") == []


def test_what_two_people_change_at_once_is_both_kept_where_it_is_not_the_same(house: House) -> None:
    seen = the_line(house.store).version
    lines.change(house.store, NUMBER, ADA, seen, rings=2, name="Ada Example", words={"help.en": "Ask."})
    line = lines.change(house.store, NUMBER, GRACE, seen, rings=3, name="Ada E.", words={"stop.en": "Bye."})
    assert (line.rings, line.name, line.wordings) == (2, "Ada E.", {"help.en": "Ask.", "stop.en": "Bye."})


def test_who_would_overwrite_another_is_told_and_nothing_is_changed(house: House) -> None:
    seen = the_line(house.store).version
    lines.change(house.store, NUMBER, ADA, seen, rings=2, words={"help.en": "Ask."})
    before = the_line(house.store)
    with pytest.raises(LineChanged, match=r"Ada has changed help\.en, rings") as refused:
        lines.change(house.store, NUMBER, GRACE, seen, rings=5, says_keys=False, words={"help.en": "Other."})
    assert (refused.value.fields, refused.value.by) == (("help.en", "rings"), "Ada")
    assert the_line(house.store) == before


def test_who_wants_what_another_has_just_done_is_not_stopped(house: House) -> None:
    seen = the_line(house.store).version
    lines.change(house.store, NUMBER, ADA, seen, rings=2)
    assert lines.change(house.store, NUMBER, GRACE, seen, rings=2).version == 2


def test_a_field_that_went_away_and_came_back_is_left_alone(house: House) -> None:
    seen = the_line(house.store).version
    lines.change(house.store, NUMBER, ADA, rings=2)
    lines.change(house.store, NUMBER, ADA, rings=4)
    assert lines.change(house.store, NUMBER, GRACE, seen, rings=3, adjust=1).rings == 4


def test_a_change_is_taken_back_and_that_too(house: House) -> None:
    before = lines.change(house.store, NUMBER, ADA, words={"help.en": "First."}, countries=("EG",))
    changed = lines.change(house.store, NUMBER, ADA, rings=2, countries=("US",), words={"help.en": "Second."})
    undone = lines.undo(house.store, NUMBER, changed.version, GRACE, AT)
    assert undone == replace(before, version=4)
    assert (versions(house)[0].operator, versions(house)[0].undoes) == ("Grace", 3)
    assert lines.undo(house.store, NUMBER, 4, GRACE, AT) == replace(changed, version=5)
    assert rows(house.store, "SELECT count(*) FROM audit WHERE action = 'line change undone'") == [(2,)]


def test_an_older_change_is_taken_back_where_nothing_came_after_it(house: House) -> None:
    lines.change(house.store, NUMBER, ADA, rings=2)
    lines.change(house.store, NUMBER, ADA, adjust=1)
    assert lines.undo(house.store, NUMBER, 2, GRACE, AT).rings == 3
    assert the_line(house.store).adjust == 1


def test_what_was_changed_again_is_not_taken_back(house: House) -> None:
    lines.change(house.store, NUMBER, ADA, rings=2, adjust=1)
    lines.change(house.store, NUMBER, GRACE, rings=4)
    with pytest.raises(LineChanged, match="Grace has changed rings"):
        lines.undo(house.store, NUMBER, 2, ADA, AT)
    assert the_line(house.store).adjust == 1


@pytest.mark.parametrize("version", [0, 1, 99, -1])
def test_there_is_nothing_to_take_back_where_nothing_was_changed(house: House, version: int) -> None:
    with pytest.raises(WrongLine, match="no such change"):
        lines.undo(house.store, NUMBER, version, ADA, AT)


def test_a_photo_is_gone_back_to(house: House) -> None:
    cards.set_photo(house.store, NUMBER, JPEG, AT, ADA)
    cards.set_photo(house.store, NUMBER, OTHER_JPEG, AT, ADA)
    lines.undo(house.store, NUMBER, 3, GRACE, AT)
    line = the_line(house.store)
    photo = house.store.read(lambda db: photos.of(db, line))
    assert photo and photo.content == JPEG


def test_a_calibration_is_a_version_too(house: House) -> None:
    as_called = calibrating.setting(the_line(house.store))
    calibrating.calibrate(house.store, NUMBER, Heard(4), as_called, ADA, AT)
    (adjust,) = [one.changes["adjust"] for one in versions(house) if one.changes]
    assert adjust == (0, the_line(house.store).adjust)


def test_every_fault_is_told_beside_its_field(house: House) -> None:
    with pytest.raises(WrongLine) as refused:
        lines.change(house.store, NUMBER, ADA, rings=9, name="", country="ZZ", minimum_age=200)
    assert list(refused.value.faults) == ["name", "country", "rings", "minimum_age"]
    with pytest.raises(WrongLine) as refused:
        lines.change(house.store, NUMBER, ADA, words={"reply.ar": "no link", "me.en": "x", "help.en": "fine"})
    assert list(refused.value.faults) == ["reply.ar", "me.en"]


@pytest.mark.parametrize("statement", ["DELETE FROM line_versions", "UPDATE line_versions SET operator = 'Grace'"])
def test_the_versions_only_grow(house: House, statement: str) -> None:
    lines.change(house.store, NUMBER, ADA, rings=2)
    with pytest.raises(Exception, match="append-only"):
        house.store.write(lambda db: db.execute(statement))
