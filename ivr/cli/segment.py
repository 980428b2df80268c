"""Commands on saved segments: ivr member segment list | save | remove | count."""

import json

import click

from ivr import clock, saved_segments, segments
from ivr.cli.choosing import AS_JSON, ON_LINE, asked, of_people, opened
from ivr.store import saved_segments as saved_table
from ivr.store import segments as table
from ivr.store.audit import COMMAND_LINE
from ivr.store.saved_segments import Saved


@click.group()
def segment() -> None:
    """Segments: people by age, gender, city, country, language, state, and when they joined or called.

    \b
    An expression is conditions with spaces between them; commas stand between alternatives:
      age>=18 age<=30  gender=female,non-binary  city="New York",القاهرة  country=US,CA  language=ar
      state=invited,new  joined>=2026-11-01  contact>=30d  contact<8w  city!=Cairo
    States: new, invited, member, left, opted-out, blocked; without one: members. Put it all in quotes.
    """


@segment.command("list")
@ON_LINE
@AS_JSON
def list_(number: str | None, as_json: bool) -> None:
    """List the segments that were saved, and how many people are in each now."""
    _, store, line = opened(number)
    found = store.read(lambda db: saved_table.of_line(db, line.id))
    if not found and not as_json:
        click.echo(
            "No segment was saved yet: ivr member segment save 'Young Cairo' --where 'age<=30 city=Cairo'", err=True
        )
    for one in found:
        people = store.read(lambda db, one=one: table.count(db, line.id, segments.read(one.expression), clock.now()))  # type: ignore[misc]
        if as_json:
            row = {"line": line.number, **one.__dict__, **people.__dict__}
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.echo(f"{one.name}  {_told(people)}  {one.expression or '(all members)'}")


@segment.command()
@click.argument("name")
@ON_LINE
@click.option("--where", "expression", metavar="EXPRESSION", required=True, help="Which people; '': all members.")
def save(name: str, number: str | None, expression: str) -> None:
    """Save a segment under NAME, in place of one that has this name."""
    _, store, line = opened(number)
    found = segments.read(expression)
    before = saved_segments.save(store, line, name, found, COMMAND_LINE, clock.now())
    people = store.read(lambda db: table.count(db, line.id, found, clock.now()))
    click.echo(f"“{name}” of {line.name} is saved: {_told(people)}.{_was(before)}")


@segment.command()
@click.argument("name")
@ON_LINE
def remove(name: str, number: str | None) -> None:
    """Forget a segment. Its people stay as they are."""
    _, store, line = opened(number)
    saved_segments.remove(store, line, name, COMMAND_LINE, clock.now())
    click.echo(f"“{name}” of {line.name} is removed.")


@segment.command("count")
@of_people
@AS_JSON
def count_(number: str | None, name: str | None, expression: str | None, as_json: bool) -> None:
    """Count people exactly, and how many of them may be written to."""
    wanted = asked(number, name, expression)
    people = wanted.store.read(lambda db: table.count(db, wanted.line.id, wanted.segment, clock.now()))
    click.echo(json.dumps(people.__dict__) if as_json else f"{_told(people)}.")


def _told(people: table.Counted) -> str:
    noun = "person" if people.people == 1 else "people"
    return f"{people.people:,} {noun}, {people.reachable:,} of them may be written to"


def _was(before: Saved | None) -> str:
    return f" Before it was: {before.expression or '(all members)'}" if before else ""
