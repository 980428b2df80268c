"""The QR code of a line's page to join, on the terminal or in a file: ivr line qr."""

from pathlib import Path

import click

from ivr import lines, posters
from ivr.errors import WrongLine
from ivr.house import open_store
from ivr.settings import Settings

KINDS = {".svg": posters.svg, ".png": posters.png}


@click.command()
@click.argument("number")
@click.option("--output", type=click.Path(path_type=Path), help="A file, .svg or .png; without it: on the terminal.")
@click.option(
    "--scale",
    type=click.IntRange(1, posters.LARGEST_SCALE),
    default=posters.SCALE,
    show_default=True,
    help="Pixels of a module, in a file.",
)
def qr(number: str, output: Path | None, scale: int) -> None:
    """Make the QR code of the page where one joins a line."""
    settings = Settings.load(or_demo=True)
    address = posters.address(settings, lines.show(open_store(settings), number))
    if output is None:
        click.echo(posters.blocks(address) + address)
        return
    drawn = KINDS.get(output.suffix.lower())
    if drawn is None:
        raise WrongLine(f"{output.name} is neither .svg nor .png: the ending says what is made.")
    try:
        output.write_bytes(drawn(address, scale))
    except OSError as error:
        raise WrongLine(f"{output} cannot be written: {error.strerror}.") from error
    click.echo(f"{output}: {address}")
