"""Segments: some of a line's people, by conditions that all must hold, compiled to SQL with bound values.

A segment of members alone, as it is unless a condition on the state says otherwise, is counted from an index of
`members` that has all that it asks for. Every `!=` holds for exactly those for whom `=` does not.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from ivr import clock
from ivr.store.database import Connection, snapshot
from ivr.store.listed import Listed, listing
from ivr.store.members import city_key
from ivr.store.states import STATE, STATES
from ivr.store.tags import key_of as tag_key

SPANS = {"h": "hours", "d": "days", "w": "weeks"}
"""How a span ends: 36h, 30d, 8w."""
FEW = 4


@dataclass(frozen=True)
class Condition:
    """One condition: `field` of `FIELDS`, `sign` as it is written, `values` as they are kept: any of them fits.

    A time is a day (2026-11-01, where it begins in UTC) or a span back from now (30d).
    """

    field: str
    sign: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Segment:
    """Conditions that all must hold; without any: all members."""

    conditions: tuple[Condition, ...] = ()

    @property
    def states(self) -> frozenset[str]:
        """The states of its people: members, unless it says otherwise."""
        chosen = [one for one in self.conditions if one.field == "state"]
        found = frozenset(STATES if chosen else ("member",))
        for one in chosen:
            found = found & set(one.values) if one.sign == "=" else found - set(one.values)
        return found


@dataclass(frozen=True)
class Counted:
    """How many people, and how many of them may be written to: a consent stands, and nobody said stop."""

    people: int
    reachable: int


@dataclass(frozen=True)
class Query:
    """A statement with the values that it binds."""

    sql: str
    values: dict[str, object]


def count(db: Connection, line_id: int, segment: Segment, now: datetime) -> Counted:
    """Exactly how many people of a line are in a segment now.

    Who has a tag is counted from the tag, and who does not have it as all the others: looking at each is slower.
    """
    without = tuple(one for one in segment.conditions if one.field == "tag" and one.sign == "!=")
    others = Segment(tuple(one for one in segment.conditions if one not in without))
    if not without:
        return _counted(db, line_id, others, now)
    having = Condition("tag", "=", tuple(value for one in without for value in one.values))
    with snapshot(db):
        found = _counted(db, line_id, others, now)
        among = _counted(db, line_id, Segment((*others.conditions, having)), now)
    return Counted(found.people - among.people, found.reachable - among.reachable)


def page(
    db: Connection, line_id: int, segment: Segment, now: datetime, before: int | None = None, most: int = 50
) -> list[Listed]:
    """Some of a segment's people, who came last first; go on with the id of the last as `before`."""
    query = paging(line_id, segment, now, before, most)
    return [Listed(*row) for row in db.execute(query.sql, query.values).fetchall()]


def _counted(db: Connection, line_id: int, segment: Segment, now: datetime) -> Counted:
    query = counting(line_id, segment, now)
    return Counted(*db.execute(query.sql, query.values).fetchone())


def counting(line_id: int, segment: Segment, now: datetime) -> Query:
    """How `count` asks."""
    asked = _Compiled(segment, line_id, now)
    reachable = "members.consent_id" if asked.members_only else f"CASE WHEN {_REACHABLE} THEN 1 END"
    return Query(f"SELECT count(*), count({reachable}) FROM {asked.tables} WHERE {asked.where}", asked.values)  # noqa: S608


def paging(line_id: int, segment: Segment, now: datetime, before: int | None, most: int) -> Query:
    """How `page` asks."""
    asked = _Compiled(segment, line_id, now, walks=True)
    onward = f" AND {asked.id} < :before" if before is not None else ""
    among = (
        f"SELECT {asked.id} AS id FROM {asked.tables} WHERE {asked.where}{onward}"  # noqa: S608
        f" ORDER BY {asked.id} DESC LIMIT :most"
    )
    return Query(listing(among), {**asked.values, "before": before, "most": most})


_REACHABLE = "members.consent_id IS NOT NULL AND people.opted_out_at IS NULL AND people.blocked_at IS NULL"


class _Compiled:
    """A segment as SQL: the tables, their conditions, and the values that these bind.

    `walks`: people are wanted in the order of their ids. A plus before a column keeps SQLite from its index: going
    along the ids it finds a page in a moment, where it would else read and sort a million. A city is too few for that,
    and few beside any country. Who has a tag is found from the tag.
    """

    def __init__(self, segment: Segment, line_id: int, now: datetime, walks: bool = False) -> None:
        self.values: dict[str, object] = {"line": line_id}
        self._now = now
        self.members_only = segment.states == {"member"}
        self.id = "members.person_id" if self.members_only else "people.id"
        self._table = "members" if self.members_only else "people"
        self._names_a_city = any(one.field == "city" and one.sign == "=" for one in segment.conditions)
        tagged = any(one.field == "tag" and one.sign == "=" for one in segment.conditions)
        plus = "+" if tagged or (walks and not self._names_a_city) else ""
        where = [f"{plus}{self._table}.line_id = :line"]
        if self.members_only:
            where.append("members.silenced = 0")
        else:
            where += [f"{STATE} IN ({self._bound(segment.states)})", "substr(people.number, 1, 7) <> 'erased:'"]
        asked = [one for one in segment.conditions if one.field != "state"]
        where += [_SQL[one.field](self, one) for one in asked]
        self.where = " AND ".join(where)
        self.tables = self._tables(asked)

    def _tables(self, asked: list[Condition]) -> str:
        if not self.members_only:
            return "people LEFT JOIN members ON members.person_id = people.id"
        needs_numbers = any(one.field == "contact" for one in asked)
        return "members JOIN people ON people.id = members.person_id" if needs_numbers else "members"

    def _bound(self, values: "frozenset[str] | tuple[str, ...]") -> str:
        """Values, bound; the names that stand for them."""
        names = []
        for value in values:
            names.append(f":value{len(self.values)}")
            self.values[names[-1][1:]] = value
        return ", ".join(names)

    def age(self, one: Condition) -> str:
        """Days of birth, as text: who was born on 29 February is a year older on 1 March, as in the calendar."""
        today = self._now.date()
        return f"({' OR '.join(self._age(one.sign, int(years), today) for years in one.values)})"

    def _age(self, sign: str, years: int, today: date) -> str:
        least = {">=": years, ">": years + 1, "=": years}.get(sign)
        under = {"<=": years + 1, "<": years, "=": years + 1}.get(sign)
        found = [] if least is None else [f"members.born <= {self._bound((_born_until(today, least),))}"]
        found += [] if under is None else [f"members.born > {self._bound((_born_until(today, under),))}"]
        return f"({' AND '.join(found)})"

    def gender(self, one: Condition) -> str:
        """Who told nothing is among those who do not say."""
        found = self._among("members.gender", one)
        if "unsaid" not in one.values:
            return found
        return f"({found} OR members.gender IS NULL)" if one.sign == "=" else f"{found} AND members.gender IS NOT NULL"

    def city(self, one: Condition) -> str:
        """As cities are compared."""
        return self._among("members.city_key", replace(one, values=tuple(map(city_key, one.values))))

    def place(self, one: Condition) -> str:
        """Country and language, which everybody has whom a line knows, members or not."""
        return self._among(f"{'+' if self._names_a_city else ''}{self._table}.{one.field}", one)

    def joined(self, one: Condition) -> str:
        """Since when they are members."""
        sign = ">=" if one.sign == ">=" else "<"
        return f"members.joined_at {sign} {self._bound((_moment(one.values[0], self._now),))}"

    def tag(self, one: Condition) -> str:
        """Whether they have one of the tags, as tags are compared."""
        keys = self._bound(tuple(map(tag_key, one.values)))
        return (
            f"{self.id} {'IN' if one.sign == '=' else 'NOT IN'} (SELECT person_id FROM person_tags WHERE tag_id IN"  # noqa: S608
            f" (SELECT id FROM tags WHERE line_id = :line AND key IN ({keys})))"
        )

    def contact(self, one: Condition) -> str:
        """Whether they called or texted since then; who never did is among those who did not."""
        at = self._bound((_moment(one.values[0], self._now),))
        since = (
            f"(EXISTS (SELECT 1 FROM calls WHERE calls.number = people.number AND calls.line_id = people.line_id"  # noqa: S608
            f" AND calls.at >= {at}) OR EXISTS (SELECT 1 FROM messages WHERE messages.number = people.number"
            f" AND messages.line_id = people.line_id AND messages.direction = 'in' AND messages.at >= {at}))"
        )
        return since if one.sign == ">=" else f"NOT {since}"

    def _among(self, column: str, one: Condition) -> str:
        """Whether a column has one of the values, or none; compared one by one while they are few: SQLite is faster so.

        Where nothing is known, it is none of the values.
        """
        names, equal = self._bound(one.values), one.sign == "="
        if len(one.values) > FEW:
            return f"{column} IN ({names})" if equal else f"coalesce({column}, '') NOT IN ({names})"
        each = [f"{column} {'=' if equal else 'IS DISTINCT FROM'} {name}" for name in names.split(", ")]
        return f"({(' OR ' if equal else ' AND ').join(each)})"


_SQL: dict[str, Callable[[_Compiled, Condition], str]] = {
    "age": _Compiled.age,
    "gender": _Compiled.gender,
    "city": _Compiled.city,
    "country": _Compiled.place,
    "language": _Compiled.place,
    "joined": _Compiled.joined,
    "contact": _Compiled.contact,
    "tag": _Compiled.tag,
}
FIELDS = (*_SQL, "state")
"""What a condition may be on."""


def _born_until(today: date, years: int) -> str:
    """Today so many years ago, as text, also where there is no such day: who was born until then is so old."""
    return f"{today.year - years:04}-{today:%m-%d}"


def _moment(value: str, now: datetime) -> str:
    span = SPANS.get(value[-1:])
    return clock.before(now, **{span: int(value[:-1])}) if span else f"{value}T00:00:00.000Z"
