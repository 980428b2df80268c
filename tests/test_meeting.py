"""Meeting people: once, in the language that they write."""

from datetime import UTC, datetime

import pytest
from inside import rows, the_line
from running import PHONE

from ivr.house import House
from ivr.meeting import Visitor, meet, welcome
from ivr.store.people import Person

AT = datetime(2026, 11, 3, 20, 15, tzinfo=UTC)
ARABIC = "ماذا ستفعل بشأن المدارس؟"


def met(house: House, number: str = PHONE, text: str | None = None) -> Person:
    """Meet somebody on the line of the tests."""
    visitor = Visitor(the_line(house.store), number, AT, text)
    return house.store.write(lambda db: meet(db, [visitor], "key"))[0]


def test_somebody_is_new_once(house: House) -> None:
    visitor = Visitor(the_line(house.store), PHONE, AT)
    first, second = house.store.write(lambda db: welcome(db, [visitor, visitor], "key"))
    assert first == met(house) and second is None
    assert house.store.write(lambda db: welcome(db, [visitor], "key")) == [None]
    assert rows(house.store, "SELECT count(*) FROM people") == [(1,)]


@pytest.mark.parametrize(
    ("number", "text", "language", "country"),
    [
        (PHONE, None, "en", "US"),
        (PHONE, ARABIC, "ar", "US"),
        ("+201001234567", None, "ar", "EG"),
        ("+201001234567", "hello there", "en", "EG"),
        ("+882161234567", None, "en", None),
    ],
)
def test_the_text_then_the_country_then_the_line_tell_the_language(
    house: House, number: str, text: str | None, language: str, country: str | None
) -> None:
    person = met(house, number, text)
    assert (person.language, person.country) == (language, country)


def test_who_turns_to_another_language_is_remembered_in_it(house: House) -> None:
    met(house, text="hello there")
    assert met(house, text=ARABIC).language == "ar"
    assert met(house).language == "ar"
    assert met(house, text="good morning").language == "en"
