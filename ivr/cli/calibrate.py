"""The command ivr line calibrate: call the line, say how many rings you heard, and the pause is set by it."""

import sys

import click

from ivr import calibrating, clock, lines
from ivr.calibrating import Finding, Heard, pause_of, read_heard, setting
from ivr.errors import WrongLine
from ivr.house import open_store
from ivr.operators import COMMAND_LINE
from ivr.phone_numbers import international
from ivr.settings import Settings
from ivr.store import Store
from ivr.store.lines import Line

HOW_TO_COUNT = (
    "Count the rings that you hear before it answers. If the last one was cut short by the answer, count it as\n"
    "half: 3.5 is three whole rings, and one more that had begun."
)


@click.command()
@click.argument("number")
@click.option("--heard", metavar="RINGS", help="How many rings you heard, such as 3, or 3.5 with one cut short.")
@click.option("--country", help="Two letters: where you call from, if the line counts the caller's ring.")
def calibrate(number: str, heard: str | None, country: str | None) -> None:
    """Call the line NUMBER, count its rings, and let the pause be set by that.

    Without --heard it asks, and asks again, until it rings as often as it should.
    """
    store = open_store(Settings.load(or_demo=True))
    line = lines.show(store, number)
    if heard is not None:
        _step(store, line, read_heard(heard), country)
        return
    if not line.rings:
        raise WrongLine(calibrating.NO_RINGS)
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody is here to be asked. Say how many rings you heard: --heard 3.5")
    click.echo(f"Call {international(line.number)} now. {_wanted(line)}\n{HOW_TO_COUNT}")
    while not _right_after_a_call(store, line, country) and click.confirm("Call again, to check?", default=True):
        line = lines.show(store, number)


def _right_after_a_call(store: Store, line: Line, country: str | None) -> bool:
    """Ask what was heard, and set the line by it; what cannot be is said, and a call more may tell."""
    try:
        return _step(store, line, click.prompt("How many rings did you hear?", value_proc=_asked), country)
    except WrongLine as wrong:
        click.echo(str(wrong), err=True)
        return False


def _step(store: Store, line: Line, heard: Heard, country: str | None) -> bool:
    """Set the line by what was heard, and tell what was changed; whether it was right already."""
    finding = calibrating.calibrate(store, line.number, heard, setting(line), COMMAND_LINE, clock.now(), country)
    if finding.is_right:
        click.echo("That is right. Nothing was changed.")
        return True
    _tell(line, finding, country)
    return False


def _tell(line: Line, finding: Finding, country: str | None) -> None:
    if finding.latest:
        click.echo(
            f"It answered {finding.earliest:g} to {finding.latest:g} s after it began to ring: the carrier added"
            f" about {finding.delay:.1f} s to our {pause_of(line, country)} s."
        )
    else:
        click.echo("It answered at once.")
    pause = pause_of(line, country) + finding.adjust - finding.before
    click.echo(f"It waits {pause} s from now on: the adjustment is {finding.adjust:+}, and was {finding.before:+}.")
    click.echo(f"Undo: ivr line set {line.number} --adjust {finding.before}")


def _wanted(line: Line) -> str:
    rings = "once" if line.rings == 1 else f"{line.rings} times"
    return f"It should ring {rings}."


def _asked(text: str) -> Heard:
    """What was typed. A person may try again."""
    try:
        return read_heard(text)
    except WrongLine as wrong:
        raise click.UsageError(str(wrong)) from wrong
