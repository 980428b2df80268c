"""Importing never undoes what was ended here: a stop, a block, leaving, being too young, also in an erased life."""

from datetime import datetime, timedelta
from pathlib import Path

from imports import ADA, everything, imported
from inside import person_of, rows, the_line
from running import PHONE
from the_people import Crowd

from ivr import clock
from ivr.erasing import erase
from ivr.house import House
from ivr.store import members, people
from ivr.store.audit import COMMAND_LINE


def test_who_has_said_stop_stays_stopped(house: House, tmp_path: Path, now: datetime) -> None:
    crowd = Crowd(house, now)
    crowd.opts_out(crowd.member(PHONE))
    crowd.opts_out(crowd.stranger("+12025550144"))
    crowd.opts_out(crowd.stranger("+12025550145"))
    house.store.write(lambda db: people.set_opted_out(db, the_line(house.store), "+12025550145", None))
    kept = everything(house)
    some = [{**ADA, "number": number} for number in (PHONE, "+12025550144", "+12025550145")]
    for update in (False, True):
        done = imported(house, tmp_path, now, *some, update=update)
        assert [(one.what, one.column) for one in done] == [("refused", "number")] * 3
        assert "opted out" in done[0].why
    assert everything(house) == kept


def test_who_had_opted_out_before_they_were_erased_is_not_brought_back(
    house: House, tmp_path: Path, now: datetime
) -> None:
    crowd = Crowd(house, now)
    crowd.opts_out(crowd.member(PHONE))
    erase(house, person_of(house.store, PHONE), COMMAND_LINE, now)
    for dry_run in (True, False):
        (one,) = imported(house, tmp_path, now, ADA, dry_run=dry_run)
        assert (one.what, "opted out" in one.why) == ("refused", True)
    assert crowd.stranger(PHONE).opted_out_at is not None, "they call again"
    (one,) = imported(house, tmp_path, now, ADA)
    assert (one.what, "opted out" in one.why) == ("refused", True)
    assert rows(house.store, "SELECT * FROM members") == []


def test_who_was_blocked_too_young_or_has_left_since_is_refused(house: House, tmp_path: Path, now: datetime) -> None:
    crowd = Crowd(house, now)
    crowd.is_blocked(crowd.stranger(PHONE))
    left, young = crowd.member("+12025550144"), crowd.stranger("+12025550145")
    crowd.leaves(left)
    house.store.write(lambda db: members.note_too_young(db, young, clock.written(now)))
    some = [{**ADA, "number": number} for number in (PHONE, "+12025550144", "+12025550145")]
    done = imported(house, tmp_path, now, *some)
    assert [one.what for one in done] == ["refused"] * 3
    assert [word in one.why for word, one in zip(("blocked", "left", "young"), done, strict=True)] == [True] * 3
    later = now + timedelta(hours=2)
    anew = {**ADA, "number": "+12025550144", "consent_at": clock.written(now + timedelta(hours=1))}
    assert [one.what for one in imported(house, tmp_path, later, anew)] == ["added"]
