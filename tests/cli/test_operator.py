"""ivr operator: inviting, listing, resetting, disabling; what goes wrong says what to do."""

import json
from pathlib import Path

import pytest
from running import NUMBER, environment, ivr, set_up

from ivr.operators import BEGIN


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The settings of an installation with a line."""
    variables = environment(tmp_path)
    set_up(variables)
    return variables


def test_an_invitation_prints_a_link_and_only_that_to_its_output(installed: dict[str, str], tmp_path: Path) -> None:
    done = ivr("operator", "invite", "Sara", "--role", "admin", variables=installed, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(installed["PUBLIC_URL"] + BEGIN)
    assert done.stdout.count("\n") == 1
    assert "once" in done.stderr


def test_operators_are_listed_with_their_roles_and_state(installed: dict[str, str], tmp_path: Path) -> None:
    empty = ivr("operator", "list", variables=installed, cwd=tmp_path)
    assert "ivr operator invite" in empty.stderr
    ivr("operator", "invite", "Sara", "--role", "admin", variables=installed, cwd=tmp_path)
    ivr("operator", "invite", "عمر", "--line", NUMBER, variables=installed, cwd=tmp_path)
    ivr("operator", "disable", "Sara", variables=installed, cwd=tmp_path)
    listed = ivr("operator", "list", "--json", variables=installed, cwd=tmp_path).stdout.splitlines()
    sara, omar = map(json.loads, listed)
    assert (sara["name"], sara["state"], sara["roles"]) == ("Sara", "disabled", ["admin on all lines"])
    assert (omar["name"], omar["state"], omar["roles"]) == ("عمر", "invited", [f"viewer on {NUMBER}"])
    ivr("operator", "enable", "sara", variables=installed, cwd=tmp_path)
    ivr("operator", "roles", "عمر", "--role", "writer", variables=installed, cwd=tmp_path)
    told = ivr("operator", "list", variables=installed, cwd=tmp_path).stdout
    assert "Sara  invited" in told
    assert "writer on all lines" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("reset", "Nobody"), "ivr operator list"),
        (("disable", "Nobody"), "ivr operator list"),
        (("invite", ""), "needs a name"),
        (("invite", "x" * 61), "60 characters"),
        (("invite", "Sara", "--line", "+442071838750"), "is no line"),
        (("invite", "Sara", "--line", "12"), "country code"),
        (("invite", "Sara", "--role", "king"), "viewer"),
        (("roles", "Sara"), "--role"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    installed: dict[str, str], tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = ivr("operator", *words, variables=installed, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_is_taken_once_in_any_case(installed: dict[str, str], tmp_path: Path) -> None:
    ivr("operator", "invite", "Sara", variables=installed, cwd=tmp_path)
    again = ivr("operator", "invite", " SARA ", variables=installed, cwd=tmp_path)
    assert again.returncode == 2
    assert "ivr operator reset" in again.stderr


def test_a_reset_makes_a_new_link_and_ends_the_old_one(installed: dict[str, str], tmp_path: Path) -> None:
    first = ivr("operator", "invite", "Sara", variables=installed, cwd=tmp_path).stdout
    second = ivr("operator", "reset", "Sara", "--second-factor", variables=installed, cwd=tmp_path).stdout
    assert first != second
    assert BEGIN in second
