"""One row of a file of members, read: who it is about, what they told, and to what they agreed when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ivr import clock
from ivr.errors import NotAPhoneNumber
from ivr.member_files import Row
from ivr.personal_details import ALWAYS_REQUIRED, Wrong, digits, in_parts, read
from ivr.phone_numbers import can_be_texted, parse
from ivr.plain_text import clean
from ivr.signup import version_of
from ivr.store.consents import SOURCES, Consent, Entry
from ivr.store.lines import Line
from ivr.store.members import GENDERS, Details
from ivr.translating import LANGUAGES

LONGEST_WORDING, LONGEST_VERSION = 10_000, 100


@dataclass(frozen=True)
class Candidate:
    """Somebody who may become a member. `language` None: the file does not say; the rest of `told` may be None too."""

    row: int
    number: str
    told: Details
    language: str | None
    agreed: Entry
    since: str


class Refused(ValueError):
    """Why a row is not taken, and because of which column; none: the row as a whole."""

    def __init__(self, column: str, why: str) -> None:
        self.column, self.why = column, why
        super().__init__(why)


def candidate(line: Line, row: Row, columns: int, now: datetime) -> Candidate:
    """Who a row is about. Raises `Refused`."""
    if row.cells is None:
        raise Refused("", f"The row has {row.found} cells, the header {columns}.")
    cells = {name: cell.strip() for name, cell in row.cells.items() if cell.strip()}
    _refuse_others(cells)
    number = _number(cells)
    language = cells.get("language", "").lower() or None
    if language and language not in LANGUAGES:
        raise Refused("language", f"We speak {', '.join(LANGUAGES)}.")
    agreed = _agreed(row.cells, cells, language or line.language, now)
    since = _moment(cells, "joined_at", now) if "joined_at" in cells else agreed.at
    return Candidate(row.number, number, _told(line, cells, now), language, agreed, since)


def _refuse_others(cells: Mapping[str, str]) -> None:
    """Members alone are imported: whoever has left, opted out or was blocked elsewhere does not come back so."""
    state = cells.get("state", "member")
    if state != "member":
        raise Refused("state", f"Only members are imported; this one is {clean(state, 40)}.")
    if "opted_out_at" in cells:
        raise Refused("opted_out_at", "They have opted out.")
    if cells.get("consent_action", "given") != "given":
        raise Refused("consent_action", "There is no consent: it was withdrawn.")


def _number(cells: Mapping[str, str]) -> str:
    try:
        number = parse(cells.get("number", ""))
    except NotAPhoneNumber as fault:
        raise Refused("number", str(fault)) from None
    if not can_be_texted(number):
        raise Refused("number", f"{number} cannot be texted.")
    return number


def _told(line: Line, cells: Mapping[str, str], now: datetime) -> Details:
    if cells.get("gender", "").lower() not in ("", *GENDERS):
        raise Refused("gender", f"It is one of {', '.join(GENDERS)}, or nothing.")
    try:
        form = {**cells, "gender": cells.get("gender", "").lower(), **in_parts(cells.get("born", ""))}
    except Wrong as wrong:
        raise Refused("born", str(wrong)) from None
    found = read(line, form, now.date(), ALWAYS_REQUIRED)
    if found.details is None:
        column, why = next(iter(found.faults.items()), ("born", f"They are younger than {line.minimum_age}."))
        raise Refused(column, why)
    return found.details


def _agreed(whole: Mapping[str, str], cells: Mapping[str, str], language: str, now: datetime) -> Entry:
    """The consent, as it was given elsewhere: when, and to which words."""
    for column in ("consent_at", "consent_wording"):
        if column not in cells:
            raise Refused(column, "There is no consent: say when it was given, and to which words.")
    wording = clean(whole["consent_wording"], LONGEST_WORDING + 1)
    if len(wording) > LONGEST_WORDING:
        raise Refused("consent_wording", f"It may have at most {LONGEST_WORDING} characters.")
    version = clean(cells.get("consent_version", ""), LONGEST_VERSION) or version_of(wording)
    spoken = cells.get("consent_language", language).lower()
    if not re.fullmatch("[a-z]{2,3}", spoken):
        raise Refused("consent_language", "A language is two letters, such as en.")
    source = cells.get("consent_source", "import")
    if source not in SOURCES:
        raise Refused("consent_source", f"It is one of {', '.join(SOURCES)}, or nothing: then it is import.")
    return Entry(_moment(cells, "consent_at", now), Consent(wording, version, spoken, source=source))


def _moment(cells: Mapping[str, str], column: str, now: datetime) -> str:
    """A time in ISO 8601, in UTC unless it names a zone; a day alone is where it begins."""
    try:
        typed = datetime.fromisoformat(digits(cells[column]))
        moment = (typed if typed.tzinfo else typed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(column, "Please write a time as 2026-11-03T20:15:00Z, or a day as 2026-11-03.") from None
    if moment > now:
        raise Refused(column, "It is in the future.")
    return clock.written(moment)
