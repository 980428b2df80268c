"""ivr line history and undo, as a person uses them."""

import json
from pathlib import Path

from running import NUMBER, environment, ivr, set_up


def test_a_change_is_shown_and_taken_back(tmp_path: Path) -> None:
    variables = environment(tmp_path)
    set_up(variables)
    values = ("--rings", "2", "--countries", "US CA", "--word", "help.en=Ask {name}.")
    ivr("line", "set", NUMBER, *values, variables=variables, cwd=tmp_path)
    told = ivr("line", "history", NUMBER, variables=variables, cwd=tmp_path)
    assert told.returncode == 0
    assert [row.strip() for row in told.stdout.splitlines() if "→" in row] == [
        "rings: 3 → 2",
        "countries: (none) → US CA",
        "help.en: (ours) → Ask {name}.",
    ]
    listed = ivr("line", "history", NUMBER, "--json", "--limit", "1", variables=variables, cwd=tmp_path)
    newest = json.loads(listed.stdout)
    assert (newest["operator"], newest["changes"]["help.en"]) == ("command line", [None, "Ask {name}."])
    undone = ivr("line", "undo", NUMBER, "2", variables=variables, cwd=tmp_path)
    assert (undone.returncode, "Version 2 is taken back" in undone.stdout) == (0, True)
    again = ivr("line", "undo", NUMBER, "2", variables=variables, cwd=tmp_path)
    assert again.returncode == 2
    assert "command line has changed rings, countries, help.en meanwhile." in again.stderr
