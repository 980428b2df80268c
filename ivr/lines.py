"""Lines: added and changed by the people who run the installation. Who did it stands in the audit.

Every change is kept, with what was there before, so that it can be undone, and so that nobody overwrites what somebody
else has changed meanwhile. A line is read anew for every contact: a change holds from the next on, in every process.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ivr import clock, languages, wording
from ivr.errors import LineChanged, WrongLine
from ivr.line_checks import LONGEST_NAME, faults_of
from ivr.phone_numbers import country_of, parse
from ivr.plain_text import clean
from ivr.settings import Settings
from ivr.store import Connection, Store, audit, line_versions
from ivr.store import lines as table
from ivr.store.audit import COMMAND_LINE, Actor
from ivr.store.lines import Line

Words = Mapping[str, str | None]
"""Words of a line's own by their key (`reply.ar`); None: those that we ship."""
FIELDS = tuple(name for name in table.COLUMNS if name not in {"id", "number", "version", "wordings"})
"""What of a line can be changed, beside its words."""


def add(
    store: Store,
    number: str,
    name: str,
    at: datetime,
    by: Actor = COMMAND_LINE,
    words: Words | None = None,
    **values: Any,
) -> Line:
    """Add a line. `number` as a person types it; `values` are fields of `Line`. Raises `WrongLine`."""
    line = checked(_changed(of_number(parse(number), name), {**values, **_cleaned(words or {})}))
    moment = clock.written(at)

    def work(db: Connection) -> Line:
        if not table.add(db, line, moment):
            fault = f"{line.number} is a line already: change it with `ivr line set {line.number}`."
            raise WrongLine(fault, {"number": "This number is a line already."})
        added = existing(db, line.number)
        line_versions.append(db, added.id, added.version, by, moment, {})
        audit.append(db, by, "line added", line.number, {"name": line.name}, moment)
        return added

    return store.write(work)


def of_number(number: str, name: str) -> Line:
    """A line with what its number alone tells: its country, and the language spoken there."""
    country = country_of(number) or "US"
    return Line(number, name, language=languages.choose(country=country), country=country)


def change(
    store: Store,
    number: str,
    by: Actor = COMMAND_LINE,
    seen: int | None = None,
    words: Words | None = None,
    **values: Any,
) -> Line:
    """Change fields and words of a line; returns it as it is now. Raises `WrongLine`; then nothing was changed.

    `seen` is the version that whoever changes it has looked at: what they left as it was there stays as it is now, and
    where somebody else changed the same since, it raises `LineChanged`.
    """
    number, moment = parse(number), clock.written(clock.now())

    def work(db: Connection) -> Line:
        before = existing(db, number)
        line = change_in(db, number, by, moment, seen, words, **values)
        if line.version > before.version:
            after = {name: new for name, (_, new) in differences(before, line).items()}
            audit.append(db, by, "line changed", number, after, moment)
        return line

    return store.write(work)


def change_in(
    db: Connection,
    number: str,
    by: Actor,
    at: str,
    seen: int | None = None,
    words: Words | None = None,
    undoes: int | None = None,
    **values: Any,
) -> Line:
    """As `change`, within a transaction that does more than that; `number` in E.164."""
    line = existing(db, number)
    wanted = checked(_changed(line, {**values, **_cleaned(words or {})}))
    changes = differences(line, wanted)
    if seen is not None:
        changes = _made_since(db, line, seen, changes)
        wanted = checked(_changed(line, {name: after for name, (_, after) in changes.items()}))
    if not changes:
        return line
    wanted = replace(wanted, version=line.version + 1)
    table.change(db, wanted)
    line_versions.append(db, line.id, wanted.version, by, at, changes, undoes)
    return wanted


def undo(store: Store, number: str, version: int, by: Actor, at: datetime) -> Line:
    """Take a change back, which is a change, too; returns the line as it is now.

    Raises `WrongLine`, or `LineChanged` when what it changed was changed again since.
    """
    number, moment = parse(number), clock.written(at)

    def work(db: Connection) -> Line:
        line = existing(db, number)
        one = line_versions.find(db, line.id, version)
        if one is None or not one.changes:
            raise WrongLine("There is no such change to take back.")
        if moved := [name for name, (_, after) in one.changes.items() if _plain(_value(line, name)) != _plain(after)]:
            newer = line_versions.since(db, line.id, version)
            last = next(one for one in newer if set(moved) & one.changes.keys())
            raise LineChanged(moved, last.operator, last.at)
        before = {name: old for name, (old, _) in one.changes.items()}
        words = {name: old for name, old in before.items() if "." in name}
        values: dict[str, Any] = {
            name: tuple(old) if isinstance(old, list) else old for name, old in before.items() if name not in words
        }
        changed = change_in(db, number, by, moment, words=words, undoes=version, **values)
        audit.append(db, by, "line change undone", number, before, moment)
        return changed

    return store.write(work)


def word(store: Store, number: str, key: str, text: str | None, by: Actor = COMMAND_LINE) -> None:
    """Replace words of a line (`reply.ar`), or with None go back to ours. Raises `WrongLine`."""
    change(store, number, by, words={key: text})


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
    """The line, its name cleaned. Raises `WrongLine` with everything that is wrong with it."""
    line = replace(line, name=clean(line.name, LONGEST_NAME + 1).strip())
    if faults := faults_of(line):
        raise WrongLine(" ".join(faults.values()), faults)
    return line


def existing(db: Connection, number: str) -> Line:
    """The line of a number in E.164. Raises `WrongLine`."""
    line = table.find(db, number)
    if line is None:
        raise WrongLine(f"{number} is no line. `ivr line list` shows them all.")
    return line


def differences(before: Line, after: Line) -> dict[str, tuple[Any, Any]]:
    """What is different, by field, or by key for words: before, and after."""
    names = (*FIELDS, *sorted(before.wordings.keys() | after.wordings.keys()))
    both = {name: (_value(before, name), _value(after, name)) for name in names}
    return {name: (old, new) for name, (old, new) in both.items() if old != new}


def _made_since(
    db: Connection, line: Line, seen: int, changes: dict[str, tuple[Any, Any]]
) -> dict[str, tuple[Any, Any]]:
    """Those of the changes that were made by who looked at the version `seen`. Raises `LineChanged`."""
    newer = line_versions.since(db, line.id, seen)
    then = {name: old for version in newer for name, (old, _) in version.changes.items()}  # the oldest stays
    mine = {name: both for name, both in changes.items() if name not in then or _plain(both[1]) != _plain(then[name])}
    if moved := sorted(mine.keys() & then.keys()):
        last = next(version for version in newer if set(moved) & version.changes.keys())
        raise LineChanged(moved, last.operator, last.at, list(mine))
    return mine


def _cleaned(words: Words) -> dict[str, str | None]:
    """Words as they are kept. Raises `WrongLine` with everything that is wrong with them."""
    faults: dict[str, str] = {}
    for key, text in words.items():
        name, _, language = key.partition(".")
        try:
            wording.check(language, name, text or wording.NEEDED.get(name, ""))
        except WrongLine as wrong:
            if not wrong.faults:
                raise
            faults |= wrong.faults
    if faults:
        raise WrongLine(" ".join(f"{key}: {fault}" for key, fault in faults.items()), faults)
    return {key: clean(text, wording.LONGEST).strip() or None if text else None for key, text in words.items()}


def _changed(line: Line, values: Mapping[str, Any]) -> Line:
    """The line with other values of its fields, and with other words."""
    words = {name: value for name, value in values.items() if "." in name}
    kept = {key: text for key, text in {**line.wordings, **words}.items() if text is not None}
    return replace(line, wordings=kept, **{name: value for name, value in values.items() if name not in words})


def _value(line: Line, name: str) -> Any:
    return line.wordings.get(name) if "." in name else getattr(line, name)


def _plain(value: Any) -> Any:
    """As it comes back from a version, where a tuple is a list."""
    return list(value) if isinstance(value, tuple) else value
