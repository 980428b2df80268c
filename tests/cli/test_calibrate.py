"""ivr line calibrate: with what was heard, on a terminal, and through a carrier that is slow."""

import os
import pty
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from inside import the_line
from running import IVR, NUMBER, environment, ivr, running_with_carrier, set_up, unset

from ivr.house import open_store
from ivr.settings import Settings
from ivr.simulator import Simulator
from ivr.store import audit
from ivr.store.audit import Wanted

SLOW = 4.0
END_OF_TYPING = b"\x04"
"""What ends a command that asks for more than was typed."""


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The settings of an installation with a line."""
    variables = environment(tmp_path)
    set_up(variables)
    return variables


def on_a_terminal(words: Sequence[str], typed: str, variables: dict[str, str], folder: Path) -> tuple[int, str]:
    """Run a command on a terminal and type lines into it; its exit status and all that the terminal shows."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*IVR, *words], stdin=theirs, stdout=theirs, stderr=theirs, env={**unset(), **variables}, cwd=folder
    ) as command:
        os.close(theirs)
        os.write(ours, typed.encode() + END_OF_TYPING)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # a terminal says so that nobody is there any more
            pass
    os.close(ours)
    return command.returncode, shown.decode().replace("\r\n", "\n")


def adjustment(variables: dict[str, str]) -> int:
    """The adjustment of the line now."""
    return the_line(open_store(Settings.load(variables, env_file=None))).adjust


def test_one_step_tells_what_was_changed_and_how_to_undo_it(installed: dict[str, str], tmp_path: Path) -> None:
    told = ivr("line", "calibrate", "+1 773 555 0100", "--heard", "3.5", variables=installed, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "18 to 20 s after it began to ring: the carrier added about 4.0 s to our 15 s" in told.stdout
    assert "It waits 12 s from now on: the adjustment is -3, and was +0." in told.stdout
    assert adjustment(installed) == -3
    (undo,) = [row.removeprefix("Undo: ivr ") for row in told.stdout.splitlines() if row.startswith("Undo: ")]
    assert ivr(*undo.split(), variables=installed, cwd=tmp_path).returncode == 0
    assert adjustment(installed) == 0


def test_what_is_right_changes_nothing(installed: dict[str, str], tmp_path: Path) -> None:
    told = ivr("line", "calibrate", NUMBER, "--heard", "3", variables=installed, cwd=tmp_path)
    assert (told.returncode, told.stdout) == (0, "That is right. Nothing was changed.\n")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((NUMBER,), "--heard 3.5"),
        ((NUMBER, "--heard", "some"), "3.5 when one more was cut short"),
        ((NUMBER, "--heard", "12"), "count again"),
        (("+447400123456", "--heard", "3"), "is no line"),
        (("12", "--heard", "3"), "12"),
    ],
)
def test_what_cannot_be_done_is_said(
    installed: dict[str, str], tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    told = ivr("line", "calibrate", *words, variables=installed, cwd=tmp_path)
    assert (told.returncode, reason in told.stderr) == (2, True), told.stderr
    assert adjustment(installed) == 0


def test_a_line_that_does_not_ring_is_not_called(installed: dict[str, str], tmp_path: Path) -> None:
    ivr("line", "set", NUMBER, "--rings", "0", variables=installed, cwd=tmp_path)
    told = ivr("line", "calibrate", NUMBER, variables=installed, cwd=tmp_path)
    assert (told.returncode, "Let it ring first" in told.stderr) == (2, True)


def test_on_a_terminal_it_says_what_to_do_and_asks_until_it_is_right(installed: dict[str, str], tmp_path: Path) -> None:
    typed = "many\n4\n\n2.5\ny\n3\n"
    status, shown = on_a_terminal(["line", "calibrate", NUMBER], typed, installed, tmp_path)
    assert status == 0, shown
    assert "Call +1 773-555-0100 now. It should ring 3 times." in shown
    assert "3.5 is three whole rings" in shown
    assert "Error: Say how many rings you heard as a number" in shown
    assert shown.count("Call again, to check?") == 2
    assert "the adjustment is -6, and was +0" in shown
    assert "the adjustment is -3, and was -6" in shown
    assert shown.endswith("That is right. Nothing was changed.\n")
    assert adjustment(installed) == -3


def test_on_a_terminal_it_stops_when_the_operator_has_enough(installed: dict[str, str], tmp_path: Path) -> None:
    status, shown = on_a_terminal(["line", "calibrate", NUMBER], "12\ny\n3.5\nn\n", installed, tmp_path)
    assert status == 0, shown
    assert "So many rings cannot be" in shown
    assert adjustment(installed) == -3


def test_who_calibrated_at_the_command_line_is_in_the_audit(installed: dict[str, str], tmp_path: Path) -> None:
    ivr("line", "calibrate", NUMBER, "--heard", "4", variables=installed, cwd=tmp_path)
    store = open_store(Settings.load(installed, env_file=None))
    ((entry,), _) = store.read(lambda db: audit.newest(db, Wanted(text="calibrat"), None))
    assert (entry.operator, entry.action, entry.subject) == ("command line", "line calibrated", NUMBER)
    assert entry.details == {"heard": "4", "before": 0, "adjust": -6}


def test_a_carrier_that_is_slow_is_heard_and_made_up_for(tmp_path: Path) -> None:
    with running_with_carrier(tmp_path) as (product, carrier):
        beside = {"INSTANCE_PATH": str(product.settings.instance_path)}
        assert rings(carrier) == ("4", "a fourth has begun")
        told = ivr("line", "calibrate", NUMBER, "--heard", "3.5", variables=beside, cwd=tmp_path)
        assert told.returncode == 0, told.stderr
        assert rings(carrier) == ("3", "and no more")


def rings(carrier: Simulator) -> tuple[str, str]:
    """How many rings a caller hears begin through a carrier that takes four seconds, and whether all are whole."""
    whats = [moment.what for moment in carrier.dial("+12025550143", NUMBER, set_up=SLOW)]
    begun, ended = whats.count("ring"), whats.count("ring-ends")
    assert "play" in whats
    return str(begun), "and no more" if begun == ended else "a fourth has begun"
