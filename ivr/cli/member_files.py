"""Commands on files of members: ivr member export | import."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click

from ivr import clock, importing, member_files, taking_out
from ivr.cli.choosing import ON_LINE, asked, of_people, opened
from ivr.importing import OUTCOMES, Outcome, Wish
from ivr.store.audit import COMMAND_LINE


@click.command()
@of_people
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object a line, in place of CSV.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE; without: to the output.")
def export(number: str | None, name: str | None, expression: str | None, as_json: bool, out: Path | None) -> None:
    """Write members to a CSV file for spreadsheets, with the consent of each.

    A cell that a spreadsheet would run begins with an apostrophe: drop one to read it back. The audit notes it.
    """
    wanted = asked(number, name, expression)
    described = {**wanted.described, "form": "json" if as_json else "csv"}
    pages = taking_out.people(wanted.store, wanted.line, wanted.segment, described, COMMAND_LINE, clock.now())
    written = member_files.in_json(pages) if as_json else member_files.in_csv(pages)
    if out is None:
        sys.stdout.buffer.writelines(piece.encode() for piece in written)
        return
    member_files.keep(out, written)
    click.echo(f"{out} is written.", err=True)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@ON_LINE
@click.option("--update", is_flag=True, help="Take what the file tells of known members, in place of what they told.")
@click.option("--dry-run", is_flag=True, help="Tell row by row what would become of it, and change nothing.")
def import_(file: Path, number: str | None, update: bool, dry_run: bool) -> None:
    """Take members over from FILE: an export, or any CSV in UTF-8 with at least the columns number, name, consent_at
    (when they agreed) and consent_wording (to which words).

    Who has opted out, was blocked or has left stays so. A second run of the same file changes nothing.
    """
    settings, store, line = opened(number)
    sheet = member_files.opened(file)
    run = importing.run(store, line, sheet, Wish(COMMAND_LINE, settings.secret_key, update, dry_run), clock.now())
    count, refused = dict.fromkeys(OUTCOMES, 0), []
    for one in chain.from_iterable(run if dry_run else _watched(run, sheet.count)):
        count[one.what] += 1
        if dry_run:
            click.echo(_readable(one))
        elif one.what == "refused":
            refused.append(one)
    for one in refused:
        click.echo(_readable(one), err=True)
    told = ", ".join(f"{number:,} {name}" for name, number in count.items())
    click.echo(f"Nothing was changed. It would be: {told}." if dry_run else f"{told}.")


def _watched(run: Iterator[list[Outcome]], rows: int) -> Iterator[list[Outcome]]:
    """The same, with a bar on a terminal."""
    shown = sys.stderr.isatty()
    with click.progressbar(length=rows, label="Importing", file=sys.stderr, hidden=not shown) as bar:
        for some in run:
            bar.update(len(some))
            yield some


def _readable(one: Outcome) -> str:
    if one.what != "refused":
        return f"Row {one.row}: {one.number} {one.what}"
    return f"Row {one.row}{', ' + one.column if one.column else ''}: refused. {one.why}"
