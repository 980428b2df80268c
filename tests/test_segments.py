"""Segments as people write them: what is read, what is said of what is wrong, and that both ways agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import segments
from ivr.errors import WrongSegment
from ivr.phone_numbers import is_country
from ivr.store.members import GENDERS, city_key
from ivr.store.segments import Condition, Segment
from ivr.store.states import STATES
from ivr.translating import LANGUAGES

TIMES = ("2026-11-01", "0001-01-01", "30d", "36h", "8w", "99999d")
_cities = st.text(max_size=100).map(lambda text: " ".join(text.split())).filter(
    lambda text: segments.one_line(text, 101) == text and bool(city_key(text))
)  # fmt: skip


def _conditions(
    name: str, signs: tuple[str, ...], values: st.SearchStrategy[str], most: int
) -> st.SearchStrategy[Condition]:
    some = st.lists(values, min_size=1, max_size=most, unique=True).map(tuple)
    return st.builds(Condition, st.just(name), st.sampled_from(signs), some)


ANY = st.one_of(
    _conditions("age", ("=",), st.integers(0, 120).map(str), 3),
    _conditions("age", (">=", "<=", ">", "<"), st.integers(0, 120).map(str), 1),
    _conditions("gender", ("=", "!="), st.sampled_from(GENDERS), 3),
    _conditions("city", ("=", "!="), _cities, 3),
    _conditions("country", ("=", "!="), st.sampled_from(["US", "EG", "GB", "CA"]), 3),
    _conditions("language", ("=", "!="), st.sampled_from(LANGUAGES), 2),
    _conditions("joined", (">=", "<"), st.sampled_from(TIMES), 1),
    _conditions("contact", (">=", "<"), st.sampled_from(TIMES), 1),
    _conditions("state", ("=", "!="), st.sampled_from(STATES), 3),
)


@given(st.lists(ANY, max_size=4).map(tuple).map(Segment))
def test_what_is_written_is_read_as_the_same_segment(segment: Segment) -> None:
    assert segments.read(segments.written(segment)) == segment


@given(st.text(max_size=60) | st.text('age<>=!,"city ٣،\\“”', max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        found = segments.read(text)
    except WrongSegment as wrong:
        assert len(str(wrong).splitlines()) == 1
        return
    assert segments.read(segments.written(found)) == found


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("", ""),
        ("  AGE >= 18   gender = Female , non-binary ", "age>=18 gender=female,non-binary"),
        ("age>=١٨ joined>=٢٠٢٦-١١-٠١ contact<٣٠d", "age>=18 joined>=2026-11-01 contact<30d"),
        ("city=“New York”،القاهرة", 'city="New York",القاهرة'),
        (r'city="a \"b\" \\ c"', r'city="a \"b\" \\ c"'),
        ("country=us,US,eg", "country=US,EG"),
        ('state="opted out",NEW', "state=opted-out,new"),
        ("age=20,30 city!=Cairo", "age=20,30 city!=Cairo"),
    ],
)
def test_an_expression_is_read_as_people_type_it(typed: str, written: str) -> None:
    assert segments.written(segments.read(typed)) == written


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("city=New York", 'city="New York"'),
        ("height>=180", "asks for age, gender, city"),
        ("age!=30", "age takes >="),
        ("age>=18,20", "takes one value"),
        ("age>=old", "whole years"),
        ("age>=121", "0 to 120"),
        ("age>=00000001234", "0 to 120"),
        ("gender=lady", "female, male"),
        ("country=UK", "GB, not UK"),
        ("language=xx", "en"),
        ("state=king", "blocked, opted-out"),
        ("joined=2026-11-01", "joined takes >= or <"),
        ("joined>=2026-02-30", "30d"),
        ("joined>=20261101", "30d"),
        ("contact>=0d", "30d"),
        ("city=", "A value is missing"),
        ('city=""', "name of a city"),
        ("city=!!!", "A value is missing"),
        ('city="!!!"', "name of a city"),
        (f"city={'x' * 101}", "name of a city"),
        ('city="Cairo', "not closed"),
        ("city=Cairo,", "A value is missing"),
        ("Cairo", "is no condition"),
        ("age>=18; DROP TABLE members", "“18;” is no age"),
        ("x" * 2001, "at most 2000"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write(typed: str, told: str) -> None:
    with pytest.raises(WrongSegment) as raised:
        segments.read(typed)
    assert told in str(raised.value)


def test_a_form_makes_the_same_segment_as_an_expression() -> None:
    form = {
        "age_from": "18",
        "age_to": "٣٠",
        "gender": ["female", "unsaid"],
        "city": "New York، القاهرة",
        "country": ["us"],
        "language": "",
        "state": ["invited", "new"],
        "joined_since": "2026-11-01",
        "contact_since": "30d",
        "contact_before": "",
        "unknown": "x",
    }
    assert segments.of_choices(form) == segments.read(
        'age>=18 age<=30 gender=female,unsaid city="New York",القاهرة country=US state=invited,new joined>=2026-11-01'
        " contact>=30d"
    )
    assert segments.of_choices({}) == Segment()
    with pytest.raises(WrongSegment, match="whole years"):
        segments.of_choices({"age_from": "old"})


def test_a_segment_is_of_members_unless_it_says_otherwise() -> None:
    assert segments.read("age>=18").states == {"member"}
    assert segments.read("state=new,invited").states == {"new", "invited"}
    assert segments.read("state!=blocked,opted-out").states == {"member", "left", "invited", "new"}
    assert segments.read("state=new state!=new").states == set()


def test_a_country_is_one_that_has_numbers() -> None:
    assert is_country("EG")
    assert not is_country("UK")
    assert not is_country("eg")
