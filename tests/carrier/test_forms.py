"""A webhook's form: bytes in, names and values out."""

from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.carrier.forms import MOST_FIELDS, Form, read_form, read_query
from ivr.errors import BadWebhook

TEXT = st.text(st.characters(exclude_categories=("Cs",)))


@given(st.dictionaries(TEXT, TEXT))
def test_what_was_sent_is_what_is_read(fields: dict[str, str]) -> None:
    assert read_form(urlencode(fields).encode()) == fields


def test_empty_values_are_kept_as_the_signature_counts_them() -> None:
    assert read_form(b"Body=&FromCity=&To=%2B17735550100") == {"Body": "", "FromCity": "", "To": "+17735550100"}


def test_a_field_without_an_equals_sign_is_empty_and_spaces_are_not_trimmed() -> None:
    assert read_form(b"Digits&Body=+hello%0A+") == {"Digits": "", "Body": " hello\n "}


def test_an_empty_body_is_an_empty_form() -> None:
    assert read_form(b"") == {}
    assert not read_form(b"").repeated


@pytest.mark.parametrize(
    "body", [b"Body=%ED%A0%80", b"Body=\xff\xfe", b"Body=%ff", b"%ff=%c3%28", b"Body=\xed\xa0\x80"]
)
def test_bytes_that_are_no_utf_8_become_marks_and_can_be_stored_anywhere(body: bytes) -> None:
    form = read_form(body)
    assert "�" in "".join([*form, *form.values()])
    assert "".join([*form, *form.values()]).encode()


def test_a_repeated_field_is_told_with_all_its_values() -> None:
    form = read_form(b"Digits=5678&Digits=1234&Digits=1234&To=x")
    assert form.repeated == {"Digits": ["5678", "1234", "1234"]}
    assert form.getall("Digits") == ["5678", "1234", "1234"]
    assert form.getall("To") == ["x"]


def test_a_form_without_repetition_says_so() -> None:
    form = read_form(b"A=1&B=1&a=1")
    assert not form.repeated
    assert form.getall("A") == ["1"]
    with pytest.raises(KeyError):
        form.getall("C")


def test_as_many_fields_as_are_allowed_are_read_and_one_more_is_refused() -> None:
    assert len(read_form(urlencode({f"f{n}": "1" for n in range(MOST_FIELDS)}).encode())) == MOST_FIELDS
    with pytest.raises(BadWebhook, match="too many fields") as refused:
        read_form(urlencode({f"f{n}": "1" for n in range(MOST_FIELDS + 1)}).encode())
    assert refused.value.status == 413


def test_a_query_is_read_as_a_form_is() -> None:
    assert read_query("message=17&offer=2&name=" + quote("مرحبا")) == {"message": "17", "offer": "2", "name": "مرحبا"}
    assert read_query("a=\udcff") == {"a": "?"}
    with pytest.raises(BadWebhook):
        read_query("&a=1" * (MOST_FIELDS + 2))


@given(st.binary(max_size=150))
def test_no_bytes_make_reading_fail(body: bytes) -> None:
    assert isinstance(read_form(body), Form)


@given(st.text(alphabet="a%2+=&;4é\x00 0C", max_size=60))
def test_a_form_is_read_as_the_standard_library_reads_it(body: str) -> None:
    pairs = parse_qsl(body, keep_blank_values=True)
    form = read_form(body.encode())
    assert dict(form) == dict(pairs)
    assert sorted(pair for name in form for pair in ((name, value) for value in form.getall(name))) == sorted(pairs)
