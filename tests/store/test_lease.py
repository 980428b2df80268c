"""The lease: one process has it, and death gives it back."""

from pathlib import Path

import pytest
from running import until
from writers import hold_lease, start

from ivr.store.lease import Lease


def test_one_has_it_until_it_is_given_back(tmp_path: Path) -> None:
    mine, other = Lease(tmp_path / "work.lease"), Lease(tmp_path / "work.lease")
    assert mine.take() and mine.take()
    assert not other.take()
    mine.give_back()
    mine.give_back()
    assert other.take()
    assert not mine.take()
    other.give_back()


def test_it_says_who_holds_it(tmp_path: Path) -> None:
    lease = Lease(tmp_path / "work.lease")
    assert lease.holder() == ""
    child = start(hold_lease, tmp_path / "work.lease", tmp_path / "held")
    until((tmp_path / "held").exists)
    assert lease.holder() == str(child.pid)
    child.kill()
    child.join()


def test_it_is_given_back_when_the_holder_is_killed(tmp_path: Path) -> None:
    lease = Lease(tmp_path / "work.lease")
    child = start(hold_lease, tmp_path / "work.lease", tmp_path / "held")
    until((tmp_path / "held").exists)
    assert not lease.take()
    child.kill()
    child.join()
    assert lease.take()
    lease.give_back()


def test_without_its_folder_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Lease(tmp_path / "gone" / "work.lease").take()
