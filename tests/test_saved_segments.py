"""Segments under a name: saved, replaced, removed, each of its line."""

from datetime import UTC, datetime

import pytest
from inside import rows, the_line, with_values
from running import NUMBER

from ivr import saved_segments, segments
from ivr.errors import WrongSegment
from ivr.house import House
from ivr.store import saved_segments as saved_table
from ivr.store.audit import COMMAND_LINE
from ivr.store.lines import Line
from ivr.store.segments import Segment

NOW = datetime(2028, 2, 29, 12, tzinfo=UTC)


def test_a_segment_is_saved_replaced_and_removed_and_the_audit_knows(house: House) -> None:
    store, line = house.store, the_line(house.store)
    assert (
        saved_segments.save(store, line, "  Young  Cairo ", segments.read("age<=30 city=Cairo"), COMMAND_LINE, NOW)
        is None
    )
    assert saved_segments.of_name(store, line, "Young Cairo") == segments.read("age<=30 city=Cairo")
    before = saved_segments.save(store, line, "Young Cairo", segments.read("age<=25"), COMMAND_LINE, NOW)
    assert before is not None
    assert before.expression == "age<=30 city=Cairo"
    assert [one.expression for one in store.read(lambda db: saved_table.of_line(db, line.id))] == ["age<=25"]
    saved_segments.remove(store, line, "Young Cairo", COMMAND_LINE, NOW)
    with pytest.raises(WrongSegment, match="ivr member segment list"):
        saved_segments.remove(store, line, "Young Cairo", COMMAND_LINE, NOW)
    actions = rows(store, "SELECT action, subject FROM audit WHERE action LIKE 'segment%' ORDER BY id")
    assert actions == [("segment saved", "Young Cairo")] * 2 + [("segment removed", "Young Cairo")]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u202e"])
def test_a_segment_needs_a_name(house: House, name: str) -> None:
    with pytest.raises(WrongSegment, match="1 to 60"):
        saved_segments.save(house.store, the_line(house.store), name, Segment(), COMMAND_LINE, NOW)


def test_a_segment_that_could_not_be_read_again_is_not_saved(house: House) -> None:
    chosen = segments.of_choices({"city": [f"City {number}" for number in range(300)]})
    with pytest.raises(WrongSegment, match="at most 2000"):
        saved_segments.save(house.store, the_line(house.store), "All", chosen, COMMAND_LINE, NOW)
    assert rows(house.store, "SELECT * FROM segments") == []


def test_segments_belong_to_their_line(house: House) -> None:
    line: Line = with_values(house, name="Ada")
    saved_segments.save(house.store, line, "All", Segment(), COMMAND_LINE, NOW)
    other = Line(NUMBER, "Other", id=2)
    with pytest.raises(WrongSegment, match="Other has no segment"):
        saved_segments.of_name(house.store, other, "All")
