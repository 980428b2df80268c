"""The background work: one process at a time, and no job's fault is another's."""

import logging
from pathlib import Path

import pytest
from running import until
from writers import hold_lease, start

from ivr.errors import StoreUnavailable
from ivr.house import House
from ivr.working import Work

JOBS = ("catch_up", "outbox.send_due", "voice_messages.fetch_waiting", "outbox.settle_doubt", "nudging.nudge")


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that were done, in their order; none does anything."""
    seen: list[str] = []
    for name in JOBS:
        monkeypatch.setattr(f"ivr.working.{name}", lambda *_, name=name: seen.append(name))
    return seen


def fail(monkeypatch: pytest.MonkeyPatch, job: str, fault: Exception) -> None:
    """Let a job fail."""

    def broken(*_: object) -> int:
        raise fault

    broken.__name__ = job
    monkeypatch.setattr(f"ivr.working.{job}", broken)


def test_one_round_does_every_job_and_some_once_a_minute(house: House, done: list[str]) -> None:
    work = Work(house)
    assert work.tick() and work.tick()
    assert done == [*JOBS, *JOBS[:3]]


def test_who_has_not_the_lease_does_nothing_until_its_holder_dies(
    house: House, done: list[str], tmp_path: Path
) -> None:
    other = start(hold_lease, house.settings.instance_path / "work.lease", tmp_path / "held")
    until((tmp_path / "held").exists)
    work = Work(house)
    assert not work.tick()
    assert done == []
    assert work.holder == str(other.pid)
    other.kill()
    other.join()
    assert work.tick()
    assert done == list(JOBS)


@pytest.mark.parametrize("fault", [StoreUnavailable("locked"), OSError(5, "broken"), ValueError("a mistake of ours")])
@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_fails_does_not_stop_the_others(
    house: House,
    done: list[str],
    monkeypatch: pytest.MonkeyPatch,
    job: str,
    fault: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fail(monkeypatch, job, fault)
    with caplog.at_level(logging.ERROR):
        assert Work(house).tick()
    others = [name for name in JOBS if name != job]
    if job == "catch_up":
        others.remove("outbox.send_due")  # a STOP may wait in the spool
    assert done == others
    assert caplog.records


def test_without_its_folder_it_does_nothing_and_goes_on(house: House, done: list[str], tmp_path: Path) -> None:
    work = Work(house)
    house.settings.instance_path.rename(tmp_path.with_name(tmp_path.name + "-away"))
    assert not work.tick()
    tmp_path.with_name(tmp_path.name + "-away").rename(house.settings.instance_path)
    assert work.tick()


def test_it_stops_when_told_and_gives_the_lease_back(house: House, done: list[str]) -> None:
    work, other = Work(house), Work(house)
    work.start()
    until(lambda: done)
    assert not other.tick()
    work.stop()
    until(other.tick)
