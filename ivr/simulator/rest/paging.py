"""Lists as Twilio gives them: newest first, in pages (twilio.com/docs/usage/twilios-response#pagination)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from ivr.simulator.wire import Refused

MOST_A_PAGE = 1000
DEFAULT_A_PAGE = 50

Row = TypeVar("Row")


def page(
    rows: Sequence[Row], name: str, sid_of: Callable[[Row], str], show: Callable[[Row], object]
) -> dict[str, object]:
    """One page of `rows` (newest first) under `name`, by `PageSize`, `Page` and `PageToken` of the request.

    The token names the last row of the page before, so that rows which come meanwhile shift nothing.
    Raises Refused.
    """
    size = min(max(_whole("PageSize", DEFAULT_A_PAGE), 1), MOST_A_PAGE)
    number = _whole("Page", 0)
    start = _start(rows, sid_of, number * size)
    shown = rows[start : start + size]
    has_next = start + size < len(rows)
    next_uri = _uri(size, number + 1, "PA" + sid_of(shown[-1])) if has_next and shown else None
    return {
        name: [show(row) for row in shown],
        "end": start + len(shown) - 1 if shown else 0,
        "first_page_uri": _uri(size, 0),
        "next_page_uri": next_uri,
        "page": number,
        "page_size": size,
        "previous_page_uri": _uri(size, number - 1) if number else None,
        "start": start,
        "uri": _uri(size, number),
    }


def on_day(field: str, at: datetime | None) -> bool:
    """Whether a time meets the request's filters `field`, `field<` and `field>`: days, or full times in UTC.

    A bare `field` means that day. A time that is still None (a queued message's DateSent) meets no filter.
    Raises Refused for what is no date.
    """
    for suffix in ("", "<", ">"):
        word = request.args.get(field + suffix)
        if word and not _meets(field, word, suffix, at):
            return False
    return True


def _meets(field: str, word: str, suffix: str, at: datetime | None) -> bool:
    try:
        limit = datetime.fromisoformat(word) if "T" in word or " " in word else date.fromisoformat(word)
    except ValueError:
        raise Refused(400, 20001, f"{field}{suffix}: {word!r} is no date") from None
    if at is None:
        return False
    if isinstance(limit, datetime) and suffix:
        exact = limit.replace(tzinfo=limit.tzinfo or at.tzinfo)
        whole = at.replace(microsecond=0)
        return whole <= exact if suffix == "<" else whole >= exact
    day = limit.date() if isinstance(limit, datetime) else limit
    return {"": at.date() == day, "<": at.date() <= day, ">": at.date() >= day}[suffix]


def _start(rows: Sequence[Row], sid_of: Callable[[Row], str], otherwise: int) -> int:
    token = request.args.get("PageToken", "")
    if not token:
        return otherwise
    for n, row in enumerate(rows):
        if "PA" + sid_of(row) == token:
            return n + 1
    raise Refused(400, 20006, "Invalid PageToken")


def _whole(name: str, default: int) -> int:
    word = request.args.get(name, "")
    if not word:
        return default
    if not word.isdecimal():
        raise Refused(400, 20001, f"{name} must be a whole number")
    return int(word)


def _uri(size: int, number: int, token: str | None = None) -> str:
    paging = ("PageSize", "Page", "PageToken")
    words = {name: word for name, word in request.args.items() if name not in paging}
    words |= {"PageSize": str(size), "Page": str(number)}
    if token:
        words["PageToken"] = token
    return f"{request.path}?{urlencode(words)}"
