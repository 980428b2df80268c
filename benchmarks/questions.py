"""What is asked of the console: addresses of every page, drawn from what is in the log."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.places import LINES
from benchmarks.ten_million import RARE_COUNTRY
from benchmarks.vocabulary import EVERYWHERE, RARE
from ivr import clock
from ivr.errors import NotAPhoneNumber
from ivr.phone_numbers import international, national, parse
from ivr.store.database import connect

PAGE, NUMBER, WORDS = 100.0, 20.0, 150.0
"""Milliseconds, p99: of any page, of a search by number, of one for words in not more than 1 % of the texts."""
_SAMPLED = 2_000
_FILTERS = {
    "line": [number for number, *_ in LINES],
    "kind": ["call", "text"],
    "status": ["received", "delivered", "sent", "undelivered", "failed", "doubt", "completed", "no-answer", "busy"],
    "reply": ["greeting", "sign-up link", "none", "stop", "help"],
    "country": ["US", "EG", "GB", "FR", "AE", RARE_COUNTRY],
}
_CODES = ("30003", "30005", "30006", "30007", "21610", "30008", "doubt", "unsaid")


@dataclass(frozen=True)
class Asked:
    """A kind of page: its address, made anew for every look, and how long it may take (None: it is only told)."""

    name: str
    most: float | None
    path: Callable[[random.Random], str]


@dataclass(frozen=True)
class Sample:
    """Some of what is in the log: contacts as (kind, id, sid, line, number, at), and the highest ids."""

    contacts: list[tuple[str, int, str, int, str, str]]
    calls: int
    messages: int

    @classmethod
    def drawn(cls, database: Path) -> "Sample":
        """Contacts of all times, in no order."""
        db = connect(database, writable=False)
        chance = random.Random(7)
        calls, messages = (db.execute(f"SELECT max(id) FROM {table}").fetchone()[0] for table in ("calls", "messages"))
        found: list[tuple[str, int, str, int, str, str]] = []
        tables = (("call", "calls WHERE 1", calls), ("text", "messages WHERE direction = 'in'", messages))
        for kind, table, highest in tables:
            query = f"SELECT id, sid, line_id, number, at FROM {table} AND id >= ? ORDER BY id LIMIT 1"
            found += [(kind, *db.execute(query, (chance.randint(1, highest - 9),)).fetchone()) for _ in range(_SAMPLED)]
        db.close()
        chance.shuffle(found)
        return cls(found, calls, messages)


def pages(sample: Sample) -> list[Asked]:
    """Every page, but searches."""
    return [
        Asked("the newest of the log", PAGE, lambda chance: "/console/log"),
        Asked("one filter", PAGE, lambda chance: _log(_filters(chance, 1))),
        Asked("some days", PAGE, lambda chance: _log(_days(chance))),
        Asked("three filters and some days", PAGE, lambda chance: _log(_filters(chance, 3) | _days(chance))),
        Asked("deep in the log", PAGE, lambda chance: _log(_place(sample, chance))),
        Asked("deep, two filters", PAGE, lambda chance: _log(_filters(chance, 2) | _place(sample, chance))),
        Asked("what there is next to nothing of", PAGE, lambda chance: _log(_rare(chance))),
        Asked("going on with that", PAGE, lambda chance: _more(_rare(chance) | _place(sample, chance))),
        Asked("what came since", PAGE, lambda chance: _fresh(sample, chance)),
        Asked("one contact", PAGE, lambda chance: f"/console/contacts/{chance.choice(sample.contacts)[2]}"),
        Asked("a person", PAGE, lambda chance: _person(sample, chance)),
        Asked("who wrote thousands of times", PAGE, lambda chance: "/console/people/1/%2B12022000000"),
        Asked("failures", PAGE, lambda chance: "/console/failures"),
        Asked("failures of one reason", PAGE, lambda chance: f"/console/failures/{chance.choice(_CODES)}"),
        Asked("the audit", PAGE, lambda chance: "/console/audit"),
        Asked("the audit, searched", PAGE, lambda chance: f"/console/audit?text=lines+{chance.randint(1, 10_000)}"),
        Asked("operators, account", PAGE, lambda chance: chance.choice(("/console/operators", "/console/account"))),
    ]  # fmt: skip


def searches(sample: Sample) -> list[Asked]:
    """By number, and for words."""
    typed = [form for contact in sample.contacts for form in _typed(contact[4])]
    words = {one.word: one for one in RARE}
    return [
        Asked("a number", NUMBER, lambda chance: _search(chance.choice(typed))),
        Asked("a number of nobody", NUMBER, lambda chance: _search(f"+1773555{chance.randint(1000, 9999)}")),
        Asked("the last four digits", NUMBER, lambda chance: _search(f"{chance.randint(0, 9999):04}")),
        Asked("the last seven digits", NUMBER, lambda chance: _search(chance.choice(sample.contacts)[4][-7:])),
        Asked("how a number begins", PAGE, lambda chance: _search(_beginning(sample, chance))),
        *(
            Asked(f"a word in one of {one.one_in:,} texts ({word})", WORDS, lambda chance, word=word: _search(word))
            for word, one in words.items()
        ),
        Asked("a word, deep in the log", WORDS, lambda chance: _log(_rare_word(chance) | _place(sample, chance))),
        Asked("a word, filtered", WORDS, lambda chance: _log(_rare_word(chance) | _filters(chance, 2))),
        Asked("two words", WORDS, lambda chance: _search(f"{RARE[0].word} {chance.choice(RARE[1:3]).word}")),
        Asked("how a word begins", WORDS, lambda chance: _search("onein10*")),
        Asked("a word that nobody wrote", WORDS, lambda chance: _search("qwertyuiop")),
        Asked("a word in 80 % of the texts", None, lambda chance: _search(EVERYWHERE.word)),
        Asked("80 % and one of 10,000", None, lambda chance: _search(f"{EVERYWHERE.word} {RARE[2].word}")),
    ]  # fmt: skip


def _log(query: dict[str, str]) -> str:
    return "/console/log?" + urlencode(query)


def _search(text: str) -> str:
    return "/console/log?q=" + quote(text)


def _more(query: dict[str, str]) -> str:
    return "/console/log/more?" + urlencode(query)


def _rare_word(chance: random.Random) -> dict[str, str]:
    return {"q": chance.choice(RARE).word}


def _beginning(sample: Sample, chance: random.Random) -> str:
    return chance.choice(sample.contacts)[4][: chance.randint(5, 9)]


def _filters(chance: random.Random, count: int) -> dict[str, str]:
    return {name: chance.choice(_FILTERS[name]) for name in chance.sample(list(_FILTERS), count)}


def _days(chance: random.Random) -> dict[str, str]:
    since = clock.now() - timedelta(chance.randint(2, 390))
    return {"since": f"{since:%Y-%m-%d}", "until": f"{since + timedelta(chance.randint(0, 20)):%Y-%m-%d}"}


def _place(sample: Sample, chance: random.Random) -> dict[str, str]:
    kind, row_id, *_, at = chance.choice(sample.contacts)
    return {"after": f"{at}~{kind}~{row_id}"}


def _rare(chance: random.Random) -> dict[str, str]:
    return chance.choice(
        (
            {"country": RARE_COUNTRY},
            {"country": RARE_COUNTRY, "reply": "help"},
            {"country": "AE", "status": "doubt"},
            {"country": "FR", "status": "failed", "reply": "stop"},
            {"kind": "call", "status": "failed"},
            {"line": LINES[2][0], "status": "doubt"},
        )
    )


def _fresh(sample: Sample, chance: random.Random) -> str:
    """Up to fifty rows came, and fifty of the page are still open."""
    since = chance.randint(0, 40)
    again = ",".join(f"{kind}-{row_id}" for kind, row_id, *_ in chance.sample(sample.contacts, 50))
    return "/console/log/fresh?" + urlencode(
        {"calls": sample.calls - since, "messages": sample.messages - since, "again": again}
    )


def _person(sample: Sample, chance: random.Random) -> str:
    _, _, _, line_id, number, _ = chance.choice(sample.contacts)
    return f"/console/people/{line_id}/{quote(number)}"


def _typed(number: str) -> list[str]:
    """A number as people type it, as far as the rules for numbers take it."""
    try:
        parse(number)
    except NotAPhoneNumber:
        return []
    return [number, international(number), *([national(number)] if number.startswith("+1") else [])]
