"""What was changed on a line, and taking it back: ivr line history | undo."""

import json

import click

from ivr import clock, lines
from ivr.house import open_store
from ivr.plain_text import for_terminal
from ivr.settings import Settings
from ivr.store import line_versions
from ivr.store.audit import COMMAND_LINE
from ivr.store.line_versions import Version


@click.command()
@click.argument("number")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def history(number: str, limit: int, as_json: bool) -> None:
    """Show what was changed on a line, by whom and when, newest first."""
    store = open_store(Settings.load(or_demo=True))
    line = lines.show(store, number)
    found = store.read(lambda db: line_versions.newest(db, line.id, most=limit))
    if not found and not as_json:
        click.echo(f"Nothing has been changed on {line.number} yet.", err=True)
    for one in found:
        if as_json:
            click.echo(json.dumps({**one.__dict__, "changes": dict(one.changes)}, ensure_ascii=False))
        else:
            _show(one)


@click.command()
@click.argument("number")
@click.argument("version", type=int)
def undo(number: str, version: int) -> None:
    """Take back the change that made a line the VERSION that `ivr line history` shows."""
    line = lines.undo(open_store(Settings.load(or_demo=True)), number, version, COMMAND_LINE, clock.now())
    click.echo(f"Version {version} is taken back; {line.number} is at version {line.version} now.")


def _show(one: Version) -> None:
    undoes = f", takes back {one.undoes}" if one.undoes else ""
    click.echo(f"{one.number:>4}  {one.at}  {for_terminal(one.operator)}{undoes}")
    for name, (before, after) in one.changes.items():
        click.echo(f"      {name}: {_shown(before)} → {_shown(after)}")
    if not one.changes:
        click.echo("      added")


def _shown(value: object) -> str:
    if value is None:
        return "(ours)"
    return for_terminal(" ".join(value) if isinstance(value, list) else str(value)) or "(none)"
