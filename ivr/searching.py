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

from ivr import clock, forgetting
from ivr.errors import NotAPhoneNumber, StoreUnavailable, WrongQuestion
from ivr.folding import folded, is_spaceless
from ivr.house import House
from ivr.phone_numbers import parse
from ivr.store import Connection
from ivr.store.forgetting import settle
from ivr.store.log import pages
from ivr.store.log.batches import unfed
from ivr.store.log.pages import END
from ivr.store.log.rows import Chosen, Contact, Page, Position

LONGEST = 200
SHORTEST_PREFIX = 3
MOST = 50
BUDGET_SECONDS, EXPORT_SECONDS = 0.08, 5.0
FIRST_WINDOW, LARGEST_WINDOW = 50_000, 800_000
AT_ONCE, MOST_AT_ONCE = 200, 6_400
FED_AT_ONCE, FEED_SECONDS = 4_000, 0.2
LITTLE_BEHIND_SECONDS = 5
LONG_ENDING = 7
_PIECES = re.compile(r'"([^"]*)"|(\S+)')
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»＂"), '"')
_NUMBER_LIKE = re.compile(r"[+(0-9][0-9 ().\-/]*")


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
    if len(text.strip()) > LONGEST:
        raise WrongQuestion(f"Search may have at most {LONGEST} characters.")
    typed = "".join(map(_plain, text)).strip()
    digits = "".join(letter for letter in typed if letter in "0123456789")
    if _NUMBER_LIKE.fullmatch(typed) and len(digits) >= 4:
        return _number(typed, digits, countries)
    match = " ".join(_terms(text.translate(_QUOTES)))
    if not match:
        raise WrongQuestion("Search for a number, for its last four digits, or for words.")
    return Question(match=match)


@dataclass(frozen=True)
class _Limits:
    """When a search ends: with so many contacts, or with its time."""

    most: int
    deadline: float


def find(
    house: House,
    question: Question,
    chosen: Chosen,
    after: Position | None,
    budget: float = BUDGET_SECONDS,
    most: int = MOST,
) -> Page:
    """The contacts that follow `after` (None: the newest) and answer the question. Raises `StoreUnavailable`."""
    if question.ending or question.match:
        return _find_in_index(house, question, chosen, after, _Limits(most, time.monotonic() + budget))
    wanted = [replace(chosen, number_start=question.start)] if question.start else []
    wanted += [replace(chosen, number=number) for number in question.numbers]

    def query(db: Connection) -> list[Page]:
        return [pages.page(db, one, after, most, budget / len(wanted)) for one in wanted]

    return _together(house.store.read(query), most)


def every(house: House, question: Question | None, chosen: Chosen) -> Iterator[Contact]:
    """All contacts that are chosen and answer the question, newest first, for an export."""
    place: Position | None = None
    while True:
        page = _many(house, question, chosen, place)
        yield from page.contacts
        if page.next is None:
            return
        place = page.next


def feed(house: House, now: datetime) -> int:
    """Feed the search index with what is new, for a moment; returns how many contacts. Raises `StoreUnavailable`.

    It first forgets what is to be forgotten; when that was the last of it, nothing of it stands in the logs either.
    """
    index, end, count, forgot = house.search_index, time.monotonic() + FEED_SECONDS, 0, False
    fed = index.make_ready()
    while True:
        batch = house.store.read(lambda db, fed=fed: unfed(db, fed, FED_AT_ONCE))  # type: ignore[misc]
        if batch.is_empty or not index.feed(batch):
            break
        if batch.gone:
            house.store.write(lambda db, last=batch.gone[-1].id: settle(db, last))  # type: ignore[misc]
            forgot = True
        fed, count = batch.up_to, count + len(batch.calls) + len(batch.texts)
        if time.monotonic() >= end:
            break
    if forgot:
        forgetting.cut_logs(house, now)
    return count


def _many(house: House, question: Question | None, chosen: Chosen, place: Position | None) -> Page:
    if question is not None:
        return find(house, question, chosen, place, EXPORT_SECONDS, pages.EXPORTED_AT_ONCE)
    return house.store.read(lambda db: pages.page(db, chosen, place, pages.EXPORTED_AT_ONCE, EXPORT_SECONDS))


def _together(found: list[Page], most: int) -> Page:
    """Pages of several numbers as one. What is behind the place where one of them stopped has to wait."""
    contacts = sorted((contact for page in found for contact in page.contacts), key=Position.of, reverse=True)
    stops = [page.next for page in found if page.next is not None]
    if stops:
        contacts = [contact for contact in contacts if Position.of(contact) >= max(stops)]
    if len(contacts) > most:
        return Page.full(contacts, most)
    if not stops:
        return Page(contacts, None)
    finished = all(page.finished for page in found if page.next == max(stops))
    return Page(contacts, max(stops), finished, None if finished else max(stops).at)


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


def _find_in_index(house: House, question: Question, chosen: Chosen, after: Position | None, limits: _Limits) -> Page:
    try:
        fed = house.search_index.fed()
    except StoreUnavailable:  # it is made by the background work, and is on its way
        fed = (0, 0)
    if fed == (0, 0):
        found = Page([], None)
    elif question.ending:
        found = _with_ending(house, question.ending, chosen, after or END, limits)
    else:
        found = _with_words(house, question.match or "", chosen, after.id if after else fed[1] + 1, limits)
    return replace(found, behind=house.store.read(lambda db: _behind(db, fed)))


def _behind(db: Connection, fed: tuple[int, int]) -> int:
    """How many calls and messages are still to be fed; 0 when the oldest of them has only just come."""
    oldest = pages.oldest_after(db, *fed)
    if oldest is None or oldest > clock.before(clock.now(), seconds=LITTLE_BEHIND_SECONDS):
        return 0
    return sum(last - known for last, known in zip(pages.latest_ids(db), fed, strict=True))


def _with_ending(house: House, ending: str, chosen: Chosen, place: Position, limits: _Limits) -> Page:
    found: list[Contact] = []
    endings = (ending, ending.lstrip("0") if len(ending) >= LONG_ENDING else ending)
    place, at_once = pages.top(chosen, place), limits.most + 1 if len(ending) == 4 else MOST_AT_ONCE
    while True:
        numbers = house.search_index.endings(ending[-4:], place, at_once)
        found += _chosen_at(
            house,
            chosen,
            [at for at, number in numbers if number.endswith(endings)],
            limits.most + 1 - len(found),
        )
        if len(found) > limits.most:
            return Page.full(found, limits.most)
        if len(numbers) < at_once or numbers[-1][0].at < (chosen.since or ""):
            return Page(found, None)
        place, at_once = numbers[-1][0], min(MOST_AT_ONCE, at_once * 4)
        if time.monotonic() >= limits.deadline:
            return Page(found, place, finished=False, looked_back_to=place.at)


def _with_words(house: House, match: str, chosen: Chosen, before_id: int, limits: _Limits) -> Page:
    if chosen.kind == "call":
        return Page([], None)
    found: list[Contact] = []
    window, at_once = FIRST_WINDOW, max(AT_ONCE, limits.most)
    first, last = house.store.read(lambda db: pages.ids_of_texts(db, chosen))
    before_id = min(before_id, last + 1)
    while True:
        lowest = max(first, before_id - window)
        ids = house.search_index.texts_with(match, before_id, lowest, at_once)
        found += (contacts := _chosen_texts(house, chosen, ids))
        before_id = ids[-1] if len(ids) == at_once else lowest
        if len(found) > limits.most:
            return Page.full(found, limits.most)
        if before_id <= first:
            return Page(found, None)
        if time.monotonic() >= limits.deadline:
            place = house.store.read(lambda db, before_id=before_id: pages.place_of_text(db, before_id))  # type: ignore[misc]
            return Page(found, place, finished=False, looked_back_to=place.at)
        window = min(LARGEST_WINDOW, window * 2)
        at_once = at_once if contacts else min(MOST_AT_ONCE, at_once * 2)


def _chosen_at(house: House, chosen: Chosen, places: Sequence[Position], most: int) -> list[Contact]:
    return house.store.read(lambda db: pages.of_places(db, chosen, places, most)) if places else []


def _chosen_texts(house: House, chosen: Chosen, ids: Sequence[int]) -> list[Contact]:
    contacts = house.store.read(lambda db: pages.of_keys(db, chosen, [("text", one) for one in ids])) if ids else []
    return sorted(contacts, key=lambda one: one.id, reverse=True)


def _plain(letter: str) -> str:
    """A letter of a number as a keyboard has it: what is copied brings other dashes and spaces, and marks unseen."""
    digit, category = unicodedata.decimal(letter, None), unicodedata.category(letter)
    if digit is not None:
        return str(digit)
    return {"Pd": "-", "Zs": " ", "Cf": ""}.get(category, "+" if letter == "＋" else letter)
