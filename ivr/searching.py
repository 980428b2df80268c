"""Searching the log: by number in any form a person types, by its last digits, by what people wrote.

A search never takes long: it goes back a window at a time, newest first, and ends with its time, telling what it has
found so far and where to go on.
"""

import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ivr.errors import NotAPhoneNumber, StoreUnavailable, WrongQuestion
from ivr.folding import folded, is_spaceless
from ivr.house import House
from ivr.phone_numbers import parse
from ivr.store import Connection
from ivr.store.log import pages
from ivr.store.log.pages import END
from ivr.store.log.rows import Chosen, Contact, Page, Position
from ivr.store.log.search_index import unfed

LONGEST = 200
SHORTEST_PREFIX = 3
MOST = 50
BUDGET_SECONDS = 0.08
FIRST_WINDOW, LARGEST_WINDOW = 50_000, 800_000
AT_ONCE = 200
FED_AT_ONCE, FEED_SECONDS = 500, 0.2
A_LITTLE_BEHIND = 500
_PIECES = re.compile(r'"([^"]*)"|(\S+)')
_NUMBER_LIKE = re.compile(r"[+(0-9][0-9 ().\-/\u00a0]*")


@dataclass(frozen=True)
class Question:
    """What is searched for, one of: `numbers` it may be, the `start` or the `ending` of one, or words.

    `match` is an expression of FTS5's, of folded words in quotes and nothing that a person typed beside them.
    """

    numbers: tuple[str, ...] = ()
    start: str | None = None
    ending: str | None = None
    match: str | None = None


def read_question(text: str, countries: Sequence[str]) -> Question:
    """What a person means who types this; numbers without a country code are tried in `countries`.

    Raises `WrongQuestion`, which says what is wrong.
    """
    text = "".join(_plain_digit(letter) for letter in text.strip())
    if len(text) > LONGEST:
        raise WrongQuestion(f"Search may have at most {LONGEST} characters.")
    digits = "".join(letter for letter in text if letter in "0123456789")
    if _NUMBER_LIKE.fullmatch(text) and len(digits) >= 4:
        return _number(text, digits, countries)
    match = " ".join(_terms(text))
    if not match:
        raise WrongQuestion("Search for a number, for its last four digits, or for words.")
    return Question(match=match)


def find(house: House, question: Question, chosen: Chosen, after: Position | None, budget: float | None = None) -> Page:
    """The contacts that follow `after` (None: the newest) and answer the question. Raises `StoreUnavailable`."""
    budget = BUDGET_SECONDS if budget is None else budget
    if question.start:
        starting = replace(chosen, number_start=question.start)
        return house.store.read(lambda db: pages.page(db, starting, after, MOST, budget))
    if question.ending or question.match:
        return _find_in_index(house, question, chosen, after, budget)
    found = Page([], None)
    for number in question.numbers:
        of_number = replace(chosen, number=number)
        found = house.store.read(lambda db, of_number=of_number: pages.page(db, of_number, after, MOST, budget))  # type: ignore[misc]
        if found.contacts:
            break
    return found


def every(house: House, question: Question | None, chosen: Chosen) -> Iterator[Contact]:
    """All contacts that are chosen and answer the question, newest first, for an export."""
    if question is None:
        yield from _every_chosen(house, chosen)
        return
    place: Position | None = None
    while True:
        page = find(house, question, chosen, place, budget=5)
        yield from page.contacts
        if page.next is None:
            return
        place = page.next


def feed(house: House, now: datetime) -> int:
    """Feed the search index with what is new, for a moment; returns how many contacts. Raises `StoreUnavailable`."""
    index, end, count = house.search_index, time.monotonic() + FEED_SECONDS, 0
    fed = index.make_ready()
    while True:
        batch = house.store.read(lambda db, fed=fed: unfed(db, fed, FED_AT_ONCE))  # type: ignore[misc]
        if batch.up_to == fed:
            return count
        index.feed(batch)
        fed, count = batch.up_to, count + len(batch.calls) + len(batch.texts)
        if time.monotonic() >= end:
            return count


def _every_chosen(house: House, chosen: Chosen) -> Iterator[Contact]:
    place: Position | None = None
    while True:
        page = house.store.read(
            lambda db, place=place: pages.page(db, chosen, place, pages.EXPORTED_AT_ONCE, budget=60)  # type: ignore[misc]
        )
        yield from page.contacts
        if page.next is None:
            return
        place = page.next


def _number(text: str, digits: str, countries: Sequence[str]) -> Question:
    complete = []
    for country in [None, *countries] if text.startswith(("+", "00")) else countries:
        try:
            complete.append(parse(text, country))
        except NotAPhoneNumber:
            continue
    if complete:
        return Question(numbers=tuple(dict.fromkeys(complete)))
    return Question(start="+" + digits) if text.startswith("+") else Question(ending=digits)


def _terms(text: str) -> Iterator[str]:
    """The search's terms as FTS5 reads them: every word must be there; the last may go on, unless it is in quotes."""
    pieces = list(_PIECES.finditer(text))
    for place, piece in enumerate(pieces):
        is_last = place == len(pieces) - 1 and piece[1] is None
        words = folded(piece[1] if piece[1] is not None else piece[2])
        if not words:
            continue
        goes_on = (is_last or piece[0].endswith("*")) and len(words[-1]) >= SHORTEST_PREFIX
        goes_on = goes_on and not is_spaceless(words[-1])
        yield f'"{" ".join(words)}"' + ("*" if goes_on else "")


def _find_in_index(house: House, question: Question, chosen: Chosen, after: Position | None, budget: float) -> Page:
    try:
        fed = house.search_index.fed()
    except StoreUnavailable:  # it is made by the background work, and is on its way
        fed = (0, 0)
    latest = house.store.read(pages.latest_ids)
    behind = max(0, latest[0] - fed[0]) + max(0, latest[1] - fed[1])
    deadline = time.monotonic() + budget
    if fed == (0, 0):
        found = Page([], None)
    elif question.ending:
        found = _with_ending(house, question.ending, chosen, after or END, deadline)
    else:
        found = _with_words(house, question.match or "", chosen, after.id if after else fed[1] + 1, deadline)
    return replace(found, behind=behind if behind > A_LITTLE_BEHIND else 0)


def _with_ending(house: House, ending: str, chosen: Chosen, place: Position, deadline: float) -> Page:
    found: list[Contact] = []
    while True:
        places = house.search_index.endings(ending[-4:], place, AT_ONCE)
        keys = [(one.kind, one.id) for one in places]
        contacts = _chosen_of(house, chosen, keys)
        found += sorted((one for one in contacts if one.number.endswith(ending)), key=Position.of, reverse=True)
        if len(found) > MOST:
            return Page(found[:MOST], Position.of(found[MOST - 1]))
        if len(places) < AT_ONCE:
            return Page(found, None)
        place = places[-1]
        if time.monotonic() >= deadline:
            return Page(found, place, finished=False, looked_back_to=place.at)


def _with_words(house: House, match: str, chosen: Chosen, before_id: int, deadline: float) -> Page:
    if chosen.kind == "call":
        return Page([], None)
    found: list[Contact] = []
    window = FIRST_WINDOW
    while True:
        lowest = max(1, before_id - window)
        ids = house.search_index.texts_with(match, before_id, lowest, AT_ONCE)
        contacts = _chosen_of(house, chosen, [("text", one) for one in ids])
        found += sorted(contacts, key=lambda one: one.id, reverse=True)
        before_id = ids[-1] if len(ids) == AT_ONCE else lowest
        if len(found) > MOST:
            return Page(found[:MOST], Position.of(found[MOST - 1]))
        if before_id <= 1:
            return Page(found, None)
        if time.monotonic() >= deadline:
            place = house.store.read(lambda db, before_id=before_id: pages.place_of_text(db, before_id))  # type: ignore[misc]
            return Page(found, place, finished=False, looked_back_to=place.at)
        window = min(LARGEST_WINDOW, window * 2)


def _chosen_of(house: House, chosen: Chosen, keys: Sequence[tuple[str, int]]) -> list[Contact]:
    def query(db: Connection) -> list[Contact]:
        return pages.of_keys(db, chosen, keys)

    return house.store.read(query) if keys else []


def _plain_digit(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)
