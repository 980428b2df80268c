"""What README and docs say is true: every setting, command, dependency and file that they name."""

import configparser
import re
from pathlib import Path

import pytest

from ivr.cli import ivr
from ivr.settings import TABLE
from ivr.store.contacts import COLUMNS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_the_readme_lists_every_setting_with_its_default_and_meaning(setting) -> None:  # type: ignore[no-untyped-def]
    (row,) = [row for row in README.splitlines() if row.startswith(f"| `{setting.name}` |")]
    assert (setting.default or "none") in row
    assert setting.meaning in row


@pytest.mark.parametrize("command", re.findall(r"\bivr ([a-z]+)", README + OPERATING))
def test_every_command_that_is_named_exists(command: str) -> None:
    assert command in ivr.commands


@pytest.mark.parametrize("target", re.findall(r"\bmake ([a-z]+)$|^make ([a-z]+)\b", README, re.MULTILINE))
def test_every_make_target_that_is_named_exists(target: tuple[str, str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{''.join(target)}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("path", re.findall(r"\]\(((?!http)[^)#]+)", README + DESIGN))
def test_every_file_that_is_linked_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_design_says_why_each_dependency_is_there() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    required = setup["options"]["install_requires"] + setup["options.extras_require"]["test"]
    names = [re.match(r"[\w-]+", row) for row in required.splitlines() if row]
    assert not [name[0] for name in names if name and f"{name[0]}" not in DESIGN]


def test_the_readme_names_every_column_of_the_log() -> None:
    assert not [column for column in COLUMNS if f"`{column}`" not in README]


def test_nothing_refers_to_a_place_outside_the_project() -> None:
    files = [path for path in ROOT.rglob("*.py") if not {".venv", "build"} & set(path.parts)]
    files += [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    outside = "../" + "shared"
    assert not [path for path in files if outside in path.read_text(encoding="utf-8")]
