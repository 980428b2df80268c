"""Pages of the log: the same as a plain look at everything, whatever is filtered and however small the pages are."""

import random
from collections.abc import Iterator

import pytest

from ivr.errors import WrongQuestion
from ivr.store import Connection, Store, calls, lines, messages, queue
from ivr.store.calls import Call
from ivr.store.lines import Line
from ivr.store.log import pages
from ivr.store.log.rows import Chosen, Contact, Page, Position
from ivr.store.messages import Received
from ivr.store.queue import Event

COUNT = 1500
STATUSES = ("delivered", "failed", "undelivered")


def moment(number: int) -> str:
    """A time; several contacts share one."""
    return f"2026-11-{1 + number // 300:02}T20:{number // 10 % 60:02}:{number % 10 // 3:02}.000Z"


@pytest.fixture
def other(store: Store, line: Line) -> Line:
    """A second line."""
    store.write(lambda db: lines.add(db, Line("+442071838750", "Other", country="GB"), "x"))
    found = store.read(lambda db: lines.find(db, "+442071838750"))
    assert found
    return found


@pytest.fixture
def contacts(store: Store, line: Line, other: Line) -> list[Contact]:
    """Many contacts of two lines, all that a page may show, newest first."""
    chance = random.Random(7)

    def fill(db: Connection) -> None:
        for number in range(COUNT):
            where, country = chance.choice((line, other)), chance.choice(("US", "EG", None))
            phone = f"+1202555{chance.randrange(40):04}"
            if chance.random() < 0.4:
                call = Call(
                    where.id,
                    f"CA{number:032x}",
                    phone,
                    moment(number),
                    chance.choice(("completed", "busy")),
                    "greeting",
                    country=country,
                )
                calls.receive(db, [call])
                continue
            answer = messages.draft(db, where, phone, moment(number), "hi {link}", "reply")
            answered = chance.random() < 0.7
            reply = "sign-up link" if answered else "none"
            text = Received(
                where.id,
                f"SM{number:032x}",
                phone,
                moment(number),
                f"text {number}",
                reply,
                country=country,
                answer=answer if answered else None,
            )
            messages.receive(db, [text])
            if answered:
                queue.apply_event(
                    db, answer.id, Event(f"XX{number:032x}", moment(number), chance.choice(STATUSES), 30007)
                )

    store.write(fill)
    everything = Chosen((line.id, other.id))
    return sorted(read(store, everything, 10_000), key=Position.of, reverse=True)


def pages_of(store: Store, chosen: Chosen, most: int, budget: float = 60) -> Iterator[Page]:
    """All pages, one after another."""
    place: Position | None = None
    while True:
        found = store.read(lambda db, place=place: pages.page(db, chosen, place, most, budget))  # type: ignore[misc]
        yield found
        if found.next is None:
            return
        place = Position.read(found.next.written())


def read(store: Store, chosen: Chosen, most: int, budget: float = 60) -> list[Contact]:
    """All contacts, in pages of so many."""
    return [contact for page in pages_of(store, chosen, most, budget) for contact in page.contacts]


def fits(contact: Contact, chosen: Chosen) -> bool:
    """Whether a contact is chosen: the plain way."""
    status = contact.status if contact.kind == "call" else contact.answer_status
    return (
        contact.line_id in chosen.line_ids
        and chosen.kind in (None, contact.kind)
        and (chosen.status in (None, status) or (chosen.status == "received" and contact.kind == "text"))
        and chosen.reply in (None, contact.reply)
        and chosen.country in (None, contact.country)
        and (chosen.since or "") <= contact.at < (chosen.until or "~")
        and chosen.number in (None, contact.number)
        and contact.number.startswith(chosen.number_start or "")
    )


FILTERS = [
    {},
    {"kind": "call"},
    {"kind": "text"},
    {"status": "failed"},
    {"status": "received"},
    {"status": "busy"},
    {"reply": "none"},
    {"country": "EG"},
    {"since": "2026-11-02T20:10:00.000Z", "until": "2026-11-04T20:10:00.000Z"},
    {"number": "+12025550007"},
    {"number_start": "+1202555001"},
    {"kind": "text", "status": "delivered", "country": "US", "reply": "sign-up link"},
    {"country": "QA"},
    {"number": "+12025550007", "kind": "call", "country": "EG"},
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("most", [1, 7, 50])
def test_pages_hold_what_fits_newest_first_and_nothing_twice(
    store: Store, contacts: list[Contact], line: Line, other: Line, filters: dict[str, str], most: int
) -> None:
    if most == 1 and not filters:
        contacts = contacts[:]  # the slowest of all: every row is a page of its own
    for lines_chosen in ((line.id,), (line.id, other.id)):
        chosen = Chosen(lines_chosen, **filters)  # type: ignore[arg-type]
        assert read(store, chosen, most) == [one for one in contacts if fits(one, chosen)]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_a_search_without_time_goes_on_where_it_stopped(
    store: Store,
    contacts: list[Contact],
    line: Line,
    filters: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "FIRST_WINDOW", 40)
    chosen = Chosen((line.id,), **filters)  # type: ignore[arg-type]
    found = list(pages_of(store, chosen, 50, budget=0))
    assert [one for page in found for one in page.contacts] == [one for one in contacts if fits(one, chosen)]
    if not {"number", "number_start"} & set(filters) and filters != {}:
        assert any(not page.finished and page.looked_back_to for page in found)


def test_without_a_line_there_is_nothing(store: Store, contacts: list[Contact]) -> None:
    assert read(store, Chosen(()), 50) == []


def test_what_came_since_is_shown_once(store: Store, contacts: list[Contact], line: Line, other: Line) -> None:
    chosen = Chosen((line.id, other.id))
    ids = store.read(pages.latest_ids)
    text = Received(line.id, "SM" + "f" * 32, "+12025550001", "2026-01-01T00:00:00.000Z", "late", "none")
    store.write(lambda db: messages.receive(db, [text]))
    found, *latest = store.read(lambda db: pages.newer(db, chosen, *ids))
    assert [one.body for one in found] == ["late"]
    assert store.read(lambda db: pages.newer(db, chosen, *latest))[0] == []
    only_other = Chosen((other.id,))
    assert store.read(lambda db: pages.newer(db, only_other, *ids))[0] == []


def test_a_contact_is_found_by_its_sid_on_its_line_only(
    store: Store, contacts: list[Contact], line: Line, other: Line
) -> None:
    one = contacts[3]
    stranger = other.id if one.line_id == line.id else line.id
    assert store.read(lambda db: pages.of_sid(db, [one.line_id], one.sid)) == one
    assert store.read(lambda db: pages.of_sid(db, [stranger], one.sid)) is None
    assert store.read(lambda db: pages.of_keys(db, Chosen((one.line_id,)), [(one.kind, one.id)])) == [one]
    assert store.read(lambda db: pages.of_keys(db, Chosen((stranger,)), [(one.kind, one.id)])) == []


@pytest.mark.parametrize(
    "text", ["-1", "abc", "9e9", "9" * 4000, "2026-11-03T20:15:00.000Z~call~-1", "x~call~1", "\0", "~~", "' OR 1=1"]
)
def test_a_place_that_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(WrongQuestion):
        Position.read(text)


def test_a_page_reads_the_index_of_time_and_sorts_nothing(store: Store, line: Line) -> None:
    plans = []
    store.read(lambda db: db.set_trace_callback(plans.append))
    store.read(lambda db: pages.page(db, Chosen((line.id,), country="US"), None))
    store.read(lambda db: db.set_trace_callback(None))
    for statement in plans:
        plan = store.read(lambda db, one=statement: db.execute(f"EXPLAIN QUERY PLAN {one}").fetchall())  # type: ignore[misc]
        told = " ".join(row[3] for row in plan)
        assert "USE TEMP B-TREE" not in told, statement
        assert "SCAN calls" not in told and "SCAN messages" not in told, told
