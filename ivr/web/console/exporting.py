"""Taking the log out: exactly what is filtered, as CSV or JSON, streamed, and noted in the audit."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from itertools import islice
from operator import attrgetter

from flask import Blueprint, Response, request

from ivr import auditing, clock, searching
from ivr.roles import Role
from ivr.spreadsheets import safe
from ivr.store.log.rows import Contact
from ivr.web.console.asking import read_asked
from ivr.web.console.guards import signed_in
from ivr.web.console.rendering import lines_for, reader
from ivr.web.house import house

blueprint = Blueprint("exporting", __name__)
COLUMNS = (
    *("sid", "kind", "line", "number", "at", "status", "seconds", "body", "media", "reply", "city", "state"),
    *("country", "why", "answer_status", "answer_error", "greeting_heard", "voice_messages"),
)
AT_ONCE = 2_000

Row = tuple[object, ...]
WRITTEN_BY_OTHERS = tuple(
    COLUMNS.index(name) for name in ("line", "number", "status", "body", "reply", "city", "state", "country", "why")
)
"""The cells that may hold what somebody else wrote, or begin with a plus."""
_in_json = json.JSONEncoder(ensure_ascii=False).encode
_BEFORE, _AFTER = attrgetter("sid", "kind"), attrgetter(*COLUMNS[3:])


@blueprint.get("/export.csv")
def as_csv() -> Response:
    """The contacts as CSV (RFC 4180), UTF-8 with a mark, for spreadsheets."""
    return _export("csv", "text/csv; charset=utf-8", _csv)


@blueprint.get("/export.json")
def as_json() -> Response:
    """The contacts as JSON, one object a line, exactly as they are kept."""
    return _export("json", "application/x-ndjson; charset=utf-8", _json)


def _export(form: str, content_type: str, written: Callable[[Iterator[Row]], Iterator[str]]) -> Response:
    lines = lines_for(Role.WRITER)
    asked = read_asked({**request.args, "after": ""}, lines, reader())
    auditing.take_out(house(), signed_in().actor, "log exported", {**asked.given, "form": form}, clock.now())
    numbers = {line.id: line.number for line in lines}
    contacts = searching.every(house(), asked.question, asked.chosen)
    name = f"third-ring-{reader().today():%Y-%m-%d}.{form}"
    return Response(
        written(_row(contact, numbers) for contact in contacts),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _row(contact: Contact, numbers: dict[int, str]) -> Row:
    return (*_BEFORE(contact), numbers[contact.line_id], *_AFTER(contact))


def _safe_row(row: Row) -> list[object]:
    cells = list(row)
    for place in WRITTEN_BY_OTHERS:
        cells[place] = safe(cells[place])
    return cells


def _csv(rows: Iterator[Row]) -> Iterator[str]:
    page = io.StringIO()
    writer = csv.writer(page)
    page.write("\ufeff")
    writer.writerow(COLUMNS)
    while True:
        some = list(islice(rows, AT_ONCE))
        writer.writerows(map(_safe_row, some))
        yield page.getvalue()
        if not some:
            return
        page.seek(0)
        page.truncate()


def _json(rows: Iterator[Row]) -> Iterator[str]:
    while some := list(islice(rows, AT_ONCE)):
        yield "".join(_in_json(dict(zip(COLUMNS, row, strict=True))) + "\n" for row in some)
