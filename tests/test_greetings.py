"""Greetings of a line's own: added, made live, taken back, removed, noted; who did it stands in the audit."""

import errno
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from inside import the_line, with_values

from audio import ffmpeg
from audio.library import SHIPPED
from ivr import greetings
from ivr.errors import CannotFit, StoreUnavailable, WrongGreeting
from ivr.greetings import Making
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.store import Store, audit
from ivr.store import greetings as table
from ivr.store.audit import Actor, Wanted
from ivr.store.greetings import Greeting, Place
from ivr.store.lines import Line

SARA = Actor(7, "Sara", "192.0.2.7")
SOUNDS = [SHIPPED / "en" / f"{name}.wav" for name in ("key-0", "thanks", "goodbye")]
Adds = Callable[..., Greeting]


@pytest.fixture
def line(house: House) -> Line:
    """The line of the tests."""
    return the_line(house.store)


@pytest.fixture
def add(house: House, line: Line, now: datetime) -> Adds:
    """Adds a greeting, each of another recording."""
    count = 0

    def made(language: str = "en", clip: str = "greeting", source: Path | None = None) -> Greeting:
        nonlocal count
        source, count = source or SOUNDS[count % len(SOUNDS)], count + 1
        place = Place(line.id, language, clip)
        return greetings.add(house.store, house.own, place, source, Making(SARA, "console", "memo.wav"), now)

    return made


def files_of(house: House) -> set[str]:
    """The files of all greetings."""
    folder = house.own.original("0" * 32).parent
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def audited(store: Store) -> list[tuple[str, str, object]]:
    """What the audit says of greetings, newest first: who, what, which version."""
    found, _ = store.read(lambda db: audit.newest(db, Wanted(text="greeting"), None))
    return [(one.operator, one.action, one.details["version"]) for one in found]


def test_a_recording_becomes_a_version_that_is_not_live_yet(house: House, line: Line, add: Adds) -> None:
    first, second, other = add(), add(), add("ar")
    assert [one.version for one in (first, second, other)] == [1, 2, 1]
    assert house.store.read(lambda db: table.of_line(db, line.id)) == [other, second, first]
    assert first.report["level"] == pytest.approx(-19, abs=1)
    assert house.recording(first.digest) is not None
    assert house.own.original(first.original).read_bytes() == SOUNDS[0].read_bytes()
    assert the_line(house.store).spoken == {}


def test_what_is_made_live_is_a_step_away_from_what_was_so_before(
    house: House, line: Line, add: Adds, now: datetime
) -> None:
    first, second = add(), add()
    for one in (first, second, second):
        greetings.activate(house.store, one, SARA, now)
    assert the_line(house.store).spoken["en", "greeting"].digest == second.digest
    for wanted in (first, second, first):  # going back twice undoes it
        assert greetings.go_back(house.store, first.place, SARA, now) == wanted
        assert the_line(house.store).spoken["en", "greeting"].digest == wanted.digest
    assert audited(house.store)[:5] == [
        ("Sara", "greeting taken back", 1),
        ("Sara", "greeting taken back", 2),
        ("Sara", "greeting taken back", 1),
        ("Sara", "greeting made live", 2),
        ("Sara", "greeting made live", 1),
    ]


def test_before_the_first_of_its_own_the_line_plays_what_we_ship(
    house: House, line: Line, add: Adds, now: datetime
) -> None:
    with pytest.raises(WrongGreeting, match="nothing to go back to"):
        greetings.go_back(house.store, Place(line.id, "en"), SARA, now)
    one = add()
    greetings.activate(house.store, one, SARA, now)
    assert greetings.go_back(house.store, one.place, SARA, now) is None
    assert the_line(house.store).spoken == {}
    assert greetings.go_back(house.store, one.place, SARA, now) == one


def test_a_live_version_stays_and_another_goes_with_its_files(house: House, add: Adds, now: datetime) -> None:
    first, second = add(), add()
    greetings.activate(house.store, first, SARA, now)
    greetings.activate(house.store, second, SARA, now)
    with pytest.raises(WrongGreeting, match="is live"):
        greetings.remove(house.store, second, SARA, now)
    greetings.remove(house.store, first, SARA, now)
    for again in (
        greetings.remove,
        greetings.activate,
        lambda *values: greetings.note(values[0], first, "x", SARA, now),
    ):
        with pytest.raises(WrongGreeting, match="was removed"):
            again(house.store, first, SARA, now)
    assert greetings.go_back(house.store, second.place, SARA, now) is None
    assert house.store.read(table.digests) == {second.digest, second.original}
    assert add().version == 3, "a number is not given twice while a higher one is there"


def test_notes_are_kept_clean_and_short(house: House, add: Adds, now: datetime) -> None:
    one = add()
    greetings.note(house.store, one, " for\x00 Eid \u202e" + "x" * 600, SARA, now)
    kept = house.store.read(lambda db: table.of_id(db, one.id))
    assert kept is not None
    assert kept.notes.startswith("for Eid")
    assert len(kept.notes) <= greetings.LONGEST_NOTES


@pytest.mark.parametrize(
    ("language", "clip", "told"),
    [("xx", "greeting", "language"), ("", "greeting", "language"), ("en", "intro", "key-1"), ("en", "../x", "one of")],
)
def test_a_place_that_there_is_not_is_refused(house: House, add: Adds, language: str, clip: str, told: str) -> None:
    with pytest.raises(WrongGreeting, match=told):
        add(language, clip)
    assert files_of(house) == set()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "not a sound file"),
        (SOUNDS[0].read_bytes()[:900], "under one second"),
    ],
)
def test_what_is_no_recording_is_refused_and_leaves_nothing(
    house: House, add: Adds, tmp_path: Path, content: bytes, told: str
) -> None:
    source = tmp_path / "song.mp3"
    source.write_bytes(content)
    with pytest.raises(WrongGreeting, match=told):
        add(source=source)
    assert files_of(house) == set()
    assert audited(house.store) == []


def test_a_file_that_is_too_large_is_refused_unread(house: House, add: Adds, tmp_path: Path) -> None:
    source = tmp_path / "film.mp4"
    with source.open("wb") as file:
        file.truncate(greetings.LARGEST + 1)
    with pytest.raises(WrongGreeting, match="100 MB"):
        add(source=source)


def test_without_ffmpeg_and_without_room_it_is_said_what_is_missing(
    house: House, add: Adds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> str:
        raise ffmpeg.NoFfmpeg("ffmpeg is missing")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(CannotFit, match="ivr doctor") as fault:
        patch.setattr(ffmpeg, "executable", missing)
        add()
    assert fault.value.status == 503
    with monkeypatch.context() as patch, pytest.raises(CannotFit, match="no room") as fault:
        patch.setattr("ivr.store.recordings.keep_file", full)
        add()
    assert fault.value.status == 507
    assert house.store.read(table.digests) == set()


def test_recordings_are_made_fit_one_after_another_and_who_waits_too_long_is_told(
    add: Adds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(greetings, "LONGEST_WAIT_SECONDS", 0.01)
    with greetings._turn, pytest.raises(CannotFit, match="in a moment") as fault:
        add()
    assert fault.value.status == 503
    assert add().version == 1


def test_files_of_a_greeting_that_could_not_be_kept_are_swept(
    house: House, add: Adds, line: Line, now: datetime
) -> None:
    kept = add()
    full = Store(house.store.path.with_name("gone.db"), house.settings.instance_path / "spool")
    with pytest.raises(StoreUnavailable):
        greetings.add(full, house.own, Place(line.id, "en"), SOUNDS[1], Making(COMMAND_LINE, "command"), now)
    assert len(files_of(house)) == 6
    assert greetings.sweep(house, now) == 0, "they are young: their row may be on its way"
    assert house.own.sweep(house.store.read(table.digests), now=now.timestamp() + 7200) == 3
    assert house.own.find(kept.digest) is not None


def test_a_line_that_is_changed_keeps_its_greetings(house: House, add: Adds, now: datetime) -> None:
    one = add()
    greetings.activate(house.store, one, SARA, now)
    assert with_values(house, rings=2).spoken["en", "greeting"].digest == one.digest
