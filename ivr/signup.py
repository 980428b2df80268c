"""Signing up: what is typed becomes a member, with a consent that says exactly what was agreed to.

Nothing happens by looking: link previews and scanners look too. Whoever is too young is kindly refused, and nothing of
what they typed is kept but that it happened.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from email_validator import EmailNotValidError, validate_email

from ivr import clock
from ivr.house import House
from ivr.plain_text import clean
from ivr.store import Connection, members, messages, people
from ivr.store.lines import Line
from ivr.store.members import GENDERS, Consent, Details
from ivr.store.people import Person
from ivr.wording import CONSENT, name_of, written

LONGEST_NAME, LONGEST_CITY, LONGEST_EMAIL, LONGEST_BROWSER = 100, 100, 254, 300
OLDEST_YEARS = 120
ALWAYS_REQUIRED = frozenset({"name"})


@dataclass(frozen=True)
class Read:
    """What was typed, read: `details` when all of it is right; else `faults`, a word for each field that is not."""

    details: Details | None
    faults: dict[str, str] = field(default_factory=dict)
    too_young: bool = False


@dataclass(frozen=True)
class From:
    """From where somebody signs up: the address and the browser, for the consent."""

    address: str
    browser: str
    language: str


def required_of(line: Line) -> frozenset[str]:
    """The fields that a line cannot do without: the name, the day of birth where there is a least age, its choice."""
    return ALWAYS_REQUIRED | set(line.required) | ({"born"} if line.minimum_age else set())


def read(line: Line, form: Mapping[str, str], today: date, had: Details | None = None) -> Read:
    """Read a sign-up form: `name`, `gender`, `day`, `month`, `year`, `city`, `email`; digits of any script.

    What somebody `had` told before need not be told again.
    """
    required = required_of(line) - {name for name, value in (had.__dict__ if had else {}).items() if value}
    faults: dict[str, str] = {}
    name = _one_line(form.get("name", ""), LONGEST_NAME + 1)
    if not any(letter.isalpha() for letter in name) or len(name) > LONGEST_NAME:
        faults["name"] = "name"
    gender = form.get("gender", "")
    if gender not in GENDERS and (gender or "gender" in required):
        faults["gender"] = "gender"
    born = _born(form, today)
    if born is None and ("born" in required or any(form.get(part, "").strip() for part in ("day", "month", "year"))):
        faults["born"] = "born"
    city = _one_line(form.get("city", ""), LONGEST_CITY)
    if not city and "city" in required:
        faults["city"] = "city"
    email = _email(form.get("email", ""))
    if email is None or (not email and "email" in required):
        faults["email"] = "email"
    if faults:
        return Read(None, faults)
    if born and _age(born, today) < line.minimum_age:
        return Read(None, too_young=True)
    return Read(Details(name, gender or None, born.isoformat() if born else None, city or None, email or None))


def join(house: House, person: Person, line: Line, told: Details, seen_from: From, at: datetime) -> bool:
    """Make `person` a member who agreed to the wording that `line` shows; the first time a text confirms it.

    False when they have opted out meanwhile: then nothing was kept.
    """
    wording = consent_of(line, seen_from.language)
    browser = clean(seen_from.browser, LONGEST_BROWSER)
    consent = Consent(wording, version_of(wording), seen_from.language, seen_from.address, browser)

    def work(db: Connection) -> bool:
        now = people.of_id(db, person.id)
        if now is None or now.opted_out_at:
            return False
        moment = clock.written(at)
        members.join(db, person, told, consent, moment)
        if not now.member_since:
            body = written(line, seen_from.language, "joined")
            messages.compose(db, line, person.number, moment, body, "joined", due_at=moment)
        return True

    return house.store.write(work)


def refuse_young(house: House, person: Person, line: Line, at: datetime) -> None:
    """Note that somebody was too young, and nothing else: what a member had told before is removed, too."""

    def work(db: Connection) -> None:
        members.leave(db, person)
        members.note_too_young(db, line.id, clock.written(at)[:10])

    house.store.write(work)


def consent_of(line: Line, language: str) -> str:
    """What somebody agrees to by signing up, as it is shown."""
    return CONSENT.get(language, CONSENT["en"]).replace("{name}", name_of(line, language))


def version_of(wording: str) -> str:
    """What tells one wording from another."""
    return hashlib.sha256(wording.encode()).hexdigest()[:12]


def _one_line(text: str, longest: int) -> str:
    return " ".join(clean(unicodedata.normalize("NFC", text), longest).split())


def _digits(text: str) -> str:
    """The digits of any script as 0 to 9; whatever else was typed stays."""
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in text.strip())


def _born(form: Mapping[str, str], today: date) -> date | None:
    typed = [_digits(form.get(part, "")) for part in ("day", "month", "year")]
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in typed):
        return None
    try:
        born = date(*map(int, reversed(typed)))
    except ValueError:
        return None
    return born if born <= today and _age(born, today) <= OLDEST_YEARS else None


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _email(text: str) -> str | None:
    """The address, nothing for none, None for one that cannot be."""
    text = clean(text, LONGEST_EMAIL + 1).strip()
    if not text:
        return ""
    try:
        return str(validate_email(text, check_deliverability=False).normalized)
    except EmailNotValidError:
        return None
