"""Contact cards: read by a real parser, with a photo where the line has one."""

from datetime import datetime
from pathlib import Path

import pytest
import vobject
from inside import rows, the_line, with_values
from running import NUMBER

from ivr import cards
from ivr.errors import WrongLine
from ivr.house import House
from ivr.store import photos

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def card_of(house: House, language: str = "en") -> str:
    """The line's card."""
    line = the_line(house.store)
    return cards.card(line, language, house.store.read(lambda db: photos.of(db, line)))


@pytest.mark.parametrize(
    "name", ["Ada Example", "Example, Ada; the \\first\\", "آدا من كل الخطوط التي كانت يوماً على الأرض"]
)
def test_a_parser_reads_what_was_written(house: House, name: str) -> None:
    with_values(house, name=name)
    text = card_of(house)
    assert all(len(row.encode()) <= 75 for row in text.split("\r\n"))
    read = vobject.readOne(text)
    assert read.version.value == "3.0"
    assert read.fn.value == name == read.n.value.given
    assert read.tel.value == NUMBER
    assert "STOP" in read.note.value


@pytest.mark.parametrize(("content", "kind"), [(JPEG, "JPEG"), (PNG, "PNG")])
def test_a_photo_stands_on_the_card_until_it_is_taken_off(
    house: House, now: datetime, tmp_path: Path, content: bytes, kind: str
) -> None:
    path = tmp_path / "ada"
    path.write_bytes(content)
    cards.set_photo(house.store, NUMBER, cards.read_photo(path), now)
    photo = vobject.readOne(card_of(house)).photo
    assert (photo.value, photo.type_param) == (content, kind)
    cards.set_photo(house.store, NUMBER, None, now)
    assert "PHOTO" not in card_of(house)
    assert rows(house.store, "SELECT details FROM audit WHERE action = 'photo changed'") == [
        (f'{{"bytes": {len(content)}}}',),
        ('{"bytes": 0}',),
    ]


def test_what_is_no_photo_is_refused(house: House, now: datetime, tmp_path: Path) -> None:
    for content, fault in ((b"GIF89a", "JPEG or PNG"), (b"", "JPEG or PNG"), (JPEG * 30, "at most 200 kB")):
        with pytest.raises(WrongLine, match=fault) as refused:
            cards.set_photo(house.store, NUMBER, content, now)
        assert list(refused.value.faults) == ["photo"]
    with pytest.raises(WrongLine, match="cannot be read"):
        cards.read_photo(tmp_path / "nothing")
    assert "PHOTO" not in card_of(house)
