"""Commands on operators: ivr operator invite | reset | list | disable | enable | roles."""

import json
from typing import Any

import click

from ivr import clock, operators
from ivr.errors import WrongOperator
from ivr.house import open_store
from ivr.operators import BEGIN, COMMAND_LINE
from ivr.phone_numbers import parse
from ivr.roles import WORDS, of_word
from ivr.settings import Settings
from ivr.store import Connection, Store
from ivr.store import lines as line_table
from ivr.store import operators as table
from ivr.store.database import prepare
from ivr.store.operators import ALL_LINES, Grant


@click.group()
def operator() -> None:
    """Who may use the console."""


@operator.command()
@click.argument("name")
@click.option("--role", type=click.Choice(WORDS), default="viewer", show_default=True, help="What they may do.")
@click.option("--line", "numbers", multiple=True, help="Only on this line (again for more); without: on all lines.")
@click.option("--language", type=click.Choice(["en", "ar"]), default="en", show_default=True)
def invite(name: str, role: str, numbers: tuple[str, ...], language: str) -> None:
    """Add an operator; prints the one-time link with which they set a password."""
    settings = Settings.load(or_demo=True)
    prepare(settings.database_path)
    store = open_store(settings)
    given = _grants(store, role, numbers)
    _show_link(settings, name, operators.invite(store, name, given, language, COMMAND_LINE, clock.now()))


@operator.command()
@click.argument("name")
@click.option("--second-factor", is_flag=True, help="Turn their second factor off, too: the phone is lost.")
def reset(name: str, second_factor: bool) -> None:
    """End an operator's password and sessions; prints a one-time link to set a new password."""
    settings = Settings.load(or_demo=True)
    token = operators.reset(open_store(settings), name, second_factor, COMMAND_LINE, clock.now())
    _show_link(settings, name, token)


@operator.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(as_json: bool) -> None:
    """List the operators, their roles, and whether they have begun."""
    store = open_store(Settings.load(or_demo=True))
    rows = store.read(_rows)
    if not rows and not as_json:
        click.echo("There is no operator yet. Invite one: ivr operator invite NAME --role admin", err=True)
    for row in rows:
        state = f"{row['name']}  {row['state']}{', second factor' if row['second_factor'] else ''}"
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else f"{state}  {'; '.join(row['roles'])}")


@operator.command()
@click.argument("name")
def disable(name: str) -> None:
    """Let an operator in no more, from this moment."""
    operators.disable(open_store(Settings.load(or_demo=True)), name, COMMAND_LINE, clock.now())
    click.echo(f"{name} cannot sign in any more, and every session has ended. Undo: ivr operator enable {name!r}")


@operator.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let a disabled operator in again."""
    operators.disable(open_store(Settings.load(or_demo=True)), name, COMMAND_LINE, clock.now(), enable=True)
    click.echo(f"{name} can sign in again.")


@operator.command()
@click.argument("name")
@click.option("--role", type=click.Choice(WORDS), required=True, help="What they may do.")
@click.option("--line", "numbers", multiple=True, help="Only on this line (again for more); without: on all lines.")
def roles(name: str, role: str, numbers: tuple[str, ...]) -> None:
    """Give an operator another role, in place of those they have."""
    store = open_store(Settings.load(or_demo=True))
    operators.give(store, name, _grants(store, role, numbers), COMMAND_LINE, clock.now())
    click.echo(f"{name} is now {role} on {', '.join(numbers) or 'all lines'}.")


def _grants(store: Store, role: str, numbers: tuple[str, ...]) -> list[Grant]:
    known = {line.number: line.id for line in store.read(line_table.everyone)}
    wanted = [parse(number) for number in numbers]
    if missing := [number for number in wanted if number not in known]:
        raise WrongOperator(f"{missing[0]} is no line. `ivr line list` shows them all.")
    ids: list[int | None] = [known[number] for number in wanted] or [ALL_LINES]
    return [Grant(line_id, of_word(role)) for line_id in ids]


def _show_link(settings: Settings, name: str, token: str) -> None:
    hours = int(operators.LINK_LIVES.total_seconds() // 3600)
    click.echo(f"{name} begins here, once, within {hours} hours:", err=True)
    click.echo(settings.public_url + BEGIN + token)


def _rows(db: Connection) -> list[dict[str, Any]]:
    return [_row(one, operators.described(db, table.grants(db, one.id))) for one in table.everyone(db)]


def _row(one: table.Operator, roles_held: list[str]) -> dict[str, Any]:
    state = "disabled" if one.disabled_at else "active" if one.password_hash else "invited"
    return {
        "name": one.name,
        "state": state,
        "second_factor": one.factor_since is not None,
        "roles": roles_held,
        "language": one.language,
        "zone": one.zone,
        "invited_at": one.invited_at,
    }
