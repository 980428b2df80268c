"""Importing members from a file, each with the consent that they gave elsewhere; who said stop stays stopped.

Rows are taken a thousand at a time, in one transaction each. What becomes of a row is judged in that transaction, or
with nothing written after it; so a trial run says exactly what a real one would do. A second run changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from ivr import clock
from ivr.erasing import before
from ivr.meeting import Visitor, welcome
from ivr.member_files import Row, Sheet, rows
from ivr.member_rows import Candidate, Refused, candidate
from ivr.store import Connection, Store, audit, members, opt_outs, people
from ivr.store.audit import Actor
from ivr.store.lines import Line
from ivr.store.members import Details, Joining
from ivr.store.people import Person

AT_ONCE = 1_000
OUTCOMES = ("added", "updated", "unchanged", "refused")


@dataclass(frozen=True)
class Outcome:
    """What became of a row, one of `OUTCOMES`; `why` it was refused, and because of which `column`."""

    row: int
    number: str
    what: str
    column: str = ""
    why: str = ""


@dataclass(frozen=True)
class Wish:
    """How a file is imported: `update` takes what it tells of known members; a `dry_run` changes nothing.

    `key` is the house's secret, which tells who had opted out before they were erased.
    """

    by: Actor
    key: str
    update: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class _Judged:
    """What is to become of a candidate, and the person that they are already, if they are known."""

    outcome: Outcome
    candidate: Candidate
    person: Person | None = None


def run(store: Store, line: Line, sheet: Sheet, wish: Wish, now: datetime) -> Iterator[list[Outcome]]:
    """Import a file; tells what became of its rows, some at a time, in their order."""
    seen: dict[str, int] = {}
    source = rows(sheet)
    while some := list(islice(source, AT_ONCE)):
        read = [_read(line, row, len(sheet.columns), now, seen) for row in some]
        wanted = [one for one in read if isinstance(one, Candidate)]
        judged = iter(_take(store, line, wanted, wish, sheet.path.name, now))
        yield [one if isinstance(one, Outcome) else next(judged) for one in read]


def _read(line: Line, row: Row, columns: int, now: datetime, seen: dict[str, int]) -> Candidate | Outcome:
    try:
        found = candidate(line, row, columns, now)
        first = seen.setdefault(found.number, row.number)
        if first != row.number:
            raise Refused("number", f"{found.number} stands in row {first} already.")
        return found
    except Refused as refused:
        return Outcome(row.number, (row.cells or {}).get("number", ""), "refused", refused.column, refused.why)


def _take(store: Store, line: Line, some: list[Candidate], wish: Wish, file: str, now: datetime) -> list[Outcome]:
    def judge(db: Connection) -> list[_Judged]:
        return [_judged(db, line, one, wish) for one in some]

    def work(db: Connection) -> list[_Judged]:
        found = judge(db)
        _add(db, line, [one for one in found if one.outcome.what == "added"], wish.key, now)
        for one in found:
            if one.outcome.what == "updated" and one.person is not None:
                members.correct(db, one.person, *_corrected(db, one.person, one.candidate), clock.written(now))
        _note(db, line, [one.outcome for one in found], wish.by, file, now)
        return found

    return [one.outcome for one in (store.read(judge) if wish.dry_run else store.write(work))]


def _judged(db: Connection, line: Line, one: Candidate, wish: Wish) -> _Judged:
    person = people.find(db, line, one.number)
    if _has_opted_out(db, line, one.number, person, wish.key):
        return _refused(one, "number", f"{one.number} has opted out here: only they can undo that, by START.")
    if person is None:
        return _Judged(Outcome(one.row, one.number, "added"), one)
    if person.blocked_at:
        return _refused(one, "number", f"{one.number} is blocked here.")
    if person.too_young_at:
        return _refused(one, "number", f"{one.number} was too young to sign up here.")
    if person.left_at and person.left_at >= one.agreed.at:
        return _refused(one, "consent_at", f"{one.number} has left after that, on {person.left_at[:10]}.")
    if not person.member_since:
        return _Judged(Outcome(one.row, one.number, "added"), one, person)
    differs = wish.update and _corrected(db, person, one) != (members.details(db, person.id), person.language)
    return _Judged(Outcome(one.row, one.number, "updated" if differs else "unchanged"), one, person)


def _has_opted_out(db: Connection, line: Line, number: str, person: Person | None, key: str) -> bool:
    """By what they are, by the ledger, which outlives them, or by a life that was erased and must still be known."""
    if person and person.opted_out_at:
        return True
    last = opt_outs.last_action(db, line, number)
    return bool(last and last.action == "out") or (person is None and before(db, key, line.id, number) is not None)


def _refused(one: Candidate, column: str, why: str) -> _Judged:
    return _Judged(Outcome(one.row, one.number, "refused", column, why), one)


def _corrected(db: Connection, person: Person, one: Candidate) -> tuple[Details, str]:
    """What a member told, with what a file tells in its place, and their language; an empty cell tells nothing."""
    known = members.details(db, person.id) or one.told
    told = {name: value for name, value in one.told.__dict__.items() if value is not None}
    return replace(known, **told), one.language or person.language


def _add(db: Connection, line: Line, some: Sequence[_Judged], key: str, now: datetime) -> None:
    strangers = [one for one in some if one.person is None]
    met = iter(welcome(db, [Visitor(line, one.candidate.number, now) for one in strangers], key))
    for one in some:
        person = one.person or next(met)
        if person is None:
            raise LookupError("somebody was made while they were judged to be new")
        joining = Joining(one.candidate.agreed, one.candidate.since, one.candidate.language or person.language)
        members.bring(db, person, one.candidate.told, joining, clock.written(now))


def _note(db: Connection, line: Line, outcomes: Sequence[Outcome], by: Actor, file: str, now: datetime) -> None:
    count = {what: sum(one.what == what for one in outcomes) for what in OUTCOMES}
    if count["added"] or count["updated"]:
        noted = {"line": line.number, "rows": f"{outcomes[0].row}-{outcomes[-1].row}", **count}
        audit.append(db, by, "members imported", file, noted, clock.written(now))
