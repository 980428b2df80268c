"""Notes and tags: what operators keep of a person, found again by it, and gone with the person."""

from datetime import datetime

import pytest
from inside import person_of, rows, the_line
from running import PHONE
from the_people import Crowd

from ivr import erasing, noting, segments
from ivr.errors import WrongMember
from ivr.held import as_json, held
from ivr.house import House
from ivr.noting import ENOUGH_TAGS, NO_NOTE, NO_TAG, NOTE_TOO_LONG, TAG_TOO_LONG
from ivr.store import notes, profiles, tags
from ivr.store import segments as found_in
from ivr.store.audit import Actor
from ivr.store.profiles import Profile

GRACE, EDSGER = Actor(None, "Grace", "192.0.2.7"), Actor(2, "Edsger", "192.0.2.8")
OTHER = "+12025550112"


@pytest.fixture(autouse=True)
def crowd(house: House, now: datetime) -> Crowd:
    """Two members."""
    made = Crowd(house, now)
    made.member(PHONE, "Ada")
    made.member(OTHER, "Alan")
    return made


def profile(house: House) -> Profile:
    """All about the member."""
    line = the_line(house.store)
    found = house.store.read(lambda db: profiles.of(db, line, PHONE))
    assert found is not None
    return found


def count(house: House, expression: str, now: datetime) -> int:
    """How many people are in a segment."""
    segment = segments.read(expression)
    counted = house.store.read(lambda db: found_in.count(db, 1, segment, now))
    listed = house.store.read(lambda db: found_in.page(db, 1, segment, now))
    assert len(listed) == counted.people
    return counted.people


def test_a_note_is_kept_with_who_wrote_it_and_taken_away_by_them_alone(house: House, now: datetime) -> None:
    line = the_line(house.store)
    noting.add_note(house.store, line, PHONE, " Met at the school.\r\nWants to help. ", GRACE, now)
    (note,) = profile(house).notes
    assert (note.operator, note.body) == ("Grace", "Met at the school.\nWants to help.")
    assert not noting.remove_note(house.store, line, PHONE, note.id, EDSGER, now)
    assert not noting.remove_note(house.store, line, OTHER, note.id, GRACE, now)
    assert noting.remove_note(house.store, line, PHONE, note.id, GRACE, now)
    assert not noting.remove_note(house.store, line, PHONE, note.id, GRACE, now)
    assert profile(house).notes == []
    actions = rows(house.store, "SELECT action, subject, operator FROM audit WHERE id > 1 ORDER BY id")
    assert actions == [("note added", PHONE, "Grace"), ("note removed", PHONE, "Grace")]


def test_a_note_is_never_changed(house: House, now: datetime) -> None:
    noting.add_note(house.store, the_line(house.store), PHONE, "so", GRACE, now)
    with pytest.raises(Exception, match="a note is never changed"):
        house.store.write(lambda db: db.execute("UPDATE notes SET body = 'otherwise'"))


@pytest.mark.parametrize(("text", "why"), [(" \n\u200e", NO_NOTE), ("x" * 2_001, NOTE_TOO_LONG)])
def test_a_note_that_says_nothing_or_too_much_is_refused(house: House, now: datetime, text: str, why: str) -> None:
    with pytest.raises(WrongMember) as wrong:
        noting.add_note(house.store, the_line(house.store), PHONE, text, GRACE, now)
    assert str(wrong.value) == why
    assert rows(house.store, "SELECT * FROM audit WHERE id > 1") == []


def test_tags_that_are_written_alike_are_one(house: House, now: datetime) -> None:
    line = the_line(house.store)
    assert noting.tag(house.store, line, PHONE, " Très  VIP ", GRACE, now)
    assert not noting.tag(house.store, line, PHONE, "tres vip", GRACE, now)
    assert noting.tag(house.store, line, OTHER, "TRES VIP", GRACE, now)
    assert profile(house).tags == ["Très VIP"]
    assert house.store.read(lambda db: tags.of_line(db, line.id)) == ["Très VIP"]
    assert noting.untag(house.store, line, PHONE, "tres vip", GRACE, now)
    assert not noting.untag(house.store, line, PHONE, "tres vip", GRACE, now)
    assert noting.untag(house.store, line, OTHER, "tres vip", GRACE, now)
    assert rows(house.store, "SELECT * FROM tags") == []


@pytest.mark.parametrize(("tag", "why"), [("  ", NO_TAG), ("🎉", NO_TAG), ("x" * 31, TAG_TOO_LONG)])
def test_a_tag_that_is_none_is_refused(house: House, now: datetime, tag: str, why: str) -> None:
    with pytest.raises(WrongMember) as wrong:
        noting.tag(house.store, the_line(house.store), PHONE, tag, GRACE, now)
    assert str(wrong.value) == why


def test_a_person_has_at_most_twenty_tags(house: House, now: datetime) -> None:
    line = the_line(house.store)
    for number in range(20):
        noting.tag(house.store, line, PHONE, f"tag {number}", GRACE, now)
    with pytest.raises(WrongMember) as wrong:
        noting.tag(house.store, line, PHONE, "one more", GRACE, now)
    assert str(wrong.value) == ENOUGH_TAGS
    assert len(profile(house).tags) == 20


def test_people_are_found_by_tag_in_any_script_and_the_halves_add_up(house: House, now: datetime) -> None:
    line = the_line(house.store)
    noting.tag(house.store, line, PHONE, "صحافة", GRACE, now)
    noting.tag(house.store, line, OTHER, "vip", GRACE, now)
    assert count(house, "tag=صحافه", now) == count(house, "tag!=vip", now) == count(house, "tag=VIP", now) == 1
    assert count(house, 'tag=vip,"صحافة"', now) == 2
    assert count(house, "tag!=vip,صحافة", now) == count(house, "tag=other", now) == 0
    assert count(house, "tag=vip state=member,new,invited", now) == 1
    assert segments.written(segments.of_choices({"tag": "vip, two words"})) == 'tag=vip,"two words"'


def test_what_was_noted_is_held_of_a_person_and_goes_with_them(house: House, now: datetime) -> None:
    line = the_line(house.store)
    noting.add_note(house.store, line, PHONE, "a secret", GRACE, now)
    noting.tag(house.store, line, PHONE, "their own", GRACE, now)
    noting.tag(house.store, line, PHONE, "shared", GRACE, now)
    noting.tag(house.store, line, OTHER, "shared", GRACE, now)
    person = person_of(house.store, PHONE)
    told = as_json(house.store.read(lambda db: held(db, line, person)))
    assert told["tags"] == ["shared", "their own"]
    assert [note["text"] for note in told["notes"]] == ["a secret"]  # type: ignore[attr-defined]
    erasing.erase(house, person, erasing.THEMSELVES, now)
    assert rows(house.store, "SELECT * FROM notes") == []
    assert rows(house.store, "SELECT name FROM tags") == [("shared",)]
    assert rows(house.store, "SELECT DISTINCT person_id FROM name_words") == [(person_of(house.store, OTHER).id,)]
    assert rows(house.store, "SELECT 1 FROM person_tags WHERE person_id = 1") == []
    assert house.store.read(lambda db: notes.of(db, person.id)) == []
    assert PHONE not in str(rows(house.store, "SELECT * FROM audit"))
