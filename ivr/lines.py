"""Lines: added and changed by the people who run the installation. Who did it stands in the audit."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from ivr import clock, languages, wording
from ivr.errors import WrongLine
from ivr.phone_numbers import country_of, parse
from ivr.plain_text import clean
from ivr.ringing import pause_seconds
from ivr.settings import Settings
from ivr.store import Connection, Store, audit
from ivr.store import lines as table
from ivr.store.audit import COMMAND_LINE, Actor
from ivr.store.lines import Line
from ivr.translating import LANGUAGES

LONGEST_NAME = 60
ASKED = ("born", "gender", "city", "email")
LONGEST_PAUSE_SECONDS = 60


def add(store: Store, number: str, name: str, at: datetime, by: Actor = COMMAND_LINE, **values: Any) -> Line:
    """Add a line. `number` as a person types it; `values` are fields of `Line`. Raises `WrongLine`."""
    line = checked(replace(of_number(parse(number), name), **values))

    def work(db: Connection) -> None:
        if not table.add(db, line, clock.written(at)):
            raise WrongLine(f"{line.number} is a line already: change it with `ivr line set {line.number}`.")
        audit.append(db, by, "line added", line.number, {"name": line.name}, clock.written(at))

    store.write(work)
    return line


def of_number(number: str, name: str) -> Line:
    """A line with what its number alone tells: its country, and the language spoken there."""
    country = country_of(number) or "US"
    return Line(number, name, language=languages.choose(country=country), country=country)


def change(store: Store, number: str, by: Actor = COMMAND_LINE, **values: Any) -> Line:
    """Change fields of a line; returns it as it is now. Raises `WrongLine`."""
    number = parse(number)

    def work(db: Connection) -> Line:
        line = change_in(db, number, **values)
        audit.append(db, by, "line changed", number, values, clock.written(clock.now()))
        return line

    return store.write(work)


def change_in(db: Connection, number: str, **values: Any) -> Line:
    """As `change`, within a transaction that does more than that; `number` in E.164."""
    line = checked(replace(existing(db, number), **values))
    table.change(db, line)
    return line


def word(store: Store, number: str, key: str, text: str | None, by: Actor = COMMAND_LINE) -> None:
    """Replace words of a line (`reply.ar`), or with None go back to ours. Raises `WrongLine`."""
    number = parse(number)
    name, _, language = key.partition(".")
    wording.check(language, name, text if text is not None else wording.NEEDED.get(name, ""))
    text = clean(text, wording.LONGEST) if text else text

    def work(db: Connection) -> None:
        line = existing(db, number)
        kept = {**line.wordings, **({key: text} if text is not None else {})}
        if text is None:
            kept.pop(key, None)
        table.change(db, replace(line, wordings=kept))
        audit.append(db, by, "line changed", number, {key: text}, clock.written(clock.now()))

    store.write(work)


def show(store: Store, number: str) -> Line:
    """The line of a number, as a person types it. Raises `WrongLine`."""
    number = parse(number)
    return store.read(lambda db: existing(db, number))


def chosen(store: Store, number: str | None) -> Line:
    """The line of a number, as a person types it; without one the only line there is. Raises `WrongLine`."""
    if number:
        return show(store, number)
    known = store.read(table.everyone)
    if len(known) != 1:
        raise WrongLine("There are several lines: say which, with --line." if known else "There is no line yet.")
    return known[0]


def begin(store: Store, settings: Settings, at: datetime, **values: Any) -> Line | None:
    """Make the line that the settings name, if it is not there yet; returns it when it was made."""
    if not settings.phone_number or store.read(lambda db: table.find(db, settings.phone_number)):
        return None
    return add(store, settings.phone_number, settings.line_name, at, **values)


def checked(line: Line) -> Line:
    """The line, its name cleaned. Raises `WrongLine` for the first thing that is wrong with it."""
    name = clean(line.name, LONGEST_NAME + 1).strip()
    wording.check_name(name)
    if not name or len(name) > LONGEST_NAME:
        raise WrongLine(f"A line needs a name of 1 to {LONGEST_NAME} characters.")
    if line.language not in LANGUAGES:
        raise WrongLine(f"A line's language is one of {', '.join(LANGUAGES)}, not {line.language!r}.")
    if not 0 <= line.rings <= 6:
        raise WrongLine(f"A line rings 0 to 6 times, not {line.rings}.")
    if line.cadence not in {"line", "caller"}:
        raise WrongLine(f"A line's cadence is that of the line or of the caller, not {line.cadence!r}.")
    if line.keywords not in {"carrier", "us"}:
        raise WrongLine(f"A line's keywords are answered by the carrier or by us, not {line.keywords!r}.")
    if line.ceiling is not None and line.ceiling < 1:
        raise WrongLine("A line's ceiling is at least one answer a minute; leave it out for none.")
    if unknown := [name for name in line.required if name not in ASKED]:
        raise WrongLine(f"Sign-up can ask for {', '.join(ASKED)}, not {unknown[0]!r}.")
    if not 0 <= line.minimum_age <= 120:
        raise WrongLine(f"A minimum age is 0 to 120 years, not {line.minimum_age}.")
    for days in (line.keep_texts, line.keep_voice, line.keep_refusals):
        if days is not None and days < 1:
            raise WrongLine("What is kept is kept for at least one day; leave it out to keep it for ever.")
    for url in (line.privacy_url, line.terms_url):
        if url and not re.fullmatch(r"https://[^\s\"<>]{1,500}", url):
            raise WrongLine(f"A page's address begins with https://, unlike {url[:40]!r}.")
    for country in (line.country, *line.countries):
        if len(country) != 2 or not country.isascii() or not country.isupper():
            raise WrongLine(f"A country is two capital letters, such as US or EG, not {country!r}.")
    pause = pause_seconds(line.country, line.rings)
    if line.rings and not 0 < pause + line.adjust <= LONGEST_PAUSE_SECONDS:
        raise WrongLine(f"With {line.adjust:+} s the pause of {pause} s leaves 1 to {LONGEST_PAUSE_SECONDS} s.")
    return replace(line, name=name)


def existing(db: Connection, number: str) -> Line:
    """The line of a number in E.164. Raises `WrongLine`."""
    line = table.find(db, number)
    if line is None:
        raise WrongLine(f"{number} is no line. `ivr line list` shows them all.")
    return line
