"""Commands on greetings: ivr greeting add | code | list | show | preview | activate | back | remove."""

import json
from pathlib import Path
from typing import Any

import click

from ivr import clock, greetings, lines
from ivr.errors import WrongGreeting
from ivr.greeting_codes import LIFE, make_code
from ivr.greetings import ADVICE, Making
from ivr.house import open_recordings, open_store
from ivr.operators import COMMAND_LINE
from ivr.settings import Settings
from ivr.store import Store
from ivr.store import greetings as table
from ivr.store import lines as line_table
from ivr.store.greetings import Greeting, Place
from ivr.store.lines import Line

SOUND = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
ON_LINE = click.option("--line", "number", metavar="NUMBER", help="Which line; not needed when there is only one.")
IN_LANGUAGE = click.option("--language", help="en, ar, fr …; without: the line's.")
OF_CLIP = click.option(
    "--clip", default="greeting", show_default=True, help="What is recorded: greeting, or a prompt such as key-1."
)


@click.group()
def greeting() -> None:
    """What callers hear: recordings of a line's own, in versions."""


@greeting.command()
@SOUND
@ON_LINE
@IN_LANGUAGE
@OF_CLIP
@click.option("--activate", "live", is_flag=True, help="Make it live at once.")
@click.option("--notes", default="", help="What you want to remember about it.")
def add(file: Path, number: str | None, language: str | None, clip: str, live: bool, notes: str) -> None:
    """Make a greeting of FILE: any recording, of a telephone, a browser or a studio."""
    settings, store = _opened()
    line = lines.chosen(store, number)
    place = Place(line.id, (language or line.language).lower(), clip)
    making = Making(COMMAND_LINE, "command", file.name, notes)
    added = greetings.add(store, open_recordings(settings), place, file, making, clock.now())
    if live:
        greetings.activate(store, added, COMMAND_LINE, clock.now())
    click.echo(f"{_named(added)} of {line.name} is {added.id}{', and live' if live else ''}.")
    if live:
        click.echo(_undo(added, line.number))
    _report(added.report, added.seconds)
    if not live:
        click.echo(f"Make it live: ivr greeting activate {added.id}")


@greeting.command()
@ON_LINE
@IN_LANGUAGE
@OF_CLIP
def code(number: str | None, language: str | None, clip: str) -> None:
    """Make a code to record a greeting by telephone.

    Call the line and press * while the greeting plays. Enter the code, speak after the tone, press #. You hear how it
    will sound: 1 makes it live, 2 records it again, and if you hang up it is kept and not live. The code works in one
    call and lives for fifteen minutes; five wrong ones end every code of the line.
    """
    settings, store = _opened()
    line = lines.chosen(store, number)
    place = Place(line.id, (language or line.language).lower(), clip)
    made = make_code(store, settings.secret_key, place, COMMAND_LINE, clock.now())
    click.echo(f"{made} is the code for {place.clip}.{place.language} of {line.name}.")
    click.echo(f"Within {LIFE.seconds // 60} minutes: call {line.number}, press * during the greeting, enter the code.")
    click.echo("Speak after the tone, press #, listen; 1 makes it live, 2 records it again.")


@greeting.command("list")
@ON_LINE
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(number: str | None, as_json: bool) -> None:
    """List the greetings of a line, or of all; * is live."""
    _, store = _opened()
    known = store.read(line_table.everyone)
    wanted = [lines.chosen(store, number)] if number else known
    count = 0
    for line in wanted:
        found, live = store.read(lambda db, line=line: (table.of_line(db, line.id), table.live_ids(db, line.id)))  # type: ignore[misc]
        count += len(found)
        for one in found:
            if as_json:
                click.echo(json.dumps(_row(one, line, one.id in live), ensure_ascii=False))
            else:
                mark, length = "*" if one.id in live else " ", f"{one.seconds:.1f} s"
                click.echo(f"{mark} {one.id:>4}  {line.number}  {_named(one)}  {length}  {one.at}  {one.notes}")
    if not count and not as_json:
        click.echo("There is no greeting of your own yet. Add one: ivr greeting add recording.m4a --activate", err=True)


@greeting.command()
@click.argument("greeting_id", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(greeting_id: int, as_json: bool) -> None:
    """Show how a greeting was made, and where its files are."""
    settings, store = _opened()
    one = _greeting(store, greeting_id)
    line = next(line for line in store.read(line_table.everyone) if line.id == one.line_id)
    live = one.id in store.read(lambda db: table.live_ids(db, one.line_id))
    if as_json:
        click.echo(json.dumps(_row(one, line, live) | {"report": one.report}, ensure_ascii=False))
        return
    own = open_recordings(settings)
    click.echo(f"{_named(one)} of {line.name}{', live' if live else ''}")
    click.echo(f"  made by {one.made_by} ({one.door}) {one.at}")
    if one.notes:
        click.echo(f"  {one.notes}")
    _report(one.report, one.seconds)
    click.echo(f"  as a caller hears it: {own.heard(one.digest)}")
    click.echo(f"  original ({one.original_name}, {one.original_bytes} bytes): {own.original(one.original)}")


@greeting.command()
@SOUND
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Where to write the sound.")
def preview(file: Path, out: Path | None) -> None:
    """Write how FILE will sound through a telephone, and keep nothing of it."""
    fitted = greetings.made_fit(file)
    path = out or Path(file.name).with_suffix(".heard.wav")
    if path.exists() and out is None:
        raise click.UsageError(f"{path} is there already. Name another one: --out")
    try:
        path.write_bytes(fitted.heard)
    except OSError as fault:
        path.unlink(missing_ok=True)
        raise greetings.not_kept(fault) from fault
    click.echo(f"{path} is how a caller would hear it.")
    _report(greetings.report_of(fitted), fitted.seconds)


@greeting.command()
@click.argument("greeting_id", metavar="ID", type=int)
def activate(greeting_id: int) -> None:
    """Make a greeting live: the next call hears it."""
    _, store = _opened()
    one = _greeting(store, greeting_id)
    greetings.activate(store, one, COMMAND_LINE, clock.now())
    number = store.read(lambda db: line_table.number_of(db, one.line_id))
    click.echo(f"{_named(one)} is live. {_undo(one, number)}")


@greeting.command()
@ON_LINE
@IN_LANGUAGE
@OF_CLIP
def back(number: str | None, language: str | None, clip: str) -> None:
    """Go back to what was live before; once more undoes it."""
    _, store = _opened()
    line = lines.chosen(store, number)
    place = Place(line.id, (language or line.language).lower(), clip)
    before = greetings.go_back(store, place, COMMAND_LINE, clock.now())
    click.echo(f"{_named(before)} is live again." if before else "The one that Third Ring ships is live again.")


@greeting.command()
@click.argument("greeting_id", metavar="ID", type=int)
def remove(greeting_id: int) -> None:
    """Remove a greeting that is not live, with its original."""
    _, store = _opened()
    one = _greeting(store, greeting_id)
    greetings.remove(store, one, COMMAND_LINE, clock.now())
    click.echo(f"{_named(one)} is removed.")


def _opened() -> tuple[Settings, Store]:
    settings = Settings.load(or_demo=True)
    return settings, open_store(settings)


def _greeting(store: Store, greeting_id: int) -> Greeting:
    found = store.read(lambda db: table.of_id(db, greeting_id))
    if found is None:
        raise WrongGreeting(f"There is no greeting {greeting_id}. `ivr greeting list` shows them all.")
    return found


def _undo(one: Greeting, number: str) -> str:
    return f"Undo: ivr greeting back --line {number} --language {one.language} --clip {one.clip}"


def _named(one: Greeting) -> str:
    return f"{one.clip}.{one.language} version {one.version}"


def _report(report: dict[str, Any], seconds: float) -> None:
    begin, end = report["kept"]
    click.echo(f"  {seconds:.1f} s, of {report['original_seconds']:.1f} s kept from {begin:.1f} to {end:.1f} s")
    click.echo(
        f"  level {report['level_before']:.1f} dBov before, {report['level']:.1f} now; peak {report['peak']:.1f} dBFS"
        + ("; noise reduced" if report["noise_reduced"] else "")
    )
    for fault in report["faults"]:
        click.echo(f"  ! {ADVICE[fault]}")


def _row(one: Greeting, line: Line, live: bool) -> dict[str, Any]:
    row = {name: value for name, value in one.__dict__.items() if name not in {"line_id", "report"}}
    return {"line": line.number, "live": live, **row}
