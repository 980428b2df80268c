"""Who came, signed up, or said stop in some time: the rows behind the figures of a day, newest first.

Sign-ups and opt-outs are read from their ledgers, by indexes of them alone. People have no index of time, since it
would cost every webhook: the tallies know between which ids those of a quarter of an hour are.
"""

from dataclasses import dataclass

from ivr.store.consents import SIGNED_UP
from ivr.store.database import Connection
from ivr.store.log.rows import Position

LOOKED_AT = 50_000
"""Ids of people that one look reads: they are those of the time, but for what came late and lies between."""


@dataclass(frozen=True)
class During:
    """Some time on some lines: `since` is included, `until` is not, both as stored times."""

    line_ids: tuple[int, ...]
    since: str
    until: str


@dataclass(frozen=True)
class Entry:
    """One row: of somebody who has been erased since, `number` begins with `erased:`. `detail` is how it was said."""

    id: int
    line_id: int
    number: str
    at: str
    name: str | None
    detail: str

    @property
    def is_erased(self) -> bool:
        """Whether nobody knows any more who it was."""
        return self.number.startswith("erased")


@dataclass(frozen=True)
class Listed:
    """Some rows, newest first. `next`: where to go on, None at the end; there may be a next without a row before it."""

    rows: list[Entry]
    next: Position | None


def sign_ups(db: Connection, during: During, after: Position, most: int) -> Listed:
    """Sign-ups, following a place."""
    return _of_lines(db, during, after, most, _SIGN_UPS)


def opt_outs(db: Connection, during: During, after: Position, most: int) -> Listed:
    """Opt-outs, following a place."""
    return _of_lines(db, during, after, most, _OPT_OUTS)


def newcomers(
    db: Connection, during: During, after: Position, most: int, language: str = "", signed_up: bool = False
) -> Listed:
    """Who came for the first time, following a place (by id alone); of one language, or only who has signed up.

    So many ids are looked at and no more, however few of them are wanted.
    """
    lowest, highest = db.execute(
        "SELECT min(lowest), max(highest) FROM tally_people WHERE quarter >= :since AND quarter < :until",
        {"since": _quarter(during.since), "until": during.until[:16]},
    ).fetchone()
    end = min(after.id or 2**62, (highest or 0) + 1)
    begin = max(lowest or 0, end - LOOKED_AT)
    lines = ", ".join(map(str, during.line_ids))
    rows = db.execute(
        f"SELECT people.id, people.line_id, people.number, first_at, name, people.language FROM people"  # noqa: S608
        f" LEFT JOIN members ON members.person_id = people.id WHERE people.id >= :begin"
        f" AND people.id < :end AND people.line_id IN ({lines}) AND first_at >= :since AND first_at < :until"
        f"{' AND people.language = :language' if language else ''}{_HAS_SIGNED_UP if signed_up else ''}"
        " ORDER BY people.id DESC LIMIT :most",
        {**_times(during), "begin": begin, "end": end, "most": most, "language": language},
    )
    found = [Entry(*row) for row in rows.fetchall()]
    if len(found) == most:
        return Listed(found, Position(found[-1].at, "", found[-1].id))
    return Listed(found, Position(during.since, "", begin) if begin > (lowest or 0) else None)


def _of_lines(db: Connection, during: During, after: Position, most: int, query: str) -> Listed:
    found = [
        Entry(*row)
        for line_id in during.line_ids
        for row in db.execute(
            query + _PLACE,
            {**_times(during), "line": line_id, "most": most, "at": after.at, "id": after.id},
        ).fetchall()
    ]
    found = sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:most]
    return Listed(found, Position(found[-1].at, "", found[-1].id) if len(found) == most else None)


def _times(during: During) -> dict[str, object]:
    return {"since": during.since, "until": during.until}


def _quarter(at: str) -> str:
    """The quarter of an hour of a stored time, as the tallies call it."""
    return f"{at[:14]}{int(at[14:16]) // 15 * 15:02}"


_SIGN_UPS = (
    "SELECT one.id, one.line_id, one.number, one.at, name, one.source FROM consents AS one LEFT JOIN members"  # noqa: S608
    f" ON members.person_id = one.person_id WHERE {SIGNED_UP}"
)
_OPT_OUTS = (
    "SELECT one.id, one.line_id, one.number, one.at, name, one.source FROM opt_outs AS one LEFT JOIN people"
    " ON people.number = one.number AND people.line_id = one.line_id LEFT JOIN members"
    " ON members.person_id = people.id WHERE one.action = 'out'"
)
_PLACE = (
    " AND one.line_id = :line AND one.at >= :since AND one.at < :until AND one.at <= :at"
    " AND (one.at, one.id) < (:at, :id) ORDER BY one.at DESC, one.id DESC LIMIT :most"
)
_HAS_SIGNED_UP = f" AND EXISTS (SELECT 1 FROM consents WHERE person_id = people.id AND {SIGNED_UP})"  # noqa: S608
