"""Lines as the people of an installation add and change them."""

from datetime import UTC, datetime

import pytest
from running import NUMBER

from ivr import lines
from ivr.errors import NotAPhoneNumber, WrongLine
from ivr.house import House
from ivr.store import audit
from ivr.store import lines as table
from ivr.store.audit import Wanted

AT = datetime(2026, 11, 3, 20, 15, tzinfo=UTC)


def test_a_line_is_added_as_a_person_types_it_with_its_countrys_language(house: House) -> None:
    line = lines.add(house.store, "+20 100 123 4567", "آدا", AT)
    assert (line.number, line.country, line.language, line.rings) == ("+201001234567", "EG", "ar", 3)
    shown = lines.show(house.store, "+20 (100) 123-4567")
    assert (shown.name, shown.keywords, shown.cadence, shown.ceiling) == ("آدا", "carrier", "line", None)


def test_a_number_is_one_line_only(house: House) -> None:
    with pytest.raises(WrongLine, match="is a line already"):
        lines.add(house.store, NUMBER, "Somebody else", AT)
    assert lines.show(house.store, NUMBER).name == "Ada Example"


def test_every_value_can_be_changed_and_stays(house: House) -> None:
    values = {
        "name": "Grace",
        "language": "ar",
        "country": "GB",
        "rings": 4,
        "cadence": "caller",
        "adjust": -2,
        "says_keys": False,
        "takes_messages": True,
        "keywords": "us",
        "ceiling": 60,
        "countries": ("GB", "EG"),
        "opens": 12,
        "closes": 16,
        "segment_price": "0.0083",
        "currency": "EGP",
    }
    lines.change(house.store, NUMBER, **values)
    shown = lines.show(house.store, NUMBER)
    assert {name: getattr(shown, name) for name in values} == values


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"name": "  "}, "needs a name"),
        ({"name": "x" * 61}, "1 to 60"),
        ({"name": "\x00\u202e"}, "needs a name"),
        ({"language": "xx"}, "one of en, ar, es, fr"),
        ({"name": "Ada {me}"}, "own link"),
        ({"rings": 7}, "0 to 6"),
        ({"rings": -1}, "0 to 6"),
        ({"cadence": "both"}, "cadence"),
        ({"keywords": "nobody"}, "keywords"),
        ({"ceiling": 0}, "ceiling"),
        ({"country": "USA"}, "two letters"),
        ({"countries": ("us",)}, "two letters each"),
        ({"adjust": -15}, "within 1 to 60"),
        ({"adjust": 31}, "at most 30 seconds"),
        ({"rings": 6, "adjust": 30}, "within 1 to 60"),
        ({"opens": 9}, "before 10 and after 17"),
        ({"opens": 12, "closes": 12}, "before 10 and after 17"),
        ({"segment_price": "0,0083"}, "such as 0.0083"),
        ({"currency": "Dollars"}, "three letters"),
    ],
)
def test_what_a_line_cannot_be_is_refused_and_changes_nothing(
    house: House, values: dict[str, object], fault: str
) -> None:
    before = lines.show(house.store, NUMBER)
    with pytest.raises(WrongLine, match=fault):
        lines.change(house.store, NUMBER, **values)
    with pytest.raises(WrongLine, match=fault):
        lines.add(house.store, "+14155550101", **{"name": "Grace", "at": AT, **values})  # type: ignore[arg-type]
    assert lines.show(house.store, NUMBER) == before


def test_a_name_loses_what_nobody_can_see(house: House) -> None:
    assert lines.change(house.store, NUMBER, name=" Ada\x00 \u202eExample ").name == "Ada Example"


def test_words_are_replaced_and_brought_back(house: House) -> None:
    lines.word(house.store, NUMBER, "help.en", "Ask\x07 {name}.")
    assert lines.show(house.store, NUMBER).wordings == {"help.en": "Ask {name}."}
    lines.word(house.store, NUMBER, "help.en", None)
    lines.word(house.store, NUMBER, "reply.ar", None)
    assert lines.show(house.store, NUMBER).wordings == {}
    with pytest.raises(WrongLine, match="no words"):
        lines.word(house.store, NUMBER, "help", "x")


def test_what_is_no_line_or_no_number_is_said(house: House) -> None:
    with pytest.raises(WrongLine, match="is no line"):
        lines.show(house.store, "+14155550101")
    with pytest.raises(WrongLine, match="is no line"):
        lines.change(house.store, "+14155550101", rings=2)
    with pytest.raises(NotAPhoneNumber):
        lines.show(house.store, "hello")


def test_the_line_of_the_settings_is_made_once(house: House) -> None:
    lines.change(house.store, NUMBER, name="Renamed")
    assert lines.begin(house.store, house.settings, AT) is None
    assert [line.name for line in house.store.read(table.everyone)] == ["Renamed"]


def test_who_changes_a_line_and_how_stands_in_the_audit(house: House) -> None:
    lines.add(house.store, "+442071838750", "Second Figure", AT)
    lines.change(house.store, NUMBER, rings=2, countries=("US", "CA"))
    lines.word(house.store, NUMBER, "help.en", "Ask {name}.")
    with pytest.raises(WrongLine):
        lines.change(house.store, NUMBER, rings=7)
    found, _ = house.store.read(lambda db: audit.newest(db, Wanted(text="line "), None))
    assert [(one.action, one.subject, one.details) for one in found[:3]] == [
        ("line changed", NUMBER, {"help.en": "Ask {name}."}),
        ("line changed", NUMBER, {"rings": 2, "countries": ["US", "CA"]}),
        ("line added", "+442071838750", {"name": "Second Figure"}),
    ]
    assert {one.operator for one in found} == {"command line"}
