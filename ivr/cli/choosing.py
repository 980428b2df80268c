"""Which line and which of its people a command is about: options that several commands have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from ivr import lines, saved_segments, segments
from ivr.house import open_store
from ivr.settings import Settings
from ivr.store import Store
from ivr.store.lines import Line
from ivr.store.segments import Segment

ON_LINE = click.option("--line", "number", metavar="NUMBER", help="Which line; not needed when there is only one.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, one object a line.")
_SEGMENT = click.option("--segment", "name", metavar="NAME", help="Only the people of a segment that was saved.")
_WHERE = click.option("--where", "expression", metavar="EXPRESSION", help="Only these: 'age>=18 city=Cairo,Giza …'.")


@dataclass(frozen=True)
class Asked:
    """A command's store, line and segment; `described` says which people, for the audit."""

    store: Store
    line: Line
    segment: Segment
    described: dict[str, object]


def of_people(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that choose people: --line, --segment, --where."""
    for option in (_WHERE, _SEGMENT, ON_LINE):
        command = option(command)
    return command


def opened(number: str | None) -> tuple[Settings, Store, Line]:
    """The installation, and the line of a number, or the only one. Raises `WrongLine`."""
    settings = Settings.load(or_demo=True)
    store = open_store(settings)
    return settings, store, lines.chosen(store, number)


def asked(number: str | None, name: str | None, expression: str | None) -> Asked:
    """What the options of `of_people` choose. Both a name and an expression must hold. Raises `WrongSegment`."""
    _, store, line = opened(number)
    given = segments.read(expression or "")
    segment = saved_segments.of_name(store, line, name) if name else Segment()
    described = {"line": line.number, "segment": name, "where": segments.written(given)}
    return Asked(
        store,
        line,
        Segment((*segment.conditions, *given.conditions)),
        {key: value for key, value in described.items() if value},
    )
