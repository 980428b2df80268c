"""Commands on the installation: settings, doctor, provision."""

import json
import sys

import click

from ivr import provisioning
from ivr.cli.running import make_ready
from ivr.diagnosis import BAD, GOOD, WARNING, examine
from ivr.errors import CarrierError, WrongLine
from ivr.house import House
from ivr.phone_numbers import parse
from ivr.settings import TABLE, Settings
from ivr.store import lines as line_table

COLOURS = {GOOD: "green", WARNING: "yellow", BAD: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def settings(as_json: bool) -> None:
    """List every setting: its value, where it comes from, what it means. Secrets are masked."""
    found = Settings.load(or_demo=True)
    for setting in TABLE:
        source = found.sources[setting.name]
        row = {
            "name": setting.name,
            "value": "•••" if setting.secret and source != "default" else _value(found, setting.name),
            "source": source,
            "default": setting.default,
            "meaning": setting.meaning,
        }
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.echo(f"{click.style(setting.name, bold=True)} = {row['value'] or '(none)'}   [{source}]")
            click.echo(f"    {setting.meaning} Default: {setting.default or 'none'}.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def doctor(as_json: bool) -> None:
    """Look whether everything is as it should be. Exit status 1 when something is bad."""
    worst = 0
    for finding in examine(House.open(Settings.load(or_demo=True))):
        worst = max(worst, int(finding.grade == BAD))
        if as_json:
            click.echo(json.dumps(finding.__dict__, ensure_ascii=False))
        else:
            grade = click.style(f"{finding.grade:>7}", fg=COLOURS[finding.grade])
            click.echo(f"{grade}  {finding.subject}: {finding.words}")
    sys.exit(worst)


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--line", "number", help="Only this number; without it, every line.")
def provision(dry_run: bool, number: str | None) -> None:
    """Point the numbers of our lines at us: webhooks, fallbacks, status callback."""
    found = Settings.load(needs_carrier=True, or_demo=True)
    make_ready(found)
    house = House.open(found)
    wanted = parse(number) if number else None
    chosen = [line for line in house.store.read(line_table.everyone) if wanted in {None, line.number}]
    if not chosen:
        raise WrongLine(f"{number} is no line. `ivr line list` shows them all.")
    failed = False
    for line in chosen:
        try:
            _show(line.number, provisioning.provision(house.carrier, found, line.number, dry_run), dry_run)
        except CarrierError as error:
            click.echo(f"{line.number}: {error}", err=True)
            failed = True
    click.echo("\nFor when we cannot be reached at all, host this elsewhere (a TwiML Bin, say), and make it the")
    click.echo("number's voice fallback; a fallback that points elsewhere is left as it is.")
    for line in chosen:
        click.echo(f"\n{line.number}:\n{provisioning.fallback_twiml(line)}")
    sys.exit(int(failed))


def _show(number: str, changes: list[tuple[str, str, str]], dry_run: bool) -> None:
    if not changes:
        click.echo(f"{number}: everything is as it should be.")
    for name, present, future in changes:
        becomes = "would become" if dry_run else "is now"
        click.echo(f"{number}: {name} {becomes} {future or '(none)'}, was {present or '(none)'}")


def _value(found: Settings, name: str) -> str:
    """What a setting came to, as text."""
    fields = {
        "TWILIO_ACCOUNT_SID": found.account_sid,
        "TWILIO_API_KEY_SID": found.api_key_sid,
        "TWILIO_MESSAGING_SERVICE_SID": found.messaging_service_sid,
        "TWILIO_API_URL": found.api_url,
        "DATABASE_URL": f"sqlite:///{found.database_path}",
        "SECRET_KEY": f"kept in {found.instance_path / 'secret_key'}",
        "TWILIO_AUTH_TOKEN": "",
        "TWILIO_API_KEY_SECRET": "",
    }
    return fields[name] if name in fields else str(getattr(found, name.lower()))
