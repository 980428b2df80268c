"""The `ivr` command. Exit status: 0 done, 1 it failed, 2 it was asked or set up wrongly."""

import logging
import os
import sys

import click

from ivr.cli.crowd import crowd
from ivr.cli.greeting import greeting
from ivr.cli.installation import doctor, provision, settings
from ivr.cli.line import line
from ivr.cli.log import log
from ivr.cli.member import member
from ivr.cli.operator import operator
from ivr.cli.phone import dial, text
from ivr.cli.running import demo, serve, simulator, work
from ivr.errors import (
    NotAPhoneNumber,
    ThirdRingError,
    WrongFile,
    WrongGreeting,
    WrongLine,
    WrongMember,
    WrongOperator,
    WrongSegment,
    WrongSettings,
)

WRONGLY_ASKED = (
    *(WrongSettings, WrongGreeting, WrongLine, WrongOperator, WrongSegment, WrongMember, WrongFile),
    NotAPhoneNumber,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="third-ring", prog_name="ivr")
def ivr() -> None:
    """Third Ring: one phone number for a public figure.

    Try it with `ivr demo`; then, in a second terminal, `ivr dial` and `ivr text "hello"`.
    """


for command in (
    serve,
    demo,
    work,
    simulator,
    settings,
    doctor,
    provision,
    line,
    greeting,
    operator,
    member,
    log,
    dial,
    text,
    crowd,
):
    ivr.add_command(command)


def main() -> None:
    """Run the command, and say in one message what went wrong."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        ivr(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except ThirdRingError as error:
        click.echo(f"ivr: {error}", err=True)
        sys.exit(2 if isinstance(error, WRONGLY_ASKED) else 1)
    except BrokenPipeError:  # the reader has seen enough (`ivr log | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
