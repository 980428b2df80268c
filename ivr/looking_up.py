"""One field to find people of a line by: number, last digits, e-mail address, or how the words of a name begin.

What is read is bounded, whatever is asked for: of the words the one that the fewest people have is looked up, and of
those people the others are asked.
"""

from dataclasses import dataclass

from ivr import searching
from ivr.errors import StoreUnavailable, WrongQuestion
from ivr.folding import folded
from ivr.house import House
from ivr.personal_details import one_line
from ivr.searching import Question
from ivr.store import Connection, listed, members, names, people
from ivr.store.lines import Line
from ivr.store.listed import Listed
from ivr.store.log.pages import END

LONGEST, MOST, READ, MOST_WORDS = 200, 50, 2_000, 8
NOTHING = "Search for a number, its last four digits, an e-mail address or a name."
TOO_LONG = "Search may have at most 200 characters."


@dataclass(frozen=True)
class Found:
    """People, who came last first; `more`: there may be others, so it is better to ask for less."""

    people: list[Listed]
    more: bool = False


def find(house: House, line: Line, text: str) -> Found:
    """The people of a line whom this finds. Raises `WrongQuestion`, which says what to ask for."""
    if len(text.strip()) > LONGEST:
        raise WrongQuestion(TOO_LONG)
    if "@" in text:
        return house.store.read(lambda db: _listed(db, line, members.with_email(db, line.id, _emails(text), MOST + 1)))
    question = _number(text, line)
    if question is None:
        return house.store.read(lambda db: _named(db, line, text))
    seen, more = _lately_in_touch(house, question.ending) if question.ending else ([], False)
    return house.store.read(lambda db: _numbered(db, line, question, seen, more))


def noted(line: Line, text: str) -> dict[str, str]:
    """What the audit keeps of a search: a whole number, which goes when its person is erased, else its kind alone.

    Names and addresses would outlive those who have everything of theirs erased.
    """
    if "@" in text:
        return {"by": "email"}
    question = _number(text, line)
    if question is None:
        return {"by": "name"}
    return {"by": "number", **({"number": question.numbers[0]} if len(question.numbers) == 1 else {})}


def _number(text: str, line: Line) -> Question | None:
    """What is asked for if it looks like a number, else None. Raises `WrongQuestion`."""
    if not any(letter.isdecimal() for letter in text) or any(letter.isalpha() for letter in text):
        return None
    question = searching.read_question(text, [line.country])
    return question if question.match is None else None


def _numbered(db: Connection, line: Line, question: Question, seen: list[str], more: bool) -> Found:
    if question.start:
        return _listed(db, line, people.beginning(db, line.id, question.start, MOST + 1))
    if question.numbers:
        found = [people.find(db, line, number) for number in question.numbers]
        return _listed(db, line, [one.id for one in found if one])
    ending = question.ending or ""
    of_members = names.having(db, line.id, names.backwards(ending), [], READ)
    known = [people.find(db, line, number) for number in seen if number.endswith(ending)]
    ids = {*of_members, *(one.id for one in known if one)}
    return _listed(db, line, list(ids), more=more or len(of_members) == READ)


def _lately_in_touch(house: House, ending: str) -> tuple[list[str], bool]:
    """The numbers that end in these four digits among the newest calls and texts, and whether there are older ones.

    None where there is no index yet.
    """
    try:
        contacts = house.search_index.endings(ending[-4:], END, READ)
    except StoreUnavailable:
        return [], False
    return list({number for _, number in contacts}), len(contacts) == READ


def _named(db: Connection, line: Line, text: str) -> Found:
    words = list(dict.fromkeys(folded(text)))[:MOST_WORDS]
    if not words:
        raise WrongQuestion(NOTHING)
    many = {word: names.count(db, line.id, word, READ) for word in words}
    rarest = min(words, key=lambda word: (many[word], -len(word)))
    others = [word for word in words if word != rarest]
    return _listed(db, line, names.having(db, line.id, rarest, others, READ), more=many[rarest] == READ)


def _emails(text: str) -> list[str]:
    """An address as it was typed, and as addresses are kept."""
    typed = one_line(text, LONGEST)
    local, _, domain = typed.rpartition("@")
    return list(dict.fromkeys((typed, f"{local}@{domain.lower()}", typed.lower())))


def _listed(db: Connection, line: Line, ids: list[int], more: bool = False) -> Found:
    shown = sorted(ids, reverse=True)[:MOST]
    return Found(listed.of_ids(db, line.id, shown), more or len(ids) > MOST)
