"""Files of members, as CSV: written so that a spreadsheet shows them and runs nothing, and read back exactly.

A file is looked at as a whole before any of it is used: what is no such file is said in one sentence.
"""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import WrongFile
from ivr.plain_text import for_terminal
from ivr.spreadsheets import plain, safe
from ivr.store.listed import Listed

COLUMNS = (
    *("number", "name", "gender", "born", "city", "email", "language", "country", "state", "joined_at"),
    *("consent_action", "consent_at", "consent_version", "consent_language", "consent_source", "consent_wording"),
    "opted_out_at",
)
NEEDED = ("number", "name", "consent_at", "consent_wording")
DELIMITERS = ",;\t"
"""What stands between cells: a comma, or what a spreadsheet writes where the comma is for decimals."""


@dataclass(frozen=True)
class Sheet:
    """A file that can be read: its columns, what stands between its cells, how many rows are below the header."""

    path: Path
    columns: tuple[str, ...]
    delimiter: str
    count: int


@dataclass(frozen=True)
class Row:
    """One row, numbered as a spreadsheet does (the header is 1); `cells` by column, None when they do not fit it."""

    number: int
    cells: dict[str, str] | None
    found: int = 0


def in_csv(pages: Iterable[Sequence[Listed]]) -> Iterator[str]:
    """People as CSV (RFC 4180) with a mark that tells spreadsheets UTF-8, piece by piece."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(COLUMNS)
    yield text.getvalue()
    for some in pages:
        text.seek(0)
        text.truncate()
        writer.writerows([safe(getattr(one, name)) for name in COLUMNS] for one in some)
        yield text.getvalue()


def in_json(pages: Iterable[Sequence[Listed]]) -> Iterator[str]:
    """People as JSON, one object a line, exactly as they are kept."""
    for some in pages:
        shown = ({name: getattr(one, name) for name in COLUMNS} for one in some)
        yield "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in shown)


def keep(path: Path, pieces: Iterable[str]) -> None:
    """Write a file that its owner alone can read, whole or not at all. Raises `WrongFile`."""
    if path.exists() and not path.is_file():
        raise WrongFile(f"{path} is no file: name one with --out.")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
        ) as file:
            file.writelines(pieces)
        unfinished.replace(path)
    except OSError as fault:
        raise WrongFile(f"{path} cannot be written: {fault.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def opened(path: Path) -> Sheet:
    """The file at `path`, looked at as a whole. Raises `WrongFile`."""
    if path.exists() and not path.is_file():
        raise WrongFile(f"{path} is no file.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            if not header.strip():
                raise WrongFile(
                    f"{path} is empty." if not header else f"{path} begins with an empty line, not a header."
                )
            delimiter = max(DELIMITERS, key=header.count)
            columns = _columns(path, next(csv.reader([header], delimiter=delimiter)))
        count = sum(1 for _ in _read(path, delimiter)) - 1
    except UnicodeDecodeError:
        raise WrongFile(f"{path} is not UTF-8: save it as “CSV UTF-8”.") from None
    except csv.Error as fault:
        raise WrongFile(f"{path} is no CSV: {fault}.") from None
    except OSError as fault:
        raise WrongFile(f"{path} cannot be read: {fault.strerror}.") from None
    return Sheet(path, columns, delimiter, count)


def rows(sheet: Sheet) -> Iterator[Row]:
    """The rows below the header, one after another."""
    for number, cells in _read(sheet.path, sheet.delimiter):
        if number == 1:
            continue
        fits = len(cells) == len(sheet.columns)
        yield Row(number, dict(zip(sheet.columns, map(plain, cells), strict=True)) if fits else None, len(cells))


def _read(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with its number."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            yield from ((number, cells) for number, cells in enumerate(reader, 1) if any(cells))
        except csv.Error as fault:
            raise csv.Error(f"line {reader.line_num}, {fault}") from None


def _columns(path: Path, header: list[str]) -> tuple[str, ...]:
    names = tuple("_".join(name.lower().split()) for name in header)
    if not set(names) & set(COLUMNS):
        raise WrongFile(f"{path} has no header: its first line names the columns, {', '.join(NEEDED)} at least.")
    if unknown := [name for name in names if name not in COLUMNS]:
        shown = for_terminal(unknown[0][:40])
        raise WrongFile(f"{path} has a column “{shown}”; there are {', '.join(COLUMNS)}.")
    if twice := [name for name in names if names.count(name) > 1]:
        raise WrongFile(f"{path} has the column {twice[0]} twice.")
    if missing := [name for name in NEEDED if name not in names]:
        raise WrongFile(f"{path} lacks the column {missing[0]}; {', '.join(NEEDED)} are needed.")
    return names
