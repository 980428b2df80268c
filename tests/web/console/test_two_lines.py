"""Nothing of one line is ever seen or changed from another: every page, file and form, walked with every role."""

import itertools
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from operating import Browser, begun, browser
from running import NUMBER
from two_lines import CODES, MARK, MARKS, PHOTO, SECOND, Full, fill
from werkzeug.routing import Rule

from ivr import clock, operators
from ivr.house import House
from ivr.roles import Role
from ivr.store import Connection
from ivr.store.audit import COMMAND_LINE
from ivr.web.console.line_forms import SECTIONS

EVERYWHERE = {
    "session_id": ("1",),
    "operator_id": ("1",),
    "name": tuple(SECTIONS),
    "code": (*map(str, CODES.values()), "unsaid"),
}
WITH_FILES = {"uploading.upload": "recording", "line_photos.put": "photo"}
OPEN_TO_ALL = ("entrance",)
OF_THE_SERVER = {"audit", "sessions", "tries", "sqlite_sequence"}
"""Tables that a look or a refused try may change: who looks, and how often."""
QUERIES = (
    *("", "line={id}", "line={number}", f"q={MARK}", f"q={MARK}ville"),
    *(f"segment={MARK}", f"line={{id}}&segment={MARK}"),
)
REFUSED = (403, 404)
"""How everything is answered that names something of the other line: as if there were no such thing."""
FORMS = ("line", "segment", "name", "number", "text", "tag", "reason", "role", "version", "seen", "language", "clip")


@pytest.fixture
def both(house: House) -> tuple[Full, Full]:
    """The operators' line, and the other."""
    now = clock.now()
    return fill(house, NUMBER, "ada", "+120255501", now), fill(house, SECOND, MARK, "+4474001234", now)


def routes(app: Flask, method: str) -> list[Rule]:
    """The console's routes that are for operators."""
    found = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console")]
    return [
        rule for rule in found if method in (rule.methods or ()) and rule.endpoint.partition(".")[0] not in OPEN_TO_ALL
    ]


def paths(rule: Rule, lines: tuple[Full, ...]) -> Iterator[str]:
    """A rule's addresses with everything that these lines have to put into it, also mixed."""
    choices = []
    for name in re.findall(r"<(?:[^:>]*:)?(\w+)>", rule.rule):
        found = EVERYWHERE.get(name) or tuple(value for line in lines for value in line.named.get(name, ()))
        assert found, f"{rule.rule}: what stands for {name}? Let `two_lines.fill` say it."
        choices.append(found)
    pattern = re.sub(r"<[^>]*>", "{}", rule.rule)
    for values in itertools.product(*choices):
        yield pattern.format(*(quote(value, safe="") for value in values))


def traces(answer: Any) -> list[str]:
    """What of the other line stands in an answer, its headers too, but for what was only asked for."""
    text = f"{answer.headers}\n{answer.get_data().decode('utf-8', 'replace')}"
    return [mark for mark in MARKS if mark in text]


def kept(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database, but for who looked."""

    def everything(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
        names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: [tuple(row) for row in db.execute(f"SELECT * FROM {name}").fetchall()]
            for (name,) in names
            if name not in OF_THE_SERVER
        }

    return house.store.read(everything)


def operator_of(app: Flask, house: House, role: Role, line_id: int) -> Browser:
    """An operator of one line."""
    return browser(app, begun(house, f"Sara {role.word}", role, line_id))


def sent(operator: Browser, rule: Rule, path: str, form: dict[str, str]) -> Any:
    """A form as a browser sends it: with a file, and little else, where the page has a field for one."""
    field = WITH_FILES.get(rule.endpoint)
    if field is None:
        return operator.post(path, form)
    few = {name: form[name] for name in ("line", "language", "clip")}
    return operator.send(path, few, {field: (BytesIO(PHOTO), "one.jpg")})


@pytest.mark.parametrize("role", Role)
def test_no_page_or_file_shows_anything_of_another_line(
    app: Flask, house: House, both: tuple[Full, Full], role: Role
) -> None:
    operator, count = operator_of(app, house, role, both[0].line.id), 0
    for rule in routes(app, "GET"):
        own = set(paths(rule, both[:1]))
        for path in paths(rule, both):
            for query in QUERIES if "<" not in rule.rule else QUERIES[:3]:
                asked = query.format(id=both[1].line.id, number=quote(SECOND))
                answer = operator.get(f"{path}?{asked}")
                assert answer.status_code < 500 or answer.status_code in (502, 504), path
                assert path in own or answer.status_code in REFUSED, (path, answer.status_code)
                seen = [mark for mark in traces(answer) if mark not in asked and mark not in path]
                assert not seen, (path, asked, seen)
                count += answer.status_code == 200
    assert count > 30


def test_the_walk_finds_what_there_is_to_be_found(app: Flask, house: House, both: tuple[Full, Full]) -> None:
    owner = operator_of(app, house, Role.ADMIN, both[1].line.id)
    found = {
        rule.endpoint
        for rule in routes(app, "GET")
        for path in paths(rule, both[1:])
        if owner.get(path).status_code == 200 and traces(owner.get(path))
    }
    assert {"log.log", "contact.contact", "people.people", "greetings.version", "line.line", "line.history"} <= found
    assert {"exporting.as_csv", "exporting.as_json", "contact.voice_message", "line.photo"} <= found
    assert {"greetings.heard", "greetings.original", "today.sign_ups", "today.opt_outs"} <= found


@pytest.mark.parametrize("looks", [False, True])
@pytest.mark.parametrize("role", Role)
def test_no_form_changes_anything_of_another_line(
    app: Flask, house: House, both: tuple[Full, Full], role: Role, looks: bool
) -> None:
    operator, theirs = operator_of(app, house, role, both[0].line.id), both[1]
    if looks:  # may see the other line, and is still no more than a viewer of it
        operators.give_on(
            house.store, f"Sara {role.word}", theirs.line.id, Role.VIEWER, None, COMMAND_LINE, clock.now()
        )
    forms = [
        {"line": line, "language": "en", "clip": "greeting", **dict.fromkeys(FORMS[1:3], MARK), "number": number}
        for line in (str(theirs.line.id), SECOND)
        for number in theirs.named["number"][:1]
    ]
    before = kept(house)
    for rule in routes(app, "POST"):
        if rule.endpoint.startswith("account."):
            continue  # their own
        for path in paths(rule, both[1:]):
            for form in forms:
                answer = sent(operator, rule, path, {**dict.fromkeys(FORMS, "1"), **form})
                assert answer.status_code in REFUSED, (path, answer.status_code)
                assert not [mark for mark in traces(answer) if mark not in form.values() and mark not in path], path
    assert kept(house) == before
