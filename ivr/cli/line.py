"""Commands on lines: ivr line add | list | show | set | history | undo | calibrate | qr."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ivr import cards, clock, lines
from ivr.cli.calibrate import calibrate
from ivr.cli.line_versions import history, undo
from ivr.cli.qr import qr
from ivr.house import open_store
from ivr.phone_numbers import national
from ivr.ringing import pause_seconds
from ivr.settings import Settings
from ivr.store import lines as table
from ivr.store.database import prepare
from ivr.store.lines import Line
from ivr.translating import LANGUAGES

OPTIONS = (
    click.option("--language", help=f"{', '.join(LANGUAGES)}: for whom nothing else tells."),
    click.option("--country", help="Two letters: whose ring is counted."),
    click.option("--rings", type=click.IntRange(0, 6), help="How often it rings before the greeting."),
    click.option("--cadence", type=click.Choice(["line", "caller"]), help="Whose country's ring is counted."),
    click.option("--adjust", type=int, metavar="SECONDS", help="Fine adjustment of the pause."),
    click.option("--says-keys/--no-says-keys", default=None, help="Say after the greeting what the keys do."),
    click.option("--takes-messages/--no-takes-messages", default=None, help="Key 2 records a message."),
    click.option("--keywords", type=click.Choice(["carrier", "us"]), help="Who answers STOP, START and HELP."),
    click.option("--ceiling", type=int, metavar="N", help="At most N automatic answers a minute; 0: any number."),
    click.option("--minimum-age", type=click.IntRange(0, 120), help="Years that one must have to sign up."),
    click.option("--required", metavar="'born city'", help="What sign-up asks for besides the name: born gender …"),
    click.option("--nudges/--no-nudges", default=None, help="Remind once, a day later, who did not sign up."),
    click.option("--keep-texts", type=int, metavar="DAYS", help="Forget what texts said after so long; 0: never."),
    click.option("--keep-voice", type=int, metavar="DAYS", help="Delete voice messages after so long; 0: never."),
    click.option("--keep-refusals", type=int, metavar="DAYS", help="Forget after so long who was too young."),
    click.option("--privacy-url", metavar="URL", help="The figure's own page on privacy; '': ours alone."),
    click.option("--terms-url", metavar="URL", help="The figure's own terms; '': none."),
    click.option("--opens", type=int, metavar="HOUR", help="Write unasked (nudges) from that hour on, 10 or later."),
    click.option("--closes", type=int, metavar="HOUR", help="… until that hour, 17 or earlier; where the number is."),
    click.option("--segment-price", metavar="PRICE", help="What the carrier takes for a message segment: 0.0083."),
    click.option("--currency", metavar="USD", help="In which currency."),
    click.option("--countries", metavar="'US CA'", help="Answer texts from these countries only; '': from all."),
)


def line_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every option of a line."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group()
def line() -> None:
    """The phone numbers that this installation answers."""


line.add_command(calibrate)
line.add_command(qr)
line.add_command(history)
line.add_command(undo)


@line.command()
@click.argument("number")
@click.argument("name")
@line_options
def add(number: str, name: str, **options: Any) -> None:
    """Add a line: its NUMBER, and the NAME of its figure."""
    settings = Settings.load(or_demo=True)
    prepare(settings.database_path)
    added = lines.add(open_store(settings), number, name, clock.now(), **_values(options))
    click.echo(
        f"{added.number} is the line of {added.name}. Point it at us with `ivr provision --line {added.number}`."
    )


@line.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(as_json: bool) -> None:
    """List the lines."""
    found = open_store(Settings.load(or_demo=True)).read(table.everyone)
    if not found and not as_json:
        click.echo("There is no line yet. Add one: ivr line add +17735550100 'Whose line it is'", err=True)
    for one in found:
        click.echo(_as_json(one) if as_json else f"{one.number}  {national(one.number)}  {one.name}")


@line.command()
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(number: str, as_json: bool) -> None:
    """Show everything about a line."""
    _show(lines.show(open_store(Settings.load(or_demo=True)), number), as_json)


@line.command("set")
@click.argument("number")
@click.option("--name", help="The name of its figure.")
@click.option("--photo", metavar="FILE", help="The picture on its contact card, JPEG or PNG; '': none.")
@click.option(
    "--word",
    "words",
    multiple=True,
    metavar="NAME.LANGUAGE=TEXT",
    help="Replace words, such as reply.en; TEXT empty: ours.",
)
@line_options
def set_(number: str, words: tuple[str, ...], photo: str | None, **options: Any) -> None:
    """Change a line. It holds from the next call or text on."""
    store = open_store(Settings.load(or_demo=True))
    replaced = {key: text or None for key, _, text in (pair.partition("=") for pair in words)}
    lines.change(store, number, words=replaced, **_values(options))
    if photo is not None:
        cards.set_photo(store, number, cards.read_photo(Path(photo)) if photo else None, clock.now())
    _show(lines.show(store, number), as_json=False)


def _show(one: Line, as_json: bool) -> None:
    if as_json:
        click.echo(_as_json(one))
        return
    pause = pause_seconds(one.country, one.rings, one.adjust)
    for name, value in asdict(one).items():
        if name not in {"id", "wordings", "spoken"}:
            click.echo(f"{name.replace('_', ' '):>15}  {_readable(value)}")
    click.echo(f"{'so it waits':>15}  {pause} s before it answers")
    for name, text in sorted(one.wordings.items()):
        click.echo(f"{name:>15}  {text}")


def _readable(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(value) or "all"
    return "none" if value is None else str(value)


def _as_json(one: Line) -> str:
    shown = {name: value for name, value in one.__dict__.items() if name not in {"id", "spoken"}}
    return json.dumps(shown, ensure_ascii=False)


def _values(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, as fields of a line."""
    values = {name: value for name, value in options.items() if value is not None}
    if "countries" in values:
        values["countries"] = tuple(values["countries"].upper().split())
    if "required" in values:
        values["required"] = tuple(values["required"].split())
    for name in ("ceiling", "keep_texts", "keep_voice"):
        if values.get(name) == 0:
            values[name] = None
    return values
