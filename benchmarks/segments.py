"""I. Segments of a million members, by any three conditions, counted exactly; and members imported from a file."""

import csv
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path

from benchmarks import a_million
from benchmarks.report import Part, percentile, progress, spread
from benchmarks.rounds import Plan
from ivr import clock, importing, member_files, segments
from ivr.importing import Wish
from ivr.personal_details import age
from ivr.store import Store, lines
from ivr.store import segments as table
from ivr.store.audit import COMMAND_LINE
from ivr.store.members import city_key

MILLISECONDS, IMPORT_SECONDS = 150.0, 30.0
MEMBERS, MEMBERS_QUICKLY = 1_000_000, 100_000
ROWS, ROWS_QUICKLY = 100_000, 10_000
LOOKS, LOOKS_QUICKLY = 50, 10
_COLUMNS = ("number", "name", "gender", "born", "city", "email", "consent_at", "consent_wording")

Member = tuple[str | None, str | None, str, str | None, str, str, int | None]
"""Day of birth, gender, key of the city, country, language, joined at, consent."""


@dataclass(frozen=True)
class _Asked:
    """A condition as it is written, and whether a member fits it, worked out by hand."""

    written: str
    fits: Callable[[Member], bool]


def counting(plan: Plan) -> Part:
    """The part of the report."""
    members = MEMBERS_QUICKLY if plan.quick else MEMBERS
    folder = plan.folder / "i"
    folder.mkdir()
    part = Part(f"I. Segments of {members:,} members of one line; members from a file")
    now, path = clock.now(), folder / "members.db"
    progress("making the members")
    part.remark(f"made in {a_million.make(path, members, now):.0f} s, {path.stat().st_size / 1e6:,.0f} MB")
    store = Store(path, folder / "spool")
    _count(part, store, plan, now)
    _list(part, store, now)
    store.close()
    _import(part, plan, folder, now)
    return part


def _count(part: Part, store: Store, plan: Plan, now: datetime) -> None:
    chance, wrong = random.Random(9), 0
    everybody = store.read(_everybody)
    seen: dict[tuple[str, ...], list[float]] = {}
    used = []
    for three in combinations(_DRAWN, 3):
        progress(f"counting by {', '.join(three)}")
        seen[three] = []
        for look in range(LOOKS_QUICKLY if plan.quick else LOOKS):
            asked = [_DRAWN[name](chance, now) for name in three]
            segment = segments.read(" ".join(one.written for one in asked))
            began, busy = time.perf_counter(), time.process_time()
            found = store.read(lambda db, segment=segment: table.count(db, 1, segment, now))  # type: ignore[misc]
            seen[three].append((time.perf_counter() - began) * 1000)
            used.append((time.process_time() - busy) * 1000)
            wrong += look == 0 and found != _by_hand(everybody, asked)
    middle, late = ({three: percentile(times, share) for three, times in seen.items()} for share in (0.5, 0.99))
    slowest, last = max(middle, key=lambda three: middle[three]), max(late, key=lambda three: late[three])
    worst = f"the worst of all {len(seen)} triples"
    part.at_most(f"{worst}, the median ({', '.join(slowest)})", [middle[slowest]], MILLISECONDS, " ms")
    part.at_most(f"{worst}, the p99 ({', '.join(last)})", [late[last]], MILLISECONDS, " ms")
    part.none("triples whose count differs from looking at each member", wrong)
    part.remark(f"medians of the triples: {spread(list(middle.values()))} ms")
    part.remark(f"of the processor: p99 of all looks {percentile(used, 0.99):.0f} ms, the longest {max(used):.0f} ms")


def _list(part: Part, store: Store, now: datetime) -> None:
    """Told, without a target: pages, and what looks at people and at what they sent."""
    for written in ("", "gender=another country=QA", 'city="New York 3"', "contact>=30d", "state=new,invited"):
        segment, began = segments.read(written), time.perf_counter()
        store.read(lambda db, segment=segment: table.page(db, 1, segment, now))  # type: ignore[misc]
        paged = time.perf_counter()
        store.read(lambda db, segment=segment: table.count(db, 1, segment, now))  # type: ignore[misc]
        page, count = (paged - began) * 1000, (time.perf_counter() - paged) * 1000
        part.remark(f"“{written or 'all members'}”: a page {page:.1f} ms, the count {count:.1f} ms")


def _import(part: Part, plan: Plan, folder: Path, now: datetime) -> None:
    rows, path = ROWS_QUICKLY if plan.quick else ROWS, folder / "import.db"
    a_million.make(path, 1, now)
    _write(folder / "members.csv", rows)
    store = Store(path, folder / "import-spool")
    line = store.read(lines.everyone)[0]
    seconds = []
    for what in ("added", "unchanged"):
        progress(f"importing {rows:,} rows: {what}")
        began = time.perf_counter()
        sheet = member_files.opened(folder / "members.csv")
        done = [one.what for some in importing.run(store, line, sheet, Wish(COMMAND_LINE, "key"), now) for one in some]
        seconds.append(time.perf_counter() - began)
        part.none(f"rows that were not {what}", rows - done.count(what))
    store.close()
    part.at_most(f"{rows:,} rows imported", seconds[:1], IMPORT_SECONDS * rows / ROWS, " s")
    part.remark(f"the same file again: {seconds[1]:.1f} s")


def _write(path: Path, rows: int) -> None:
    chance = random.Random(2)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for row in range(rows):
            born = date(1940, 1, 1) + timedelta(days=chance.randint(0, 25_000))
            city = chance.choice(a_million.CITIES)
            told = (f"Given O'Family {row}", chance.choice(("female", "male", "")), born.isoformat(), city)
            agreed = ("2026-03-04T05:06:07Z", "I agree that Ada Example may text me at this number.")
            writer.writerow((f"+1212{2_000_000 + row}", *told, f"x{row}@example.org", *agreed))


def _everybody(db: object) -> list[Member]:
    query = "SELECT born, gender, city_key, country, language, joined_at, consent_id FROM members WHERE silenced = 0"
    return list(db.execute(query))  # type: ignore[attr-defined]


def _by_hand(everybody: list[Member], asked: list[_Asked]) -> table.Counted:
    found = [one for one in everybody if all(condition.fits(one) for condition in asked)]
    return table.Counted(len(found), sum(one[6] is not None for one in found))


def _age(chance: random.Random, now: datetime) -> _Asked:
    least = chance.randint(13, 60)
    most = least + chance.randint(0, 30)
    ages = {}

    def fits(one: Member) -> bool:
        born = one[0]
        if born is None:
            return False
        if born not in ages:
            ages[born] = age(date.fromisoformat(born), now.date())
        return least <= ages[born] <= most

    return _Asked(f"age>={least} age<={most}", fits)


def _gender(chance: random.Random, _: datetime) -> _Asked:
    some = chance.sample(("female", "male", "non-binary", "another", "unsaid"), chance.randint(1, 3))
    return _Asked(f"gender={','.join(some)}", lambda one: (one[1] or "unsaid") in some)


def _city(chance: random.Random, _: datetime) -> _Asked:
    some = chance.sample(a_million.CITIES, chance.randint(1, 5))
    keys = {city_key(name) for name in some}
    return _Asked("city=" + ",".join(f'"{name}"' for name in some), lambda one: one[2] in keys)


def _country(chance: random.Random, _: datetime) -> _Asked:
    some, sign = chance.sample(("US", "GB", "EG", "CA", "QA"), chance.randint(1, 3)), chance.choice(("=", "!="))
    return _Asked(f"country{sign}{','.join(some)}", lambda one: (one[3] in some) == (sign == "="))


def _language(chance: random.Random, _: datetime) -> _Asked:
    some = chance.sample(("en", "ar"), chance.randint(1, 2))
    return _Asked(f"language={','.join(some)}", lambda one: one[4] in some)


def _joined(chance: random.Random, now: datetime) -> _Asked:
    since = now.date() - timedelta(days=chance.randint(1, a_million.DAYS))
    return _Asked(f"joined>={since}", lambda one: one[5] >= f"{since}T00:00:00.000Z")


_DRAWN = {"age": _age, "gender": _gender, "city": _city, "country": _country, "language": _language, "joined": _joined}
