"""Cells and files that spreadsheets open: nothing runs, and all comes back exactly."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import member_files
from ivr.errors import WrongFile
from ivr.member_files import COLUMNS
from ivr.spreadsheets import A_FORMULA, plain, safe
from ivr.store.listed import Listed

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
CELL = TEXT | st.builds(str.__add__, st.sampled_from([*A_FORMULA, "''", '"', ",", ";", "\r\n", "'="]), TEXT)
PERSON = st.fixed_dictionaries({name: CELL for name in COLUMNS if name != "number"})


@given(CELL)
def test_a_cell_is_safe_and_comes_back_exactly(text: str) -> None:
    cell = safe(text)
    assert isinstance(cell, str)
    assert not cell.startswith(tuple(sign for sign in A_FORMULA if sign != "'"))
    assert plain(cell) == text


@pytest.mark.parametrize("cell", ["'t Hooft", "'", "O'Brien", "", "'‘"])
def test_an_apostrophe_of_another_program_stays(cell: str) -> None:
    assert plain(cell) == cell


@given(st.lists(PERSON, max_size=3))
def test_a_file_comes_back_exactly(people: list[dict[str, str]]) -> None:
    listed = [Listed(id=place, number=f"+1202555{place:04}", **one) for place, one in enumerate(people)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "members.csv"
        member_files.keep(path, member_files.in_csv([listed]))
        assert path.read_bytes().startswith("\ufeffnumber,".encode())
        sheet = member_files.opened(path)
        rows = list(member_files.rows(sheet))
    assert sheet.count == len(people)
    assert [row.number for row in rows] == list(range(2, len(people) + 2))
    assert [row.cells for row in rows] == [{name: getattr(one, name) for name in COLUMNS} for one in listed]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\n", "an empty line, not a header"),
        (b"+12025550143,Ada,2026-11-01,I agree\n", "has no header"),
        ("number,name,consent_at\n".encode("utf-16"), "is not UTF-8"),
        (b"number,name,consent_at,consent_wording\n1,\xc3(,3,4\n", "is not UTF-8"),
        (b"number,name,consent_at,consent_wording,shoe size\n", "“shoe_size”"),
        (b"number,name,consent_at,consent_wording,name\n", "the column name twice"),
        (b"number,name,consent_at\n", "lacks the column consent_wording"),
        (b'number,name,consent_at,consent_wording\n1,"Ada,3,4\n', "is no CSV: line 2"),
        (b"number,name,consent_at,consent_wording\n1," + b"x" * 140_000 + b",3,4\n", "is no CSV"),
    ],
)
def test_what_is_no_such_file_is_said_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(content)
    with pytest.raises(WrongFile) as raised:
        member_files.opened(path)
    assert told in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_a_folder_and_nothing_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="is no file"):
        member_files.opened(tmp_path)
    with pytest.raises(WrongFile, match="No such file"):
        member_files.opened(tmp_path / "absent.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheets_own_way_to_write_csv_is_read(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "members.csv"
    rows = [
        ["Number", " Name ", "consent at", "CONSENT_WORDING"],
        ["1", "Ada", "2", "yes, I do"],
        [],
        ["2", "B", "3", "y"],
    ]
    path.write_text("\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8")
    sheet = member_files.opened(path)
    found = list(member_files.rows(sheet))
    assert sheet.count == len(found) == 2
    assert [row.number for row in found] == [2, 4]
    assert found[0].cells == {"number": "1", "name": "Ada", "consent_at": "2", "consent_wording": "yes, I do"}


def test_a_file_is_written_whole_or_not_at_all_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text("before")

    def breaks() -> object:
        yield "half"
        raise OSError(28, "No space left on device")

    with pytest.raises(WrongFile, match="No space left"):
        member_files.keep(path, breaks())  # type: ignore[arg-type]
    assert path.read_text() == "before"
    member_files.keep(path, ["after"])
    assert path.read_text() == "after"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(WrongFile, match="is no file"):
        member_files.keep(tmp_path, ["x"])
    with pytest.raises(WrongFile, match="cannot be written"):
        member_files.keep(tmp_path / "absent" / "x.csv", ["x"])
