"""Files of members for tests: written, imported, and all that is kept looked at."""

import csv
import io
from datetime import datetime
from pathlib import Path

from inside import rows, the_line
from running import PHONE

from ivr import importing, member_files
from ivr.house import House
from ivr.importing import Outcome, Wish
from ivr.store.audit import COMMAND_LINE

WORDS = "I agree that Ada may text me."
ADA = {"number": PHONE, "name": "Ada Lovelace", "consent_at": "2026-11-01", "consent_wording": WORDS}
TABLES = ("people", "members", "consents", "opt_outs", "audit", "messages")


def imported(
    house: House, tmp_path: Path, now: datetime, *some: dict[str, str], update: bool = False, dry_run: bool = False
) -> list[Outcome]:
    """Import rows from a file."""
    path, text = tmp_path / "members.csv", io.StringIO()
    columns = list(dict.fromkeys(name for row in some for name in row))
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(some)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return run(house, path, now, Wish(COMMAND_LINE, house.settings.secret_key, update, dry_run))


def run(house: House, path: Path, now: datetime, wish: Wish) -> list[Outcome]:
    """Import a file."""
    sheet = member_files.opened(path)
    return [one for some in importing.run(house.store, the_line(house.store), sheet, wish, now) for one in some]


def everything(house: House) -> dict[str, list[object]]:
    """All that is kept."""
    return {table: [tuple(row) for row in rows(house.store, f"SELECT * FROM {table}")] for table in TABLES}
